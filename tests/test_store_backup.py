"""A backup is one moment, whole, while others write; a failed one leaves nothing; swapping is one transaction."""

import sqlite3
import threading

import pytest
from conftest import add_article

from store.backup import backup, copy_database, swap_in
from store.check import check_databases
from store.db import StoreError, open_news, open_pages

AT = "20260501T080000Z"


def count(path):
    with sqlite3.connect(path) as conn:
        return conn.execute("select count(*) from articles").fetchone()[0]


def test_both_databases_open_alone(news, tmp_path):
    open_pages(tmp_path).close()
    add_article(news, "LĐLĐ tỉnh trao 15 suất quà.")
    files = backup(tmp_path, tmp_path / "out", AT)
    assert [path.name for path in files] == [f"pages-{AT}.db", f"news-{AT}.db"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in files}
    restored = tmp_path / "restored"
    restored.mkdir()
    files[0].rename(restored / "pages.db")
    files[1].rename(restored / "news.db")
    assert count(restored / "news.db") == 1
    assert [line for line in check_databases(restored) if "search" not in line] == []


def test_one_moment_while_somebody_writes(news, tmp_path):
    """Articles come in pairs: a copy never holds half of one, and the writer is never held up."""
    stop = threading.Event()
    written = []

    def write():
        db = open_news(tmp_path)
        while not stop.is_set():
            with db.atomic():
                for _ in range(2):
                    add_article(db, "LĐLĐ tỉnh trao quà. " * 500)
            written.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(8):
            seen = len(written)
            (copy,) = backup(tmp_path, tmp_path / "out", f"2026050{number}T080000Z")
            assert count(copy) % 2 == 0 and count(copy) >= 2 * seen
    finally:
        stop.set()
        thread.join()


def test_old_ones_are_removed_when_asked(news, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "news-of-mine.db").write_text("not a backup")
    for day in range(1, 5):
        backup(tmp_path, tmp_path / "out", f"2026050{day}T080000Z", keep=2)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "news-20260503T080000Z.db", "news-20260504T080000Z.db", "news-of-mine.db"}


def test_nothing_to_copy(tmp_path):
    with pytest.raises(StoreError, match=r"no database here; run"):
        backup(tmp_path, tmp_path / "out", AT)


def test_a_damaged_source_is_not_a_backup(news, tmp_path):
    for _ in range(200):
        add_article(news, "LĐLĐ tỉnh trao quà cho đoàn viên. " * 50)
    news.execute("pragma wal_checkpoint(truncate)").fetchall()
    news.close()
    with (tmp_path / "news.db").open("r+b") as file:
        for page in range(20, 200, 3):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(StoreError, match=r"news"):
        backup(tmp_path, tmp_path / "out", AT)
    assert list((tmp_path / "out").iterdir()) == []


def test_swapped_in_under_a_reader(news, tmp_path):
    add_article(news, "cũ")
    copy_database(tmp_path / "news.db", tmp_path / "shadow.db")
    shadow = sqlite3.connect(tmp_path / "shadow.db")
    shadow.execute("update articles set title = 'mới'")
    shadow.commit()
    shadow.close()
    reader = sqlite3.connect(f"{(tmp_path / 'news.db').as_uri()}?mode=ro", uri=True)
    add_article(news, "cũ nữa")
    (before,) = reader.execute("select title from articles").fetchone()
    swap_in(tmp_path / "shadow.db", tmp_path / "news.db")
    assert [before, *reader.execute("select title from articles").fetchall()] == ["Tin công đoàn", ("mới",)]
    assert news.execute("pragma journal_mode").fetchone() == ("wal",)
    assert news.execute("pragma integrity_check").fetchone() == ("ok",)
    add_article(news, "sau")
    assert reader.execute("select count(*) from articles").fetchone() == (2,)
