"""Keep the ledger of a crawl: every decision to ask for an address or not, and what each site was asked a day."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from store.addresses import mark_asked, writing

# So many of a site's newest decisions are kept one by one; the days are kept for good.
KEEP = 20_000


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the ledger.

    `decision`: `asked` (a request went out, and no answer is noted yet), `answered` (with `status`), `failed` (no
    answer we could use) or `refused` (nothing was sent); `reason` is the class of a failure or refusal.
    """

    at: str
    site: str
    url: str
    decision: str
    reason: str | None = None
    status: int | None = None
    bytes: int | None = None
    seconds: float | None = None


def open_decision(db: Database, at: str, site: str, url: str, article: str | None = None) -> int:
    """Note that a request goes out now, count it for the day, and return the line's id.

    `article` is the address that it is sent for, marked so in the same transaction.
    """
    with writing(db):
        if article:
            mark_asked(db, article)
        db.execute("insert into site_days (site, day, requests) values (?, ?, 1)"
                   " on conflict (site, day) do update set requests = requests + 1", [site, at[:10]])
        return int(db.execute("insert into fetches (at, site, url, decision) values (?, ?, ?, 'asked') returning id",
                              [at, site, url]).fetchone()[0])


def close_decision(db: Database, number: int, decision: str, reason: str | None, status: int | None,
                   size: int | None, seconds: float) -> None:
    """Note what came of a request."""
    with writing(db):
        db.execute("update fetches set decision = ?, reason = ?, status = ?, bytes = ?, seconds = ? where id = ?",
                   [decision, reason, status, size, round(seconds, 3), number])
        if size:
            db.execute("update site_days set bytes = bytes + ? where (site, day) ="
                       " (select site, substr(at, 1, 10) from fetches where id = ?)", [size, number])


def note_refusal(db: Database, at: str, site: str, url: str, reason: str) -> None:
    """Note that nothing was sent, and why."""
    with writing(db):
        db.execute("insert into site_days (site, day, refused) values (?, ?, 1)"
                   " on conflict (site, day) do update set refused = refused + 1", [site, at[:10]])
        db.execute("insert into fetches (at, site, url, decision, reason) values (?, ?, ?, 'refused', ?)",
                   [at, site, url, reason])


def requests_on(db: Database, site: str, day: str) -> int:
    """Return how many requests a site got on one day, ours to answer for whatever came of them."""
    row = db.execute("select requests from site_days where site = ? and day = ?", [site, day]).fetchone()
    return int(row[0]) if row else 0


def trim_ledger(db: Database, keep: int = KEEP) -> int:
    """Drop each site's oldest lines beyond `keep`; return how many."""
    dropped = 0
    sites = [row[0] for row in db.execute("select distinct site from fetches").fetchall()]
    for site in sites:
        with writing(db):
            dropped += db.execute(
                "delete from fetches where site = ? and id <= (select id from fetches where site = ?"
                " order by id desc limit 1 offset ?)", [site, site, keep]).rowcount
    return dropped


def find_decisions(db: Database, site: str) -> Iterator[Decision]:
    """Yield a site's ledger, oldest line first: what its owner may ask to see."""
    for row in db.execute("select at, site, url, decision, reason, status, bytes, seconds from fetches"
                          " where site = ? order by id", [site]):
        yield Decision(*row)
