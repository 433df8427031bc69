"""Another extractor reads beside the old one: what comes and goes is shown, what holds the floors is swapped in."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from conftest import ROOT, add_article
from natural_keys import natural

from nlp.cli import cli
from nlp.read import find_unread, read_articles
from store.check import check_databases
from store.db import open_news

BODIES = [
    f"Sáng 3/{month}/2024, LĐLĐ tỉnh Sơn La trao {month * 10} suất quà cho đoàn viên khó khăn.\n"
    f"Bà Lò Thị Mến, Chủ tịch LĐLĐ tỉnh Sơn La, tặng Bằng khen cho {month} tập thể."
    for month in range(1, 7)
]
EMPTY = ["organizations", "campaigns", "awards", "places", "documents", "figures", "dates", "positions", "grants"]
KEY = {"people": ["Lò Thị Mến", "Quàng Văn Không"], **{kind: [] for kind in EMPTY}}


def run(*arguments, expect=0):
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert done.exit_code == expect, done.output
    return done


@pytest.fixture
def data(tmp_path):
    """A database read by an extractor that missed one figure, invented another, and bears an older version."""
    folder = tmp_path / "data"
    folder.mkdir()
    db = open_news(folder)
    for number, body in enumerate(BODIES, 1):
        add_article(db, body, url=f"https://congdoan.example/tin-{number}.html", content_hash=f"c{number}")
    read_articles(db, find_unread(db))
    db.execute("update articles set extractor = '0.0.1+old'")
    (lost,) = db.execute("select id from figures where article_id = 2 order by start limit 1").fetchone()
    db.execute("delete from figures where id = ?", [lost])
    db.execute("update figures set value = 999 where id = (select min(id) from figures where article_id = 3)")
    return folder


@pytest.fixture
def keys(tmp_path):
    """Answer keys of the first article, one name of which stands nowhere, and a floor as wanted."""
    (tmp_path / "keys.json").write_text(json.dumps([{"id": "tin-1", **KEY}]), encoding="utf-8")

    def write(floor):
        (tmp_path / "floors.json").write_text(json.dumps({"people": floor}), encoding="utf-8")
        return ["--keys", tmp_path / "keys.json", "--floors", tmp_path / "floors.json"]

    return write


def whole(folder):
    """What is known, and who read it."""
    return natural(folder / "news.db"), open_news(folder).execute("select extractor from articles").fetchall()


def test_shows_what_comes_and_goes_and_changes_nothing(data):
    before = whole(data)
    done = run("--data", data, "extract", "--diff")
    assert "6 articles read by the new extractor, 2 with other facts" in done.output
    assert "figures: 2 gained, 1 lost" in done.output
    lost = [line for line in done.output.splitlines() if line.startswith("  - ")]
    assert len(lost) == 1 and "value=999" in lost[0] and "tin-3.html" in lost[0] and "[30 suất quà]" in lost[0]
    assert "news.db is as it was" in done.output
    assert whole(data) == before
    assert not (data / ".shadow").exists()


def test_swapped_in_when_asked(data, tmp_path):
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    db = open_news(fresh)
    for number, body in enumerate(BODIES, 1):
        add_article(db, body, url=f"https://congdoan.example/tin-{number}.html", content_hash=f"c{number}")
    read_articles(db, find_unread(db))
    assert "news.db holds them now" in run("--data", data, "extract", "--diff", "--swap").output
    assert natural(data / "news.db") == natural(fresh / "news.db")
    assert [line for line in check_databases(data) if "search" not in line] == []
    assert "0 articles read by the new extractor" in run("--data", data, "extract", "--diff").output


def test_floors_guard_the_swap(data, keys):
    before = whole(data)
    done = run("--data", data, "extract", "--diff", "--swap", *keys(0.9), expect=1)
    assert "not published: people" in done.output and "news.db is as it was" in done.output
    assert whole(data) == before
    assert "news.db holds them now" in run("--data", data, "extract", "--diff", "--swap", *keys(0.5)).output
    assert whole(data) != before


def test_keys_of_articles_that_are_not_here_hold_nothing(data, keys, tmp_path):
    options = keys(0.0)
    (tmp_path / "keys.json").write_text(json.dumps([{"id": "elsewhere", **KEY}]), encoding="utf-8")
    done = run("--data", data, "extract", "--diff", "--swap", *options, expect=1)
    assert "article elsewhere of keys.json is not stored" in done.output


@pytest.mark.parametrize("options", [["--swap"], ["--keys", "k.json"], ["--diff", "--keys", "k.json"]])
def test_options_that_do_not_go_together(data, options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "k.json").write_text("[]")
    assert "go with --diff" in run("--data", data, "extract", *options, expect=2).output


def test_killed_at_any_moment_it_is_old_or_new(data, tmp_path):
    """A swap is one transaction: whoever looks sees all of the one or all of the other."""
    before = whole(data)
    seen = set()
    for wait in (0.3, 1.0, 1.6, 2.0, 2.4, 2.8):
        process = subprocess.Popen([sys.executable, "-m", "nlp.cli", "--data", data, "extract", "--diff", "--swap"],
                                   cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL)
        time.sleep(wait)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        seen.add(whole(data) == before)
    run("--data", data, "extract", "--diff", "--swap")
    after = whole(data)
    assert after != before and len({version for (version,) in after[1]}) == 1
    assert not (data / ".shadow").exists()


def test_nobody_else_writes_meanwhile(data):
    from store.lock import hold_lock

    with hold_lock(data / "crawl.lock"):
        assert "is running" in run("--data", data, "extract", "--diff", expect=4).output
