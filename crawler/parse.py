"""Stored pages become articles: only what is new, changed, or was parsed by older rules."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from crawler.page import PageError, read_page
from crawler.site import Site
from store.addresses import find_gone, find_moved
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
from store.pages import hash_body, iterate_pages
from store.records import Page

# Raise it with every change of the rules: all stored pages are parsed again, and articles that come out the same stay.
PARSER_VERSION = "1"


@dataclass(slots=True)
class ParseSummary:
    """How many pages were parsed into what; `reasons` counts the refused ones."""

    new: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    gone: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

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
    hashes = parsed_hashes(news, PARSER_VERSION)
    everything = everything or find_parser(news) != PARSER_VERSION

    def is_wanted(url: str, body_hash: str) -> bool:
        if everything or hashes.get(url) != body_hash:
            return True
        summary.skipped += 1
        return False

    for page in iterate_pages(pages, is_wanted):
        parse_one(news, page, find_site(by_name, page), summary)
        if progress:
            progress(1)
    gone = find_gone(pages)
    for url, at in gone:
        summary.gone += mark_gone(news, url, at)
    mark_returned(news, [url for url, _ in gone])
    save_parser(news, PARSER_VERSION)
    return summary


def find_site(by_name: dict[str, Site], page: Page) -> Site | None:
    """Return the site a page belongs to: by the name it was stored under, else by its address."""
    return by_name.get(page.site) or next((site for site in by_name.values() if site.owns(page.url)), None)


def parse_one(news: Database, page: Page, site: Site | None, summary: ParseSummary) -> None:
    """Keep one page's article, or the reason why it has none."""
    version = hash_body(page.body)
    try:
        article = read_page(page, site)
    except PageError as error:
        save_refusal(news, page.url, page.site, version, PARSER_VERSION, str(error), page.fetched_at)
        summary.reasons[str(error)] += 1
        return
    outcome = save_article(news, article, version, page.fetched_at).outcome
    setattr(summary, outcome, getattr(summary, outcome) + 1)
