"""Pages out of WARC and WACZ archives, and pages into WARC."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.hosts import host_of
from store.addresses import stamp
from store.records import Page

MAX_PAGE = 16 * 2**20
PAGE_TYPES = ("text/html", "application/xhtml", "text/plain")
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
