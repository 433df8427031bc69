"""Keep raw pages, every version of each, compressed; an address points to its current one."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Literal

import zstandard
from sqlite_utils import Database

from store.addresses import BATCH, find_address, moment, write_address, writing
from store.db import StoreError
from store.records import Page

MAX_BODY = 64 * 2**20
# These tell of the transfer, not of the page; kept, they would make two fetches of one page differ.
PASSING_HEADERS = {"age", "connection", "content-encoding", "content-length", "date", "keep-alive", "set-cookie",
                   "transfer-encoding"}

Saved = Literal["new", "changed", "unchanged"]


def hash_body(body: bytes) -> str:
    """Return the name of one version of a page."""
    return hashlib.sha256(body).hexdigest()


def save_page(db: Database, page: Page, *, next_due_at: str | None = None) -> Saved:
    """Keep one page and the state of its address in one transaction; say whether its text is new here.

    A version older than the one we have is kept beside it, and does not become the current one.
    """
    version = hash_body(page.body)
    headers = {k.lower(): v for k, v in page.headers.items()}
    kept = {k: headers[k] for k in sorted(headers) if k not in PASSING_HEADERS}
    with writing(db):
        before = find_address(db, page.url)
        known = has_version(db, page.url, version)
        if not known:
            db.execute(
                "insert into pages (url, body_hash, site, fetched_at, status, headers, encoding, source, body)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [page.url, version, page.site, page.fetched_at, page.status, json.dumps(kept, ensure_ascii=False),
                 page.encoding, page.source, compress(page.body)],
            )
        if before and before.body_hash and before.body_hash != version and moment(before.fetched_at) > moment(
                page.fetched_at):
            return "unchanged" if known else "changed"
        write_address(
            db, page.url, page.site, "article", page.fetched_at, fetched_at=page.fetched_at, status=page.status,
            etag=headers.get("etag"), last_modified=headers.get("last-modified"), body_hash=version,
            next_due_at=next_due_at, failures=0, failure=None, failure_class=None, redirected_to=None, gone_at=None,
        )
    if before is None or before.body_hash is None:
        return "new"
    return "unchanged" if before.body_hash == version else "changed"


def has_version(db: Database, url: str, version: str) -> bool:
    """Say whether this text of this page is kept already."""
    return bool(db.execute("select 1 from pages where url = ? and body_hash = ?", [url, version]).fetchone())


def iterate_pages(db: Database, wanted: Callable[[str, str], bool] | None = None) -> Iterator[Page]:
    """Yield the current version of every article page, by site and url; moved ones stand under their new address.

    `wanted(url, body_hash)` says which are worth unpacking.
    """
    for (site,) in db.execute("select distinct site from addresses order by site").fetchall():
        after = ""
        while keys := db.execute(
                "select url, body_hash from addresses where site = ? and url > ? and kind = 'article'"
                " and body_hash is not null and redirected_to is null order by url limit ?",
                [site, after, BATCH]).fetchall():
            after = keys[-1][0]
            for url, version in keys:
                if wanted is None or wanted(url, version):
                    yield load_page(db, url, version)


def find_fresh(db: Database, site: str, since: str, limit: int) -> list[Page]:
    """Return the newest versions of a site's pages that came since a moment, the last first."""
    rows = db.execute("select url, body_hash from pages where site = ? and fetched_at >= ? order by rowid desc limit ?",
                      [site, since, limit]).fetchall()
    return [load_page(db, url, version) for url, version in rows]


def find_versions(db: Database, url: str) -> Iterator[Page]:
    """Yield every version of one page, oldest first."""
    for (version,) in db.execute("select body_hash from pages where url = ? order by fetched_at, rowid",
                                 [url]).fetchall():
        yield load_page(db, url, version)


def load_page(db: Database, url: str, version: str) -> Page:
    """Return one version of a page, unpacked. Raises StoreError where it is damaged or too large."""
    row = db.execute("select url, site, body, fetched_at, status, headers, encoding, source from pages"
                     " where url = ? and body_hash = ?", [url, version]).fetchone()
    if row is None:
        raise StoreError(f"pages.db: {url} has no version {version[:12]}; crawl it again with --full")
    body = unpack(row[2], url)
    # A frame cut short unpacks without complaint.
    if hash_body(body) != version:
        raise StoreError(f"pages.db: {url}: damaged; delete this row and crawl it again with --full")
    return Page(row[0], row[1], body, row[3], row[4], json.loads(row[5]), row[6], row[7])


def compress(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(body)


def unpack(blob: bytes, url: str) -> bytes:
    # Read as a stream: the size a frame declares is not to be trusted.
    try:
        with zstandard.ZstdDecompressor().stream_reader(blob) as reader:
            body = reader.read(MAX_BODY + 1)
    except zstandard.ZstdError as error:
        raise StoreError(f"pages.db: {url}: {error}; crawl it again with --full") from None
    if len(body) > MAX_BODY:
        raise StoreError(f"pages.db: {url}: unpacks to over {MAX_BODY} bytes; delete this row")
    return body
