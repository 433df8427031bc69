"""Searching: with or without marks, never an error, and snippets that are the article's own letters."""

import asyncio
from urllib.parse import quote_plus

import pytest
from lxml import html as lxml_html
from test_datasette_config_newsroom import CASES, HOSTILE, armed, get, make_news

from nlp.application import open_datasette
from store.search import ask
from store.snippets import mark_hits

FOUND = [
    ("công đoàn", {1, 2, 3}),
    ("cong doan", {1, 2, 3}),
    ("CÔNG ĐOÀN", {1, 2, 3}),
    ("do thi may", {1}),
    ("2.496", {1}),
    ("Đỗ Thị Mây", {1}),
    ('"ca đêm" 450', {2}),
    ('"đêm ca"', set()),
    ("17/KH-KCN", {1}),
    ("khong co gi", set()),
    ("ly van song", {2, 4}),
    ("co\u0302ng \u0111oa\u0300n may", {1, 2}),
]
TYPED = [
    '"',
    "'",
    "AND",
    "a OR",
    "NEAR(",
    "*",
    "-",
    "^",
    "title:x",
    "()",
    "\x00",
    HOSTILE,
    "%",
    "_",
    "x" * 5000,
    '""',
    "🙂",
]


@pytest.fixture(scope="module")
def datasette(tmp_path_factory):
    return open_datasette(make_news(tmp_path_factory.mktemp("search")))


def results(datasette, typed, more=""):
    answer = get(datasette, f"/search?q={quote_plus(typed)}{more}")
    assert answer.status_code == 200, answer.text
    return lxml_html.document_fromstring(answer.text)


@pytest.mark.parametrize(("typed", "want"), FOUND)
def test_search_finds(datasette, typed, want):
    hrefs = results(datasette, typed).xpath("//ol[@class='results']//h2/a/@href")
    assert {int(h.rpartition("/")[2]) for h in hrefs} == want


@pytest.mark.parametrize("typed", ["cong doan", "2496 2.496", "ca dem", "script"])
def test_snippets_are_the_articles_own_letters(datasette, typed):
    bodies = [armed(" ".join(article["body"])) for article in CASES["article"]]
    for snippet in results(datasette, typed).xpath("//p[@class='snippet']"):
        assert any(snippet.text_content().strip("… ") in body for body in bodies)


def test_hits_are_marked_with_their_marks(datasette):
    marked = results(datasette, "cong doan").xpath("//mark[@class='hit']/text()")
    assert "Công đoàn" in marked


def test_nothing_typed_is_an_error(datasette):
    async def ask():
        for typed in TYPED:
            for page in ("/search", "/feeds/search.atom"):
                answer = await datasette.client.get(f"{page}?q={quote_plus(typed)}")
                assert answer.status_code == 200, (page, typed)
                assert "<script" not in answer.text
        for page in ("0", "-1", "x", "9999", "٣"):
            assert (await datasette.client.get(f"/search?q=ca&page={page}")).status_code == 200

    asyncio.run(ask())


def test_a_snippet_shows_where_most_terms_stand():
    text = "đoàn " * 100 + "ở xa có 2.496 đoàn viên" + " khác" * 200
    pieces = mark_hits(text, ask("2496 doan").questions[1], whole=False)
    assert "2.496" in "".join(piece.text for piece in pieces)


def test_letters_that_fold_into_several_keep_their_place():
    pieces = mark_hits("Straße đẹp", ask("dep").questions[1], whole=True)
    assert [(piece.text, piece.hit) for piece in pieces] == [("Straße ", False), ("đẹp", True)]
