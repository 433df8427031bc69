"""Which PDF and Word documents a page puts in front of its reader, and which of them its story is in."""

import logging
import re
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.documents import ENDINGS, KINDS
from crawler.site import Site
from store.records import Page

PLACES = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}
# Viewers take the document's address as a part of their own.
VIEWER_KEYS = {"file", "url", "src"}
MOST = 5
# A story is in one document or two; who hangs out more keeps an archive.
MOST_SENT_FOR = 2
NAMED = re.compile(rb"\.(?:pdf|docx)\b", re.I)
# All sites wait while one page is read; one that says nothing itself is no great page.
BIGGEST_STUB = 500_000
MAX_DOCUMENT = 16 * 2**20
ACCEPT = ",".join([*KINDS, "application/octet-stream;q=0.5"])
# Before the first bytes of a PDF some programs write their own.
HEAD = 1024

log = logging.getLogger(__name__)


def find_attachments(tree: HtmlElement, url: str) -> list[str]:
    """Return the addresses of the documents a page shows or links to, in order; of very many, the first few."""
    found: dict[str, None] = {}
    for element in tree.iter(*PLACES):
        link = (element.get(PLACES[element.tag]) or "").strip()
        try:
            target = urldefrag(urljoin(url, link)).url
            parts = urlsplit(target)
        except ValueError:
            continue
        inner = [value for key, value in parse_qsl(parts.query) if key.casefold() in VIEWER_KEYS]
        for address in [*(urljoin(url, value) for value in inner), target]:
            if unquote(urlsplit(address).path).casefold().endswith(ENDINGS):
                found.setdefault(address)
                break
    return list(found)[:MOST]


def find_wanted(page: Page, site: Site) -> tuple[str, ...]:
    """Return the documents on the site's own hosts without which a page's story cannot be read."""
    if len(page.body) > BIGGEST_STUB or not NAMED.search(page.body):
        return ()
    # Slow to import, and few pages name a document.
    from crawler.page import PageError, read_draft

    wanted: dict[str, None] = {}

    def note(url: str) -> None:
        wanted.setdefault(url)

    try:
        read_draft(page, site, note)
    except PageError:
        pass
    except Exception:
        # The page itself is not to be lost for what a reader makes of it.
        log.exception("%s: cannot be read for its attachments", page.url)
    return tuple(url for url in wanted if site.owns(url))[:MOST_SENT_FOR]


def is_document(body: bytes) -> bool:
    """Say whether a body is a PDF or a packed Word document, whatever its server calls it.

    >>> is_document(b"%PDF-1.7 ..."), is_document(b"<html>Log in first</html>")
    (True, False)
    """
    return b"%PDF-" in body[:HEAD] or body.startswith(b"PK\x03\x04")
