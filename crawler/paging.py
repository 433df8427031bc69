"""Which further pages of a listing or a sitemap are worth a request: the choice between all and new."""

from collections.abc import Iterator

from sqlite_utils import Database

from crawler.discovery import Found
from crawler.site import Site
from store.addresses import count_addresses, find_address, moment
from store.pages import hash_body

MAX_LISTINGS = 200
MAX_LISTINGS_FULL = 5_000
# Parts of a sitemap index that tell no date are asked for at every crawl, but not more of them than this.
MAX_UNDATED_PARTS = 20
# And of one that tells them, the newest so many a crawl.
MAX_PARTS = 200


def choose_pages(db: Database, site: Site, kind: str, found: Found, since: str | None, full: bool) -> Iterator[str]:
    """Yield which further pages of a source to read: those never read, and those that may tell something new.

    With `since` (a date) the walk goes on until a page has nothing younger; a page that dates nothing does not end it.
    """
    fresh = any(find_address(db, link.url) is None for link in found.links)
    dates = [link.date for link in found.links if link.date]
    back = since is not None and not (dates and max(dates) < since)
    limit = MAX_LISTINGS_FULL if full or back else MAX_LISTINGS
    undated = 0
    for link in sorted(found.follow, key=lambda link: link.date or "", reverse=True):
        known = find_address(db, link.url)
        unread = known is None or known.fetched_at is None
        if since and link.date and link.date < since:
            continue
        if kind != "sitemap":
            # The first walk goes to the end; later ones go as far as there is anything new.
            few = known is not None or count_addresses(db, site.name, "listing") < limit
            if (back and few) if since else (unread and few) or fresh or full:
                yield link.url
        elif unread or full:
            yield link.url
        elif link.date is None:
            undated += 1
            if undated <= MAX_UNDATED_PARTS:
                yield link.url
        elif known and moment(link.date) > moment(known.fetched_at):
            yield link.url


def fingerprint(site: Site) -> str:
    """Return a mark of how the site file reads sources; it changes when the file does."""
    keys = (site.article_pattern, site.article_link, site.next_page, site.drop_query, site.rewrite, site.base,
            sorted(site.hosts))
    return hash_body(repr(keys).encode())[:8] + ":"
