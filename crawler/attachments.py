"""Which PDF and Word documents a page puts in front of its reader."""

from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.documents import ENDINGS

PLACES = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}
# Viewers take the document's address as a part of their own.
VIEWER_KEYS = {"file", "url", "src"}
MOST = 5


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
