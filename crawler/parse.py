"""Stored pages become articles: only what is new, changed, or was parsed by older rules."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from crawler.page import PageError, read_page
from crawler.site import Site
from crawler.version import parser_version, site_version
from store.addresses import ask_again, find_address, find_gone, find_moved
from store.articles import (
    Saved,
    find_parser,
    mark_gone,
    mark_returned,
    move_article,
    parsed_hashes,
    save_article,
    save_parser,
    save_refusal,
)
from store.attachments import join_versions, name_versions
from store.db import StoreError, open_news, open_pages
from store.pages import find_current, find_history, load_page
from store.records import Page
from store.state import load_state, save_state

# The state that keeps the version of each site's rules, and the one that keeps how far the rules of now have come.
SITES, REACHED = "parser of sites", "parser reached"
# So many pages are gone over again at most when a run is killed.
KEPT_EVERY = 100


@dataclass(slots=True)
class ParseSummary:
    """How many pages were parsed into what; `reasons` counts the refused ones, `fields` what changed in how many.

    `damaged` has a line for each page that cannot be read, or at which the parser fails; `stopped`: time was up, the
    rest is for the next run.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    gone: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)
    stopped: bool = False

    @property
    def refused(self) -> int:
        """How many pages are no articles."""
        return sum(self.reasons.values())


class ParseError(RuntimeError):
    """A page at which the parser itself fails: a mistake of ours, which must not cost the other pages."""


class Rules:
    """The rules of now, beside those that went over the pages before: which pages must be gone over again."""

    def __init__(self, news: Database, by_name: dict[str, Site], *, everything: bool) -> None:
        self.news, self.by_name, self.version = news, by_name, parser_version()
        self.everything = everything or find_parser(news) != self.version
        # A change of a site's file touches that site's pages alone.
        self.before = load_state(news, SITES) or {}
        self.sites = {name: site_version(site) for name, site in sorted(by_name.items())}
        self.retold = {name for name, told in self.sites.items() if self.before.get(name, told) != told}
        self.name = sha256(repr((self.version, self.sites)).encode()).hexdigest()
        kept = load_state(news, REACHED) or {}
        # An interrupted run goes on where it was; asked to do everything, it begins at the beginning.
        self.reached = tuple(kept["at"]) if kept.get("rules") == self.name and not everything else ("", "")

    def are_new_to(self, site: str, url: str) -> bool:
        """Whether a page was not gone over by the rules of now."""
        if (site, url) <= self.reached:
            return False
        return self.everything or bool(self.retold and find_name(self.by_name, url) in self.retold)

    def keep(self, site: str, url: str) -> None:
        """Note how far a run has come."""
        save_state(self.news, REACHED, {"rules": self.name, "at": [site, url]})

    def finish(self) -> None:
        """Note that these rules have gone over every page."""
        save_parser(self.news, self.version)
        save_state(self.news, SITES, self.before | self.sites)
        save_state(self.news, REACHED, {})


def parse_pages(
    data: Path, sites: Iterable[Site], *, everything: bool = False, progress: Callable[[int], None] | None = None,
    is_over: Callable[[], bool] | None = None,
) -> ParseSummary:
    """Bring the articles of DATA/news.db up to the pages of DATA/pages.db; `progress` is told of each page.

    When `is_over`, it stops after a page; the next run goes on there. A damaged page costs its article nothing.
    """
    pages, news = open_pages(data), open_news(data)
    by_name = {site.name: site for site in sites}
    summary = ParseSummary()
    for old, target in find_moved(pages):
        move_article(news, old, target)
    rules = Rules(news, by_name, everything=everything)
    hashes, attached = parsed_hashes(news, rules.version), name_versions(pages)
    find = partial(find_stored, pages)
    parsed = 0
    for site, url, current in find_current(pages):
        known, documents = hashes.get(url), attached.get(url)
        if known == join_versions(current, documents) and not rules.are_new_to(site, url):
            summary.skipped += 1
            continue
        versions = find_unparsed(pages, url, current, known, documents)
        keep_versions(news, load_versions(pages, url, versions, summary), by_name, summary, find, documents)
        parsed += 1
        if progress:
            progress(1)
        summary.stopped = bool(is_over and is_over())
        if summary.stopped or parsed % KEPT_EVERY == 0:
            rules.keep(site, url)
        if summary.stopped:
            break
    gone = find_gone(pages)
    for url, at in gone:
        summary.gone += mark_gone(news, url, at)
    mark_returned(news, [url for url, _ in gone])
    if not summary.stopped:
        rules.finish()
    return summary


def find_name(by_name: dict[str, Site], url: str) -> str | None:
    """Return the name of the site that an address belongs to."""
    return next((site.name for site in by_name.values() if site.owns(url)), None)


def find_stored(pages: Database, url: str) -> Page | None:
    """Return the current version of a stored page. Raises StoreError where it is damaged: it is asked for again."""
    address = find_address(pages, url)
    return load_whole(pages, url, address.body_hash) if address and address.body_hash else None


def load_whole(pages: Database, url: str, version: str) -> Page:
    try:
        return load_page(pages, url, version)
    except StoreError:
        ask_again(pages, url)
        raise


def find_site(by_name: dict[str, Site], page: Page) -> Site | None:
    """Return the site a page belongs to: by the name it was stored under, else by its address."""
    return by_name.get(page.site) or next((site for site in by_name.values() if site.owns(page.url)), None)


def find_unparsed(
    pages: Database, url: str, current: str, known: str | None, documents: str | None
) -> list[tuple[str, str]]:
    """Return (address, version) of what was never parsed of a page, oldest first, the current version last.

    So the texts an article had between two runs, or before news.db was lost, are revisions as if it had never been.
    """
    history = [(at, version) for at, version in find_history(pages, url) if (at, version) != (url, current)]
    parsed = [number for number, (_, version) in enumerate(history)
              if known in (version, join_versions(version, documents))]
    if known in (current, join_versions(current, documents)):
        history = []
    elif known is not None:
        history = history[parsed[-1] + 1 :] if parsed else []
    return [*history, (url, current)]


def load_versions(
    pages: Database, url: str, versions: Iterable[tuple[str, str]], summary: ParseSummary
) -> Iterator[tuple[str, Page]]:
    """Yield each version of a page under its address of now; a damaged one is told."""
    for at, version in versions:
        try:
            yield version, replace(load_whole(pages, at, version), url=url)
        except StoreError as error:
            summary.damaged.append(str(error))


def keep_versions(
    news: Database, versions: Iterable[tuple[str, Page]], by_name: dict[str, Site], summary: ParseSummary,
    find: Callable[[str], Page | None], documents: str | None,
) -> None:
    """Keep the versions of one page in turn, and count what came of it as a whole."""
    outcomes: list[Saved | str] = []
    for version, page in versions:
        try:
            outcomes.append(parse_one(news, page, join_versions(version, documents), find_site(by_name, page), find))
        except (StoreError, ParseError) as error:
            # The page is whole; the document its story is in is not, or our parser.
            summary.damaged.append(str(error))
    if not outcomes:
        return
    last = outcomes[-1]
    if isinstance(last, str):
        summary.reasons[last] += 1
        return
    outcome = "new" if any(isinstance(one, Saved) and one.outcome == "new" for one in outcomes) else last.outcome
    setattr(summary, outcome, getattr(summary, outcome) + 1)
    summary.fields.update(last.fields if outcome == "changed" else ())


def parse_one(
    news: Database, page: Page, version: str, site: Site | None, find: Callable[[str], Page | None]
) -> Saved | str:
    """Keep one page's article, or the reason why it has none; say which. `version` names it and its documents."""
    try:
        article = read_page(page, site, find)
    except PageError as error:
        save_refusal(news, page.url, page.site, version, parser_version(), str(error), page.fetched_at)
        return str(error)
    except (StoreError, sqlite3.Error, OSError):
        raise
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ParseError(f"{page.url}: the parser fails at this page ({why}); report it, all others go on") from error
    return save_article(news, article, version, page.fetched_at)
