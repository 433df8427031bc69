"""The one spider: asks every site's sources, then for the articles that are new or due."""

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from sqlite_utils import Database
from twisted.python.failure import Failure

from crawler.answers import header, known_age, name_failure, read_headers, validators
from crawler.discovery import DiscoveryError, Found, canonicalize, is_article, read_listing, read_xml
from crawler.manners import Postponed, next_try, next_visit
from crawler.pipelines import Failed, Fetched, Gone, Moved, Report, SourceRead, Unchanged
from crawler.site import Site
from store.addresses import (
    VIETNAM,
    Address,
    count_addresses,
    due_stamp,
    find_address,
    find_due,
    find_pending_sources,
    make_due,
    moment,
    postponed_until,
    stamp,
)
from store.pages import hash_body
from store.records import Page

MAX_LISTINGS = 200
MAX_LISTINGS_FULL = 5_000
# Parts of a sitemap index that tell no date are asked for at every crawl, but not more of them than this.
MAX_UNDATED_PARTS = 20
MAX_HOPS = 5
# So many articles of one site wait in the queue; the rest wait in the database.
BATCH = 16
MAX_XML_DOWNLOAD = 50 * 2**20
REDIRECTS = (301, 302, 303, 307, 308)
LASTING = {"forbidden", "robots", "type", "size", "outside"}
PAGE_TYPES = ("text/", "application/xhtml", "application/xml")


class SiteSpider(scrapy.Spider):
    """Crawls every site given to it; what it finds out goes to PagesPipeline as reports."""

    name = "site"

    def __init__(self, sites: list[Site], db: Database, max_pages: int | None = None, since: date | None = None,
                 full: bool = False) -> None:
        super().__init__()
        self.sites = {site.name: site for site in sites}
        self.db = db
        self.max_pages = max_pages
        self.since = since.isoformat() if since else None
        self.full = full
        self.began = due_stamp()
        self.asked: set[str] = set()
        self.waiting: dict[str, set[str]] = {name: set() for name in self.sites}
        self.listed: dict[str, set[str]] = {name: set() for name in self.sites}
        self.sent = dict.fromkeys(self.sites, 0)
        self.postponed: dict[str, str] = {}
        self.notes: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "SiteSpider":
        """Build it as Scrapy does."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.when_idle, signal=signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Begin with every site's sources, and with those that an earlier crawl did not come to."""
        for site in self.sites.values():
            if until := postponed_until(self.db, site.name, self.began):
                self.leave(site.name, moment(until), f"asked to wait until {until[:19]}")
                continue
            if self.full:
                make_due(self.db, site.name, self.began)
            named = [(kind, canonicalize(site, url) or url) for kind, url in site.sources]
            pending = [(a.kind, a.url) for a in find_pending_sources(self.db, site.name, self.began)]
            for kind, url in [*named, *pending]:
                for request in self.ask_source(site, kind, url):
                    yield request

    def ask_source(self, site: Site, kind: str, url: str) -> Iterator[Request]:
        """Yield the request for a source, once a crawl."""
        if url not in self.asked:
            self.asked.add(url)
            known = find_address(self.db, url)
            # Links that the site file read differently when we last saw the source are read again.
            same = known is not None and (known.body_hash or "").startswith(fingerprint(site))
            yield Request(url, self.parse_source, errback=self.fail, priority=10, dont_filter=True,
                          headers=validators(known) if same and not self.full else {},
                          meta={"site": site.name, "kind": kind, "address": url,
                                "handle_httpstatus_list": [304, 401, 403, 404, 410, 429, 500, 502, 503, 504],
                                "download_slot": site.name, "download_maxsize": MAX_XML_DOWNLOAD})

    def parse_source(self, response: Response) -> Iterator[Report | Request]:
        """Report what a feed, a sitemap or a listing names, and follow its further pages."""
        site, kind, url = self.sites[response.meta["site"]], response.meta["kind"], response.meta["address"]
        at = stamp()
        known = find_address(self.db, url)
        version = f"{fingerprint(site)}{hash_body(response.body)}"
        if response.status == 304 and known is not None:
            found, version = Found(), known.body_hash or ""
        elif response.status != 200:
            yield self.report_failure(response.request, f"status {response.status}", response.status)
            return
        else:
            try:
                found = self.read_source(site, kind, response)
            except (DiscoveryError, ValueError) as error:
                self.notes.setdefault(site.name, f"{url}: {error}")
                yield self.report_failure(response.request, "unreadable", response.status)
                return
        if self.since:
            found = Found(tuple(link for link in found.links if not link.date or link.date >= self.since), found.follow)
        listed = self.listed[site.name]
        # Counted no further than the site file promises: the several sources of a site name the same articles.
        listed.update(link.url for link in found.links[: max(site.min_articles, 1)])
        self.crawler.stats.set_value(f"site/{site.name}/found", len(listed))
        if response.status == 200:
            self.crawler.stats.inc_value(f"site/{site.name}/read")
        follow = list(self.choose_pages(site, kind, found))
        etag, modified = (header(response, name) for name in ("ETag", "Last-Modified"))
        if response.status == 304 and known is not None:
            etag, modified = etag or known.etag, modified or known.last_modified
        # The status of what we have read: 304 says that it still holds.
        status = known.status if response.status == 304 and known is not None else response.status
        address = Address(url, site.name, kind, at, at, at, status, etag, modified, version)
        yield SourceRead(site.name, url, at, None, address, found.links, tuple(follow))
        for page in follow:
            yield from self.ask_source(site, "sitemap" if kind == "sitemap" else "listing", page)

    def read_source(self, site: Site, kind: str, response: Response) -> Found:
        if kind == "listing":
            return read_listing(site, response.body, response.url, header(response, "Content-Type") or "text/html")
        return read_xml(site, response.body, response.url)

    def choose_pages(self, site: Site, kind: str, found: Found) -> Iterator[str]:
        """Yield which further pages of a source to read: those never read, and those that may tell something new."""
        fresh = any(find_address(self.db, link.url) is None for link in found.links)
        limit = MAX_LISTINGS_FULL if self.full else MAX_LISTINGS
        undated = 0
        for link in found.follow:
            known = find_address(self.db, link.url)
            if self.since and link.date and link.date < self.since:
                continue
            if kind == "listing":
                # The first walk goes to the end; later ones go as far as there is anything new.
                unread = known is None or known.fetched_at is None
                if (unread and (known or count_addresses(self.db, site.name, kind) < limit)) or fresh or self.full:
                    yield link.url
            elif known is None or known.fetched_at is None or self.full:
                yield link.url
            elif link.date is None:
                undated += 1
                if undated <= MAX_UNDATED_PARTS:
                    yield link.url
            elif moment(link.date) > moment(known.fetched_at):
                yield link.url

    def go_on(self, report: Report) -> None:
        """Called when a report is safely kept: send for the site's next articles."""
        self.waiting[report.site].discard(report.url)
        if len(self.waiting[report.site]) <= 1:
            for request in self.next_articles(self.sites[report.site]):
                self.crawler.engine.crawl(request)

    def when_idle(self) -> None:
        """Look once more before the crawl ends: a report that went wrong must not cost a site its turn."""
        requests = [request for site in self.sites.values() for request in self.next_articles(site)]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def next_articles(self, site: Site) -> Iterator[Request]:
        """Yield requests for the next few articles that are new or due."""
        if site.name in self.postponed:
            return
        waiting = self.waiting[site.name]
        for address in find_due(self.db, site.name, self.began, BATCH + len(waiting)):
            if self.max_pages is not None and self.sent[site.name] >= self.max_pages:
                return
            if address.url not in waiting and len(waiting) < BATCH:
                waiting.add(address.url)
                self.sent[site.name] += 1
                yield self.ask_article(site, address.url, address.url, address)

    def ask_article(self, site: Site, url: str, address: str, known: Address | None, hops: int = 0) -> Request:
        """Return the request for an article, conditional where we have it."""
        return Request(url, self.parse_article, errback=self.fail, dont_filter=True,
                       headers=validators(known) if known and not self.full else {},
                       meta={"site": site.name, "kind": "article", "address": address, "hops": hops,
                             "handle_httpstatus_all": True, "download_slot": site.name})

    def parse_article(self, response: Response) -> Iterator[Report | Request]:
        """Report what came of asking for one article."""
        site, url = self.sites[response.meta["site"]], response.meta["address"]
        now = datetime.now(VIETNAM)
        at, known, status = stamp(now), find_address(self.db, url), response.status
        if status == 304 and known is not None and known.body_hash:
            yield Unchanged(site.name, url, at, due_stamp(next_visit(site, now, moment(known.first_seen))))
        elif status in REDIRECTS:
            yield from self.follow_redirect(site, response, known)
        elif status in (404, 410):
            due = next_try(site, now, 0, lasting=True) if status == 404 else None
            yield Gone(site.name, url, at, due_stamp(due) if due else None, status)
        elif status != 200:
            failure = {401: "forbidden", 403: "forbidden", 429: "retry-after"}.get(status, f"status {status}")
            yield self.report_failure(response.request, failure, status)
        elif not response.body.strip():
            yield self.report_failure(response.request, "empty", status)
        elif not (header(response, "Content-Type") or "text/html").strip().lower().startswith(PAGE_TYPES):
            yield self.report_failure(response.request, "type", status)
        else:
            headers = read_headers(response)
            page = Page(url, site.name, response.body, at, status, headers)
            yield Fetched(site.name, url, at, due_stamp(next_visit(site, now, known_age(known, headers))), page)

    def follow_redirect(self, site: Site, response: Response, known: Address | None) -> Iterator[Report | Request]:
        """Follow a redirect that only spells the address otherwise; report one that leads to another article."""
        url, hops = response.meta["address"], response.meta["hops"] + 1
        literal = urljoin(response.url, header(response, "Location") or "")
        target = canonicalize(site, literal)
        now = datetime.now(VIETNAM)
        if target == url and hops <= MAX_HOPS and literal != response.url:
            yield self.ask_article(site, literal, url, known, hops)
        elif target is None or target == url or not is_article(site, target):
            failure = "loop" if target == url else "outside" if target is None else "redirected"
            yield self.report_failure(response.request, failure, response.status)
        else:
            due = None if response.status in (301, 308) else next_try(site, now, 0, lasting=True)
            yield Moved(site.name, url, stamp(now), due_stamp(due) if due else None, response.status, target)

    def fail(self, failure: Failure) -> Iterator[Report]:
        """Report a request that got no answer we can use."""
        request: Any = failure.request  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, Postponed):
            self.waiting[request.meta["site"]].discard(request.meta["address"])
            return
        yield self.report_failure(request, name_failure(error or OSError()), None)

    def report_failure(self, request: Request | None, failure: str, status: int | None) -> Failed:
        """Return the report of a failure, with the time of the next try."""
        meta = request.meta if request else {}
        site, url = self.sites[meta["site"]], meta["address"]
        now = datetime.now(VIETNAM)
        known = find_address(self.db, url)
        due = next_try(site, now, known.failures if known else 0, lasting=failure in LASTING)
        if site.name in self.postponed and status in (429, 503):
            failure, due = "retry-after", moment(self.postponed[site.name])
        if meta["kind"] != "article":
            self.notes.setdefault(site.name, f"{url}: {failure}")
        return Failed(site.name, url, stamp(now), due_stamp(due), meta["kind"], status, failure)

    def leave(self, name: str, until: datetime, why: str) -> None:
        """Leave a site alone for the rest of this crawl; `until` is kept where the site itself has asked for it."""
        self.postponed[name] = due_stamp(until)
        self.notes[name] = why


def fingerprint(site: Site) -> str:
    """Return a mark of how the site file reads sources; it changes when the file does."""
    keys = (site.article_pattern, site.article_link, site.next_page, site.drop_query, site.base, sorted(site.hosts))
    return hash_body(repr(keys).encode())[:8] + ":"
