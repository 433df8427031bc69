"""Pages out of WARC and WACZ archives, repetitions (revisits) too."""

import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.hosts import host_of
from store.addresses import stamp
from store.records import Page

MAX_PAGE = 16 * 2**20
PAGE_TYPES = ("text/html", "application/xhtml", "text/plain")
MAX_DIGESTS = 50_000
# What a body may hold once it is unpacked, so what no longer holds of it.
TRANSFER_HEADERS = {"content-encoding", "transfer-encoding", "content-length"}


class ArchiveError(ValueError):
    """An archive, or one record of it, cannot be read."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """A record that says: this address gave what is written elsewhere.

    `original` names that page by url and version where it was read in the same run; else `refers_to` and `refers_at`
    do, as far as the record tells them.
    """

    place: str
    url: str
    fetched_at: str
    headers: dict[str, str]
    original: tuple[str, str] | None
    refers_to: str
    refers_at: str


Item = Page | Revisit | tuple[str, str]


class Payloads:
    """Which page each digest of a payload belongs to, of the last so many; bodies themselves are not held."""

    def __init__(self) -> None:
        self.known: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def remember(self, record: Any, page: Page) -> None:
        """Note a page under the digest that its record bears."""
        if digest := record.rec_headers.get_header("WARC-Payload-Digest"):
            self.known[digest] = (page.url, sha256(page.body).hexdigest())
            if len(self.known) > MAX_DIGESTS:
                self.known.popitem(last=False)

    def find(self, record: Any) -> tuple[str, str] | None:
        """Return url and version of the page whose payload a record repeats."""
        return self.known.get(record.rec_headers.get_header("WARC-Payload-Digest") or "")


def read_warc(stream: IO[bytes], place: str, payloads: Payloads | None = None) -> Iterator[Item]:
    """Yield the pages of a WARC, its revisits of pages, and (place, reason) for records that cannot be read.

    Others are passed over. `payloads` knows of the archives read before. Raises ArchiveError where the rest of the
    archive cannot be read either.
    """
    number = 0
    payloads = payloads or Payloads()
    try:
        for record in ArchiveIterator(stream, arc2warc=True):
            number += 1
            at = f"{place}:record {number}"
            try:
                if record.rec_type == "revisit" and (again := read_revisit(record, at, payloads)):
                    yield again
                page = read_record(record) if record.rec_type == "response" and record.http_headers else None
            except ArchiveError as error:
                yield at, str(error)
            else:
                if page is not None:
                    payloads.remember(record, page)
                    yield page
    except Exception as error:
        # warcio lets errors of zlib, of sockets and of its own parsers through as they come.
        raise ArchiveError(f"after record {number}: {describe(error)}; fetch the archive again") from None


def read_record(record: Any) -> Page | None:
    """Return the page of one response record, or None where it is not one of a page."""
    if not is_page(record.http_headers):
        return None
    url = read_target(record)
    try:
        body = record.content_stream().read(MAX_PAGE + 1)
    except Exception as error:
        raise ArchiveError(f"{url}: {describe(error)}; fetch the page again") from None
    if len(body) > MAX_PAGE:
        raise ArchiveError(f"{url}: over {MAX_PAGE} bytes; leave the record out")
    fetched_at = read_date(record, "WARC-Date")
    if not fetched_at:
        raise ArchiveError(f"{url}: no WARC-Date; write one as 2020-07-28T00:00:00Z")
    return Page(url, host_of(url) or "", body, fetched_at, 200, keep_headers(record), None, "warc")


def read_revisit(record: Any, place: str, payloads: Payloads) -> Revisit | None:
    """Return what a revisit record says, or None where it is not one of a page, or only of a 304."""
    original = payloads.find(record)
    # Without its headers nobody knows what it was, unless we have read what it repeats.
    if not is_page(record.http_headers) if record.http_headers else original is None:
        return None
    url = read_target(record)
    fetched_at = read_date(record, "WARC-Date")
    if not fetched_at:
        raise ArchiveError(f"{url}: no WARC-Date; write one as 2020-07-28T00:00:00Z")
    refers_to = (record.rec_headers.get_header("WARC-Refers-To-Target-URI") or "").strip("<> ")
    return Revisit(place, url, fetched_at, keep_headers(record), original, refers_to,
                   read_date(record, "WARC-Refers-To-Date"))


def is_page(headers: Any) -> bool:
    """Say whether HTTP headers are those of a page."""
    content_type = (headers.get_header("Content-Type") or "text/html").strip().lower()
    return bool(headers.get_statuscode() == "200" and content_type.startswith(PAGE_TYPES))


def read_target(record: Any) -> str:
    """Return the address of a record. Raises ArchiveError where it is none of the web."""
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    if host_of(url) is None:
        raise ArchiveError(f"target {url[:200]!r} is no http address; leave the record out")
    return url


def read_date(record: Any, name: str) -> str:
    """Return a time of a record as it is stored; nothing where it has none."""
    try:
        return stamp(datetime.fromisoformat(record.rec_headers.get_header(name) or ""))
    except (ValueError, OverflowError):
        return ""


def keep_headers(record: Any) -> dict[str, str]:
    """Return the HTTP headers of a record that hold of its unpacked body."""
    headers = record.http_headers.headers if record.http_headers else []
    return {name.lower(): value for name, value in headers if name.lower() not in TRANSFER_HEADERS}


def read_wacz(stream: IO[bytes], place: str, payloads: Payloads | None = None) -> Iterator[Item]:
    """Yield what `read_warc` does of every WARC in a WACZ. Raises ArchiveError where it is no zip or holds none."""
    payloads = payloads or Payloads()
    try:
        with zipfile.ZipFile(stream) as packed:
            inside = sorted(name for name in packed.namelist() if name.startswith("archive/"))
            names = [name for name in inside if name.endswith((".warc", ".warc.gz"))]
            if not names:
                raise ArchiveError("no archive/*.warc.gz inside; a WACZ has one or more")
            for name in names:
                with packed.open(name) as member:
                    yield from read_warc(member, f"{place}:{name}", payloads)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ArchiveError(f"{describe(error)}; fetch the archive again") from None


def describe(error: Exception) -> str:
    """Return an error of a library as half a line."""
    words = " ".join(str(error).split())[:200] or type(error).__name__
    return f"not WARC: {words}" if isinstance(error, ArchiveLoadFailed) else words
