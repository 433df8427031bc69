"""Take pages from files: HTML, plain text, JSON lines, WARC and WACZ, and folders of these."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import urldefrag, urlsplit

from lxml import etree
from sqlite_utils import Database

from crawler.archive import MAX_PAGE, ArchiveError, Item, Payloads, Revisit, read_wacz, read_warc
from crawler.documents import ENDINGS, KINDS
from crawler.hosts import host_of
from store.addresses import moment, stamp
from store.db import open_pages
from store.pages import find_version_at, has_version, hash_body, load_page, save_page
from store.records import Page

LINES = (".jsonl", ".jsonl.gz")
WARCS = (".warc", ".warc.gz")
HTML = (".html", ".htm")
# The first content type of a kind is its own.
DOCUMENTS = {f".{kind}": name for name, kind in reversed(KINDS.items())}
KNOWN = (*HTML, *ENDINGS, ".txt", *LINES, *WARCS, ".wacz")
MAX_LINE = 4 * MAX_PAGE
MAX_URL = 2_000
# News in JSON packs to a tenth or so; what unpacks to more than this has something to hide.
MAX_RATIO = 200
FREE_BYTES = 64 * 2**20
LINE_KEYS = "url, html or text, fetched_at, site"
# A page that names its own address this way is believed; og:url only after the link made for it.
OWN_NAME = ("//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href",
            "//meta[@property = 'og:url' or @name = 'og:url']/@content")

class IngestError(ValueError):
    """A file, or one line of it, is no page."""


@dataclass(slots=True)
class IngestSummary:
    """How many pages were taken in, how many of them we had, and what was refused: (place, reason)."""

    kept: int = 0
    unchanged: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def ingest(data: Path, paths: list[Path], progress: Callable[[int], object] | None = None) -> IngestSummary:
    """Take the pages of files and folders into DATA/pages.db; bad ones are refused, never the rest with them."""
    summary, payloads = IngestSummary(), Payloads()
    db = open_pages(data)
    for path in paths:
        for found in find_pages(path, payloads):
            item = find_revisited(db, found) if isinstance(found, Revisit) else found
            if isinstance(item, Page):
                summary.kept += 1
                summary.unchanged += not keep_page(db, item)
            else:
                summary.refused.append(item)
            if progress:
                progress(1)
    db.close()
    return summary


def keep_page(db: Database, page: Page) -> bool:
    """Keep a page unless we have it already, and say which."""
    if has_version(db, page.url, hash_body(page.body)):
        return False
    save_page(db, page)
    return True


def find_revisited(db: Database, revisit: Revisit) -> Page | tuple[str, str]:
    """Return the page that a revisit record stands for, its body taken from the one that it repeats."""
    named = revisit.refers_to or revisit.url
    original = revisit.original or find_version_at(db, named, revisit.refers_at)
    if original is None:
        return revisit.place, f"{revisit.url}: repeats {named}, which is not here; ingest the archive that has it first"
    first = load_page(db, *original)
    return replace(first, url=revisit.url, site=host_of(revisit.url) or "", fetched_at=revisit.fetched_at,
                   headers=revisit.headers or first.headers, source="warc")


def find_pages(path: Path, payloads: Payloads | None = None) -> Iterator[Item]:
    """Yield the pages of a file or folder, in the order of their names, and (place, reason) for what is none.

    Of archives also the revisits; `payloads` knows those read before.
    """
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            # Other files of a folder (pictures, style sheets) were not offered as pages.
            if inner.name.lower().endswith(KNOWN) and inner.is_file():
                yield from find_pages(inner, payloads)
        return
    name, place = path.name.lower(), str(path)
    try:
        if path.stat().st_size == 0:
            raise IngestError("empty; leave it out")
        if name.endswith(LINES):
            with path.open("rb") as file:
                yield from read_lines(file, place, packed=name.endswith(".gz"))
        elif name.endswith(WARCS):
            with path.open("rb") as file:
                yield from read_warc(file, place, payloads)
        elif name.endswith(".wacz"):
            with path.open("rb") as file:
                yield from read_wacz(file, place, payloads)
        elif name.endswith((*HTML, *ENDINGS, ".txt")):
            yield read_file(path)
        else:
            raise IngestError(f"unknown kind {path.suffix or name!r}; known: {' '.join(KNOWN)}")
    except (IngestError, ArchiveError) as error:
        yield place, str(error)
    except OSError as error:
        yield place, f"{error.strerror or error}; check the path and its rights"


def read_file(path: Path) -> Page:
    """Return the page a single file is. Raises IngestError when it is empty or too large."""
    with path.open("rb") as file:
        body = file.read(MAX_PAGE + 1)
    if len(body) > MAX_PAGE:
        raise IngestError(f"over {MAX_PAGE} bytes; that is no page")
    if not body.strip():
        raise IngestError("empty; leave it out")
    url, fetched_at = path.resolve().as_uri(), stamp()
    if path.suffix.lower() == ".txt":
        return Page(url, "file", body, fetched_at, headers={"content-type": text_type(body)}, source="file")
    if path.suffix.lower() in DOCUMENTS:
        return Page(url, "file", body, fetched_at, headers={"content-type": DOCUMENTS[path.suffix.lower()]},
                    source="file")
    own = find_own_url(body)
    return Page(own or url, (host_of(own) if own else None) or "file", body, fetched_at,
                headers={"content-type": "text/html"}, source="file")


def text_type(body: bytes) -> str:
    """Return the content type of a text; its encoding only where it is beyond doubt."""
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "text/plain"
    return "text/plain; charset=utf-8"


def find_own_url(body: bytes) -> str | None:
    """Return the address an HTML page says it has; a front page's address on an article is a mistake, not a name."""
    parser = etree.HTMLParser(no_network=True, recover=True)
    try:
        tree = etree.parse(BytesIO(body), parser)
        named = [str(url).strip() for path in OWN_NAME for url in tree.xpath(path)]  # type: ignore[union-attr]
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    for url in named:
        if len(url) <= MAX_URL and host_of(url) and (urlsplit(url).path.strip("/") or urlsplit(url).query):
            return urldefrag(url).url
    return None


def read_lines(file: IO[bytes], place: str, *, packed: bool) -> Iterator[Page | tuple[str, str]]:
    """Yield the pages of JSON lines, one a line."""
    for number, line in enumerate(split_lines(unpack(file) if packed else iter(lambda: file.read(2**20), b"")), 1):
        try:
            if line.strip():
                yield read_line(line)
        except IngestError as error:
            yield f"{place}:{number}", str(error)


def unpack(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a gzip file's content in pieces. Raises IngestError where it is damaged or a bomb."""
    unpacked = 0
    try:
        with gzip.GzipFile(fileobj=file) as stream:
            while piece := stream.read(2**20):
                unpacked += len(piece)
                if unpacked > FREE_BYTES + MAX_RATIO * file.tell():
                    raise IngestError(f"unpacks to over {MAX_RATIO} times its size; unpack it by hand if it is honest")
                yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise IngestError(f"damaged gzip: {error}; fetch the file again") from None


def split_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines of any length up to the limit. Raises IngestError at a longer one."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > MAX_LINE:
            raise IngestError(f"a line of over {MAX_LINE} bytes; is it JSON lines, one page a line?")
    if rest:
        yield rest


def read_line(line: bytes) -> Page:
    """Return the page of one JSON line. Raises IngestError naming what is wrong with it."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise IngestError(f"no JSON: {error}; write one object a line") from None
    if not isinstance(row, dict):
        raise IngestError(f"a {type(row).__name__} where an object belongs; keys: {LINE_KEYS}")
    for key in ("url", "html", "text", "fetched_at", "site"):
        if row.get(key) is not None and not isinstance(row[key], str):
            raise IngestError(f"{key} is no text but {str(row[key])[:50]!r}; keys: {LINE_KEYS}")
    url = urldefrag((row.get("url") or "").strip()).url
    host = host_of(url)
    if len(url) > MAX_URL or not (host or url.startswith("file:///")):
        raise IngestError(f"url {url[:100]!r} is no address; begin it with http://, https:// or file:///")
    kind = "html" if (row.get("html") or "").strip() else "text"
    if not (row.get(kind) or "").strip():
        raise IngestError(f"{url}: neither html nor text; keys: {LINE_KEYS}")
    try:
        body = row[kind].encode()
        site = (row.get("site") or host or "file").strip()
        (url + site).encode()
    except UnicodeEncodeError as error:
        raise IngestError(f"{url!a}: half a character ({error.reason}); write the text as UTF-8") from None
    if len(body) > MAX_PAGE:
        raise IngestError(f"{url}: over {MAX_PAGE} bytes; that is no page")
    content_type = f"text/{'html' if kind == 'html' else 'plain'}; charset=utf-8"
    return Page(url, site, body, read_time(row.get("fetched_at"), url), headers={"content-type": content_type},
                source="jsonl")


def read_time(text: str | None, url: str) -> str:
    """Return a fetch time as it is stored; now, when none is given."""
    if not text:
        return stamp()
    try:
        return stamp(moment(datetime.fromisoformat(text.strip()).isoformat()))
    except (ValueError, OverflowError):
        raise IngestError(f"{url}: fetched_at {text[:40]!r} is no time; write 2020-07-28T09:16:00+07:00") from None
