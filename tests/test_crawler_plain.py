"""Plain text pages: headline, date, author and paragraphs among the furniture."""

import itertools
import json
import random
import tomllib
from pathlib import Path

import pytest
from page_scores import word_f1

from crawler.page import PageError, read_page
from store.records import Page
from store.text import normalize

CASES = tomllib.loads((Path(__file__).parent / "data/cases/plain.toml").read_text("utf-8"))["case"]
HEADERS = {"content-type": "text/plain; charset=utf-8"}


def read(text):
    page = Page("https://congdoan.example/tin-1", "demo", text.encode(), "2025-11-21T10:00:00+07:00", headers=HEADERS)
    return read_page(page, None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_layouts(case):
    if "refused" in case:
        with pytest.raises(PageError, match=case["refused"]):
            read(case["text"])
        return
    article = read(case["text"])
    assert article.title == case["title"]
    assert (article.published_at, article.updated_at) == (case.get("published_at"), case.get("updated_at"))
    assert article.author == case.get("author")
    assert article.body.split("\n") == normalize(case["body"]).split("\n")
    assert article.lead == article.body.split("\n")[0]


def shared_keys(shared):
    return json.loads((shared / "gold/keys-S.json").read_text("utf-8"))


def test_shared_pages(shared):
    for key in shared_keys(shared):
        article = read((shared / f"seeds/{key['id']}.txt").read_text("utf-8"))
        assert article.title == key["title"], key["id"]
        assert article.published_at == (key.get("published_at") or key["published"]), key["id"]
        assert article.author == key["author"], key["id"]
        body = article.body
        assert body.startswith(normalize(key["lead"])), key["id"]
        assert normalize(key["last"]) in body, key["id"]
        assert not [b for b in key["boilerplate"] if normalize(b) in body], key["id"]
        whole = normalize((shared / f"seeds/{key['id']}.txt").read_text("utf-8"))
        start, last = whole.index(normalize(key["lead"])), normalize(key["last"])
        assert word_f1(body, whole[start : whole.index(last) + len(last)]) >= 0.98, key["id"]
        captions = [normalize(caption) for caption in key.get("captions", [])]
        assert not [c for c in captions if c not in body], key["id"]
        after = body.partition(normalize(key["last"]))[2].split("\n")
        assert not [line for line in after if line and line not in captions], key["id"]


def test_nothing_of_a_shared_page_is_lost(shared):
    for key in shared_keys(shared):
        text = normalize((shared / f"seeds/{key['id']}.txt").read_text("utf-8"))
        start, end = (
            text.index(normalize(key["lead"])),
            text.index(normalize(key["last"])) + len(normalize(key["last"])),
        )
        lines = read(text).body.split("\n")
        missing = [line for line in text[start:end].split("\n") if line not in lines]
        assert not missing, (key["id"], missing)


def test_shared_short_articles(shared):
    for path in sorted((shared / "gold/texts").glob("A-*.txt")):
        title, _, body = path.read_text("utf-8").partition("\n")
        article = read(f"{title}\n{body}")
        assert (article.title, article.body) == (normalize(title), normalize(body)), path.name
        assert (article.author, article.published_at) == (None, None), path.name


PIECES = tomllib.loads((Path(__file__).parent / "data/cases/furniture.toml").read_text("utf-8"))


@pytest.mark.parametrize("seed", range(200))
def test_any_furniture_around_an_article(seed):
    dice = random.Random(seed)
    written = dice.choice(PIECES["article"])
    (date, published), (byline, author) = dice.choice(PIECES["dates"]), dice.choice(PIECES["bylines"])
    top = [date, written["title"]] if date and dice.random() < 0.25 else [written["title"], date]
    text = [
        *itertools.chain(*dice.sample(PIECES["heads"], dice.randint(0, 3))),
        *top,
        *itertools.chain(*dice.sample(PIECES["below"], dice.randint(0, 2))),
        *written["body"],
        *byline,
        *itertools.chain(*dice.sample(PIECES["foots"], dice.randint(0, 3))),
    ]
    article = read("\n\n".join(text) if seed % 2 else "\n".join(text))
    assert (article.title, article.body.split("\n")) == (written["title"], written["body"])
    assert (article.published_at or "", article.author or "") == (published, author)
