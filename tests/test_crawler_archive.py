"""A crawl's WARC files: standard, whole, and read back by warcio and by our own ingest."""

import gzip
import sqlite3

import pytest
from scripted_site import Answer, ScriptedSite, all_sources, small_site
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import WarcFolder
from crawler.ingest import ingest
from crawler.run import crawl


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
    assert {url: taken.get(url) for url, _ in kept if url != again} == {u: v for u, v in kept if u != again}


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
    # Nobody closed it, and yet what was written is there.
    open_file = tmp_path / names[-1]
    open_file.rename(tmp_path / names[-1].removesuffix(".open"))
    assert [kind for kind, *_ in records(tmp_path)].count("response") == number
