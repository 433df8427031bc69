"""Pages from files: every kind is taken, every bad one is refused by its place, twice is once."""

import gzip
import io
import json
import zipfile

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import read_warc
from crawler.ingest import MAX_LINE, MAX_PAGE, ingest
from crawler.warcs import write_warc
from store.addresses import find_address
from store.db import open_pages
from store.pages import iterate_pages
from store.records import Page

HTML = "<html><head>{}</head><body><h1>Hội nghị</h1><p>Công đoàn cơ sở họp.</p></body></html>"
AT = "2020-07-28T09:16:00+07:00"


def stored(data):
    return list(iterate_pages(open_pages(data)))


def rows(data):
    """Everything in pages.db, as it is."""
    db = open_pages(data)
    return {table: db.execute(f"select * from {table} order by url").fetchall() for table in ("pages", "addresses")}


def lines(path, *values):
    text = "".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) + "\n" for v in values).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def warc(path, *records):
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for url, status, kind, body, headers in records:
            http = StatusAndHeaders(status, [("Content-Type", kind), *headers], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http,
                                                          warc_headers_dict={"WARC-Date": "2020-07-28T02:16:00Z"}))
    return path


def test_seeds(shared, tmp_path):
    summary = ingest(tmp_path, [shared / "seeds"])
    assert (summary.kept, summary.refused) == (5, [])
    for page in stored(tmp_path):
        assert page.headers == {"content-type": "text/plain; charset=utf-8"}
        assert page.site == "file"
        assert page.url.startswith("file:///")


def test_twice_changes_nothing(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(HTML.format(""), encoding="utf-8")
    (folder / "b.txt").write_text("Tin công đoàn", encoding="utf-8")
    lines(folder / "c.jsonl", {"url": "https://cd.example/1", "text": "Một", "fetched_at": AT})
    first = ingest(tmp_path, [folder])
    before = rows(tmp_path)
    second = ingest(tmp_path, [folder])
    assert (first.kept, first.unchanged, second.kept, second.unchanged) == (3, 0, 3, 3)
    assert rows(tmp_path) == before


@pytest.mark.parametrize(("head", "url"), [
    ('<link rel="canonical" href="https://www.cd.example/tin/1#x">', "https://www.cd.example/tin/1"),
    ('<meta property="og:url" content="https://cd.example/tin/1">', "https://cd.example/tin/1"),
    ('<meta property="og:url" content="https://cd.example/og"><link rel="Canonical" href="https://cd.example/a?id=1">',
     "https://cd.example/a?id=1"),
    ('<link rel="canonical" href="https://cd.example/">', None),
    ('<link rel="canonical" href="/tin/1">', None),
    ('<link rel="canonical" href="javascript:alert(1)">', None),
    ('<link rel="canonical" href="file:///etc/passwd">', None),
    ("", None),
])
def test_a_page_that_names_its_own_address(tmp_path, head, url):
    path = tmp_path / "bài số 1.html"
    path.write_text(HTML.format(head), encoding="utf-8")
    ingest(tmp_path, [path])
    (page,) = stored(tmp_path)
    assert page.url == (url or path.as_uri())
    assert page.site == ("cd.example" if url else "file")


def test_json_lines(tmp_path):
    for name in ("a.jsonl", "b.jsonl.gz"):
        path = lines(tmp_path / name, {"url": "https://www.cd.example/1", "html": HTML.format("")},
                     "\n",
                     {"url": "https://cd.example/2#a", "text": "Tin\n\nHai", "fetched_at": "2020-07-28T02:16:00Z"},
                     {"url": "https://cd.example/3", "text": "Ba", "site": "ldld", "html": None, "more": 1})
        assert (ingest(tmp_path, [path]).kept, ingest(tmp_path, [path]).refused) == (3, [])
    two, three, one = sorted(stored(tmp_path), key=lambda page: page.url)[0:3]
    assert (two.url, two.fetched_at, two.body.decode()) == ("https://cd.example/2", AT, "Tin\n\nHai")
    assert three.site == "ldld"
    assert (one.site, one.headers) == ("cd.example", {"content-type": "text/html; charset=utf-8"})


BAD_LINES = {
    "no JSON": ("{'url'", "no JSON"),
    "a list": ("[]", "a list where an object belongs"),
    "no url": ({"text": "a"}, "no address"),
    "a url of another kind": ({"url": "ftp://cd.example/1", "text": "a"}, "no address"),
    "a script": ({"url": "javascript:alert(1)", "text": "a"}, "no address"),
    "a url that is a number": ({"url": 5, "text": "a"}, "url is no text"),
    "an endless url": ({"url": "https://cd.example/" + "a" * 3000, "text": "a"}, "no address"),
    "no text": ({"url": "https://cd.example/1"}, "neither html nor text"),
    "an empty text": ({"url": "https://cd.example/1", "text": " "}, "neither html nor text"),
    "a text that is a list": ({"url": "https://cd.example/1", "text": ["a"]}, "text is no text"),
    "no time": ({"url": "https://cd.example/1", "text": "a", "fetched_at": "hôm qua"}, "is no time"),
    "half a character": ('{"url": "https://cd.example/1", "text": "\\ud83d"}', "half a character"),
    "half a character in the url": ('{"url": "https://cd.example/\\ud83d", "text": "a"}', "half a character"),
    "too deep": ("[" * 100_000, "no JSON"),
    "not UTF-8": (None, "no JSON"),
}


def test_bad_lines_are_refused_by_place_and_cost_no_other(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        for line, _ in BAD_LINES.values():
            text = line if isinstance(line, str) else json.dumps(line)
            file.write((b'{"url": "\xff"}' if line is None else text.encode()) + b"\n")
        file.write(b'{"url": "https://cd.example/tot", "text": "Tin"}')
    summary = ingest(tmp_path, [path])
    assert summary.kept == 1
    for number, ((place, reason), (_, expected)) in enumerate(zip(summary.refused, BAD_LINES.values(), strict=True), 1):
        assert place == f"{path}:{number}"
        assert expected in reason
        assert ";" in reason
        assert "\n" not in reason


def test_warc_and_wacz(tmp_path):
    page = HTML.format("").encode()
    records = [
        ("https://cd.example/1", "200 OK", "text/html; charset=utf-8", page, []),
        ("https://cd.example/2", "200 OK", "text/html", gzip.compress(page), [("Content-Encoding", "gzip")]),
        ("https://cd.example/3", "200 OK", "text/html", b"5\r\nhello\r\n0\r\n\r\n", [("Transfer-Encoding", "chunked")]),
        ("https://cd.example/a.png", "200 OK", "image/png", b"x", []),
        ("https://cd.example/404", "404 Not Found", "text/html", b"x", []),
        ("dns:cd.example", "200 OK", "text/html", b"x", []),
        ("https://cd.example/bomb", "200 OK", "text/html", gzip.compress(b"0" * (MAX_PAGE + 1)),
         [("Content-Encoding", "gzip")]),
    ]
    plain, packed = warc(tmp_path / "a.warc", *records), warc(tmp_path / "b.warc.gz", *records)
    with zipfile.ZipFile(tmp_path / "c.wacz", "w") as file:
        file.write(packed, "archive/data.warc.gz")
        file.writestr("datapackage.json", "{}")
    for path in (plain, packed, tmp_path / "c.wacz"):
        summary = ingest(tmp_path, [path])
        assert (summary.kept, len(summary.refused)) == (3, 1)
        assert "record 7" in summary.refused[0][0]
    assert [(p.url, p.body, p.fetched_at) for p in stored(tmp_path)] == [
        ("https://cd.example/1", page, AT), ("https://cd.example/2", page, AT), ("https://cd.example/3", b"hello", AT)]


def test_pages_written_as_warc_are_read_back(tmp_path):
    pages = [Page(f"https://cd.example/{n}", "cd.example", f"Bài {n}".encode(), AT, 200, {"content-type": "text/html"},
                  source="warc") for n in range(3)]
    file = io.BytesIO()
    assert write_warc(file, pages) == 3
    file.seek(0)
    found = list(read_warc(file, "a"))
    assert [(p.url, p.body, p.fetched_at, p.headers) for p in found] == [
        (p.url, p.body, p.fetched_at, p.headers) for p in pages]


BAD_FILES = {
    "leer.html": (b"", "empty"),
    "leer.warc": (b"", "empty"),
    "leer.jsonl": (b"", "empty"),
    "a.odt": (b"PK", "unknown kind '.odt'; known: .html"),
    "lang.txt": (b"x" * (MAX_PAGE + 1), "no page"),
    "kaputt.warc.gz": (b"\x1f\x8bjunk", "fetch the archive again"),
    "kein.warc": (b"hello world\r\n\r\n", "fetch the archive again"),
    "kein.wacz": (b"PK\x03\x04junk", "fetch the archive again"),
    "kaputt.jsonl.gz": (gzip.compress(b"x" * 1000)[:-6], "damaged gzip"),
    "kein.jsonl.gz": (b"no gzip at all", "damaged gzip"),
    "zeile.jsonl": (b"x" * (MAX_LINE + 2**21), "a line of over"),
    "bombe.jsonl.gz": (None, "times its size"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_refused(tmp_path, name):
    body, expected = BAD_FILES[name]
    if body is None:
        body = gzip.compress((b" " * 1000 + b"\n") * 120_000)
    (tmp_path / name).write_bytes(body)
    (tmp_path / "tot.txt").write_text("Tin", encoding="utf-8")
    summary = ingest(tmp_path, [tmp_path / name, tmp_path / "tot.txt"])
    assert summary.kept == 1
    ((place, reason),) = summary.refused[-1:]
    assert place.startswith(str(tmp_path / name))
    assert expected in reason


def test_a_missing_file_and_an_empty_folder(tmp_path):
    summary = ingest(tmp_path, [tmp_path / "nope.html", tmp_path])
    assert summary.kept == 0
    assert [reason.partition(";")[0] for _, reason in summary.refused] == ["No such file or directory"]


def test_a_text_in_a_legacy_encoding_claims_no_other(tmp_path):
    (tmp_path / "a.txt").write_bytes("C«ng ®oµn".encode("latin-1"))
    ingest(tmp_path, [tmp_path / "a.txt"])
    assert stored(tmp_path)[0].headers == {"content-type": "text/plain"}


def test_ingested_pages_are_not_polled(tmp_path):
    (tmp_path / "a.txt").write_text("Tin", encoding="utf-8")
    ingest(tmp_path, [tmp_path / "a.txt"])
    assert find_address(open_pages(tmp_path), (tmp_path / "a.txt").as_uri()).next_due_at is None
