"""Fixtures more than one test file uses: an empty store, an article in it, the shared examples where they are."""

import os
import socket
from pathlib import Path

import pytest

from store.db import open_news

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """In CI, where all that a test may need is installed, a test that skips has not been run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("UNIONNEWS_CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def news(tmp_path):
    """An empty news.db of the current schema."""
    return open_news(tmp_path)


@pytest.fixture
def shared():
    """The folder of shared examples; a fresh clone has none."""
    if not SHARED.is_dir():
        pytest.skip("the shared examples are not beside this clone")
    return SHARED


def add_article(db, body, **columns):
    """Insert an article as the parser would; return its id."""
    row = {
        "url": f"https://congdoan.example/{db['articles'].count + 1}", "site": "demo", "title": "Tin công đoàn",
        "published_at": "2024-05-01T08:00:00+07:00", "lead": body.split("\n")[0], "body": body,
        "first_seen_at": "2024-05-02T00:00:00+07:00", "fetched_at": "2024-05-02T00:00:00+07:00",
        "content_hash": "c", "page_hash": "p",
    } | columns
    return db["articles"].insert(row).last_pk


def free_port():
    """Return a port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
