"""A release is whole, hashed, the same twice, and holds no text when asked."""

import hashlib
import sqlite3

import pytest
from conftest import add_article
from test_store_findings import BODY, reading

from store.db import StoreError
from store.findings import Links, replace_findings
from store.publish import publish


@pytest.fixture
def release(news, tmp_path):
    replace_findings(news, add_article(news, BODY), reading(), Links(), "v1")
    return lambda name, **options: publish(tmp_path, tmp_path / name, "2026-05-01", **options)


def test_sums_hold(release):
    files = release("out")
    sums = files[-1]
    assert sums.name == "SHA256SUMS"
    listed = dict(reversed(line.split("  ")) for line in sums.read_text(encoding="utf-8").splitlines())
    assert set(listed) == {f.name for f in files[:-1]}
    for file in files[:-1]:
        assert hashlib.sha256(file.read_bytes()).hexdigest() == listed[file.name]


def test_twice_the_same_bytes(release):
    one, two = release("one"), release("two")
    assert [f.read_bytes() for f in one] == [f.read_bytes() for f in two]


def test_no_bodies(release, tmp_path):
    release("out", bodies=False)
    whole = b"".join(f.read_bytes() for f in (tmp_path / "out").iterdir())
    assert "phát động “Lao động giỏi”".encode() not in whole
    assert "15 tập thể".encode() in whole


def test_opens_in_plain_sqlite(release, tmp_path):
    release("out")
    assert sorted(p.suffix for p in (tmp_path / "out").iterdir() if p.name.startswith("union-news")) == [".db"]
    conn = sqlite3.connect(tmp_path / "out" / "union-news-2026-05-01.db")
    assert conn.execute("select count(*) from figures").fetchone() == (1,)
    assert conn.execute("pragma journal_mode").fetchone() == ("delete",)


def test_nothing_to_publish(tmp_path):
    with pytest.raises(StoreError, match=r"no such database; run"):
        publish(tmp_path, tmp_path / "out", "2026-05-01")
