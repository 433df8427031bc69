"""Keep the state of every address a crawl knows of: when it was seen and fetched, its validators, when it is due."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlite_utils import Database

VIETNAM = timezone(timedelta(hours=7))
BATCH = 500
# The kinds whose bodies are kept; the others name addresses.
PAGES = "kind in ('article', 'attachment')"


@dataclass(frozen=True, slots=True)
class Address:
    """What is known of one address; `kind` is article, attachment (of an article), feed, sitemap or listing."""

    url: str
    site: str
    kind: str
    first_seen: str
    last_seen: str
    fetched_at: str | None = None
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_due_at: str | None = None
    failures: int = 0
    failure: str | None = None
    redirected_to: str | None = None
    gone_at: str | None = None
    failure_class: str | None = None
    poll_seconds: float | None = None
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a feed, a sitemap or a listing names; `date` is ISO where the source gives one."""

    url: str
    date: str | None = None
    kind: str = "article"


def stamp(moment: datetime | None = None, precision: str = "seconds") -> str:
    """Return a moment (now) as it is stored: Vietnamese time.

    >>> stamp(datetime.fromisoformat("2020-07-28T00:00:00Z"))
    '2020-07-28T07:00:00+07:00'
    """
    return (moment or datetime.now(VIETNAM)).astimezone(VIETNAM).isoformat(timespec=precision)


def due_stamp(moment: datetime | None = None) -> str:
    """Return a moment (now) as due times are stored and compared: finer than a crawl is short."""
    return stamp(moment, "milliseconds")


def touch_page(db: Database, url: str, fetched_at: str, next_due_at: str | None) -> None:
    """Note that the page still is as we have it (304)."""
    with writing(db):
        db.execute(
            "update addresses set fetched_at = ?, last_seen = ?, next_due_at = ?, failures = 0, failure = null,"
            " failure_class = null,"
            " asked = 0, redirected_to = null, gone_at = null where url = ?",
            [fetched_at, fetched_at, next_due_at, url],
        )


def mark_gone(db: Database, url: str, site: str, status: int, at: str, next_due_at: str | None) -> bool:
    """Note that the site says this article is gone, and say whether it was here before; its pages stay."""
    with writing(db):
        before = find_address(db, url)
        known = before.gone_at if before else None
        write_address(db, url, site, "article", at, fetched_at=at, status=status, next_due_at=next_due_at,
                      gone_at=known or at, failures=0, failure=None, failure_class=None)
    return before is not None and before.body_hash is not None and known is None


def mark_moved(db: Database, url: str, site: str, status: int, target: str, at: str, next_due_at: str | None) -> None:
    """Note that this article lives elsewhere now, and make the new address known."""
    with writing(db):
        write_address(db, url, site, "article", at, fetched_at=at, status=status, redirected_to=target,
                      next_due_at=next_due_at, failures=0, failure=None, failure_class=None)
        add_links(db, site, [Link(target)], at)


def mark_failed(db: Database, url: str, site: str, kind: str, status: int | None, failure: str, at: str,
                next_due_at: str | None, failure_class: str | None = None) -> None:
    """Note one more failure of an address, of which class, and when to try again.

    A page that robots.txt closes was not asked for: that is one fact however often it is met again.
    """
    with writing(db):
        before = find_address(db, url)
        failures = 1 if failure == "robots" else (before.failures if before else 0) + 1
        write_address(db, url, site, kind, at, status=status, failure=failure, next_due_at=next_due_at,
                      failure_class=failure_class, failures=failures)


def save_source(db: Database, source: Address, links: Iterable[Link], follow: Iterable[str] = (),
                plan: Callable[[int], tuple[float, str]] | None = None) -> int:
    """Keep what one feed, sitemap or listing said, with its validators, in one transaction; count the new articles.

    `follow` are its further pages: they stay pending until they were read, so a killed crawl loses none of them.
    `plan` makes the poll interval and the next due time from that count.
    """
    with writing(db):
        at = source.last_seen
        write_address(
            db, source.url, source.site, source.kind, at, fetched_at=source.fetched_at, status=source.status,
            etag=source.etag, last_modified=source.last_modified, body_hash=source.body_hash, next_due_at=None,
            failures=0, failure=None, failure_class=None, redirected_to=None, gone_at=None,
        )
        for url in follow:
            write_address(db, url, source.site, source.kind, at, fetched_at=None, etag=None, last_modified=None)
        new = add_links(db, source.site, links, at)
        if plan:
            db.execute("update addresses set poll_seconds = ?, next_due_at = ? where url = ?",
                       [*plan(new), source.url])
        return new


def add_links(db: Database, site: str, links: Iterable[Link], at: str) -> int:
    """Make addresses known; return how many articles are new. One that changed since we fetched it becomes due."""
    new = 0
    for link in links:
        before = find_address(db, link.url)
        if before is None:
            # Until the page itself is fetched, what its source says of its date stands for its Last-Modified.
            db.execute("insert into addresses (url, site, kind, first_seen, last_seen, last_modified)"
                       " values (?, ?, ?, ?, ?, ?)", [link.url, site, link.kind, at, at, link.date])
            new += link.kind == "article"
        else:
            db.execute("update addresses set last_seen = ? where url = ?", [at, link.url])
            # A date in the future is a mistake of the site's, not news of a change.
            known = before.next_due_at and before.fetched_at
            if known and moment(before.fetched_at) < moment(link.date) <= moment(at) + timedelta(days=1):
                db.execute("update addresses set next_due_at = min(next_due_at, ?) where url = ?",
                           [before.fetched_at, link.url])
    return new


def find_address(db: Database, url: str) -> Address | None:
    """Return the state of one address."""
    row = db.execute("select * from addresses where url = ?", [url]).fetchone()
    return Address(*row) if row else None


def find_due(db: Database, site: str, now: str, limit: int = BATCH) -> list[Address]:
    """Return articles and attachments to fetch: the never fetched in the order found, then those whose time has come.

    What was asked for when a crawl was killed comes last, so that no second kill finds the same page under way.
    """
    theirs = f"select * from addresses where site = ? and {PAGES}"
    rows = db.execute(f"{theirs} and next_due_at is null and fetched_at is null and asked = 0 order by rowid limit ?",
                      [site, limit]).fetchall()
    if len(rows) < limit:
        rows += db.execute(f"{theirs} and next_due_at <= ? and asked = 0 order by next_due_at, rowid limit ?",
                           [site, now, limit - len(rows)]).fetchall()
    if len(rows) < limit:
        rows += db.execute(f"{theirs} and asked > 0 and ifnull(next_due_at, '') <= ? order by asked, rowid limit ?",
                           [site, now, limit - len(rows)]).fetchall()
    return [Address(*row) for row in rows]


def mark_asked(db: Database, url: str) -> None:
    """Note, before it leaves, that an article is sent for; whoever notes the answer takes the mark away."""
    db.execute("update addresses set asked = asked + 1 where url = ?", [url])


def put_off_interrupted(db: Database, site: str, plan: Callable[[int], str]) -> list[Address]:
    """Put off the articles under way at two kills and more, and return them; `plan` makes the due time of their number.

    It may be the page itself that ends a crawl, and no site should pay for our kills. Each loss counts as a failure.
    """
    rows = db.execute("select * from addresses where site = ? and asked > 1"
                      " and not (ifnull(failure, '') = 'interrupted' and failures = asked - 1) order by rowid",
                      [site]).fetchall()
    with writing(db):
        for lost in (found := [Address(*row) for row in rows]):
            db.execute("update addresses set failure = 'interrupted', failure_class = 'temporary', failures = ?,"
                       " next_due_at = ? where url = ?", [lost.asked - 1, plan(lost.asked - 1), lost.url])
    return found


def ask_again(db: Database, url: str) -> None:
    """Make an article due for the next crawl, which is to get it whole: what we have of it is damaged."""
    with writing(db):
        db.execute("update addresses set etag = null, last_modified = null,"
                   " next_due_at = coalesce(fetched_at, last_seen)"
                   " where url = ? and gone_at is null and redirected_to is null", [url])


def make_due(db: Database, site: str, now: str) -> None:
    """Make every article of a site that a crawl has fetched due now (--full)."""
    with writing(db):
        db.execute(f"update addresses set next_due_at = ? where site = ? and {PAGES}"
                   " and (fetched_at is not null or next_due_at is not null) and redirected_to is null", [now, site])


def find_pending_sources(db: Database, site: str, now: str) -> list[Address]:
    """Return feeds, sitemaps and listing pages that were named but not read yet."""
    rows = db.execute(f"select * from addresses where site = ? and not ({PAGES}) and fetched_at is null"
                      " and (next_due_at is null or next_due_at <= ?) order by url", [site, now]).fetchall()
    return [Address(*row) for row in rows]


def count_addresses(db: Database, site: str, kind: str) -> int:
    """Return how many addresses of a kind are known for a site."""
    return int(db.execute("select count(*) from addresses where site = ? and kind = ?", [site, kind]).fetchone()[0])


def postponed_until(db: Database, site: str, now: str) -> str | None:
    """Return until when the site has asked us to stay away (Retry-After), if it has."""
    row = db.execute("select max(next_due_at) from addresses where site = ? and failure = 'retry-after'"
                     " and next_due_at > ?", [site, now]).fetchone()
    return str(row[0]) if row[0] else None


def count_hops(db: Database, url: str, limit: int) -> int:
    """Return over how many redirects, one article's address to the next, a crawl came to this one."""
    hops = 0
    seen = {url}
    while hops < limit:
        row = db.execute("select url from addresses where redirected_to = ? limit 1", [url]).fetchone()
        if row is None or row[0] in seen:
            break
        url, hops = row[0], hops + 1
        seen.add(url)
    return hops


def find_gone(db: Database) -> list[tuple[str, str]]:
    """Return (url, gone_at) of the articles whose site took them down."""
    return [tuple(row) for row in db.execute("select url, gone_at from addresses where gone_at is not null"
                                             " and body_hash is not null order by url")]


def find_moved(db: Database) -> list[tuple[str, str]]:
    """Return (old, new) address of the articles that moved after we had fetched them."""
    return [tuple(row) for row in db.execute("select url, redirected_to from addresses where redirected_to is not null"
                                             " and body_hash is not null order by url")]


def write_address(db: Database, url: str, site: str, kind: str, at: str, **changes: str | int | None) -> None:
    """Note that an address was seen, and what else is known of it now."""
    # An address first known as an article stays one: a listing that is named again keeps its kind too.
    columns = {"url": url, "site": site, "kind": kind, "first_seen": at, "last_seen": at, "asked": 0, **changes}
    updates = ", ".join(f"{c} = excluded.{c}" for c in ["last_seen", "asked", *changes])
    db.execute(
        f"insert into addresses ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
        f" on conflict (url) do update set {updates}",
        list(columns.values()),
    )


def moment(text: str | None) -> datetime:
    """Return a stored time as a moment; nothing, or no time at all, is long ago."""
    try:
        found = datetime.fromisoformat(text or "0001-01-02")
    except ValueError:
        found = datetime(1, 1, 2)
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """Hold the writer's place for a block that reads before it writes; undo the block when it fails."""
    # Immediate: a transaction that reads first and then asks for the writer's place is refused without a wait.
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.conn.execute("rollback")
        raise
    db.conn.execute("commit")
