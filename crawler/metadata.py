"""What a page says of itself to machines: JSON-LD, microdata, OpenGraph and meta tags."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from crawler.markup import find_all
from store.text import normalize

ARTICLES = {
    "article",
    "newsarticle",
    "blogposting",
    "reportagenewsarticle",
    "analysisnewsarticle",
    "opinionnewsarticle",
    "socialmediaposting",
    "report",
}
LISTINGS = {"collectionpage", "searchresultspage", "itemlist", "profilepage", "contactpage", "aboutpage"}
PUBLISHED = [
    "article:published_time",
    "article:published",
    "og:published_time",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "datepublished",
    "article.published",
    "sailthru.date",
    "its_publication",
    "displaydate",
]
UPDATED = ["article:modified_time", "og:updated_time", "lastmod", "last-modified", "datemodified", "dcterms.modified"]
SCOPES = ", ".join(f"[itemtype*='schema.org/{kind}']" for kind in ("NewsArticle", "Article", "BlogPosting"))
# Links, microformats and stray microdata that name an author; other stories' boxes have them too.
AUTHORS = ("a[rel~=author]", ".vcard .fn", ".author.vcard", "[itemprop=author]")
# "Tiêu đề - LĐLĐ tỉnh An Giang": what follows the last mark is the site's name.
SITE_SUFFIX = re.compile(r"\s+[-–—|»:•·]{1,2}\s+")


@dataclass(slots=True)
class Claims:
    """The machine-readable fields of one page, each field's claims in order of trust with their source."""

    fields: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    article: bool = False
    listing: bool = False
    site_name: str = ""
    language: str = ""

    def add(self, name: str, value: object, source: str) -> None:
        """Note one claim."""
        if isinstance(value, str) and value.strip():
            self.fields.setdefault(name, []).append((normalize(unescape(value)).replace("\n", " "), source))

    def first(self, name: str) -> tuple[str, str] | None:
        """Return the most trusted claim of a field and its source."""
        return next(iter(self.fields.get(name, [])), None)


def read_claims(tree: HtmlElement) -> Claims:
    """Return everything a page claims of itself."""
    claims = Claims(language=(tree.get("lang") or tree.get("xml:lang") or "").lower())
    for thing in find_things(tree):
        read_thing(thing, claims)
    read_microdata(tree, claims)
    meta = read_meta(tree)
    claims.site_name = meta.get("og:site_name", "")
    kind = meta.get("og:type", "").lower()
    claims.article = claims.article or kind in ("article", "news", "newsarticle")
    for name in PUBLISHED:
        claims.add("published", meta.get(name), f"meta {name}")
    for name in UPDATED:
        claims.add("updated", meta.get(name), f"meta {name}")
    claims.add("title", meta.get("og:title"), "meta og:title")
    claims.add("author", meta.get("author") or meta.get("dc.creator") or meta.get("article:author"), "meta author")
    read_bylines(tree, claims)
    claims.add("section", meta.get("article:section"), "meta article:section")
    claims.add("canonical", meta.get("og:url"), "meta og:url")
    for link in find_all(tree, "link[rel=canonical]"):
        claims.add("canonical", link.get("href"), "link canonical")
    for element in tree.iter("time"):
        claims.add("time", element.get("datetime"), "time")
    title = tree.find(".//title")
    if title is not None:
        claims.add("title", title.text_content(), "title")
    return claims


def read_meta(tree: HtmlElement) -> dict[str, str]:
    """Return the meta tags by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and meta.get("content"):
            found.setdefault(name.strip().lower(), meta.get("content", ""))
    return found


def find_things(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield every object of the page's JSON-LD, graphs and lists opened; broken JSON is left alone."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        text = re.sub(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*$", "", script.text_content().strip())
        try:
            # strict=False: raw line breaks stand inside strings of many templates.
            loaded = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [loaded]
        while waiting:
            thing = waiting.pop(0)
            if isinstance(thing, list):
                waiting = [*thing, *waiting]
            elif isinstance(thing, dict):
                waiting = [*([thing["@graph"]] if "@graph" in thing else []), *waiting]
                yield thing


def types_of(thing: dict[str, Any]) -> set[str]:
    """Return the lower-case types of a JSON-LD object."""
    kinds = thing.get("@type")
    return {kind.lower() for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def read_thing(thing: dict[str, Any], claims: Claims) -> None:
    """Note what one JSON-LD object claims."""
    kinds = types_of(thing)
    claims.listing = claims.listing or bool(kinds & LISTINGS and not kinds & ARTICLES)
    if not kinds & ARTICLES:
        return
    claims.article = True
    claims.add("title", thing.get("headline") or thing.get("name"), "json-ld")
    claims.add("published", thing.get("datePublished") or thing.get("dateCreated"), "json-ld")
    claims.add("updated", thing.get("dateModified"), "json-ld")
    section = thing.get("articleSection")
    claims.add("section", section[0] if isinstance(section, list) and section else section, "json-ld")
    authors = thing.get("author")
    names = []
    for author in authors if isinstance(authors, list) else [authors]:
        if isinstance(author, str):
            names.append(author)
        elif (
            isinstance(author, dict) and "organization" not in types_of(author) and isinstance(author.get("name"), str)
        ):
            names.append(author["name"])
    claims.add("author", ", ".join(name for name in names if name.strip()), "json-ld")


def read_microdata(tree: HtmlElement, claims: Claims) -> None:
    """Note what schema.org attributes claim; visible text is left to the families and the lines."""
    for scope in find_all(tree, SCOPES)[:1]:
        claims.article = True
        for name, prop in (("published", "datePublished"), ("updated", "dateModified")):
            for element in find_all(scope, f"[itemprop={prop}]")[:1]:
                claims.add(
                    name, element.get("content") or element.get("datetime") or element.text_content(), "microdata"
                )
        for element in find_all(scope, "[itemprop=author] [itemprop=name], [itemprop=author]")[-1:]:
            claims.add("author", element.get("content") or element.text_content(), "microdata")


def read_bylines(tree: HtmlElement, claims: Claims) -> None:
    """Note whom links and microformats name as the author, where they all name one."""
    for css in AUTHORS:
        names = {normalize(found.get("content") or found.text_content()) for found in find_all(tree, css)}
        if len(names) == 1:
            claims.add("author", names.pop(), css)


def strip_site(title: str, site_name: str = "") -> str:
    """Return a <title> without the site's name at its end.

    >>> strip_site("Công đoàn tặng quà Tết cho đoàn viên - LĐLĐ tỉnh An Giang")
    'Công đoàn tặng quà Tết cho đoàn viên'
    """
    parts = list(SITE_SUFFIX.finditer(title))
    if site_name and title.endswith(site_name):
        return title[: -len(site_name)].rstrip(" -–—|»:•·") or title
    while parts:
        last = parts.pop()
        head, tail = title[: last.start()], title[last.end() :]
        if len(head.split()) < 4 or len(tail.split()) > 9:
            break
        title = head
    return title
