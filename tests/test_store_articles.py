"""Articles keep their ids and their earlier texts; what was read in an old text goes with it."""

import dataclasses

import pytest

from store.articles import (
    find_parser,
    mark_gone,
    mark_returned,
    move_article,
    parsed_hashes,
    save_article,
    save_parser,
    save_refusal,
)
from store.check import check_search
from store.findings import Links, replace_findings
from store.records import Article, Figure, Reading
from store.text import fold

FIRST = Article(
    url="https://congdoan.example/1",
    site="demo",
    title="Trao 12 suất quà",
    body="Sáng 3/4 có 12 suất quà.\nHết.",
    lead="Sáng 3/4 có 12 suất quà.",
    author="Minh Anh",
    published_at="2024-04-03",
)
THEN, LATER = "2024-04-04T08:00:00+07:00", "2024-04-05T08:00:00+07:00"


def change(**fields):
    return dataclasses.replace(FIRST, **fields)


def row(db, url=FIRST.url):
    return next(db.query("select * from articles where url = ?", [url]))


def read(db):
    at = FIRST.body.index("12")
    figure = Figure(
        start=at,
        end=at + 11,
        text="12 suất quà",
        rule="test",
        value=12,
        qualifier="exact",
        unit="suất quà",
        unit_kind="count",
    )
    replace_findings(db, row(db)["id"], Reading([(0, 24)], [figure]), Links(), "1")


def test_new_then_same(news):
    assert save_article(news, FIRST, "p1", THEN).outcome == "new"
    assert save_article(news, FIRST, "p2", LATER).outcome == "same"
    kept = row(news)
    assert (kept["id"], kept["first_seen_at"], kept["fetched_at"], kept["page_hash"]) == (1, THEN, LATER, "p2")
    assert news["revisions"].count == 0


def test_a_changed_text_keeps_the_earlier_one_and_drops_its_findings(news):
    save_article(news, FIRST, "p1", THEN)
    read(news)
    assert news["figures"].count == 1
    before = row(news)
    assert save_article(news, change(body="Sáng 3/4 có 15 suất quà."), "p2", LATER).outcome == "changed"
    after = row(news)
    assert (after["id"], after["first_seen_at"], after["extractor"]) == (before["id"], THEN, None)
    assert after["content_hash"] != before["content_hash"]
    assert (news["figures"].count, news["sentences"].count) == (0, 0)
    kept = next(news["revisions"].rows)
    assert (kept["body"], kept["fetched_at"], kept["content_hash"]) == (FIRST.body, THEN, before["content_hash"])
    assert list(check_search(news)) == []


def test_a_text_that_comes_back_is_kept_once(news):
    for number, body in enumerate(["A bài một.", "B bài hai.", "A bài một.", "B bài hai.", "A bài một."]):
        save_article(news, change(body=body, lead=body), f"p{number}", THEN)
    assert sorted(r["body"] for r in news["revisions"].rows) == ["A bài một.", "B bài hai."]


def test_a_new_author_leaves_the_findings(news):
    save_article(news, FIRST, "p1", THEN)
    read(news)
    assert save_article(news, change(author="Thu Hà"), "p2", LATER).outcome == "changed"
    assert (row(news)["author"], row(news)["extractor"], news["figures"].count) == ("Thu Hà", "1", 1)


def test_a_new_date_is_read_again(news):
    save_article(news, FIRST, "p1", THEN)
    read(news)
    assert save_article(news, change(published_at="2023-04-03"), "p2", LATER).outcome == "changed"
    assert row(news)["extractor"] is None


def test_search_finds_folded_words_of_the_current_text_alone(news):
    save_article(news, FIRST, "p1", THEN)
    save_article(news, change(title="Đối thoại ở cảng", body="Cuộc đối thoại.", lead="Cuộc đối thoại."), "p2", LATER)

    def found(words):
        return [r[0] for r in news.execute("select rowid from search where search match ?", [fold(words)])]

    assert (found("đối thoại"), found("suất quà")) == ([1], [])
    assert news.execute("select count(*) from search").fetchone()[0] == 1


def test_gone_and_back(news):
    save_article(news, FIRST, "p1", THEN)
    assert mark_gone(news, FIRST.url, LATER)
    assert not mark_gone(news, FIRST.url, "2024-05-01T00:00:00+07:00")
    assert row(news)["gone_at"] == LATER
    assert mark_returned(news, [FIRST.url]) == 0
    assert mark_returned(news, []) == 1
    assert row(news)["gone_at"] is None


def test_moved(news):
    save_article(news, FIRST, "p1", THEN)
    save_article(news, change(url="https://congdoan.example/2"), "p1", THEN)
    assert move_article(news, FIRST.url, "https://congdoan.example/3")
    assert not move_article(news, "https://congdoan.example/3", "https://congdoan.example/2")
    assert [r["url"][-1] for r in news.query("select url from articles order by id")] == ["3", "2"]


def test_refusals(news):
    save_refusal(news, FIRST.url, "demo", "p1", "1", "listing", THEN)
    save_refusal(news, FIRST.url, "demo", "p2", "1", "empty", LATER)
    assert [r["reason"] for r in news["refusals"].rows] == ["empty"]
    assert parsed_hashes(news, "1") == {FIRST.url: "p2"}
    assert parsed_hashes(news, "2") == {}
    save_article(news, FIRST, "p3", LATER)
    assert news["refusals"].count == 0
    assert parsed_hashes(news, "2") == {FIRST.url: "p3"}


def test_all_or_nothing(news, monkeypatch):
    save_article(news, FIRST, "p1", THEN)
    monkeypatch.setattr("store.articles.replace_search", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_article(news, change(body="Bài khác hẳn."), "p2", LATER)
    assert (row(news)["body"], news["revisions"].count) == (FIRST.body, 0)


def test_parser_version(news):
    assert find_parser(news) is None
    save_parser(news, "1")
    save_parser(news, "2")
    assert find_parser(news) == "2"
