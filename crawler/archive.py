"""Pages out of WARC and WACZ archives, and pages into WARC."""

import os
import zipfile
from base64 import b32encode
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha1
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.hosts import host_of
from store.addresses import stamp
from store.records import Page

MAX_PAGE = 16 * 2**20
PAGE_TYPES = ("text/html", "application/xhtml", "text/plain")
MAX_WARC = 2**30
MAX_DIGESTS = 50_000
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
EMPTY_SHA1 = b32encode(sha1(b"").digest()).decode()
STATUSES = {status.value: status.phrase for status in HTTPStatus}
# Of the transfer, which is over: a body is written whole and in one piece.
CHANGED_HEADERS = {"transfer-encoding", "content-length", "connection", "keep-alive"}
# What a body may hold once it is unpacked, so what no longer holds of it.
TRANSFER_HEADERS = {"content-encoding", "transfer-encoding", "content-length"}


class ArchiveError(ValueError):
    """An archive, or one record of it, cannot be read."""


def read_warc(stream: IO[bytes], place: str) -> Iterator[Page | tuple[str, str]]:
    """Yield the pages of a WARC, and (place, reason) for records that cannot be read; others are passed over.

    Raises ArchiveError where the rest of the archive cannot be read either.
    """
    number = 0
    try:
        for record in ArchiveIterator(stream, arc2warc=True):
            number += 1
            at = f"{place}:record {number}"
            if record.rec_type != "response" or not record.http_headers:
                continue
            try:
                page = read_record(record)
            except ArchiveError as error:
                yield at, str(error)
            else:
                if page is not None:
                    yield page
    except Exception as error:
        # warcio lets errors of zlib, of sockets and of its own parsers through as they come.
        raise ArchiveError(f"after record {number}: {describe(error)}; fetch the archive again") from None


def read_record(record: Any) -> Page | None:
    """Return the page of one response record, or None where it is not one of a page."""
    headers = record.http_headers
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    content_type = (headers.get_header("Content-Type") or "text/html").strip().lower()
    if headers.get_statuscode() != "200" or not content_type.startswith(PAGE_TYPES):
        return None
    if host_of(url) is None:
        raise ArchiveError(f"target {url[:200]!r} is no http address; leave the record out")
    try:
        body = record.content_stream().read(MAX_PAGE + 1)
    except Exception as error:
        raise ArchiveError(f"{url}: {describe(error)}; fetch the page again") from None
    if len(body) > MAX_PAGE:
        raise ArchiveError(f"{url}: over {MAX_PAGE} bytes; leave the record out")
    try:
        fetched_at = stamp(datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or ""))
    except (ValueError, OverflowError):
        raise ArchiveError(f"{url}: no WARC-Date; write one as 2020-07-28T00:00:00Z") from None
    kept = {name.lower(): value for name, value in headers.headers if name.lower() not in TRANSFER_HEADERS}
    return Page(url, host_of(url) or "", body, fetched_at, 200, kept, None, "warc")


def read_wacz(stream: IO[bytes], place: str) -> Iterator[Page | tuple[str, str]]:
    """Yield the pages of every WARC in a WACZ. Raises ArchiveError where it is no zip or holds none."""
    try:
        with zipfile.ZipFile(stream) as packed:
            inside = sorted(name for name in packed.namelist() if name.startswith("archive/"))
            names = [name for name in inside if name.endswith((".warc", ".warc.gz"))]
            if not names:
                raise ArchiveError("no archive/*.warc.gz inside; a WACZ has one or more")
            for name in names:
                with packed.open(name) as member:
                    yield from read_warc(member, f"{place}:{name}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ArchiveError(f"{describe(error)}; fetch the archive again") from None


class WarcFolder:
    """Writes what a crawl receives into a folder of WARC 1.1 files, gzip a record, each record on disk at once.

    A file carries `.open` until it is full or the crawl ends; what a killed crawl leaves behind so is whole but for
    its last record. Bodies stay as they came, in whatever content encoding.
    """

    def __init__(self, folder: str, software: str, limit: int = MAX_WARC) -> None:
        self.folder, self.software, self.limit = Path(folder), software, limit
        self.file: IO[bytes] | None = None
        self.writer: WARCWriter | None = None
        self.path = self.folder
        self.number = 0
        # Where each body was written first, so that its repetitions point there.
        self.digests: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def write(self, request: Any, response: Any, at: datetime) -> None:
        """Write a request and what answered it: a response, or a revisit where the body is known."""
        writer = self.open_writer()
        date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        parts = urlsplit(request.url)
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        sent = StatusAndHeaders(f"{request.method} {target} HTTP/1.1",
                                [("Host", parts.netloc), *plain_headers(request.headers)], is_http_request=True)
        protocol = response.protocol or "HTTP/1.1"
        kept = [(k, v) for k, v in plain_headers(response.headers) if k.lower() not in CHANGED_HEADERS]
        if response.status != 304:
            kept.append(("Content-Length", str(len(response.body))))
        received = StatusAndHeaders(f"{response.status} {STATUSES.get(response.status, 'Status')}", kept, protocol)
        if response.status == 304:
            answer = writer.create_revisit_record(request.url, "sha1:" + EMPTY_SHA1, http_headers=received,
                                                  refers_to_uri=request.url, refers_to_date=date,
                                                  warc_headers_dict={"WARC-Date": date})
            answer.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
            for name in ("WARC-Payload-Digest", "WARC-Refers-To-Date"):
                answer.rec_headers.remove_header(name)
        else:
            answer = self.make_answer(writer, request.url, date, response, received)
        asked = writer.create_warc_record(request.url, "request", payload=BytesIO(b""), http_headers=sent,
                                          warc_headers_dict={"WARC-Date": date})
        asked.rec_headers.add_header("WARC-Concurrent-To", answer.rec_headers.get_header("WARC-Record-ID"))
        writer.write_record(answer)
        writer.write_record(asked)

    def make_answer(self, writer: WARCWriter, url: str, date: str, response: Any, received: StatusAndHeaders) -> Any:
        """Return the record of a body: in full the first time, after that as a revisit."""
        digest = "sha1:" + b32encode(sha1(response.body).digest()).decode()
        known = self.digests.get(digest)
        if known and response.body:
            return writer.create_revisit_record(url, digest, refers_to_uri=known[0], refers_to_date=known[1],
                                                http_headers=received, warc_headers_dict={"WARC-Date": date})
        self.digests[digest] = (url, date)
        if len(self.digests) > MAX_DIGESTS:
            self.digests.popitem(last=False)
        headers = {"WARC-Date": date}
        if response.ip_address:
            headers["WARC-IP-Address"] = str(response.ip_address)
        return writer.create_warc_record(url, "response", payload=BytesIO(response.body), http_headers=received,
                                         warc_headers_dict=headers)

    def open_writer(self) -> WARCWriter:
        """Return the writer of the current file, a new one where the last is full."""
        if self.file is not None and self.file.tell() >= self.limit:
            self.close()
        if self.writer is not None:
            return self.writer
        self.folder.mkdir(parents=True, exist_ok=True)
        self.number += 1
        name = f"unionnews-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-{self.number:04d}.warc.gz"
        self.path = self.folder / name
        # Unbuffered: a record that was written stays when the crawl is killed.
        self.file = self.path.with_name(f"{name}.open").open("wb", buffering=0)
        self.writer = WARCWriter(self.file, gzip=True, warc_version="1.1")
        about = {"software": self.software, "format": "WARC File Format 1.1", "robots": "obey",
                 "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"}
        self.writer.write_record(self.writer.create_warcinfo_record(name, about))
        return self.writer

    def close(self) -> None:
        """Close the current file under its own name."""
        if self.file is not None:
            self.file.close()
            self.path.with_name(f"{self.path.name}.open").rename(self.path)
            self.file = self.writer = None


def plain_headers(headers: Any) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]


def write_warc(stream: IO[bytes], pages: Iterable[Page], software: str = "unionnews") -> int:
    """Write pages as WARC 1.1 response records after a warcinfo, gzip a record; return how many."""
    writer = WARCWriter(stream, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("", {"software": software, "format": "WARC File Format 1.1"}))
    count = 0
    for page in pages:
        headers = [*page.headers.items(), ("content-length", str(len(page.body)))]
        answer = StatusAndHeaders(f"{page.status} OK", headers, protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(
            page.url, "response", payload=BytesIO(page.body), http_headers=answer,
            warc_headers_dict={"WARC-Date": utc(page.fetched_at)},
        ))
        count += 1
    return count


def utc(at: str) -> str:
    """Return a stored time as WARC writes it."""
    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def describe(error: Exception) -> str:
    """Return an error of a library as half a line."""
    words = " ".join(str(error).split())[:200] or type(error).__name__
    return f"not WARC: {words}" if isinstance(error, ArchiveLoadFailed) else words
