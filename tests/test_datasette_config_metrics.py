"""The page for Prometheus: its format holds whatever a site is called, and it tells age, states, queue and last run."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from test_datasette_config_newsroom import get, make_news

from nlp.application import open_datasette
from store.crawls import SiteHealth, begin_run, finish_run
from store.db import open_news
from store.state import save_state

LINE = re.compile(r'^unionnews_[a-z_]+(\{([a-z]+="(?:[^"\\\n]|\\.)*",?)*\})? -?[0-9.e+]+$')


@pytest.fixture
def metrics(tmp_path):
    """Ask for the page of a database; return its samples by name and labels."""

    def ask(path):
        answer = get(open_datasette(path), "/-/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = answer.text.splitlines()
        samples = [line for line in lines if not line.startswith("#")]
        assert all(LINE.match(line) for line in samples), samples
        helped = {line.split()[2] for line in lines if line.startswith("# HELP")}
        assert {re.split(r"[{ ]", line)[0] for line in samples} == helped
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in samples)}

    return ask


def test_an_empty_database_answers(metrics, tmp_path):
    open_news(tmp_path)
    assert metrics(tmp_path / "news.db")["unionnews_articles"] == 0


def test_age_states_queue_and_last_run(metrics, tmp_path):
    path = make_news(tmp_path)
    db = open_news(path.parent)
    now = datetime.now(UTC)
    run = begin_run(db, "crawl", (now - timedelta(hours=2)).isoformat())
    hostile = 'a"\\b\n} 1'
    finish_run(db, run, (now - timedelta(hours=1)).isoformat(),
               [SiteHealth(hostile, "blocked", failed=3), SiteHealth("vang", "ok", last_new_at=now.isoformat())])
    begin_run(db, "crawl", now.isoformat())
    save_state(db, "refresh", {"started_at": (now - timedelta(minutes=10)).isoformat(), "exit": 3, "steps": [
        {"name": "read", "seconds": 4.5, "counts": {}}, {"name": "health", "seconds": 0.1, "counts": {"queue": 17}}]})
    found = metrics(path)
    assert found['unionnews_site_state{site="vang",state="ok"}'] == 1
    assert found['unionnews_site_failures{site="a\\"\\\\b\\n} 1"}'] == 3
    assert 3500 < found["unionnews_crawl_finished_seconds"] < 3700
    assert 590 < found["unionnews_refresh_seconds_ago"] < 700
    assert (found["unionnews_refresh_exit"], found["unionnews_addresses_due"]) == (3, 17)
    assert found['unionnews_refresh_step_seconds{step="read"}'] == 4.5
    assert found["unionnews_crawls_unfinished"] >= 1
    assert found["unionnews_newest_article_seconds"] >= 0


def test_unreadable_times_are_left_out(metrics, tmp_path):
    path = make_news(tmp_path)
    open_news(path.parent).execute("update articles set first_seen_at = 'zz', published_at = 'yesterday'")
    assert "unionnews_newest_article_seconds" not in metrics(path)
