"""Stored pages become articles: only what is new, changed, or was parsed by older rules."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from crawler.page import PageError, read_page
from crawler.site import Site
from crawler.version import parser_version, site_version
from store.addresses import find_address, find_gone, find_moved
from store.articles import (
    find_parser,
    mark_gone,
    mark_returned,
    move_article,
    parsed_hashes,
    save_article,
    save_parser,
    save_refusal,
)
from store.db import open_news, open_pages
from store.pages import hash_body, iterate_pages, load_page
from store.records import Page
from store.state import load_state, save_state

# The state that keeps the version of each site's rules.
SITES = "parser of sites"


@dataclass(slots=True)
class ParseSummary:
    """How many pages were parsed into what; `reasons` counts the refused ones, `fields` what changed in how many."""

    new: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    gone: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        """How many pages are no articles."""
        return sum(self.reasons.values())


def parse_pages(
    data: Path, sites: Iterable[Site], *, everything: bool = False, progress: Callable[[int], None] | None = None
) -> ParseSummary:
    """Bring the articles of DATA/news.db up to the pages of DATA/pages.db; `progress` is told of each page."""
    pages, news = open_pages(data), open_news(data)
    by_name = {site.name: site for site in sites}
    summary = ParseSummary()
    for old, target in find_moved(pages):
        move_article(news, old, target)
    version = parser_version()
    hashes = parsed_hashes(news, version)
    everything = everything or find_parser(news) != version
    # A change of a site's file touches that site's pages alone.
    before = load_state(news, SITES) or {}
    versions = {name: site_version(site) for name, site in sorted(by_name.items())}
    retold = {name for name in versions if before.get(name, versions[name]) != versions[name]}

    def is_wanted(url: str, body_hash: str) -> bool:
        if everything or hashes.get(url) != body_hash or (retold and find_name(by_name, url) in retold):
            return True
        summary.skipped += 1
        return False

    for page in iterate_pages(pages, is_wanted):
        parse_one(news, page, find_site(by_name, page), summary, partial(find_stored, pages))
        if progress:
            progress(1)
    gone = find_gone(pages)
    for url, at in gone:
        summary.gone += mark_gone(news, url, at)
    mark_returned(news, [url for url, _ in gone])
    save_parser(news, version)
    save_state(news, SITES, before | versions)
    return summary


def find_name(by_name: dict[str, Site], url: str) -> str | None:
    """Return the name of the site that an address belongs to."""
    return next((site.name for site in by_name.values() if site.owns(url)), None)


def find_stored(pages: Database, url: str) -> Page | None:
    """Return the current version of a stored page."""
    address = find_address(pages, url)
    return load_page(pages, url, address.body_hash) if address and address.body_hash else None


def find_site(by_name: dict[str, Site], page: Page) -> Site | None:
    """Return the site a page belongs to: by the name it was stored under, else by its address."""
    return by_name.get(page.site) or next((site for site in by_name.values() if site.owns(page.url)), None)


def parse_one(
    news: Database, page: Page, site: Site | None, summary: ParseSummary, find: Callable[[str], Page | None]
) -> None:
    """Keep one page's article, or the reason why it has none."""
    version = hash_body(page.body)
    try:
        article = read_page(page, site, find)
    except PageError as error:
        save_refusal(news, page.url, page.site, version, parser_version(), str(error), page.fetched_at)
        summary.reasons[str(error)] += 1
        return
    saved = save_article(news, article, version, page.fetched_at)
    setattr(summary, saved.outcome, getattr(summary, saved.outcome) + 1)
    summary.fields.update(saved.fields)
