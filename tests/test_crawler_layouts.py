"""The page reader on every layout of tests/page_fixtures.py: floors, passages, other readers beside it, speed."""

import dataclasses
import logging
import re
import time
from functools import cache
from importlib.util import find_spec
from unittest.mock import patch

import pytest
import trafilatura
from bench.pages import READERS
from page_fixtures import FETCHED, find_fixtures
from page_scores import make_page, read_bare, read_ours, score_pages

from crawler import page as page_module
from crawler.page import PageError, read_page
from store.records import Page
from store.text import normalize

FLOORS = {"body": 0.985, "title": 0.98, "date": 0.99, "author": 0.95}
# Without families and sites.
BARE_FLOORS = {"body": 0.95, "title": 0.95, "date": 0.95}


@cache
def fixtures():
    return tuple(find_fixtures())


@cache
def score(reader):
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return score_pages(READERS[reader][1], fixtures())


def test_the_pages_are_many_and_of_many_systems():
    assert len(fixtures()) >= 80
    assert len({fixture.family for fixture in fixtures()}) >= 8
    assert sum(fixture.family.startswith("twenty") for fixture in fixtures()) >= 3


@pytest.mark.parametrize("name", FLOORS)
def test_with_rules(name):
    assert score("ours").of(name) >= FLOORS[name], [line for line in score("ours").wrong if line[1] == name]


@pytest.mark.parametrize("name", ["time", "updated", "source", "section", "canonical"])
def test_other_fields_with_rules(name):
    assert score("ours").of(name) >= 0.95, [line for line in score("ours").wrong if line[1] == name]


@pytest.mark.parametrize("name", BARE_FLOORS)
def test_without_rules(name):
    assert score("ours, no rules").of(name) >= BARE_FLOORS[name], score("ours, no rules").wrong


@pytest.mark.parametrize("rival", ["trafilatura", "newspaper4k", "readability-lxml"])
@pytest.mark.parametrize("mine", ["ours", "ours, no rules"])
def test_ours_comes_first(mine, rival):
    if find_spec(READERS[rival][0]) is None:
        pytest.skip(f"{rival} is not installed")
    for column in ("body", "title", "author", "date"):
        assert score(mine).of(column) > score(rival).of(column), column


@pytest.mark.parametrize("read", [read_ours, read_bare])
def test_captions_headings_items_and_rows_are_marked(read):
    right = wanted = 0
    for fixture in fixtures():
        article = read(fixture)
        roles = {article.body[p.start : p.end]: p.role for p in article.passages}
        for role, text in fixture.lines:
            wanted += 1
            right += roles.get(normalize(text), "") == role
    assert right / wanted >= 0.98


def cpu(work, pages):
    start = time.process_time()
    for page in pages:
        work(page)
    return time.process_time() - start


# Without rules every page goes through trafilatura as well.
@pytest.mark.parametrize(("rules", "floor"), [(True, 0.7), (False, 0.45)])
def test_speed_beside_trafilatura(rules, floor):
    pages = [make_page(fixture) for fixture in fixtures()[::3]]
    ours = theirs = 0.0
    with patch.object(page_module, "find_family", page_module.find_family if rules else lambda tree: None):
        for _ in range(4):
            # In turns, so that a busy machine slows both.
            theirs += cpu(lambda page: trafilatura.extract(page.body), pages)
            ours += cpu(lambda page: read_page(page, None), pages)
    assert theirs / ours >= floor


LINE = "<p>Công đoàn cơ sở tặng quà cho đoàn viên.</p>".encode()
SCRIPT = b"<script>var a = '<p>x</p>';</script>\n"
HOSTILE = {
    "20 MB of paragraphs": (b"<html><body>" + LINE * 400_000, "too large"),
    "20 MB in one line": (b"<html><body><p>" + "công đoàn ".encode() * 1_700_000, "too large"),
    "10000 deep": (b"<html><body>" + b"<div>" * 10_000 + "Công đoàn".encode() + b"</div>" * 10_000, "empty"),
    "10000 deep spans": (b"<html><body><p>" + b"<span>" * 10_000 + LINE * 40, "no title|empty"),
    "only scripts": (b"<html><body>" + SCRIPT * 60_000 + b"</body>", "empty|too large"),
    "an unclosed script": (b"<html><script>" + b"a < b;" * 3_000_000, "empty"),
    "a huge table": (b"<table>" + b"<tr><td>1</td><td>2</td></tr>" * 70_000, "not Vietnamese|empty|too large"),
    "a comment": (b"<html><!--" + b"x" * 20_000_000, "empty|too large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_soon_with_a_class(name):
    body, reason = HOSTILE[name]
    headers = {"content-type": "text/html; charset=utf-8"}
    page = Page("https://cd.example/tin/1.html", "demo", body, FETCHED, headers=headers)
    start = time.process_time()
    with pytest.raises(PageError, match=reason):
        read_page(page, None)
    assert time.process_time() - start < 5


NAMES = re.compile(r'\s(?:class|id|itemprop|itemtype|data-role)="[^"]*"')


def test_pages_whose_markup_has_no_names_at_all():
    bare = [
        dataclasses.replace(fixture, html=NAMES.sub("", fixture.html), url="https://x.example/tin/a-1.html")
        for fixture in fixtures()
    ]
    found = score_pages(read_bare, bare)
    assert found.of("body") >= 0.98, found.wrong
    assert found.of("title") >= 0.98, found.wrong
