"""Keep what each crawl did, as a whole and site by site: crawl_runs and site_health in news.db."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.addresses import moment


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """What one crawl did at one site. `state`: ok, quiet, silent, broken, blocked or failed; `note` says why."""

    site: str
    state: str = "ok"
    requests: int = 0
    stored: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    last_new_at: str | None = None
    note: str | None = None
    coverage: "Coverage | None" = None

    @property
    def line(self) -> str:
        """Say it to a person, in one line."""
        counts = ", ".join(f"{getattr(self, name)} {name}" for name in ("changed", "unchanged", "gone", "failed"))
        note = f" - {self.note}" if self.note else ""
        return f"{self.site}: {self.state}, {self.stored} new, {counts}, {self.requests} requests{note}"


def begin_run(db: Database, command: str, started_at: str) -> int:
    """Note that a crawl begins and return its id; a run that never finished shows in having no `finished_at`."""
    with db.atomic():
        return int(db.execute("insert into crawl_runs (started_at, command) values (?, ?) returning id",
                              [started_at, command]).fetchone()[0])


def finish_run(db: Database, run_id: int, finished_at: str, sites: Iterable[SiteHealth]) -> None:
    """Note how a crawl went, in one transaction."""
    rows = list(sites)
    with db.atomic():
        for row in rows:
            newest = row.last_new_at or last_new_at(db, row.site)
            parts = [getattr(row.coverage, part) for part in Coverage.__slots__] if row.coverage else [None] * 5
            db.execute(
                "insert into site_health (run_id, site, state, requests, stored, changed, unchanged, gone, failed,"
                " last_new_at, note, sampled, with_title, with_body, with_date, with_author)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [run_id, row.site, row.state, row.requests, row.stored, row.changed, row.unchanged, row.gone,
                 row.failed, newest, row.note, *parts],
            )
        db.execute(
            "update crawl_runs set finished_at = ?, sites = ?, requests = ?, stored = ?, unchanged = ?, failed = ?"
            " where id = ?",
            [finished_at, len(rows), sum(r.requests for r in rows), sum(r.stored + r.changed for r in rows),
             sum(r.unchanged for r in rows), sum(r.failed for r in rows), run_id],
        )


def find_troubled(db: Database) -> dict[str, str]:
    """Return state and reason of each site that did not do well when it was last crawled."""
    rows = db.execute("select site, state, note from site_health h where state not in ('ok', 'quiet') and"
                      " run_id = (select max(run_id) from site_health where site = h.site) order by site").fetchall()
    return {site: f"{state}: {note}" if note else state for site, state, note in rows}


def last_new_at(db: Database, site: str) -> str | None:
    """Return when a crawl last found something new at a site."""
    row = db.execute("select last_new_at from site_health where site = ? order by run_id desc limit 1",
                     [site]).fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier crawl of a site: when, and how many new articles it brought."""

    at: datetime
    stored: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of so many new pages of a site, how many gave each part of an article."""

    pages: int = 0
    title: int = 0
    body: int = 0
    published_at: int = 0
    author: int = 0


def find_past(db: Database, site: str, limit: int = 120) -> list[Past]:
    """Return a site's last crawls that could read it, oldest first."""
    rows = db.execute(
        "select crawl_runs.started_at, site_health.stored from site_health join crawl_runs on crawl_runs.id = run_id"
        " where site = ? and state in ('ok', 'quiet', 'silent') order by run_id desc limit ?", [site, limit]).fetchall()
    return [Past(moment(at), stored) for at, stored in reversed(rows)]


def find_trouble(db: Database, site: str) -> str | None:
    """Return why the last crawl that could judge a site called it broken; None where it did not."""
    row = db.execute("select state, note from site_health where site = ? and"
                     " state in ('ok', 'quiet', 'silent', 'broken') order by run_id desc limit 1", [site]).fetchone()
    return str(row[1]) if row and row[0] == "broken" else None


def save_coverage(db: Database, site: str, at: str, coverage: Coverage) -> None:
    """Keep in pages.db what a crawl's new pages of a site gave."""
    with db.atomic():
        db.execute("insert or replace into coverage (site, at, pages, title, body, published_at, author)"
                   " values (?, ?, ?, ?, ?, ?, ?)", [site, at, *(getattr(coverage, c) for c in Coverage.__slots__)])


def find_coverage(db: Database, site: str, crawls: int = 10) -> Coverage:
    """Return what the new pages of a site's last crawls gave, all in all."""
    row = db.execute(
        "select sum(pages), sum(title), sum(body), sum(published_at), sum(author) from (select * from coverage"
        " where site = ? order by at desc limit ?)", [site, crawls]).fetchone()
    return Coverage(*(int(count or 0) for count in row))
