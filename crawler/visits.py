"""What one crawl knows of the sites it visits: who owns an address, who is left alone and why, what each has cost."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.limits import Limit
from crawler.optouts import OptOut, is_opted_out
from crawler.site import Site, load_sites
from crawler.waits import next_after_kills
from store.addresses import VIETNAM, due_stamp, put_off_interrupted, stamp, writing
from store.ledger import close_decision, note_refusal, open_decision, requests_on


class Visits:
    """The sites of one crawl; `postponed` says until when each of those is left alone, `notes` why."""

    def __init__(self, sites: Iterable[Site], db: Database | None = None, optouts: tuple[OptOut, ...] = ()) -> None:
        self.sites = {site.name: site for site in sites}
        self.owners = {host: site for site in self.sites.values() for host in site.hosts}
        self.db = db
        self.optouts = optouts
        self.limit = Limit()
        self.postponed: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.spent: dict[tuple[str, str], int] = {}
        self.ended: list[tuple[int, str, str | None, int | None, int | None, float]] = []

    def find_site(self, url: str) -> Site | None:
        """Return the site that owns an address."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        site = self.owners.get(parts.netloc.lower()) or self.owners.get(parts.hostname or "")
        return site if site and site.owns(url) else None

    def is_opted_out(self, url: str) -> bool:
        """Say whether the owner of an address has asked us to stay away."""
        return bool(self.optouts) and is_opted_out(self.optouts, url)

    def leave(self, name: str, until: datetime, why: str) -> None:
        """Leave a site alone for the rest of this crawl; `until` is kept where the site itself has asked for it."""
        self.postponed[name] = due_stamp(until)
        self.notes[name] = why

    def spend(self, name: str) -> bool:
        """Take one request from a site's budget of the day; where none is left, leave it until tomorrow."""
        site, now = self.sites[name], datetime.now(VIETNAM)
        key = (name, now.date().isoformat())
        if key not in self.spent:
            self.spent[key] = requests_on(self.db, *key) if self.db else 0
        if site.budget is not None and self.spent[key] >= site.budget:
            tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), VIETNAM)
            self.leave(name, tomorrow, f"daily budget of {site.budget} requests is used up")
            return False
        self.spent[key] += 1
        return True

    def begin(self, name: str, url: str, article: str | None = None) -> int:
        """Write into the ledger, before it does, that a request goes out, and for which article."""
        if not self.db:
            return 0
        with writing(self.db):
            self.close_lines()
            return open_decision(self.db, stamp(), name, url, article)

    def end(self, number: int, decision: str, reason: str | None, status: int | None, size: int | None,
            seconds: float) -> None:
        """Tell what came of a request: it is in the ledger with the next transaction, the one that keeps the page."""
        if self.db:
            self.ended.append((number, decision, reason, status, size, seconds))

    def put_off(self, name: str) -> None:
        """Leave alone for a while what was under way at two kills: no page is to end crawl after crawl."""
        if not self.db:
            return
        now = datetime.now(VIETNAM)
        for page in put_off_interrupted(self.db, name, lambda times: due_stamp(next_after_kills(now, times))):
            why = f"under way at {page.asked} kills; put off"
            self.refuse(name, page.url, why)
            self.notes.setdefault(name, f"{page.url}: {why}")

    def close_lines(self) -> None:
        """Write what came of requests into the ledger."""
        if self.db:
            for line in self.ended:
                close_decision(self.db, *line)
        self.ended = []

    def refuse(self, name: str, url: str, reason: str) -> None:
        """Write into the ledger that nothing was sent."""
        if self.db:
            note_refusal(self.db, stamp(), name, url, reason)


def find_visits(crawler: Any) -> Visits:
    """Return the visits of a crawl; `scrapy shell` and its like, whose spider has none, get the registry's."""
    spider = crawler.spider
    if not hasattr(spider, "visits"):
        spider.visits = Visits(load_sites(sites_folder(crawler.settings)))
    found: Visits = spider.visits
    return found


def find_local_hosts(sites: Iterable[Site]) -> list[str]:
    """Return the names and addresses of servers of our own, without their ports."""
    return [host.partition(":")[0] for site in sites if site.local for host in sorted(site.hosts)]


def sites_folder(settings: Any) -> Path | None:
    """Return the folder of site files that the settings name, if they do."""
    return Path(settings["SITES_DIR"]) if settings.get("SITES_DIR") else None
