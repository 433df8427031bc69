"""The whole road on the sample site: crawl over HTTP, extract, edition two, and SIGKILL at any moment."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from conftest import ROOT

from crawler.demo.articles import find_articles
from crawler.demo.server import DemoServer
from store.findings import FINDING_TABLES

# When a thing was seen differs from run to run; what is logged of a run is about that run.
TIMES = {"first_seen", "last_seen", "fetched_at", "next_due_at", "first_seen_at", "at", "applied_at", "gone_at",
         # How long to wait for a source is learnt from every poll, and a killed crawl is polled again.
         "poll_seconds"}
LOGS = {"crawl_runs", "site_health", "fetches", "site_days", "coverage", "sqlite_sequence"}
# Twenty moments: a first run killed, and the run that was to mend it killed again.
KILLS, FOLDERS = 2, 10
KINDS = {"person", "organization", "campaign", "award", "place", "document"}


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "nlp.cli", *map(str, arguments)], cwd=ROOT, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )


def finish(*arguments, expect=0):
    process = start(*arguments)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == expect, output
    return output


def dump(path):
    """Every row of every table, without times and run logs."""
    conn = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    conn.row_factory = sqlite3.Row
    assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
    tables = [r[0] for r in conn.execute("select name from sqlite_master where type = 'table' order by name")]
    found = {}
    for table in set(tables) - LOGS:
        rows = []
        for row in conn.execute(f"select * from {table}"):
            columns = {k: row[k] for k in row.keys() if k not in TIMES}  # noqa: SIM118 - Row iterates over values
            if "headers" in columns:
                columns["headers"] = {k: v for k, v in json.loads(columns["headers"]).items() if k.lower() != "date"}
            rows.append(columns)
        found[table] = sorted(rows, key=repr)
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The sample site and its registry files."""
    with DemoServer(first_port=0) as server:
        folder = tmp_path_factory.mktemp("sites")
        server.site_files(folder)
        server.folder = folder
        yield server


@pytest.fixture(scope="module")
def undisturbed(site, tmp_path_factory):
    """Data of one crawl and one extract that nobody killed, and how long each took."""
    data = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    finish("--data", data, "crawl", "--sites-dir", site.folder)
    crawled = time.monotonic()
    finish("--data", data, "extract", "--sites-dir", site.folder)
    return data, crawled - began, time.monotonic() - crawled


def kill(seconds, *arguments):
    """Start the command and kill it with its children at a random moment, while it was running."""
    while True:
        process = start(*arguments)
        began = time.monotonic()
        time.sleep(random.uniform(0.05, seconds))
        running = process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if running:
            return
        seconds = max(0.2, (time.monotonic() - began) / 2)


def test_everything_of_the_site_arrives(site, undisturbed):
    data, _, _ = undisturbed
    news = sqlite3.connect(data / "news.db")
    urls = {row[0] for row in news.execute("select url from articles")}
    assert urls == set(site.urls().values())
    for table in (*FINDING_TABLES, "sentences", "entities", "stories"):
        assert news.execute(f"select count(*) from {table}").fetchone()[0] > 0, table
    kinds = {row[0] for row in news.execute("select distinct kind from mentions")}
    assert kinds == KINDS
    assert "All is well." in finish("--data", data, "check")


def test_robots_were_obeyed(site, undisturbed):
    closed = [article for article in find_articles() if article.disallowed]
    assert site.log and closed
    for article in closed:
        assert not [request.path for request in site.log if str(article.number) in request.path]


@pytest.mark.parametrize("number", range(FOLDERS))
def test_killed_crawl(site, undisturbed, tmp_path, number):
    data, seconds, _ = undisturbed
    arguments = ["--data", tmp_path, "crawl", "--sites-dir", site.folder]
    for _ in range(KILLS):
        kill(seconds, *arguments)
    finish(*arguments)
    assert dump(tmp_path / "pages.db") == dump(data / "pages.db")


@pytest.mark.parametrize("number", range(FOLDERS))
def test_killed_extract(site, undisturbed, tmp_path, number):
    data, _, seconds = undisturbed
    sqlite3.connect(data / "pages.db").execute("vacuum into ?", [str(tmp_path / "pages.db")])
    arguments = ["--data", tmp_path, "extract", "--sites-dir", site.folder]
    for _ in range(KILLS):
        kill(seconds, *arguments)
    finish(*arguments)
    assert dump(tmp_path / "news.db") == dump(data / "news.db")


def test_a_second_run_changes_nothing(site, undisturbed):
    data, _, _ = undisturbed
    before = dump(data / "pages.db"), dump(data / "news.db")
    finish("--data", data, "crawl", "--sites-dir", site.folder)
    assert "Nothing changed" in finish("--data", data, "extract", "--sites-dir", site.folder)
    assert (dump(data / "pages.db"), dump(data / "news.db")) == before


def test_second_edition(site, tmp_path):
    arguments = ["--sites-dir", site.folder]
    finish("--data", tmp_path, "crawl", *arguments)
    finish("--data", tmp_path, "extract", *arguments)
    first = set(site.urls().values())
    site.edition = 2
    try:
        finish("--data", tmp_path, "crawl", "--full", *arguments)
        finish("--data", tmp_path, "extract", *arguments)
        second = set(site.urls().values())
    finally:
        site.edition = 1
    news = sqlite3.connect(tmp_path / "news.db")
    assert {row[0] for row in news.execute("select url from articles")} == first | second
    assert {row[0] for row in news.execute("select url from articles where gone_at is not null")} == first - second
    assert news.execute("select count(*) from revisions").fetchone()[0] == 1
    assert "All is well." in finish("--data", tmp_path, "check")


def test_demo_twice(tmp_path):
    output = finish("--data", tmp_path, "demo", "--no-serve")
    for kind in ("articles", *KINDS, *FINDING_TABLES[1:]):
        assert f"\n  {kind} " in output, output
    assert "Nothing changed since the last run." in finish("--data", tmp_path, "demo", "--no-serve")
