"""The steps of the road from sites to facts; each continues where it was left."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from nlp.refresh import Bar, Outcome, Report, Step, Watch, run_steps
from store.addresses import due_stamp
from store.db import open_news, open_pages
from store.lock import hold_lock
from store.state import save_state

# What crawling and parsing may take of the time given: what was fetched must also be read.
CRAWL_SHARE, PARSE_SHARE = 0.6, 0.8
# So many lines tell of one kind of trouble; the rest is a number.
MOST_LINES = 5
# What was fetched later than this many hours from now was fetched by a clock that was wrong.
CLOCK_HOURS = 1
CRAWLED = {"requests": "requests", "stored": "new", "changed": "changed", "gone": "gone", "failed": "failed"}


def refresh(
    data: Path, crawl: Step, parse: Step, bar: Bar, *, workers: int = 1, minutes: float | None = None
) -> Report:
    """Run the whole road, one run at a time, and keep how it went. Raises LockError when another is running."""
    with hold_lock(data / "refresh.lock"), hold_lock(data / "extract.lock"):
        # What is stored can be read whatever becomes of the crawl.
        steps = [replace(crawl, spared=True), parse, read_step(data, workers=workers), stories_step(data),
                 derived_step(data), health_step(data)]
        report = run_steps(steps, bar, minutes=minutes)
        if not report.error:
            save_state(open_news(data), "refresh", report.told())
    return report


def extract(data: Path, parse: Step, bar: Bar, **options: Any) -> Report:
    """Run the road from the pages on, one run at a time. Raises LockError when another is running."""
    with hold_lock(data / "extract.lock"):
        return run_steps([parse, read_step(data, **options), stories_step(data)], bar)


def make_crawl_step(crawl: Callable[..., Any]) -> Step:
    """Return the step that fetches pages."""

    def work(watch: Watch) -> Outcome:
        with watch.bar("crawl") as move:
            summary = crawl(progress=move, seconds=watch.left())
        counts = {name: summary.total(what) for what, name in CRAWLED.items()}
        said = f"{len(summary.sites)} sites, {counts['new']} pages new, {counts['changed']} changed"
        notes = tuple(site.line for site in summary.sites)
        return Outcome(said, {"sites": len(summary.sites), "pages": counts.pop("new"), **counts},
                       tuple(site.line for site in summary.failures), notes,
                       "stopped" if summary.stopped else "done")

    return Step("crawl", work, share=CRAWL_SHARE)


def make_parse_step(parse: Callable[..., Any]) -> Step:
    """Return the step that makes articles of pages."""

    def work(watch: Watch) -> Outcome:
        with watch.bar("parse") as move:
            summary = parse(progress=move, is_over=watch.is_over)
        said = (f"{summary.new} articles new, {summary.changed} changed, {summary.gone} gone, "
                f"{summary.refused} pages refused")
        counts = {name: getattr(summary, name) for name in ("new", "changed", "gone", "refused")}
        notes = tuple(f"refused {number}: {reason}" for reason, number in sorted(summary.reasons.items()))
        notes += tuple(f"changed {number}: {name}" for name, number in sorted(summary.fields.items()))
        counts["damaged"] = len(summary.damaged)
        return Outcome(said, counts, tuple(cut_lines(summary.damaged)), notes, "stopped" if summary.stopped else "done")

    return Step("parse", work, share=PARSE_SHARE)


def cut_lines(lines: Sequence[str]) -> list[str]:
    """Return the first lines, and how many there are beside.

    >>> cut_lines(["a"] * 5)[-1], cut_lines(["a"] * 9)[-1]
    ('a', 'and 4 more of the kind: see `unionnews check`')
    """
    rest = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([f"and {rest} more of the kind: see `unionnews check`"] if rest > 0 else [])]


def read_step(
    data: Path, *, everything: bool = False, workers: int = 1, scheduler: str | None = None, where: str | None = None
) -> Step:
    """Return the step that turns articles into findings, and names into entities."""

    def work(watch: Watch) -> Outcome:
        from nlp.read import find_unread, read_articles

        news = open_news(data)
        unread = find_unread(news, everything=everything, where=where)
        with watch.bar("read", len(unread)) as move:
            found = read_articles(news, unread, workers=workers, scheduler=scheduler, progress=move,
                                  is_over=watch.is_over)
        counts = {"articles": found.articles, "findings": found.findings, "failed": found.failed}
        wrong = (f"{found.failed} articles could not be read: see articles.failure",) if found.failed else ()
        state = "stopped" if found.articles < len(unread) else "done"
        return Outcome(f"{found.articles} read, {found.findings} findings", counts, wrong, state=state)

    return Step("read", work, share=1.0)


def stories_step(data: Path) -> Step:
    """Return the step that links copies."""

    def work(watch: Watch) -> Outcome:
        from nlp.stories import link_stories

        stories = link_stories(open_news(data))
        return Outcome(f"{stories} stories of several articles", {"stories": stories})

    return Step("stories", work)


def derived_step(data: Path) -> Step:
    """Return the step that counts what is derived, and leaves both databases small and quick.

    Feeds are no files: they are read from news.db when somebody asks for one.
    """

    def work(watch: Watch) -> Outcome:
        from store.entities import count_entities

        news = open_news(data)
        count_entities(news)
        for db in (news, open_pages(data)):
            db.execute("pragma optimize").fetchall()
            db.execute("pragma wal_checkpoint(truncate)").fetchall()
        return Outcome()

    return Step("derived", work)


def health_step(data: Path, now: datetime | None = None) -> Step:
    """Return the step that looks at how every site stood at last, and at the clock."""

    def work(watch: Watch) -> Outcome:
        news = open_news(data)
        pages, moment = open_pages(data), now or datetime.now(UTC)
        counts = count_states(news) | {"queue": count_due(pages, moment)}
        return Outcome("", counts, tuple(find_clock_jump(pages, moment)))

    return Step("health", work)


def count_states(news: Database) -> dict[str, int]:
    """Return how many sites are in which state, by the last run that looked at each."""
    sql = """select state, count(*) from site_health h
             where run_id = (select max(run_id) from site_health where site = h.site) group by state order by state"""
    return dict(news.execute(sql).fetchall())


def count_due(pages: Database, now: datetime) -> int:
    """Return how many articles wait to be fetched."""
    sql = """select count(*) from addresses where kind = 'article'
             and (next_due_at <= ? or (next_due_at is null and fetched_at is null))"""
    return int(pages.execute(sql, [due_stamp(now)]).fetchone()[0])


def find_clock_jump(pages: Database, now: datetime) -> list[str]:
    """Say that pages were fetched in the future: a clock was wrong then, and they are due only after that day."""
    later = due_stamp(now + timedelta(hours=CLOCK_HOURS))
    count, latest = pages.execute("select count(*), max(fetched_at) from addresses where fetched_at > ?",
                                  [later]).fetchone()
    if not count:
        return []
    return [f"clock: {count} addresses were fetched as late as {latest}, now is {due_stamp(now)}; see that the clock is"
            " right, then run `unionnews crawl --full` once"]
