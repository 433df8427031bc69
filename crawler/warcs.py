"""Pages into WARC: all that a crawl receives, or pages that we have."""

import fcntl
import os
import zlib
from base64 import b32encode
from collections import OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha1
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from store.records import Page

MAX_WARC = 2**30
MAX_DIGESTS = 50_000
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
EMPTY_SHA1 = b32encode(sha1(b"").digest()).decode()
STATUSES = {status.value: status.phrase for status in HTTPStatus}
# Of the transfer, which is over: a body is written whole and in one piece.
CHANGED_HEADERS = {"transfer-encoding", "content-length", "connection", "keep-alive"}


class WarcFolder:
    """Writes what a crawl receives into a folder of WARC 1.1 files, gzip a record, each record on disk at once.

    A file carries `.open` until it is full or the crawl ends; what a killed crawl leaves behind so is whole but for
    its last record, and the next crawl closes it without that. Bodies stay as they came, in whatever content encoding.
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
        close_left_behind(self.folder)
        self.file = self.open_file()
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.writer = WARCWriter(self.file, gzip=True, warc_version="1.1")
        name = self.path.name
        about = {"software": self.software, "format": "WARC File Format 1.1", "robots": "obey",
                 "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"}
        self.writer.write_record(self.writer.create_warcinfo_record(name, about))
        return self.writer

    def open_file(self) -> IO[bytes]:
        """Open a file of a name that no other has, which a crawl of the same second and number elsewhere may."""
        while True:
            self.number += 1
            name = f"unionnews-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-{self.number:04d}.warc.gz"
            self.path = self.folder / name
            if not self.path.exists():
                try:
                    # Unbuffered: a record that was written stays when the crawl is killed.
                    return self.path.with_name(f"{name}.open").open("xb", buffering=0)
                except FileExistsError:
                    continue

    def close(self) -> None:
        """Close the current file under its own name."""
        if self.file is not None:
            self.file.close()
            self.path.with_name(f"{self.path.name}.open").rename(self.path)
            self.file = self.writer = None


def close_left_behind(folder: Path) -> None:
    """Give the files of killed crawls their own names, without the record that was cut short."""
    for path in sorted(folder.glob("unionnews-*.warc.gz.open")):
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Another crawl writes it.
                continue
            file.truncate(measure_whole(file))
            path.rename(path.with_name(path.name.removesuffix(".open")))


def measure_whole(file: IO[bytes]) -> int:
    """Return how many bytes of a file of gzip members, one a record, are whole ones."""
    whole = read = 0
    member = zlib.decompressobj(wbits=31)
    while piece := file.read(2**20):
        read += len(piece)
        while piece:
            try:
                member.decompress(piece)
            except zlib.error:
                return whole
            piece = member.unused_data
            if member.eof:
                whole = read - len(piece)
                member = zlib.decompressobj(wbits=31)
    return whole


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
