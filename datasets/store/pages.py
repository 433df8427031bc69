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
        if known and not is_whole(db, page.url, version):
            db.execute("delete from pages where url = ? and body_hash = ?", [page.url, version])
            known = False
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


def is_whole(db: Database, url: str, version: str) -> bool:
    """Say whether a version that is kept can be read."""
    try:
        load_page(db, url, version)
    except StoreError:
        return False
    return True


def find_current(db: Database) -> Iterator[tuple[str, str, str]]:
    """Yield (site, url, version) of what every article page is now, by site and url; moved ones by their new address.
    """
    for (site,) in db.execute("select distinct site from addresses order by site").fetchall():
        after = ""
        while keys := db.execute(
                "select url, body_hash from addresses where site = ? and url > ? and kind = 'article'"
                " and body_hash is not null and redirected_to is null order by url limit ?",
                [site, after, BATCH]).fetchall():
            after = keys[-1][0]
            yield from ((site, url, version) for url, version in keys)


def iterate_pages(db: Database, wanted: Callable[[str, str], bool] | None = None) -> Iterator[Page]:
    """Yield the current version of every article page, by site and url; moved ones stand under their new address.

    `wanted(url, body_hash)` says which are worth unpacking.
    """
    for _, url, version in find_current(db):
        if wanted is None or wanted(url, version):
            yield load_page(db, url, version)


def newest_page(db: Database) -> int:
    """Return the number of the page that was kept last: a mark, for `find_fresh`."""
    return int(db.execute("select coalesce(max(rowid), 0) from pages").fetchone()[0])


def find_damaged(db: Database, progress: Callable[[int], object] | None = None) -> Iterator[str]:
    """Yield a line for each version of a page that cannot be read; `progress` is told of each that was looked at."""
    for url, version in db.execute("select url, body_hash from pages order by rowid"):
        try:
            load_page(db, url, version)
        except StoreError as error:
            yield str(error)
        if progress:
            progress(1)


def find_fresh(db: Database, site: str, after: int, limit: int) -> list[Page]:
    """Return the newest versions of a site's articles that were kept after a mark, the last first.

    A mark, not a moment: one crawl may end and the next begin within a second.
    """
    rows = db.execute("select url, body_hash from pages where site = ? and rowid > ? and not exists (select 1 from"
                      " addresses where addresses.url = pages.url and kind <> 'article') order by rowid desc limit ?",
                      [site, after, limit]).fetchall()
    return [load_page(db, url, version) for url, version in rows]


def find_versions(db: Database, url: str) -> Iterator[Page]:
    """Yield every version of one page, oldest first."""
    for (version,) in db.execute("select body_hash from pages where url = ? order by fetched_at, rowid",
                                 [url]).fetchall():
        yield load_page(db, url, version)


def find_history(db: Database, url: str) -> list[tuple[str, str]]:
    """Return (address, version) of all that was kept of a page, under its older addresses too, oldest first."""
    rows = db.execute(
        "with recursive names(url) as (select ? union select addresses.url from addresses join names"
        " on redirected_to = names.url where kind = 'article')"
        " select pages.url, body_hash from pages join names using (url) order by fetched_at, pages.rowid", [url])
    return [(at, version) for at, version in rows.fetchall()]


def find_version_at(db: Database, url: str, at: str) -> tuple[str, str] | None:
    """Return url and version of the page that was fetched there at that second; None where we have none."""
    row = db.execute("select url, body_hash from pages where url = ? and fetched_at = ?", [url, at]).fetchone()
    return tuple(row) if row else None


def load_page(db: Database, url: str, version: str) -> Page:
    """Return one version of a page, unpacked. Raises StoreError where it is damaged or too large."""
    row = db.execute("select url, site, body, fetched_at, status, headers, encoding, source from pages"
                     " where url = ? and body_hash = ?", [url, version]).fetchone()
    if row is None:
        raise StoreError(f"pages.db: {url} has no version {version[:12]}; crawl it again with --full")
    body = unpack(row[2], url)
    # A frame cut short unpacks without complaint.
    if hash_body(body) != version:
        raise damage(url, "its text is not the one that was kept")
    headers = read_headers(row[5])
    if headers is None or not isinstance(row[4], int) or not isinstance(row[3], str):
        raise damage(url, "its headers cannot be read")
    return Page(row[0], row[1], body, row[3], row[4], headers, row[6], row[7])


def read_headers(text: object) -> dict[str, str] | None:
    """Return the headers a row keeps, or None where they are none."""
    try:
        headers = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    told = isinstance(headers, dict) and all(isinstance(value, str) for value in headers.values())
    return headers if told else None


def damage(url: str, why: str) -> StoreError:
    """Return the error that says that a row is damaged."""
    return StoreError(f"pages.db: {url}: damaged, {why}; the next crawl asks for it again, a file you ingest again")


def compress(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(body)


def unpack(blob: bytes, url: str) -> bytes:
    # Read as a stream: the size a frame declares is not to be trusted.
    try:
        with zstandard.ZstdDecompressor().stream_reader(blob) as reader:
            body = reader.read(MAX_BODY + 1)
    except (zstandard.ZstdError, TypeError, ValueError) as error:
        raise damage(url, " ".join(str(error).split())) from None
    if len(body) > MAX_BODY:
        raise StoreError(f"pages.db: {url}: unpacks to over {MAX_BODY} bytes; delete this row")
    return body
