"""How a site fares against its own past: ok, quiet, silent, broken, blocked or failed, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from crawler.calendar import WEEKDAYS, find_days, is_special, weigh_span
from crawler.site import Site
from store.addresses import stamp
from store.crawls import Coverage, Past, SiteHealth

BAD_STATES = ("failed", "blocked", "broken", "silent")
REFUSALS = ("robots", "forbidden", "retry-after", "status 429", "challenge", "opted out")
COUNTS = ("requests", "stored", "changed", "unchanged", "gone", "failed")
# Of a site that brings so many in this time by its own past, none is no accident (one in a thousand).
SILENCE = 7.0
LEAST_SILENCE = timedelta(days=3)
# A past shorter than so many ordinary days says nothing yet, and weekdays are learnt from so many days of each.
LEAST_PAST = 5.0
LEARN_WEEKDAYS = 4
# A part of an article that most pages had and few have now: the layout changed.
MOST, FEW, FEWEST_PAGES = 0.8, 0.3, 3
PARTS = ("title", "body", "published_at")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known beside a crawl's own counts: earlier crawls, what its new pages gave when read, and `trouble`.

    That is what the last crawl called broken.
    """

    past: Sequence[Past] = ()
    coverage: Coverage | None = None
    past_coverage: Coverage | None = None
    now: datetime | None = None
    trouble: str | None = None


def judge_site(site: Site, counts: dict[str, int], note: str | None, partial: bool,
               seen: Seen | None = None) -> SiteHealth:
    """Return what a crawl's counts say about a site. `partial`: it was not asked for all it lists."""
    state, note = find_state(site, counts, note, partial, seen or Seen())
    last_new_at = stamp() if counts.get("stored") else None
    shown = {key: counts.get(key, 0) for key in COUNTS}
    return SiteHealth(site.name, state, **shown, last_new_at=last_new_at, note=note,
                      coverage=seen.coverage if seen else None)


def find_state(site: Site, counts: dict[str, int], note: str | None, partial: bool,
               seen: Seen) -> tuple[str, str | None]:
    """Return a site's state and its reason."""
    asked = sum(counts.get(key, 0) for key in ("stored", "changed", "unchanged", "gone", "missing", "moved"))
    failed = counts.get("failed", 0)
    refusals = sum(counts.get(f"failure/{name}", 0) for name in REFUSALS)
    waits = (note or "").startswith("asked to wait")
    used_up = (note or "").startswith("daily budget")
    resting = counts.get("resting") and not counts.get("backing_off") and not counts.get("failed_sources")
    if waits:
        return "blocked", note
    if (not counts.get("sources") and not resting and not used_up) or (not asked and failed > 2):
        return "blocked" if refusals else "failed", note or "no source answered"
    if refusals > 2 and refusals > asked:
        return "blocked", f"{refusals} pages refused, {asked} given"
    least = max(site.min_articles, 1)
    whole = counts.get("sources", 0) > 0 and counts.get("read") == counts["sources"] and not partial
    if whole and not resting and counts.get("found", 0) < least:
        return "broken", f"{counts.get('found', 0)} articles listed, {least} expected"
    if broken := find_broken_part(seen.coverage, seen.past_coverage):
        return "broken", broken
    if seen.trouble and not is_mended(seen.trouble, counts.get("found", 0) >= least, seen.coverage):
        return "broken", seen.trouble
    if counts.get("stored"):
        return "ok", note
    expected, days = expect_articles(seen.past, seen.now)
    if expected >= SILENCE and days >= LEAST_SILENCE and not partial:
        return "silent", f"nothing new for {days.days} days, about {expected:.0f} articles expected from its past"
    # Counters and clocks make pages differ at every visit: what has changed is no news of a site that has gone silent.
    return "ok" if counts.get("changed") else "quiet", note


def is_mended(trouble: str, listed: bool, coverage: Coverage | None) -> bool:
    """Whether what was broken has been read again: a page that answers 304, or is not due, still is what it was."""
    part = trouble.partition(" ")[0]
    if part in PARTS:
        return coverage is not None and getattr(coverage, part) > 0
    return listed


def find_broken_part(now: Coverage | None, past: Coverage | None) -> str | None:
    """Return which part of its articles a site's pages no longer give, though they did."""
    if now is None or past is None or min(now.pages, past.pages) < FEWEST_PAGES:
        return None
    for part in PARTS:
        before, after = getattr(past, part), getattr(now, part)
        if before >= MOST * past.pages and after < FEW * now.pages:
            return f"{part} read from {after} of {now.pages} pages, {before} of {past.pages} before"
    return None


def expect_articles(past: Sequence[Past], now: datetime | None) -> tuple[float, timedelta]:
    """Return how many articles a site's own past makes us expect since it last had any, and how long that is.

    The first crawl is left out, which brought the archive, and so are days that are no measure: Tết, 1/5, 28/7.
    """
    if now is None or len(past) < 3:
        return 0.0, timedelta(0)
    spans = [(earlier.at, later.at, later.stored) for earlier, later in pairwise(past)]
    ordinary = [(began, ended, stored) for began, ended, stored in spans if not is_mostly_special(began, ended)]
    weekdays = learn_weekdays(ordinary)
    weight = sum(weigh_span(began, ended, weekdays) for began, ended, _ in ordinary)
    newest = max((run.at for run in past if run.stored), default=None)
    if weight < LEAST_PAST or newest is None:
        return 0.0, timedelta(0)
    rate = sum(stored for _, _, stored in ordinary) / weight
    return rate * weigh_span(newest, now, weekdays), now - newest


def is_mostly_special(began: datetime, ended: datetime) -> bool:
    days = list(find_days(began, ended))
    return sum(share for day, share in days if is_special(day)) * 2 > sum(share for _, share in days)


def learn_weekdays(spans: Sequence[tuple[datetime, datetime, int]]) -> tuple[float, ...]:
    """Return what each weekday brings a site, where enough crawls a day apart tell; else what is usual."""
    found: list[list[int]] = [[] for _ in range(7)]
    for began, ended, stored in spans:
        if timedelta(hours=18) <= ended - began <= timedelta(hours=30):
            found[(began + (ended - began) / 2).weekday()].append(stored)
    best = max((sum(counts) / len(counts) for counts in found if counts), default=0.0)
    if min(map(len, found)) < LEARN_WEEKDAYS or best <= 0:
        return WEEKDAYS
    return tuple(sum(counts) / len(counts) / best for counts in found)
