"""Searching the shared real texts, where they are beside the clone: the right one first, in the right lane."""

import re
from collections import Counter

import pytest

from store.articles import save_article
from store.db import open_news
from store.filters import Filters
from store.hits import find_articles
from store.lanes import MARKED
from store.records import Article
from store.text import fold, normalize

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+(?![\w.,]*\d)")


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """The shared texts in a database: its connection, and title and body by article."""
    from conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("the shared examples are not beside this clone")
    db = open_news(tmp_path_factory.mktemp("real"))
    paths = [*sorted((SHARED / "gold" / "texts").glob("*.txt")), *sorted((SHARED / "seeds").glob("*.txt"))]
    told = {}
    for number, path in enumerate(paths, 1):
        title, _, body = normalize(path.read_text(encoding="utf-8")).partition("\n")
        article = Article(f"https://x.example/{path.stem}", "x", title, body)
        save_article(db, article, "p", "2025-01-01T00:00:00+07:00")
        told[number] = (title, body)
    return db.conn, told


def asked_of(title, body, held):
    """What somebody who wants this article types: its title, a line of it, its numbers, words it alone holds."""
    yield title
    words = WORD.findall(body)
    for start in (0, len(words) // 3, 2 * len(words) // 3):
        run = " ".join(words[start : start + 7])
        if body.count(run) or f" {run} " in f" {' '.join(words)} ":
            yield f'"{run}"'
            yield run
    numbers = {n for n in NUMBER.findall(body) if held[n.replace(".", "")] == 1}
    for number in sorted(numbers)[:3]:
        yield from (number, number.replace(".", ""), number.replace(".", " "))
    # A short form stands for its words, and those may stand elsewhere.
    rare = sorted({word for word in words if held[fold(word)] == 1 and len(word) > 2 and not word.isupper()})
    yield from rare[:3]


def test_every_query_finds_its_article_first(texts):
    conn, told = texts
    held = Counter()
    for title, body in told.values():
        held.update({fold(word) for word in WORD.findall(f"{title} {body}")})
        held.update({n.replace(".", "") for n in NUMBER.findall(body)})
    wrong, asked = [], 0
    for number, (title, body) in told.items():
        for typed in asked_of(title, body, held):
            for form in dict.fromkeys((typed, fold(typed))):
                asked += 1
                found = find_articles(conn, form, Filters())
                first = found.hits[0] if found.hits else None
                # Texts that quote each other share lines: what is found first must hold the line all the same.
                whole = " ".join(WORD.findall(fold(told[first.article["id"]][1]))) if first else ""
                line = " ".join(WORD.findall(fold(typed)))
                if not first or (first.article["id"] != number and line not in whole):
                    wrong.append((number, form))
                elif first.article["id"] == number and form == typed and fold(typed) != typed.casefold():
                    assert first.lane == MARKED.table, (number, form)
                if first:
                    snippet = "".join(piece.text for piece in first.snippet).removeprefix("… ").removesuffix(" …")
                    assert snippet in told[first.article["id"]][1].replace("\n", " ")
    assert asked >= 240 and not wrong, (asked, wrong[:10])
