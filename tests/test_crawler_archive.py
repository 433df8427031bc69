"""A crawl's WARC files: standard, whole, and read back by warcio and by our own ingest."""

import base64
import contextlib
import gzip
import hashlib
import io
import json
import sqlite3

import pytest
from scripted_site import Answer, ScriptedSite, all_sources, small_site
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio_main
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.ingest import ingest
from crawler.run import crawl
from crawler.warcs import WarcFolder, close_left_behind


def records(folder):
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                head = record.http_headers
                found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"),
                              head.get_statuscode() if head and record.rec_type != "request" else None,
                              record.content_stream().read(), record.rec_headers))
    return found


def test_all_that_a_crawl_receives_is_archived(tmp_path):
    with ScriptedSite() as site:
        paths = small_site(site)
        site.pages["/tin/bai-2.html"].body = site.pages["/tin/bai-1.html"].body
        packed = gzip.compress(site.pages["/tin/bai-3.html"].body.encode())
        site.pages["/tin/bai-3.html"] = Answer(packed, headers={"Content-Encoding": "gzip"})
        site.pages["/tin/bai-4.html"] = Answer("gone", 410)
        folder = site.write(tmp_path / "sites", **all_sources(site))
        crawl(tmp_path / "data", [], folder, warc=tmp_path / "warc", contact="https://example.org/ai-do")
        first = records(tmp_path / "warc")
        asked = [(entry.path, entry.status) for entry in site.log]
        crawl(tmp_path / "data", [], folder, warc=tmp_path / "warc2")
        second = records(tmp_path / "warc2")

    assert first[0][0] == "warcinfo"
    assert b"software: unionnews (+https://example.org/ai-do)" in first[0][3]
    answers = [(uri.removeprefix(site.base), int(status)) for kind, uri, status, _, _ in first if kind in (
        "response", "revisit")]
    assert sorted(answers) == sorted(asked)
    assert [kind for kind, *_ in first].count("request") == len(asked)
    # The second of two equal bodies points to the first.
    ((again, revisit),) = [(uri, headers) for kind, uri, _, _, headers in first if kind == "revisit"]
    assert revisit.get_header("WARC-Profile").endswith("identical-payload-digest")
    assert {again, revisit.get_header("WARC-Refers-To-Target-URI")} == {site.base + path for path in paths[:2]}
    # Every 304 is a revisit of its own kind.
    unchanged = [headers for kind, _, status, _, headers in second if status == "304"]
    assert len(unchanged) >= 8
    assert {h.get_header("WARC-Profile").rpartition("/")[2] for h in unchanged} == {"server-not-modified"}

    # What was archived can be taken in again, byte for byte, packed or not.
    summary = ingest(tmp_path / "other", sorted((tmp_path / "warc").iterdir()))
    assert summary.refused == []
    with sqlite3.connect(tmp_path / "data/pages.db") as old, sqlite3.connect(tmp_path / "other/pages.db") as new:
        query = "select url, body_hash from pages order by url"
        kept, taken = old.execute(query).fetchall(), dict(new.execute(query).fetchall())
    assert len(kept) == len(paths) - 1
    # The repeated one too, whose body stands with the other.
    assert {url: taken.get(url) for url, _ in kept} == dict(kept)
    # What comes after tells of nothing new.
    assert ingest(tmp_path / "other", sorted((tmp_path / "warc2").iterdir())).refused == []


class Given:
    """As much of a Scrapy request or response as the archive looks at."""

    def __init__(self, url, body=b"", status=200):
        self.url, self.body, self.status = url, body, status
        self.method, self.headers, self.protocol, self.ip_address = "GET", {b"A": [b"b"]}, "HTTP/1.1", None


@pytest.mark.parametrize("number", [3])
def test_files_are_closed_when_full_and_a_killed_one_can_be_read(tmp_path, number):
    from datetime import datetime

    from store.addresses import VIETNAM

    folder = WarcFolder(str(tmp_path), "test", limit=1)
    for n in range(number):
        url = f"https://a.example/{n}"
        folder.write(Given(url), Given(url, b"x%d" % n), datetime.now(VIETNAM))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name.endswith(".open") for name in names] == [False] * (number - 1) + [True]
    # While it is written, another crawl into the same folder leaves it alone.
    other = WarcFolder(str(tmp_path), "test")
    other.write(Given("https://a.example/other"), Given("https://a.example/other", b"y"), datetime.now(VIETNAM))
    other.close()
    open_file = tmp_path / names[-1]
    assert open_file.exists()
    # Killed amid a record: what was written before is there, and the next crawl closes it.
    whole = open_file.read_bytes()
    folder.file.close()
    open_file.write_bytes(whole + gzip.compress(b"WARC/1.1 and no more")[:-5])
    close_left_behind(tmp_path)
    assert not list(tmp_path.glob("*.open"))
    assert (tmp_path / names[-1].removesuffix(".open")).read_bytes() == whole
    assert [kind for kind, *_ in records(tmp_path)].count("response") == number + 1


AT, LATER = "2024-05-01T01:00:00Z", "2024-05-02T01:00:00Z"
PAGE = "<html><body><p>Công đoàn cơ sở trao quà cho đoàn viên.</p></body></html>".encode()
HTML, PNG = [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"2"')], [("Content-Type", "image/png")]


def write_records(path, *records):
    """Write a WARC with warcio alone: (kind, url, date, headers, body, more of a revisit)."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for kind, url, date, headers, *rest in records:
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1") if headers is not None else None
            when = {"WARC-Date": date}
            if kind == "response":
                record = writer.create_warc_record(url, kind, io.BytesIO(rest[0]), http_headers=http,
                                                   warc_headers_dict=when)
            else:
                digest, refers_to, refers_at = rest
                record = writer.create_revisit_record(url, digest, refers_to, refers_at, http_headers=http,
                                                      warc_headers_dict=when)
            writer.write_record(record)
    return path


def digest(body):
    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


def taken(tmp_path):
    with sqlite3.connect(tmp_path / "pages.db") as db:
        return db.execute("select url, body_hash, fetched_at, headers from pages order by url").fetchall()


FIRST = ("response", "https://cd.example/1", AT, HTML, PAGE)


@pytest.mark.parametrize("revisit", [
    ("revisit", "https://cd.example/2", LATER, HTML, digest(PAGE), "https://cd.example/1", AT),
    ("revisit", "https://cd.example/2", LATER, None, digest(PAGE), "https://cd.example/1", AT),
    ("revisit", "https://cd.example/2", LATER, HTML, digest(PAGE), "", ""),
    ("revisit", "https://cd.example/2", LATER, HTML, "sha1:OF-ANOTHER-CODING", "https://cd.example/1", AT),
])
@pytest.mark.parametrize("split", [False, True])
def test_a_revisit_stands_for_the_page_it_repeats(tmp_path, revisit, split):
    files = [write_records(tmp_path / "a.warc.gz", FIRST, *([] if split else [revisit]))]
    files += [write_records(tmp_path / "b.warc.gz", revisit)] if split else []
    assert ingest(tmp_path, files).refused == []
    version = hashlib.sha256(PAGE).hexdigest()
    rows = taken(tmp_path)
    assert [row[:3] for row in rows] == [("https://cd.example/1", version, "2024-05-01T08:00:00+07:00"),
                                         ("https://cd.example/2", version, "2024-05-02T08:00:00+07:00")]
    assert rows[0][3] == rows[1][3]


def test_a_revisit_of_what_an_earlier_run_took_in_and_one_of_nothing(tmp_path):
    ingest(tmp_path, [write_records(tmp_path / "a.warc.gz", FIRST)])
    again = ("revisit", "https://cd.example/2", LATER, HTML, digest(PAGE), "https://cd.example/1", AT)
    same = ("revisit", "https://cd.example/1", LATER, HTML, digest(PAGE), "https://cd.example/1", AT)
    lost = ("revisit", "https://cd.example/3", LATER, HTML, digest(b"x"), "https://cd.example/nie", AT)
    picture = ("revisit", "https://cd.example/a.png", LATER, PNG, digest(b"y"), "https://cd.example/b.png", AT)
    nameless = ("revisit", "https://cd.example/c", LATER, None, digest(b"z"), "https://cd.example/d", AT)
    second = write_records(tmp_path / "b.warc.gz", again, same, lost, picture, nameless)
    summary = ingest(tmp_path, [second])
    assert (summary.kept, summary.unchanged) == (2, 1)
    assert summary.refused == [(f"{second}:record 3", "https://cd.example/3: repeats https://cd.example/nie, which is"
                                " not here; ingest the archive that has it first")]
    assert [row[0] for row in taken(tmp_path)] == ["https://cd.example/1", "https://cd.example/2"]


def test_other_programs_index_and_check_our_archives(tmp_path):
    with ScriptedSite() as site:
        paths = small_site(site)
        site.pages["/tin/bai-2.html"].body = site.pages["/tin/bai-1.html"].body
        folder = site.write(tmp_path / "sites", **all_sources(site))
        crawl(tmp_path / "data", [], folder, warc=tmp_path / "warc")
    (file,) = (tmp_path / "warc").iterdir()
    told = io.StringIO()
    with contextlib.redirect_stdout(told), pytest.raises(SystemExit) as ended:
        warcio_main(["check", "-v", str(file)])
    assert ended.value.code == 0
    assert "digest failed" not in told.getvalue() and told.getvalue().count("digest pass") >= len(paths)
    # CDXJ, which pywb and OpenWayback look pages up in.
    indexer = pytest.importorskip("cdxj_indexer.main", reason="cdxj-indexer is not installed")
    told = io.StringIO()
    indexer.CDXJIndexer(told, [str(file)], sort=True).process_all()
    lines = [json.loads("{" + line.partition(" {")[2]) for line in told.getvalue().splitlines()]
    found = {line["url"]: line for line in lines}
    assert set(found) >= {site.base + path for path in paths}
    kinds = [found[site.base + path].get("mime") for path in paths]
    assert sorted(kinds) == ["text/html"] * (len(paths) - 1) + ["warc/revisit"]
    with file.open("rb") as stream:
        stream.seek(int(found[site.base + paths[-1]]["offset"]))
        assert next(iter(ArchiveIterator(stream))).content_stream().read().decode() == site.pages[paths[-1]].body
