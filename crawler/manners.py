"""How a guest behaves before it asks: only hosts of the registry, opt-outs, the day's budget, robots.txt."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.answers import name_failure
from crawler.visits import find_visits
from store.addresses import VIETNAM

MAX_CRAWL_DELAY = 300.0
# Without any wait Scrapy's downloader starts all that is queued at once, whatever the concurrency; and it takes 0 for
# "never wait", also where Retry-After asks for it.
LEAST_DELAY = 0.0001
# RFC 9309 asks crawlers to read at least this much.
MAX_ROBOTS = 512_000
MAX_ROBOTS_SITEMAPS = 50
FORBID_ALL = "User-agent: *\nDisallow: /"


class Outside(IgnoreRequest):
    """The address is not of a site we crawl."""

    failure = "outside"


class Forbidden(IgnoreRequest):
    """The site's robots.txt says no."""

    failure = "robots"


class OptedOut(IgnoreRequest):
    """The owner of this address has asked us to stay away."""

    failure = "opted out"


class Postponed(IgnoreRequest):
    """We leave the site for this crawl: at its wish, for want of its robots.txt, or of budget for the day."""


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
        visits = find_visits(self.crawler)
        site = visits.find_site(request.url)
        if site is None:
            visits.refuse(request.meta.get("site", "?"), request.url, "outside")
            raise Outside(f"not in the registry: {urlsplit(request.url).netloc}")
        if visits.is_opted_out(request.url):
            visits.refuse(site.name, request.url, "opted out")
            raise OptedOut("the owner asked us to stay away")
        if site.name in visits.postponed:
            visits.refuse(site.name, request.url, visits.notes[site.name])
            raise Postponed(visits.notes[site.name])
        request.meta["download_slot"] = site.name
        request.meta.setdefault("download_timeout", site.timeout)
        slow_down(self.crawler, site.name, max(site.delay, LEAST_DELAY))


class RobotsRules:
    """Obeys robots.txt after RFC 9309, and its Crawl-delay; where it cannot be read, the crawl leaves the site."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent = crawler.settings["ROBOTS_AGENT"]
        self.rules: dict[str, asyncio.Task[Protego]] = {}

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
        if not rules.can_fetch(request.url, self.agent):
            find_visits(self.crawler).refuse(request.meta["download_slot"], request.url, "robots")
            raise Forbidden("robots.txt")

    async def fetch_rules(self, origin: str, slot: str) -> Protego:
        """Return the rules of one origin; slow down to its Crawl-delay, and tell the spider of its sitemaps."""
        request = Request(f"{origin}/robots.txt", priority=1000, callback=NO_CALLBACK, dont_filter=True,
                          meta={"kind": "robots", "site": slot})
        engine: Any = self.crawler.engine
        try:
            response = await engine.download_async(request)
        except Exception as error:
            # Whatever kept us from reading the rules, we may not act as if there were none.
            raise self.leave(slot, name_failure(error)) from None
        if response.status >= 500 or response.status == 429:
            raise self.leave(slot, f"status {response.status}")
        walled = response.status in (401, 403)
        text = response.body[:MAX_ROBOTS].decode("utf-8", "replace").lstrip("\ufeff") if response.status == 200 else ""
        rules = Protego.parse(FORBID_ALL if walled else text)
        delay = rules.crawl_delay(self.agent)
        if delay is not None and delay > MAX_CRAWL_DELAY:
            return Protego.parse(FORBID_ALL)
        if delay is not None:
            slow_down(self.crawler, slot, delay)
        if add := getattr(self.crawler.spider, "add_sitemaps", None):
            add(slot, [url for _, url in zip(range(MAX_ROBOTS_SITEMAPS), rules.sitemaps, strict=False)])
        return rules

    def leave(self, slot: str, why: str) -> Postponed:
        """Leave a site for this crawl, and return the refusal of the request that found out."""
        visits = find_visits(self.crawler)
        if slot not in visits.postponed:
            visits.leave(slot, datetime.now(VIETNAM) + timedelta(hours=1), f"robots.txt cannot be read: {why}")
        return Postponed(why)


def slow_down(crawler: Any, slot: str, delay: float) -> None:
    """Lengthen the wait between a site's requests, also for the queue that follows when this one was idle."""
    downloader = crawler.engine.downloader
    settings = downloader.per_slot_settings.setdefault(slot, {"concurrency": 1, "delay": 0.0, "jitter": 0})
    if delay > settings["delay"]:
        settings["delay"] = delay
        if slot in downloader.slots:
            downloader.slots[slot].delay = max(downloader.slots[slot].delay, delay)
