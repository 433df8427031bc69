"""How a guest behaves: only hosts of the registry, robots.txt, one request at a time, Retry-After, public addresses."""

import asyncio
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Headers, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.resolver import CachingHostnameResolver
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from twisted.internet.interfaces import IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.answers import name_failure
from crawler.hosts import is_private_address
from crawler.site import Site
from store.addresses import VIETNAM, moment, stamp

# Waits no longer than this are sat out; for longer ones the crawl leaves, and remembers until when.
MAX_WAIT = 120.0
MAX_CRAWL_DELAY = 300.0
# What a bare 429 or 503 costs, as a multiple of the site's own delay; doubled each time.
BACK_OFF = 30.0
# Even our own server needs a wait the downloader can lengthen: Scrapy takes 0 for "never wait".
LEAST_DELAY = 0.001
# RFC 9309 asks crawlers to read at least this much.
MAX_ROBOTS = 512_000
FORBID_ALL = b"User-agent: *\nDisallow: /"
FIRST_VISIT, LAST_VISIT = timedelta(hours=6), timedelta(days=90)
UNDATED_VISIT = timedelta(days=1)
BUSY = (429, 503)
NOT_TEXT = ("image/", "video/", "audio/", "font/", "application/pdf", "application/msword", "application/vnd.")


class Outside(IgnoreRequest):
    """The address is not of a site we crawl."""

    failure = "outside"


class Forbidden(IgnoreRequest):
    """The site's robots.txt says no."""

    failure = "robots"


class Postponed(IgnoreRequest):
    """The site has asked us to stay away for longer than we wait, or its robots.txt cannot be read now."""


def next_visit(site: Site, now: datetime, since: datetime | None) -> datetime:
    """Return when to ask for an article again: when it has grown older by half; a server of our own any time."""
    if site.local:
        return now
    if since is None:
        return now + UNDATED_VISIT
    return now + min(max((now - since) / 2, FIRST_VISIT), LAST_VISIT)


def next_try(site: Site, now: datetime, failures: int, *, lasting: bool) -> datetime:
    """Return when to try a failed address again: an hour, doubled each time; a lasting refusal after a week or more."""
    if site.local:
        return now
    first = timedelta(days=7) if lasting else timedelta(hours=1)
    return now + min(first * float(1 << min(failures, 20)), LAST_VISIT)


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for.

    >>> read_retry_after("120", datetime(2020, 1, 1, tzinfo=VIETNAM))
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


def find_site(spider: Any, url: str) -> Site | None:
    """Return the site of this crawl that owns an address."""
    return next((site for site in spider.sites.values() if site.owns(url)), None)


class RegistryOnly:
    """Refuses what is not of a site we crawl, robots.txt and redirects too; puts a site's requests in one queue."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RegistryOnly":
        """Build it as Scrapy does."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass, or refuse it with the reason."""
        spider: Any = self.crawler.spider
        site = find_site(spider, request.url)
        if site is None:
            raise Outside(f"not in the registry: {urlsplit(request.url).netloc}")
        if site.name in spider.postponed:
            raise Postponed(spider.notes[site.name])
        request.meta["download_slot"] = site.name


class RobotsRules:
    """Obeys robots.txt after RFC 9309, and its Crawl-delay; where it cannot be read, the crawl leaves the site."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent = crawler.settings["ROBOTS_AGENT"]
        self.rules: dict[str, asyncio.Task[RobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsRules":
        """Build it as Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or refuse it where robots.txt does."""
        if request.meta.get("kind") == "robots":
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.rules:
            # A task, so that all who ask at once wait for one answer.
            self.rules[origin] = asyncio.ensure_future(self.fetch_rules(origin, request.meta["download_slot"]))
        rules = await self.rules[origin]
        if not rules.allowed(request.url, self.agent):
            raise Forbidden("robots.txt")

    async def fetch_rules(self, origin: str, slot: str) -> RobotParser:
        """Return the rules of one origin, and slow down to its Crawl-delay."""
        request = Request(f"{origin}/robots.txt", priority=1000, callback=NO_CALLBACK, dont_filter=True,
                          meta={"kind": "robots"})
        engine: Any = self.crawler.engine
        try:
            response = await engine.download_async(request)
        except Exception as error:
            # Whatever kept us from reading the rules, we may not act as if there were none.
            raise self.leave(slot, name_failure(error)) from None
        if response.status >= 500 or response.status == 429:
            raise self.leave(slot, f"status {response.status}")
        walled = response.status in (401, 403)
        body = FORBID_ALL if walled else response.body[:MAX_ROBOTS] if response.status == 200 else b""
        rules = ProtegoRobotParser(body, self.crawler.spider)
        delay = rules.crawl_delay(self.agent)
        if delay is not None and delay > MAX_CRAWL_DELAY:
            return ProtegoRobotParser(FORBID_ALL, self.crawler.spider)
        if delay is not None:
            slow_down(engine.downloader, slot, delay)
        return rules

    def leave(self, slot: str, why: str) -> Postponed:
        """Leave a site for this crawl, and return the refusal of the request that found out."""
        spider: Any = self.crawler.spider
        spider.leave(slot, datetime.now(VIETNAM) + timedelta(hours=1), f"robots.txt cannot be read: {why}")
        return Postponed(why)


def slow_down(downloader: Any, slot: str, delay: float) -> None:
    """Lengthen the wait between a site's requests, also for the queue that follows when this one was idle."""
    settings = downloader.per_slot_settings.setdefault(slot, {})
    settings["delay"] = max(settings.get("delay", 0.0), delay)
    if slot in downloader.slots:
        downloader.slots[slot].delay = max(downloader.slots[slot].delay, delay)


class GuestHandler(HTTP11DownloadHandler):
    """Makes the request itself: counts the wait from the end of the last one, and obeys Retry-After."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        crawler.signals.connect(self.refuse_type, signal=signals.headers_received)

    async def download_request(self, request: Request) -> Response:
        """Fetch one address, and set when the site's next request may go out."""
        spider: Any = self.crawler.spider
        name = request.meta["download_slot"]
        # It may have waited in the queue while the answer to another said "not now".
        if name in spider.postponed:
            raise Postponed(spider.notes[name])
        self.crawler.stats.inc_value(f"site/{name}/requests")
        wait = 0.0
        try:
            response = await super().download_request(request)
            if response.status in BUSY:
                wait = self.read_wait(request, response)
        finally:
            slot = self.crawler.engine.downloader.slots[name]
            slot.lastseen = monotonic() + max(0.0, wait - slot.delay)
        if response.ip_address and is_private_address(str(response.ip_address)) and not spider.sites[name].local:
            raise Outside(f"private address {response.ip_address}")
        return response

    def read_wait(self, request: Request, response: Response) -> float:
        """Return how long a busy site wants us to wait; where that is too long, leave it for this crawl."""
        spider: Any = self.crawler.spider
        now = datetime.now(VIETNAM)
        header = response.headers.get("Retry-After")
        wait = read_retry_after(header.decode("latin-1") if header else None, now)
        if wait is None:
            site = spider.sites[request.meta["download_slot"]]
            wait = BACK_OFF * site.delay * 2 ** request.meta.get("retry_times", 0)
        if wait > MAX_WAIT:
            until = now + timedelta(seconds=wait)
            spider.leave(request.meta["download_slot"], until, f"asked to wait until {stamp(until)}")
            request.meta["dont_retry"] = True
            return 0.0
        return wait

    def refuse_type(self, headers: Headers, request: Request) -> None:
        """Stop before the body of what cannot be a page."""
        content_type = (headers.get("Content-Type") or b"").decode("latin-1").lower()
        if content_type.startswith(NOT_TEXT):
            raise StopDownload(fail=True)


@implementer(IResolutionReceiver)
class PublicAddresses:
    """Hands on the public addresses of a name, and no others: so no other is ever connected to."""

    def __init__(self, receiver: Any) -> None:
        self.receiver = receiver

    def resolutionBegan(self, resolution: Any) -> None:
        """Hand it on."""
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        """Hand on a public address."""
        if not is_private_address(address.host):
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        """Hand it on."""
        self.receiver.resolutionComplete()


class PublicResolver(CachingHostnameResolver):
    """Resolves names to public addresses only, at every connection; hosts of local sites excepted."""

    local_hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "PublicResolver":
        """Build it as Scrapy does, which hands it settings and no spider."""
        resolver = cls(reactor, crawler.settings.getint("DNSCACHE_SIZE"))
        resolver.local_hosts = frozenset(crawler.settings.getlist("LOCAL_HOSTS"))
        return resolver

    def resolveHostName(self, resolutionReceiver: IResolutionReceiver, hostName: str, *args: Any,
                        **kwargs: Any) -> IHostResolution:
        """Resolve a name."""
        receiver: Any = resolutionReceiver if hostName in self.local_hosts else PublicAddresses(resolutionReceiver)
        return super().resolveHostName(receiver, hostName, *args, **kwargs)
