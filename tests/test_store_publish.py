"""A release is whole, hashed, the same twice, and holds no text when asked."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import add_article, free_port
from test_store_findings import BODY, reading

from store import publish as module
from store.db import StoreError
from store.findings import Links, replace_findings
from store.publish import publish
from store.state import save_state


@pytest.fixture
def release(news, tmp_path):
    replace_findings(news, add_article(news, BODY), reading(), Links(), "v1")
    news.execute("insert into passages values (1, 0, 5, 'heading'), (1, 6, 9, 'item')")
    return lambda name, day="2026-05-01", **options: publish(tmp_path, tmp_path / name, day, **options)


def names_in(folder):
    return {path.name for path in folder.iterdir()}


def change(news, number):
    news.execute("update articles set title = ? where id = 1", [f"Tin {number}"])


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
    # Every table and view, without any function of ours.
    for (name,) in conn.execute("select name from sqlite_master where type in ('table', 'view')").fetchall():
        conn.execute(f'select * from "{name}" limit 1').fetchall()


def test_passages_are_published(release, news, tmp_path):
    release("out")
    lines = (tmp_path / "out" / "passages.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["article_id,start,end,role", "1,0,5,heading", "1,6,9,item"]
    news.execute("update passages set role = 'caption' where start = 6")
    assert release("out", "2026-05-02")


def test_nothing_to_publish(tmp_path):
    with pytest.raises(StoreError, match=r"no such database; run"):
        publish(tmp_path, tmp_path / "out", "2026-05-01")


def test_sums_verify_with_the_usual_program(release, tmp_path):
    release("out")
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, text=True)
    assert done.returncode == 0 and "FAILED" not in done.stdout


def test_nothing_changed_gives_no_release(release, news, tmp_path):
    release("out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    # Fetched again, read again, refreshed again: the same facts.
    news.execute("update articles set fetched_at = '2026-06-01T00:00:00+07:00', page_hash = 'q', extractor = 'v2'")
    save_state(news, "refresh", {"started_at": "2026-06-01"})
    assert release("out", "2026-06-01") == []
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_earlier_release_stays_whole(release, news, tmp_path):
    first = {path.name: path.read_bytes() for path in release("out")}
    change(news, 1)
    assert "union-news-2026-06-01.db" in {path.name for path in release("out", "2026-06-01")}
    assert "union-news-2026-05-01.db" not in names_in(tmp_path / "out")
    (kept,) = (tmp_path / "out" / "earlier").iterdir()
    assert kept.name.startswith("2026-05-01-")
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == first


def test_two_contents_of_one_day_are_two_releases(release, news, tmp_path):
    for number in range(3):
        change(news, number)
        release("out")
    kept = sorted((tmp_path / "out" / "earlier").iterdir())
    assert len(kept) == 2 and all(path.name.startswith("2026-05-01-") for path in kept)


@pytest.mark.parametrize("moves", range(0, 36, 3))
def test_broken_off_at_any_move(release, news, tmp_path, monkeypatch, moves):
    """A release that was broken off is made whole by the next, and the earlier one is not lost."""
    first = {path.name: path.read_bytes() for path in release("out")}
    change(news, 1)
    left, replace = [moves], Path.replace

    def move(self, target):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", move)
    try:
        release("out", "2026-06-01")
    except KeyboardInterrupt:
        monkeypatch.undo()
        release("out", "2026-06-01")
    (kept,) = (tmp_path / "out" / "earlier").iterdir()
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == first
    assert module.is_whole(tmp_path / "out")
    assert "union-news-2026-06-01.db" in names_in(tmp_path / "out")
    assert not [name for name in names_in(tmp_path / "out") if name.startswith(".")]


def test_a_spoilt_release_is_made_anew(release, tmp_path):
    release("out")
    (tmp_path / "out" / "figures.csv").write_text("spoilt")
    assert release("out")
    assert module.is_whole(tmp_path / "out")


def test_the_card_says_what_is_in_it(release, tmp_path):
    release("out")
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "| `figures` | 1 |" in card and "release 2026-05-01" in card and "v1" in card
    assert card.startswith("# Data card")
    release("bare", bodies=False)
    assert "are left out" in (tmp_path / "bare" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("bodies", [True, False])
def test_package_is_valid(release, news, tmp_path, bodies):
    frictionless = pytest.importorskip("frictionless")
    news.execute("update entities set parent_id = 1 where id > 1")
    release("out", bodies=bodies)
    report = frictionless.Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note", "fieldName"])
    tables = {task.name for task in report.tasks if task.type == "table"}
    assert tables == set(module.PUBLISHED)


def test_package_refuses_another_file(release, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    release("out")
    with (tmp_path / "out" / "figures.csv").open("a", encoding="utf-8") as file:
        file.write("1,99\n")
    assert not frictionless.Package(str(tmp_path / "out" / "datapackage.json")).validate().valid


def test_opens_in_plain_datasette(release, tmp_path):
    import time

    import httpx

    release("out")
    port = free_port()
    shutil.copy(tmp_path / "out" / "union-news-2026-05-01.db", tmp_path / "union.db")
    (tmp_path / "union.db").chmod(0o444)
    server = subprocess.Popen([sys.executable, "-m", "datasette", "-i", tmp_path / "union.db", "--port", str(port)],
                              stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/union/figures.json?_shape=array")
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline and server.poll() is None
                time.sleep(0.2)
        assert answer.status_code == 200 and len(answer.json()) == 1
    finally:
        server.terminate()
        server.wait(20)


def test_a_folder_that_cannot_be_written_is_one_line(release, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="choose another folder"):
        release("file")
