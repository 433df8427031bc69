"""What the spider reports is kept in pages.db, each report in one transaction, and counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from scrapy.crawler import Crawler

from store.addresses import (
    Address,
    Link,
    due_stamp,
    mark_failed,
    mark_gone,
    mark_moved,
    save_source,
    touch_page,
    writing,
)
from store.attachments import save_attachments
from store.pages import save_page
from store.records import Page


@dataclass(frozen=True, slots=True)
class Report:
    """What came of asking for one address; `at` is when, `due` when to ask again, `kind` what it is."""

    site: str
    url: str
    at: str
    due: str | None = None
    kind: str = field(default="article", kw_only=True)


@dataclass(frozen=True, slots=True)
class Fetched(Report):
    """The page itself, and the documents that its story is in."""

    page: Page | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged(Report):
    """304: what we have is current."""


@dataclass(frozen=True, slots=True)
class Gone(Report):
    """404 or 410."""

    status: int = 404


@dataclass(frozen=True, slots=True)
class Moved(Report):
    """The article lives at `target` now."""

    status: int = 301
    target: str = ""


@dataclass(frozen=True, slots=True)
class Failed(Report):
    """Nothing to keep; `failure` is its class."""

    kind: str = "article"
    status: int | None = None
    failure: str = "failed"
    failure_class: str = "temporary"


@dataclass(frozen=True, slots=True)
class SourceRead(Report):
    """A feed, sitemap or listing page was read, or found unchanged."""

    address: Address | None = None
    links: tuple[Link, ...] = ()
    follow: tuple[str, ...] = ()
    poll: Callable[[int], tuple[float, datetime]] | None = None


class PagesPipeline:
    """Keeps each report, then lets the spider go on with that site."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PagesPipeline":
        """Build it as Scrapy does."""
        return cls(crawler)

    def process_item(self, item: Report) -> Report:
        """Keep one report."""
        spider: Any = self.crawler.spider
        with writing(spider.db):
            spider.visits.close_lines()
            saved = self.save(spider.db, item)
        # Of attachments there are counts of their own: a site is judged by its articles.
        self.count(item.site, f"attachments/{saved}" if item.kind == "attachment" else saved)
        if isinstance(item, SourceRead):
            self.count(item.site, "sources")
        spider.go_on(item)
        return item

    def save(self, db: Any, item: Report) -> str:
        """Write one report; return what it counts as."""
        match item:
            case Fetched(page=Page() as page):
                saved = save_page(db, page, next_due_at=item.due)
                if item.kind == "article":
                    save_attachments(db, item.site, item.url, item.attachments, item.at)
                return "stored" if saved == "new" else saved
            case Unchanged():
                touch_page(db, item.url, item.at, item.due)
                return "unchanged"
            case Gone():
                return "gone" if mark_gone(db, item.url, item.site, item.status, item.at, item.due) else "missing"
            case Moved():
                mark_moved(db, item.url, item.site, item.status, item.target, item.at, item.due)
                return "moved"
            case Failed():
                if item.kind != "attachment":
                    self.count(item.site, f"failure/{item.failure}")
                mark_failed(db, item.url, item.site, item.kind, item.status, item.failure, item.at, item.due,
                            item.failure_class)
                if item.kind not in ("article", "attachment"):
                    return "failed_sources"
                # What robots.txt keeps from us was never asked for.
                return "forbidden" if item.failure == "robots" else "failed"
            case SourceRead(address=Address() as address, poll=poll):
                save_source(db, address, item.links, item.follow, partial(plan, poll) if poll else None)
                return "source"
        raise TypeError(f"no place for a {type(item).__name__}")

    def count(self, site: str, what: str) -> None:
        """Count one report for its site."""
        self.crawler.stats.inc_value(f"site/{site}/{what}")


def plan(poll: Callable[[int], tuple[float, datetime]], news: int) -> tuple[float, str]:
    """Return a source's poll interval and next due time as they are stored."""
    seconds, due = poll(news)
    return seconds, due_stamp(due)
