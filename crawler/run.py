"""Run a crawl in a process of its own, since Scrapy's reactor runs once a process, and say how each site went."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import Any

from sqlite_utils import Database

import store.db
from crawler.health import BAD_STATES, Seen, judge_site
from crawler.site import Site, load_site, load_sites
from store.addresses import due_stamp, moment, stamp
from store.crawls import (
    Coverage,
    SiteHealth,
    begin_run,
    find_coverage,
    find_past,
    find_trouble,
    finish_run,
    save_coverage,
)
from store.db import open_news, open_pages
from store.lock import hold_lock
from store.pages import find_fresh, newest_page

# So many of a site's new pages are read to see whether its layout still is what we know.
SAMPLE = 10
# Where the two packages are, for a child that may start in any folder and under any PYTHONPATH.
ROOTS = [str(Path(__file__).resolve().parent.parent), str(Path(store.db.__file__).resolve().parent.parent)]
LAST_WORDS = 10.0
STEP_SECONDS = 0.1
CHECKPOINT_PAGES = 4_000
Outcome = tuple[dict[str, dict[str, int]], dict[str, str]]


class CrawlError(RuntimeError):
    """The crawl as a whole could not be made."""


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """How a crawl went, site by site, in the order of the names."""

    run_id: int
    started_at: str
    finished_at: str
    sites: tuple[SiteHealth, ...]
    stopped: bool = False

    @property
    def failures(self) -> tuple[SiteHealth, ...]:
        """The sites that could not be crawled as their files promise."""
        return tuple(site for site in self.sites if site.state in BAD_STATES)

    def total(self, what: str) -> int:
        """Return the sum of one count over all sites."""
        return sum(int(getattr(site, what)) for site in self.sites)


def crawl(data: Path, names: list[str], sites_dir: Path | None = None, max_pages: int | None = None,
          since: date | None = None, full: bool = False, contact: str | None = None,
          progress: Callable[[int], object] | None = None, warc: Path | None = None,
          seconds: float | None = None) -> CrawlSummary:
    """Fetch what is new or changed at these sites (at all, when none is named) into DATA/pages.db.

    `max_pages` counts articles asked for, a site; `contact` stands in the user agent; `progress` is called with the
    number of addresses just dealt with; `warc` is a folder that gets every request and answer as WARC files; after
    `seconds` no more is asked for, what is under way is finished and the rest is due the next time (`stopped`).
    Raises SiteError, StoreError, LockError or CrawlError before the first request.
    """
    sites = choose_sites(names, sites_dir)
    command = " ".join(["crawl", *names, *([f"--max-pages {max_pages}"] if max_pages else []),
                        *([f"--since {since.isoformat()[:10]}"] if since else []), *(["--full"] if full else [])])
    job = {"data": str(data.resolve()), "names": [site.name for site in sites], "max_pages": max_pages, "full": full,
           "sites_dir": str(sites_dir.resolve()) if sites_dir else None, "contact": contact,
           "since": since.isoformat()[:10] if since else None, "warc": str(warc.resolve()) if warc else None,
           "seconds": seconds}
    with hold_lock(data / "crawl.lock"):
        news = open_news(data)
        pages = open_pages(data)
        mark = newest_page(pages)
        pages.close()
        started_at = stamp()
        run_id = begin_run(news, command, started_at)
        counts, notes = run_child(job, progress)
        stopped = {name for name, found in counts.items() if found.get("put_off")}
        pages = open_pages(data)
        health = tuple(
            judge_site(site, counts.get(site.name, {}), notes.get(site.name),
                       since is not None or site.name in stopped,
                       look_back(pages, news, site, mark)) for site in sites)
        pages.close()
        finished_at = stamp()
        finish_run(news, run_id, finished_at, health)
        news.close()
    return CrawlSummary(run_id, started_at, finished_at, health, bool(stopped))


def choose_sites(names: list[str], sites_dir: Path | None) -> list[Site]:
    """Return the named sites, each once, or all. Raises SiteError where one does not exist or a file is bad."""
    if names:
        return [load_site(name, sites_dir) for name in dict.fromkeys(names)]
    sites = load_sites(sites_dir)
    if not sites:
        raise CrawlError(f"{sites_dir}: no site files; put one .toml a site there")
    return sites


def look_back(pages: Database, news: Database, site: Site, mark: int) -> Seen:
    """Return what is known of a site beside this crawl's counts, and keep what its pages kept after `mark` gave."""
    coverage = read_coverage(pages, site, mark)
    past_coverage = find_coverage(pages, site.name)
    if coverage:
        save_coverage(pages, site.name, due_stamp(), coverage)
    return Seen(find_past(news, site.name), coverage, past_coverage, moment(stamp()), find_trouble(news, site.name))


def read_coverage(pages: Database, site: Site, mark: int) -> Coverage | None:
    """Read a sample of what a crawl brought from a site, and count the parts its pages gave."""
    sample = find_fresh(pages, site.name, mark, SAMPLE)
    if not sample:
        return None
    # Only here: a crawl that brought nothing new pays nothing for reading.
    from crawler.page import PageError, read_page
    from crawler.parse import find_stored

    found: Counter[str] = Counter()
    for page in sample:
        try:
            article = read_page(page, site, partial(find_stored, pages))
        except PageError:
            continue
        found.update(part for part in ("title", "body", "published_at", "author") if getattr(article, part))
    return Coverage(len(sample), **found)


def run_child(job: dict[str, Any], progress: Callable[[int], object] | None) -> Outcome:
    """Run one crawl in a child process; return its counts and notes by site. Raises CrawlError when it breaks off."""
    inherited = [path for path in [os.environ.get("PYTHONPATH")] if path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*ROOTS, *inherited])}
    # -P: a folder named like one of our packages, where the user stands, must not take its place.
    command = [sys.executable, "-P", "-m", "crawler.run"]
    with TemporaryFile() as log, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                                  env=environment) as child:
        try:
            for event in talk(child, job):
                if "error" in event:
                    raise CrawlError(event["error"])
                if "counts" in event:
                    return event["counts"], event["notes"]
                if progress:
                    progress(event["steps"])
        finally:
            # The child ends by itself when its standard input does: also when we are killed.
            child.stdin.close()  # type: ignore[union-attr]
            try:
                child.wait(LAST_WORDS)
            except subprocess.TimeoutExpired:
                child.kill()
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip().splitlines()
    raise CrawlError(f"the crawler stopped with code {child.returncode}: {said[-1] if said else 'no reason given'};"
                     " run it again, what it fetched is kept")


def talk(child: "subprocess.Popen[bytes]", job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the child its job and yield what it tells, line by line."""
    if child.stdin is None or child.stdout is None:
        raise CrawlError("the crawler has no pipes")
    try:
        child.stdin.write(json.dumps(job).encode() + b"\n")
        child.stdin.flush()
        for line in child.stdout:
            yield json.loads(line)
    except BrokenPipeError:
        return


def main() -> None:
    """Be the child: read the job, crawl, tell the counts."""
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a library prints must not end up between our lines.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    tell = Teller(out)
    try:
        counts, notes = run_spider(job, tell)
    except (ValueError, RuntimeError, OSError) as error:
        tell.send({"error": str(error)})
        raise
    tell.send({"counts": counts, "notes": notes})


def end_with_parent() -> None:
    # Reading ends when the other side closes the pipe or dies; the databases bear being left at any moment.
    sys.stdin.read()
    os._exit(70)


class Teller:
    """Writes one line of JSON an event, and of steps a line a moment: the reader shows them to a person."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.steps, self.told_at = 0, 0.0

    def send(self, event: dict[str, Any]) -> None:
        """Write the steps not told yet, and one event."""
        events = [{"steps": self.steps}] if self.steps and "steps" not in event else []
        self.steps, self.told_at = 0, monotonic()
        self.out.write("".join(json.dumps(told) + "\n" for told in [*events, event]))
        self.out.flush()

    def step(self, item: object) -> None:
        """Tell that one more address is dealt with, at once or a moment later."""
        self.steps += 1
        if monotonic() - self.told_at > STEP_SECONDS:
            self.send({"steps": self.steps})


def run_spider(job: dict[str, Any], tell: Teller) -> Outcome:
    """Crawl in this process, which can do so once; return counts and notes by site."""
    from scrapy import signals
    from scrapy.crawler import CrawlerProcess
    from scrapy.settings import Settings

    from crawler.optouts import load_optouts
    from crawler.spider import SiteSpider
    from crawler.visits import find_local_hosts
    from store.ledger import trim_ledger

    sites = choose_sites(job["names"], Path(job["sites_dir"]) if job["sites_dir"] else None)
    settings = Settings()
    settings.setmodule("crawler.settings")
    if job["contact"]:
        settings.set("USER_AGENT", f"unionnews (+{job['contact']})")
    settings.set("LOCAL_HOSTS", find_local_hosts(sites))
    settings.set("WARC_DIR", job["warc"])
    settings.set("CRAWL_SECONDS", job["seconds"])
    process = CrawlerProcess(settings)
    # What is below it Scrapy would still write out in full, twice a page, for nobody.
    logging.getLogger("scrapy").setLevel(settings["LOG_LEVEL"])
    crawler = process.create_crawler(SiteSpider)
    crawler.signals.connect(tell.step, signal=signals.item_scraped)
    db = open_pages(Path(job["data"]))
    # The same few database pages are written again and again: gathered for longer, they cost half.
    db.execute(f"pragma wal_autocheckpoint = {CHECKPOINT_PAGES}").fetchall()
    trim_ledger(db)
    optouts = load_optouts(Path(job["data"]) / "optouts.csv")
    process.crawl(crawler, sites=sites, db=db, optouts=optouts, max_pages=job["max_pages"], full=job["full"],
                  since=date.fromisoformat(job["since"]) if job["since"] else None)
    process.start()
    db.close()
    spider: Any = crawler.spider
    counts: dict[str, dict[str, int]] = {site.name: {} for site in sites}
    for key, value in sorted(crawler.stats.get_stats().items()):
        if key.startswith("site/"):
            _, name, what = key.split("/", 2)
            counts[name][what] = value
    for name in sorted(spider.visits.limit.put_off) if spider else ():
        counts[name]["put_off"] = 1
    return counts, dict(sorted(spider.notes.items())) if spider else {}


if __name__ == "__main__":
    main()
