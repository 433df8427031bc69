"""Quiet, silent, broken or blocked: told apart by a site's own past, by the year, and by what its pages give."""

import sqlite3
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from click.testing import CliRunner
from scripted_site import Answer, ScriptedSite, all_sources, article, listing, small_site

from crawler.calendar import find_tet, is_special, weigh_day, weigh_span
from crawler.health import Seen, expect_articles, find_broken_part, judge_site, learn_weekdays
from crawler.run import crawl
from crawler.site import Site
from nlp.cli import cli
from store.addresses import VIETNAM
from store.crawls import Coverage, Past
from store.db import open_pages
from store.pages import find_fresh, newest_page, save_page
from store.records import Page

SITE = Site("cd", "x", "congdoan.example.vn", "https://congdoan.example.vn")
QUIET = {"sources": 1, "read": 1, "found": 12, "unchanged": 5}
LONG = " ".join(["Công đoàn cơ sở trao quà cho đoàn viên có hoàn cảnh khó khăn trong xưởng may."] * 12)


def daily(last, days, per_day, weekend=0, archive=200):
    """A past of daily crawls that ended on a day: an archive first, then so many a day."""
    first = datetime.combine(last - timedelta(days=days), datetime.min.time(), VIETNAM)
    runs = [Past(first, archive)]
    for number in range(1, days + 1):
        # A morning's crawl brings what the day before wrote.
        at = first + timedelta(days=number)
        runs.append(Past(at, weekend if (at - timedelta(hours=12)).weekday() >= 5 else per_day))
    return runs


def after(past, days):
    """The same past, with nothing for so many days, and the moment that is then."""
    return past, past[-1].at + timedelta(days=days)


@pytest.mark.parametrize("tet", [
    "2015-02-19", "2019-02-05", "2024-02-10", "2025-01-29", "2026-02-17", "2030-02-02", "2033-01-31"])
def test_tet(tet):
    assert find_tet(int(tet[:4])).isoformat() == tet


def test_days_of_the_year():
    assert [is_special(date(2024, *day)) for day in ((2, 12), (5, 1), (7, 28), (6, 12))] == [True, True, True, False]
    assert weigh_day(date(2024, 9, 2)) < weigh_day(date(2024, 9, 5))
    began = datetime(2024, 6, 14, 12, tzinfo=VIETNAM)
    assert weigh_span(began, began + timedelta(days=3)) == pytest.approx(0.5 + 0.5 + 0.4 + 0.5)


def test_a_busy_site_that_falls_silent_is_told():
    past, now = after(daily(date(2024, 6, 14), 40, 3), 6)
    health = judge_site(SITE, QUIET, None, False, Seen(past, now=now))
    assert health.state == "silent"
    assert health.note.startswith("nothing new for 6 days, about ")
    # Pages with a counter of visits have always changed; one new article ends the silence.
    assert judge_site(SITE, {**QUIET, "changed": 9}, None, False, Seen(past, now=now)).state == "silent"
    assert judge_site(SITE, {**QUIET, "changed": 9}, None, False, Seen(past, now=past[-1].at)).state == "ok"
    assert judge_site(SITE, {**QUIET, "stored": 1}, None, False, Seen(past, now=now)).state == "ok"


def test_a_slow_site_that_says_nothing_is_only_quiet():
    past = [Past(run.at, 1 if number % 10 == 0 else 0) for number, run in enumerate(daily(date(2024, 6, 14), 60, 0))]
    assert judge_site(SITE, QUIET, None, False, Seen(*[past], now=past[-1].at + timedelta(days=9))).state == "quiet"


def test_tet_is_quiet_and_the_week_after_is_not():
    tet = find_tet(2024)
    past = daily(tet - timedelta(days=4), 40, 3)
    assert judge_site(SITE, QUIET, None, False, Seen(past, now=past[-1].at + timedelta(days=10))).state == "quiet"
    assert judge_site(SITE, QUIET, None, False, Seen(past, now=past[-1].at + timedelta(days=17))).state == "silent"


@pytest.mark.parametrize("peak", [date(2024, 5, 1), date(2024, 7, 28)])
def test_the_flood_of_a_union_day_does_not_raise_the_norm(peak):
    flood = [Past(run.at, 60 if is_special((run.at - timedelta(hours=12)).date()) else run.stored)
             for run in daily(peak + timedelta(days=3), 40, 1)]
    plain = daily(peak + timedelta(days=3), 40, 1)
    now = plain[-1].at + timedelta(days=6)
    assert expect_articles(flood, now)[0] == pytest.approx(expect_articles(plain, now)[0])


def test_a_weekend_without_news_is_no_silence_where_it_never_has_any():
    past = daily(date(2024, 6, 14), 60, 6)
    spans = [(a.at, b.at, b.stored) for a, b in pairwise(past)]
    weekdays = learn_weekdays(spans)
    assert weekdays[5:] == (0.0, 0.0)
    assert min(weekdays[:5]) > 0.9
    monday = past[-1].at + timedelta(days=3)
    assert judge_site(SITE, QUIET, None, False, Seen(past, now=monday)).state == "quiet"


def test_no_past_no_judgement():
    assert expect_articles([], datetime.now(VIETNAM)) == (0.0, timedelta(0))
    assert judge_site(SITE, QUIET, None, False).state == "quiet"


@pytest.mark.parametrize(("now", "past", "part"), [
    (Coverage(10, 10, 0, 10, 0), Coverage(40, 40, 39, 38, 0), "body read from 0 of 10 pages, 39 of 40 before"),
    (Coverage(9, 9, 9, 1, 0), Coverage(40, 40, 39, 38, 0), "published_at read from 1 of 9 pages, 38 of 40 before"),
    (Coverage(10, 10, 9, 9, 0), Coverage(40, 40, 39, 38, 30), None), (Coverage(2), Coverage(40, 40, 40, 40), None),
    (Coverage(10), Coverage(), None), (None, Coverage(40, 40, 40, 40), None),
    (Coverage(10), Coverage(40, 3, 3, 3), None),
])
def test_a_part_that_pages_no_longer_give(now, past, part):
    assert find_broken_part(now, past) == part
    assert (judge_site(SITE, {**QUIET, "stored": 5}, None, False, Seen((), now, past)).state == "broken") is bool(part)


@pytest.mark.parametrize(("counts", "state"), [
    ({"resting": 2}, "quiet"), ({"resting": 1, "backing_off": 1}, "failed"), ({"backing_off": 1}, "failed"),
    ({**QUIET, "failed": 9, "failure/challenge": 9}, "blocked"),
    ({**QUIET, "failed": 2, "failure/challenge": 2}, "quiet"),
])
def test_more_states(counts, state):
    assert judge_site(SITE, counts, None, False).state == state


def test_a_layout_that_changes_between_two_crawls(tmp_path):
    def put(number, text):
        site.pages[f"/tin/bai-{number}.html"] = Answer(
            f"<html><head><title>Bài {number} | Báo</title></head><body><h1>Bài {number}</h1>{text}</body></html>")

    with ScriptedSite() as site:
        for number in range(1, 7):
            put(number, f"<div class='noidung'><p>{LONG}</p><p>{LONG}</p></div>")
        site.pages["/tin"] = listing([f"/tin/bai-{n}.html" for n in range(1, 7)])
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"], body="div.noidung")
        assert crawl(tmp_path, [], folder).sites[0].state == "ok"
        for number in range(7, 13):
            put(number, "<script>render()</script>")
        site.pages["/tin"] = listing([f"/tin/bai-{n}.html" for n in range(7, 13)])
        health = crawl(tmp_path, [], folder).sites[0]
        assert (health.state, health.stored) == ("broken", 6)
        assert health.note.endswith("read from 0 of 6 pages, 6 of 6 before")
        told = CliRunner().invoke(cli, ["--data", str(tmp_path), "sites", "--sites-dir", str(folder)])
        assert told.output.strip().endswith(f"[broken: {health.note}]")
        # Crawls of one second: what is not due any more is not looked at, and the site is no better for it.
        assert crawl(tmp_path, [], folder).failures
    with sqlite3.connect(tmp_path / "news.db") as db:
        told = db.execute("select state, sampled, with_title, with_body, with_date from site_health order by run_id")
        assert told.fetchall() == [("ok", 6, 6, 6, 0), ("broken", 6, 0, 0, 0), ("broken", None, None, None, None)]


def test_pages_walled_off_behind_a_sound_listing(tmp_path):
    with ScriptedSite() as site:
        for path in small_site(site):
            site.pages[path] = Answer("<title>Just a moment...</title>", 200)
        health = crawl(tmp_path, [], site.write(tmp_path / "sites", **all_sources(site))).sites[0]
        assert health.state == "blocked"


def test_what_is_not_due_is_not_asked_for_and_that_is_no_failure(tmp_path):
    with ScriptedSite() as site:
        site.pages |= {"/tin": listing(["/tin/bai-1.html"]), "/tin/bai-1.html": article(1)}
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])
        crawl(tmp_path, [], folder)
        with sqlite3.connect(tmp_path / "pages.db") as db:
            db.execute("update addresses set next_due_at = '2999-01-01T00:00:00.000+07:00'")
        before = len(site.log)
        assert crawl(tmp_path, [], folder).sites[0].state == "quiet"
        assert len(site.log) == before


def test_a_crawl_is_not_judged_by_the_pages_of_one_that_ended_in_the_same_second(tmp_path):
    db = open_pages(tmp_path)
    at = "2024-06-12T08:00:00+07:00"
    for number in (1, 2):
        save_page(db, Page(f"https://x.example/{number}", "x", b"earlier %d" % number, at))
    mark = newest_page(db)
    assert find_fresh(db, "x", mark, 10) == []
    save_page(db, Page("https://x.example/3", "x", b"later", at))
    save_page(db, Page("https://y.example/1", "y", b"elsewhere", at))
    assert [page.url for page in find_fresh(db, "x", mark, 10)] == ["https://x.example/3"]


LISTING, LAYOUT = "0 articles listed, 3 expected", "title read from 0 of 5 pages, 40 of 40 before"


@pytest.mark.parametrize(
    ("trouble", "counts", "coverage", "state"),
    [
        (LISTING, {"sources": 1}, None, "broken"),  # 304
        (LISTING, {"resting": 1}, None, "broken"),  # not due
        (LISTING, {"sources": 1, "stored": 2}, Coverage(2, 2, 2, 2), "broken"),  # what an earlier crawl listed
        (LISTING, QUIET, None, "quiet"),
        (LISTING, {"sources": 2, "read": 1, "found": 1, "stored": 1}, Coverage(1, 1, 1, 1), "ok"),
        (LAYOUT, QUIET, None, "broken"),
        (LAYOUT, QUIET | {"stored": 1}, Coverage(1, 0, 1, 1), "broken"),
        (LAYOUT, QUIET | {"stored": 1}, Coverage(1, 1, 1, 1), "ok"),
        (None, {"sources": 1}, None, "quiet"),
        (LISTING, {"failed_sources": 1, "failure/timeout": 1}, None, "failed"),
    ],
)
def test_broken_stays_broken_until_it_is_read_again(trouble, counts, coverage, state):
    found = judge_site(SITE, counts, None, False, Seen(coverage=coverage, trouble=trouble))
    assert found.state == state
    assert found.state != "broken" or found.note == trouble
