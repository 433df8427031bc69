"""A crawl as a whole: its summary and rows, its errors, and being killed at any moment."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scripted_site import Answer, ScriptedSite, all_sources, listing, small_site

from crawler.health import judge_site
from crawler.run import CrawlError, CrawlSummary, crawl
from crawler.site import Site, SiteError
from store.db import open_news
from store.lock import LockError, hold_lock

SITE = Site("cd", "x", "congdoan.example.vn", "https://congdoan.example.vn", min_articles=10)
TIMES = {"first_seen", "last_seen", "fetched_at", "next_due_at", "gone_at", "poll_seconds"}
KILLS = 8


@pytest.fixture
def site():
    with ScriptedSite() as server:
        yield server


def dump(data):
    """Both tables of pages.db without their times."""
    with sqlite3.connect(data / "pages.db") as db:
        db.row_factory = sqlite3.Row
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
        return {table: [{key: row[key] for key in row.keys() if key not in TIMES}  # noqa: SIM118
                        for row in db.execute(f"select * from {table} order by 1, 2")]
                for table in ("addresses", "pages")}


def test_a_crawl_leaves_its_row_and_one_for_each_site(site, tmp_path):
    small_site(site)
    steps = []
    summary = crawl(tmp_path, ["thu"], site.write(tmp_path / "sites", **all_sources(site)), max_pages=5,
                    progress=steps.append)
    assert isinstance(summary, CrawlSummary)
    assert sum(steps) == 5 + 3 + 2
    news = open_news(tmp_path)
    (run,) = news["crawl_runs"].rows
    assert (run["command"], run["sites"], run["stored"], run["failed"]) == ("crawl thu --max-pages 5", 1, 5, 0)
    assert run["started_at"] <= run["finished_at"]
    (health,) = news["site_health"].rows
    assert (health["run_id"], health["site"], health["state"], health["stored"]) == (run["id"], "thu", "ok", 5)
    assert health["requests"] == len(site.log)
    assert summary.total("stored") == 5


def test_several_crawls_in_one_process_and_a_dead_site_beside_a_good_one(site, tmp_path):
    small_site(site, articles=2)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    with ScriptedSite() as dead:
        dead.write(folder, "chet")
    for stored in (2, 0):
        summary = crawl(tmp_path, [], folder)
        assert [(health.site, health.state) for health in summary.failures] == [("chet", "failed")]
        assert summary.total("stored") == stored
    assert "refused" in summary.failures[0].note


def test_a_listing_without_articles_is_a_broken_layout(site, tmp_path):
    site.pages["/tin"] = listing([])
    summary = crawl(tmp_path, [], site.write(tmp_path / "sites", listings=[f"{site.base}/tin"]))
    assert [(health.state, health.note) for health in summary.failures] == [("broken", "0 articles listed, 1 expected")]


def test_a_feed_that_is_a_login_page_is_told(site, tmp_path):
    site.pages["/rss"] = Answer("<html>login</html>")
    summary = crawl(tmp_path, [], site.write(tmp_path / "sites", feeds=[f"{site.base}/rss"]))
    assert "neither feed nor sitemap" in summary.failures[0].note


@pytest.mark.parametrize(("counts", "note", "state"), [
    ({"sources": 1, "read": 1, "found": 12, "stored": 1}, None, "ok"),
    ({"sources": 1, "read": 1, "found": 12}, None, "quiet"),
    ({"sources": 1, "read": 1, "found": 9, "stored": 9}, None, "broken"),
    ({"sources": 2, "read": 1, "found": 0, "unchanged": 1}, None, "quiet"),
    ({}, None, "failed"),
    ({"failed_sources": 1, "failure/dns": 1}, "x: dns", "failed"),
    ({"failed_sources": 1, "failure/robots": 1}, "x: robots", "blocked"),
    ({"failed_sources": 1, "failure/forbidden": 1}, "x: forbidden", "blocked"),
    ({"sources": 1, "read": 1, "found": 12, "stored": 3}, "asked to wait until 2024", "blocked"),
    ({"sources": 1, "read": 1, "found": 12, "failed": 12, "failure/forbidden": 12}, None, "blocked"),
    ({"sources": 1, "read": 1, "found": 12, "failed": 12, "failure/timeout": 12}, None, "failed"),
])
def test_states(counts, note, state):
    assert judge_site(SITE, counts, note, False).state == state


def test_errors_come_before_the_first_request(site, tmp_path):
    folder = site.write(tmp_path / "sites")
    with pytest.raises(SiteError, match="have thu"):
        crawl(tmp_path, ["khac"], folder)
    (tmp_path / "leer").mkdir()
    with pytest.raises(CrawlError, match="no site files"):
        crawl(tmp_path, [], tmp_path / "leer")
    with hold_lock(tmp_path / "crawl.lock"), pytest.raises(LockError, match="is running"):
        crawl(tmp_path, [], folder)
    assert site.log == []


def test_a_crawler_that_breaks_off_is_told_with_its_last_words(site, tmp_path, monkeypatch):
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text("import sys\nif '-m' in sys.orig_argv: sys.exit('the roof fell in')\n")
    monkeypatch.setenv("PYTHONPATH", str(hook))
    with pytest.raises(CrawlError, match="the roof fell in; run it again"):
        crawl(tmp_path, [], site.write(tmp_path / "sites"))


def crawl_quietly(data, folder):
    crawl(data, [], folder)


def children_of(pid):
    """The process ids of a process's children."""
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat")
            if path.read_text().rpartition(")")[2].split()[1] == str(pid)]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_stray_crawler_outlives_its_parent(site, tmp_path):
    small_site(site)
    site.pages["/tin/bai-1.html"].wait = 20
    folder = site.write(tmp_path / "sites", **all_sources(site))
    process = multiprocessing.get_context("spawn").Process(target=crawl_quietly, args=(tmp_path, folder))
    process.start()
    until = time.monotonic() + 20
    while not site.paths() and time.monotonic() < until:
        time.sleep(0.05)
    (child,) = [pid for pid in children_of(process.pid) if "crawler.run" in Path(f"/proc/{pid}/cmdline").read_text()]
    process.kill()
    process.join()
    until = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()


def test_killed_at_any_moment_the_next_crawl_ends_as_if_nothing_had_been(site, tmp_path):
    small_site(site, articles=20, per_page=4)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    began = time.monotonic()
    crawl(tmp_path / "whole", [], folder)
    length = time.monotonic() - began
    expected = dump(tmp_path / "whole")
    assert len(expected["pages"]) == 20
    script = ("import sys; from pathlib import Path; from crawler.run import crawl;"
              " crawl(Path(sys.argv[1]), [], Path(sys.argv[2]))")
    for number in range(KILLS):
        data = tmp_path / f"killed-{number}"
        before = len(site.log)
        process = subprocess.Popen([sys.executable, "-c", script, str(data), str(folder)], start_new_session=True)
        # The moments are spread over the crawl itself; starting up takes about half of the time.
        wanted = before + 1 + number * 30 // KILLS
        until = time.monotonic() + 10 * length
        while len(site.log) < wanted and time.monotonic() < until:
            time.sleep(0.002)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        crawl(data, [], folder)
        assert dump(data) == expected, f"killed after {wanted - before} answers"
        fetched = [asked.path for asked in site.log[before:] if asked.status == 200 and asked.path.startswith("/tin/")]
        assert max(fetched.count(path) for path in fetched) <= 2
