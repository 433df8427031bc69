"""The one spider: asks every site's sources, then for the articles that are new or due."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from sqlite_utils import Database
from twisted.python.failure import Failure

from crawler.answers import failure_class, find_fault, header, known_age, name_failure, read_headers, validators
from crawler.attachments import ACCEPT, MAX_DOCUMENT, find_wanted
from crawler.discovery import DiscoveryError, Found, canonicalize, is_article, read_xml
from crawler.encodings import name_encoding
from crawler.limits import set_limit
from crawler.listings import read_listing
from crawler.manners import Postponed
from crawler.optouts import OptOut
from crawler.paging import MAX_PARTS, choose_pages, fingerprint
from crawler.pipelines import Failed, Fetched, Gone, Moved, Report, SourceRead, Unchanged
from crawler.site import Site, load_sites
from crawler.visits import Visits, sites_folder
from crawler.waits import next_poll, next_try, next_visit
from store.addresses import (
    VIETNAM,
    Address,
    count_hops,
    due_stamp,
    find_address,
    find_due,
    find_pending_sources,
    make_due,
    moment,
    postponed_until,
    stamp,
)
from store.db import open_scratch_pages
from store.pages import hash_body
from store.records import Page

MAX_HOPS = 5
# So many articles of one site wait in the queue; the rest wait in the database.
BATCH = 16
MAX_XML_DOWNLOAD = 50 * 2**20
REDIRECTS = (301, 302, 303, 307, 308)


class SiteSpider(scrapy.Spider):
    """Crawls every site given to it; what it finds out goes to PagesPipeline as reports."""

    name = "site"

    def __init__(self, sites: Iterable[Site], db: Database, max_pages: int | None = None, since: date | None = None,
                 full: bool = False, optouts: tuple[OptOut, ...] = ()) -> None:
        super().__init__()
        self.visits = Visits(sites, db, optouts)
        self.sites, self.notes, self.db = self.visits.sites, self.visits.notes, db
        self.max_pages = max_pages
        self.since = since.isoformat() if since else None
        self.full = full
        self.began = due_stamp()
        self.asked: set[str] = set()
        self.waiting: dict[str, set[str]] = {name: set() for name in self.sites}
        self.listed: dict[str, set[str]] = {name: set() for name in self.sites}
        self.sent = dict.fromkeys(self.sites, 0)
        self.parts = dict.fromkeys(self.sites, 0)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "SiteSpider":
        """Build it as Scrapy does."""
        # `scrapy check` and `scrapy crawl` bring neither sites nor a store: the registry, and nothing is kept.
        if "sites" not in kwargs:
            kwargs["sites"], kwargs["db"] = load_sites(sites_folder(crawler.settings)), open_scratch_pages()
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.visits.limit = set_limit(crawler)
        crawler.signals.connect(spider.when_idle, signal=signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Begin with every site's sources, and with those that an earlier crawl did not come to."""
        for site in self.sites.values():
            if until := postponed_until(self.db, site.name, self.began):
                self.visits.leave(site.name, moment(until), f"asked to wait until {until[:19]}")
                continue
            self.visits.put_off(site.name)
            if self.full:
                make_due(self.db, site.name, self.began)
            named = [(kind, canonicalize(site, url) or url, True) for kind, url in site.sources]
            pending = [(a.kind, a.url, False) for a in find_pending_sources(self.db, site.name, self.began)]
            for kind, url, resting in self.visits.limit.order(self.db, [*named, *pending[:MAX_PARTS]]):
                for request in self.ask_source(site, kind, url, resting=resting):
                    yield request

    def add_sitemaps(self, name: str, urls: list[str]) -> None:
        """Called with the sitemaps that a site's robots.txt names: ask for those that are its own."""
        site = self.sites[name]
        for url in urls:
            if own := canonicalize(site, url):
                for request in self.ask_source(site, "sitemap", own, resting=True):
                    self.crawler.engine.crawl(request)

    def ask_source(self, site: Site, kind: str, url: str, *, resting: bool = False) -> Iterator[Request]:
        """Yield the request for a source, once a crawl; with `resting`, only when it is due."""
        if url in self.asked:
            return
        self.asked.add(url)
        known = find_address(self.db, url)
        # Links that the site file read differently when we last saw the source are read again.
        same = known is not None and (known.body_hash or "").startswith(fingerprint(site))
        whole = self.full or self.since is not None
        known_well = resting and not whole and known is not None and (same or known.failures > 0)
        if known_well and known and known.next_due_at and moment(known.next_due_at) > moment(self.began):
            self.rest(site, known)
            return
        yield Request(url, self.parse_source, errback=self.fail, priority=10, dont_filter=True,
                      headers=validators(known) if same and not whole else {},
                      meta={"site": site.name, "kind": kind, "address": url,
                            "handle_httpstatus_list": [304, 401, 403, 404, 410, 429, 500, 502, 503, 504],
                            "download_slot": site.name, "download_maxsize": MAX_XML_DOWNLOAD})

    def rest(self, site: Site, known: Address) -> None:
        """Note that a source is not due yet: it seldom changes, or it failed a short while ago."""
        self.crawler.stats.inc_value(f"site/{site.name}/{'backing_off' if known.failures else 'resting'}")
        self.visits.refuse(site.name, known.url, f"not due until {known.next_due_at}")
        if known.failures:
            self.notes.setdefault(site.name, f"{known.url}: {known.failure}; again after {known.next_due_at}")

    def parse_source(self, response: Response) -> Iterator[Report | Request]:
        """Report what a feed, a sitemap or a listing names, and follow its further pages.

        @source
        @reports 1
        """
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
        follow = list(choose_pages(self.db, site, kind, found, self.since, self.full))
        if self.since:
            found = Found(tuple(link for link in found.links if not link.date or link.date >= self.since), found.follow)
        listed = self.listed[site.name]
        # Counted no further than the site file promises: the several sources of a site name the same articles.
        listed.update(link.url for link in found.links[: max(site.min_articles, 1)])
        self.crawler.stats.set_value(f"site/{site.name}/found", len(listed))
        if response.status == 200:
            self.crawler.stats.inc_value(f"site/{site.name}/read")
        etag, modified = (header(response, name) for name in ("ETag", "Last-Modified"))
        if response.status == 304 and known is not None:
            etag, modified = etag or known.etag, modified or known.last_modified
        # The status of what we have read: 304 says that it still holds.
        status = known.status if response.status == 304 and known is not None else response.status
        address = Address(url, site.name, kind, at, at, at, status, etag, modified, version)
        learnt = known.poll_seconds if known else None
        yield SourceRead(site.name, url, at, None, address, found.links, tuple(follow),
                         partial(next_poll, site, datetime.now(VIETNAM), learnt))
        for page in follow:
            self.parts[site.name] += kind == "sitemap"
            # The rest of a great sitemap stays pending: articles must have their turn in every crawl.
            if kind != "sitemap" or self.parts[site.name] <= MAX_PARTS:
                yield from self.ask_source(site, "sitemap" if kind == "sitemap" else "listing", page)

    def read_source(self, site: Site, kind: str, response: Response) -> Found:
        if kind == "listing":
            # A site file that names no source leaves it to the front page to name the sections.
            front = response.meta["address"] == canonicalize(site, site.base) and not site.names_sources
            return read_listing(site, response.body, response.url, header(response, "Content-Type") or "text/html",
                                sections=front)
        return read_xml(site, response.body, response.url)

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
        if site.name in self.visits.postponed:
            return
        waiting = self.waiting[site.name]
        for address in find_due(self.db, site.name, self.began, BATCH + len(waiting)):
            out = self.max_pages is not None and self.sent[site.name] >= self.max_pages
            if out or not self.visits.limit.admits(site.name, "article", len(waiting)):
                return
            if address.url not in waiting and len(waiting) < BATCH:
                waiting.add(address.url)
                self.sent[site.name] += 1
                yield self.ask_article(site, address.url, address.url, address)

    def ask_article(self, site: Site, url: str, address: str, known: Address | None, hops: int = 0) -> Request:
        """Return the request for an article or attachment, conditional where we have it."""
        meta = {"site": site.name, "kind": known.kind if known else "article", "address": address, "hops": hops,
                "handle_httpstatus_all": True, "download_slot": site.name}
        headers = validators(known) if known and not self.full else {}
        if meta["kind"] == "attachment":
            headers["Accept"] = ACCEPT
            meta["download_maxsize"] = MAX_DOCUMENT
        return Request(url, self.parse_article, errback=self.fail, dont_filter=True, headers=headers, meta=meta)

    def parse_article(self, response: Response) -> Iterator[Report | Request]:
        """Report what came of asking for one article."""
        site, url = self.sites[response.meta["site"]], response.meta["address"]
        now = datetime.now(VIETNAM)
        at, known, status, kind = stamp(now), find_address(self.db, url), response.status, response.meta["kind"]
        if status == 304 and known is not None and known.body_hash:
            yield Unchanged(site.name, url, at, due_stamp(next_visit(site, now, moment(known.first_seen))), kind=kind)
        elif status in REDIRECTS:
            yield from self.follow_redirect(site, response, known)
        elif status in (404, 410):
            due = next_try(site, now, 0, lasting=True) if status == 404 else None
            yield Gone(site.name, url, at, due_stamp(due) if due else None, status, kind=kind)
        elif failure := find_fault(response):
            yield self.report_failure(response.request, failure, status)
        else:
            headers = read_headers(response)
            page = Page(url, site.name, response.body, at, status, headers)
            wanted: tuple[str, ...] = ()
            if kind == "article":
                page = replace(page, encoding=name_encoding(page))
                wanted = find_wanted(page, site)
            due = next_visit(site, now, known_age(known, headers))
            yield Fetched(site.name, url, at, due_stamp(due), page, wanted, kind=kind)

    def follow_redirect(self, site: Site, response: Response, known: Address | None) -> Iterator[Report | Request]:
        """Follow a redirect that only spells the address otherwise; report one that leads to another article."""
        url, hops = response.meta["address"], response.meta["hops"] + 1
        literal = urljoin(response.url, header(response, "Location") or "")
        target = canonicalize(site, literal)
        now = datetime.now(VIETNAM)
        attached = response.meta["kind"] == "attachment" and target is not None
        if (target == url or attached) and hops <= MAX_HOPS and literal != response.url:
            yield self.ask_article(site, literal, url, known, hops)
        elif target is None or target == url or attached or not is_article(site, target):
            failure = "loop" if target == url or attached else "outside" if target is None else "redirected"
            yield self.report_failure(response.request, failure, response.status)
        elif count_hops(self.db, url, MAX_HOPS) >= MAX_HOPS:
            # Each hop is a new article's address: a server could lead us on for ever.
            yield self.report_failure(response.request, "loop", response.status)
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
        kind = failure_class(failure)
        source = meta["kind"] not in ("article", "attachment")
        due = next_try(site, now, known.failures if known else 0, lasting=kind != "temporary", source=source)
        if site.name in self.visits.postponed and status in (429, 503):
            failure, due = "retry-after", moment(self.visits.postponed[site.name])
        if source:
            self.notes.setdefault(site.name, f"{url}: {failure}")
        return Failed(site.name, url, stamp(now), due_stamp(due), meta["kind"], status, failure, kind)
