"""Searching the sample articles: the right one first, in the right lane, with snippets that are its own letters."""

import tomllib
from pathlib import Path

import pytest

from crawler.demo.articles import FOLDER
from store.articles import save_article
from store.db import open_news
from store.filters import Filters
from store.hits import MOST, find_articles
from store.lanes import FOLDED, MARKED, count_entries
from store.records import Article
from store.search import ask
from store.text import fold, normalize

ROOT = Path(__file__).resolve().parent.parent
CASES = tomllib.loads((ROOT / "tests/data/cases/search.toml").read_text(encoding="utf-8"))
EVERYTHING = Filters()


def sample_articles():
    for path in sorted(FOLDER.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        body = normalize("\n".join([told["lead"], *told["paragraphs"]]))
        yield (
            told,
            Article(
                f"https://tin.example/{told['id']}",
                told["site"],
                normalize(told["title"]),
                body,
                lead=normalize(told["lead"]),
                published_at=told["published"].isoformat(),
            ),
        )


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """The sample articles in a database, and their ids and texts by number of article."""
    db = open_news(tmp_path_factory.mktemp("samples"))
    told = {}
    for number, (row, article) in enumerate(sample_articles(), 1):
        save_article(db, article, "p", "2025-01-01T00:00:00+07:00")
        told[number] = (row["id"], article)
    return db.conn, told


def test_the_list_is_long_enough():
    assert len(CASES["case"]) >= 120
    assert len({case["say"] for case in CASES["case"]}) >= 8


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: f"{case['article']}-{case['say']}")
def test_the_right_article_comes_first(samples, case):
    conn, told = samples
    found = find_articles(conn, case["typed"], EVERYTHING)
    assert not found.asked.notes
    assert found.hits, case
    first = found.hits[0]
    name, article = told[first.article["id"]]
    assert name == case["article"], [told[hit.article["id"]][0] for hit in found.hits]
    text = f"{article.title}\n{article.body}"
    # With its marks typed, it is found in the first lane; without, in the second, unless it has no marks to miss.
    if fold(case["typed"]) != case["typed"].casefold():
        assert first.lane == MARKED.table
    for pieces, original in ((first.title, article.title), (first.snippet, article.body.replace("\n", " "))):
        shown = "".join(piece.text for piece in pieces)
        assert shown.removeprefix("… ").removesuffix(" …") in original
    marked = [piece.text for piece in (*first.title, *first.snippet) if piece.hit]
    assert marked and all(piece in text.replace("\n", " ") for piece in marked)


@pytest.mark.parametrize("case", CASES["fts"], ids=lambda case: case["typed"])
def test_what_is_typed_becomes_a_question(case):
    asked = ask(case["typed"])
    assert list(asked.notes) == case.get("notes", [])
    for lane, question in zip((MARKED, FOLDED), asked.questions, strict=True):
        if lane.table in case:
            assert question.fts() == case[lane.table]


def test_marks_come_first_then_the_same_without(news):
    for number, body in enumerate(["Má đi chợ xa.", "Mà thôi, đi về.", "ma di cho xa"], 1):
        article = Article(f"https://x.example/{number}", "x", "Tin", body)
        save_article(news, article, "p", "2025-01-01T00:00:00+07:00")

    def order(typed):
        return [hit.article["id"] for hit in find_articles(news.conn, typed, EVERYTHING).hits]

    assert order("má")[0] == 1 and set(order("má")) == {1, 2, 3}
    assert order("ma")[0] == 3
    assert order("má -chợ") == [2, 3] or order("má -chợ") == [3, 2]
    assert order("ma -cho") == [2]


def save(news, number, title, body):
    save_article(news, Article(f"https://x.example/{number}", "x", title, body), "p", "2025-01-01T00:00:00+07:00")


def found(news, typed):
    return {hit.article["id"] for hit in find_articles(news.conn, typed, EVERYTHING).hits}


def test_a_phrase_is_more_than_its_pairs(news):
    save(news, 1, "Tin", "Có quà tết sớm. Rồi tết sớm về. Mà quà tết đã trao.")
    save(news, 2, "Tin", "Năm nay quà tết sớm về tay người thợ.")
    assert found(news, '"quà tết sớm về"') == {2} and found(news, '"qua tet som ve"') == {2}
    assert found(news, 'quà -"tết sớm về tay"') == {1}
    assert found(news, '"quà tết sớm"') == {1, 2}
    assert found(news, "1.234.567") == set()
    save(news, 3, "Tin", "Hết 1.234 đồng, rồi 234.567 đồng nữa.")
    save(news, 4, "Tin", "Hết 1.234.567 đồng.")
    assert found(news, "1234567") == {4}


def test_the_index_of_words_follows_the_text(news):
    save(news, 1, "Bữa cơm ca đêm", "Bữa cơm đầu tiên.")
    assert found(news, "bua com dau") == {1}
    save(news, 1, "Bữa cơm ca đêm", "Chuyện khác hẳn.")
    assert found(news, "dau tien") == set() and found(news, '"khac han"') == {1}
    held, told = count_entries(news)
    assert held == told > 0


def test_a_rare_run_of_common_words_comes_first_however_old(news):
    save(news, 1, "Tin", "Ở đây thợ may giỏi nghề.")
    for number in range(2, MOST + 40):
        save(news, number, "Tin", f"May mà thợ về sớm, người giỏi kể nghề số {number}.")
    answer = find_articles(news.conn, "tho may gioi nghe", EVERYTHING)
    assert answer.cut and answer.total == MOST and answer.hits[0].article["id"] == 1


def test_by_date_every_article_found_counts(news):
    for number in range(1, MOST + 30):
        day = f"20{number % 25:02}-0{number % 9 + 1}-01T08:00:00+07:00"
        article = Article(f"https://x.example/{number}", "x", "Tin", "Quà tết.", published_at=day)
        save_article(news, article, "p", "2025-01-01T00:00:00+07:00")
    days = [row[0] for row in news.execute("select published_at from articles order by published_at desc, id desc")]
    answer = find_articles(news.conn, "qua tet", EVERYTHING, by_date=True, limit=MOST)
    assert [hit.article["published_at"] for hit in answer.hits] == days[:MOST]
    some = find_articles(news.conn, "qua tet", Filters(since="2010", until="2012"), by_date=True, limit=MOST)
    assert [hit.article["published_at"] for hit in some.hits] == [d for d in days if "2010" <= d < "2013"]


def test_a_title_weighs_more_than_a_body(news):
    texts = [("Tin", "Quỹ nhà ở. " * 3 + "Lời khác. " * 30), ("Quỹ nhà ở", "Lời khác. " * 30)]
    for number, (title, body) in enumerate(texts, 1):
        save_article(news, Article(f"https://x.example/{number}", "x", title, body), "p", "2025-01-01T00:00:00+07:00")
    found = find_articles(news.conn, "quỹ nhà", EVERYTHING)
    assert [hit.article["id"] for hit in found.hits] == [2, 1]


def test_filters_narrow_and_counts_say_by_how_much(samples):
    conn, told = samples
    every = find_articles(conn, "cong doan", EVERYTHING, limit=100)
    for count in every.counts["site"]:
        some = find_articles(conn, "cong doan", Filters(site=count["value"]), limit=100)
        assert some.total == count["n"] == len(some.hits)
        assert {told[hit.article["id"]][1].site for hit in some.hits} == {count["value"]}
    for count in every.counts["year"]:
        year = find_articles(conn, "cong doan", Filters(since=count["value"], until=count["value"]), limit=100)
        assert year.total == count["n"]
        assert all(hit.article["published_at"].startswith(count["value"]) for hit in year.hits)


def test_sorted_by_date_the_newest_comes_first(samples):
    conn, _ = samples
    days = [hit.article["published_at"] for hit in find_articles(conn, "cong doan", EVERYTHING, by_date=True).hits]
    assert days == sorted(days, reverse=True) and len(days) == 20
