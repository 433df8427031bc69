"""How long to wait: before an article is visited again, before a failure is tried again, before a source is polled."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.site import Site
from store.addresses import moment

FIRST_VISIT, LAST_VISIT = timedelta(hours=6), timedelta(days=90)
UNDATED_VISIT = timedelta(days=1)
LONGEST_OUTAGE = timedelta(hours=12)
# How often a source is polled is learnt between these two; a source we do not know yet is asked every six hours.
FIRST_POLL, SHORTEST_POLL, LONGEST_POLL = 6 * 3600.0, 1800.0, 14 * 86400.0
FASTER, SLOWER = 0.5, 1.5
# A crawl that comes a little early, as a daily one does on most days, does not put the poll off until the next.
EARLY = 0.25


def next_visit(site: Site, now: datetime, since: datetime | None) -> datetime:
    """Return when to ask for an article again: when it has grown older by half; a server of our own any time."""
    if site.local:
        return now
    if since is None:
        return now + UNDATED_VISIT
    return now + min(max((now - since) / 2, FIRST_VISIT), LAST_VISIT)


def next_try(site: Site, now: datetime, failures: int, *, lasting: bool, source: bool = False) -> datetime:
    """Return when to try a failed address again: an hour, doubled each time; a lasting refusal after a week or more.

    A source that does not answer is tried twice a day: it may be we who are cut off, and a whole site hangs on it.
    """
    if site.local:
        return now
    first = timedelta(days=7) if lasting else timedelta(hours=1)
    longest = LONGEST_OUTAGE if source and not lasting else LAST_VISIT
    return now + min(first * float(1 << min(failures, 20)), longest)


def next_after_kills(now: datetime, times: int) -> datetime:
    """Return when to ask again for a page that was under way at one kill too many: a day, doubled each time."""
    return now + min(timedelta(days=1) * float(1 << min(times - 1, 20)), LAST_VISIT)


def next_poll(site: Site, now: datetime, learnt: float | None, news: int) -> tuple[float, datetime]:
    """Return a source's poll interval in seconds, learnt from whether it had news, and when to poll it next.

    >>> site = Site("x", "x", "x.example", "https://x.example")
    >>> noon = datetime(2024, 5, 1, 12)
    >>> next_poll(site, noon, None, 0)[0], next_poll(site, noon, 7200.0, 3)
    (21600.0, (3600.0, datetime.datetime(2024, 5, 1, 12, 45)))
    """
    seconds = FIRST_POLL if learnt is None else learnt * (FASTER if news else SLOWER)
    seconds = min(max(seconds, SHORTEST_POLL), LONGEST_POLL)
    return seconds, now if site.local else now + timedelta(seconds=seconds * (1 - EARLY))


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for.

    >>> read_retry_after("120", datetime(2020, 1, 1))
    120.0
    """
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        return max(0.0, (moment(parsedate_to_datetime(value).isoformat()) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
