"""The time a crawl has: once it is over, a site is asked for its next source and its next article, and no more."""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.asyncio import call_later
from sqlite_utils import Database

from store.addresses import find_address

Source = tuple[str, str, bool]
PAGES = ("article", "attachment")


class Unanswered(IgnoreRequest):
    """An address failed, and there is no time left to ask again: it counts as failed, or it would be the next too."""

    failure = "no time to ask again"


class Limit:
    """When a crawl stops asking. One source and one article a site it has always asked for by then, so that runs of
    no time at all add up; `put_off` are the sites that have more."""

    def __init__(self, seconds: float | None = None, now: Callable[[], float] = monotonic) -> None:
        self.now = now
        self.until = None if seconds is None else now() + seconds
        self.asked: set[tuple[str, bool]] = set()
        self.put_off: set[str] = set()
        self.free_at: dict[str, float] = {}

    def is_over(self, after: float = 0.0) -> bool:
        """Whether the time is over so many seconds from now."""
        return self.until is not None and self.now() + after >= self.until

    def admits(self, name: str, kind: str, waiting: int = 0) -> bool:
        """Whether a site may be asked for an address of a kind, while others wait; what is put off is noted."""
        asked = waiting or (name, kind in PAGES) in self.asked
        if not self.is_over() or kind == "robots" or not asked:
            return True
        self.put_off.add(name)
        return False

    def note(self, name: str, kind: str) -> None:
        """Note that a request goes out."""
        if kind != "robots":
            self.asked.add((name, kind in PAGES))

    def order(self, db: Database, sources: Iterable[Source]) -> list[Source]:
        """Return (kind, url, whether it may rest) of a site's sources, where time is short the longest unseen first."""
        listed = list(sources)
        if self.until is None:
            return listed

        def last_seen(source: Source) -> tuple[str, bool]:
            known = find_address(db, source[1])
            return known.last_seen if known else "", source[2]

        return sorted(listed, key=last_seen)

    def release(self, downloader: Any) -> None:
        """Let go of the queues in which nothing waits but what is put off."""
        for name, slot in list(downloader.slots.items()):
            if slot.queue and not any(self.admits(name, request.meta["kind"]) for request, _ in slot.queue):
                slot.close()
                slot.lastseen = 0.0
                downloader._process_queue(slot)

    def skip(self, name: str, slot: Any) -> None:
        """Let the next request of a queue wait for the last that was sent, not for one that is put off."""
        slot.close()
        slot.lastseen = self.free_at.get(name, 0.0)


def set_limit(crawler: Crawler) -> Limit:
    """Return the limit of a crawl, by its settings; its time begins when the spider does."""
    seconds: float | None = crawler.settings.get("CRAWL_SECONDS")
    limit = Limit(seconds)
    if seconds is not None:

        def start() -> None:
            limit.until = limit.now() + seconds
            call_later(seconds, limit.release, crawler.engine.downloader)

        crawler.signals.connect(start, signal=signals.spider_opened, weak=False)
    return limit
