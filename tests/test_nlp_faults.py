"""What goes wrong on a small server: killed, full, closed, damaged, doubled. Nothing lost or doubled, one line each."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from natural_keys import natural
from scripted_site import Answer, ScriptedSite, all_sources, article, small_site
from small_disk import SmallDisk

# Moments at which a refresh is killed; a longer trial sets the number.
KILLS = int(os.environ.get("UNIONNEWS_KILLS", "8"))
FOLDERS = max(2, KILLS // 8)
# The disk at its fullest, in KB: the databases alone would take more than the last but one.
FULL_AT = [int(size) for size in os.environ.get("UNIONNEWS_FULL_AT", "40 300 700 1100 1700").split()]


def body_of(number):
    return (f"Ngày {number}/5/2024, LĐLĐ tỉnh Sơn La trao {number * 10} suất quà cho đoàn viên khó khăn.\n"
            f"Bà Lò Thị Mến, Chủ tịch LĐLĐ tỉnh Sơn La, tặng Bằng khen cho {number} tập thể.\n"
            f"Các suất quà đợt {number} gồm tiền mặt và nhu yếu phẩm cho người lao động. " * 3)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of eight articles and its registry file."""
    with ScriptedSite() as server:
        for number, path in enumerate(small_site(server, articles=8), 1):
            server.pages[path] = article(number, body_of(number))
        server.folder = server.write(tmp_path_factory.mktemp("sites"), **all_sources(server))
        yield server


def start(data, site, *options, command="refresh", disk=None):
    arguments = [sys.executable, "-m", "nlp.cli", "--data", data, command, *options]
    if command in ("refresh", "crawl", "extract"):
        arguments += ["--sites-dir", site.folder]
    words = disk.command(arguments, ROOT) if disk else [str(a) for a in arguments]
    return subprocess.Popen(words, cwd=ROOT, start_new_session=True, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(data, site, *options, expect=0, command="refresh", disk=None):
    process = start(data, site, *options, command=command, disk=disk)
    out, err = process.communicate(timeout=240)
    assert process.returncode == expect or (isinstance(expect, tuple) and process.returncode in expect), out + err
    assert "Traceback" not in out + err, err
    return out, err


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture(scope="module")
def undisturbed(site, tmp_path_factory):
    """What a refresh that nobody disturbed knows, and how long it took."""
    data = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    finish(data, site)
    found = natural(data / "news.db")
    assert len(found["articles"]) == 8 and found["figures"] and found["positions"]
    return found, time.monotonic() - began


def assert_whole(data, site, expected):
    assert natural(data / "news.db") == expected
    assert "All is well." in finish(data, site, command="check")[0]


@pytest.mark.parametrize("number", range(FOLDERS))
def test_killed_at_random_moments(site, undisturbed, tmp_path, number):
    expected, seconds = undisturbed
    dice = random.Random()
    for _ in range(-(-KILLS // FOLDERS)):
        process = start(tmp_path, site)
        time.sleep(dice.uniform(0.05, seconds))
        kill(process)
        for name in ("pages.db", "news.db"):
            if (tmp_path / name).exists():
                assert sqlite3.connect(tmp_path / name).execute("pragma integrity_check").fetchone() == ("ok",)
    finish(tmp_path, site)
    assert_whole(tmp_path, site, expected)


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own, of a size that can be changed."""
    small = SmallDisk(tmp_path / "disk")
    if not small.is_there:
        small.close()
        pytest.skip("no right to a disk of our own here")
    yield small
    small.close()


def one_clear_line(err):
    lines = [line for line in err.splitlines() if line]
    assert lines, "nothing was said"
    assert all(len(line) < 400 for line in lines), lines
    return lines


@pytest.mark.parametrize("size", FULL_AT)
def test_disk_full(site, undisturbed, disk, tmp_path, size):
    disk.remount(f"size={size}k")
    _, err = finish(disk.folder, site, expect=(0, 1, 3), disk=disk)
    if err:
        assert any("full" in line for line in one_clear_line(err)), err
    disk.remount("size=64m")
    finish(disk.folder, site, disk=disk)
    # What was put off when the disk was full is due again within the hour, not at once.
    finish(disk.folder, site, "--full", command="crawl", disk=disk)
    finish(disk.folder, site, disk=disk)
    disk.copy(tmp_path / "copy")
    assert_whole(tmp_path / "copy", site, undisturbed[0])


def test_read_only_folder(site, undisturbed, disk, tmp_path):
    finish(disk.folder, site, disk=disk)
    disk.remount("ro")
    for command in ("refresh", "crawl", "extract"):
        _, err = finish(disk.folder, site, expect=1, command=command, disk=disk)
        (line,) = one_clear_line(err)
        assert str(disk.folder) in line and line.startswith("Error: ")
    disk.remount("rw")
    disk.copy(tmp_path / "copy")
    assert_whole(tmp_path / "copy", site, undisturbed[0])


# Bytes no file may outgrow: what a quota does, where no disk can be had.
FILES_END_AT = [int(size) for size in os.environ.get("UNIONNEWS_FILES_END_AT", "60000 700000 1000000 1500000").split()]


@pytest.mark.parametrize("size", FILES_END_AT)
def test_files_may_not_grow(site, undisturbed, tmp_path, size):
    arguments = ["--data", tmp_path / "data", "refresh", "--sites-dir", site.folder]
    done = subprocess.run(["prlimit", f"--fsize={size}", sys.executable, "-m", "nlp.cli", *map(str, arguments)],
                          cwd=ROOT, text=True, capture_output=True, timeout=240)
    assert done.returncode in (0, 1, 3) and "Traceback" not in done.stderr, done.stderr
    if done.returncode:
        assert any("space" in line for line in one_clear_line(done.stderr)), done.stderr
    finish(tmp_path / "data", site, "--full", command="crawl")
    finish(tmp_path / "data", site)
    assert_whole(tmp_path / "data", site, undisturbed[0])


def test_a_damaged_page_row(site, undisturbed, tmp_path):
    """It is told with its address; the next refresh fetches it again, and all is there."""
    finish(tmp_path, site)
    with sqlite3.connect(tmp_path / "pages.db") as pages:
        (url,) = pages.execute("select url from pages where url like '%bai-3%'").fetchone()
        pages.execute("update pages set body = zeroblob(200) where url = ?", [url])
    _, err = finish(tmp_path, site, "--all", command="extract", expect=3)
    (line,) = one_clear_line(err)
    assert url in line
    # What was read before is still there.
    assert natural(tmp_path / "news.db") == undisturbed[0]
    finish(tmp_path, site)
    finish(tmp_path, site, "--all", command="extract")
    assert_whole(tmp_path, site, undisturbed[0])


@pytest.mark.parametrize("name", ["pages", "news"])
def test_a_damaged_log(site, undisturbed, tmp_path, name):
    """What stood in the spoilt part of a write-ahead log is fetched or read again."""
    expected, seconds = undisturbed
    log = tmp_path / f"{name}.db-wal"
    for _ in range(20):
        process = start(tmp_path, site)
        deadline = time.monotonic() + 30 + 4 * seconds
        while process.poll() is None and time.monotonic() < deadline:
            if log.exists() and log.stat().st_size > 40_000:
                break
            time.sleep(0.01)
        kill(process)
        if log.exists() and log.stat().st_size > 40_000:
            break
    else:
        pytest.fail("no log was caught")
    size = log.stat().st_size
    with log.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xaa" * 3000)
    finish(tmp_path, site)
    assert_whole(tmp_path, site, expected)


def test_two_at_once(site, undisturbed, tmp_path):
    processes = [start(tmp_path, site) for _ in range(2)]
    told = [(*process.communicate(timeout=240), process.returncode) for process in processes]
    assert sorted(code for _, _, code in told) == [0, 4]
    (loser,) = [err for _, err, code in told if code == 4]
    (line,) = one_clear_line(loser)
    assert "is running for 0 min; wait for it or stop it" in line
    assert_whole(tmp_path, site, undisturbed[0])


def test_extract_keeps_out_of_a_refresh(site, tmp_path):
    from store.lock import hold_lock

    with hold_lock(tmp_path / "extract.lock"):
        _, err = finish(tmp_path, site, command="extract", expect=4)
    assert "is running" in one_clear_line(err)[0]


def test_server_dying_mid_body(site, undisturbed, tmp_path):
    """A page that broke off is no article; it comes with the run after the server is well."""
    path = next(path for path in site.pages if "bai-5" in path)
    well = site.pages[path]
    site.pages[path] = replace(well, cut=150)
    try:
        finish(tmp_path, site, expect=(0, 3))
    finally:
        site.pages[path] = well
    assert not [row for row in natural(tmp_path / "news.db")["articles"] if "bai-5" in row[0]]
    with sqlite3.connect(tmp_path / "pages.db") as pages:
        pages.execute("update addresses set next_due_at = '2000-01-01' where failures > 0")
    finish(tmp_path, site)
    assert_whole(tmp_path, site, undisturbed[0])


def test_all_sites_down(site, undisturbed, tmp_path):
    finish(tmp_path, site)
    pages = site.pages
    site.pages = {path: Answer("down", 503) for path in pages}
    try:
        _, err = finish(tmp_path, site, expect=3)
    finally:
        site.pages = pages
    assert len(one_clear_line(err)) == 1 and err.startswith("thu: ")
    assert_whole(tmp_path, site, undisturbed[0])


def test_no_folder_can_be_made(site, tmp_path):
    Path(tmp_path / "file").write_text("x")
    _, err = finish(tmp_path / "file" / "data", site, expect=1)
    assert len(one_clear_line(err)) == 1 and "file" in err
