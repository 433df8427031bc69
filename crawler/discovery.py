"""Feeds, sitemaps and listings become addresses: values in, values out."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from lxml import etree
from scrapy.utils.sitemap import Sitemap
from w3lib.url import safe_url_string

from crawler.site import Site
from store.addresses import Link, moment

# The sitemap protocol's own limits.
MAX_XML = 50 * 2**20
MAX_LINKS = 50_000
MAX_URL = 2_000
FEEDS = {"rss", "RDF", "feed"}
SITEMAPS = {"urlset", "sitemapindex"}
# Keys that tell who came from where, or who is reading; they change no page.
VISITOR_KEYS = re.compile(r"utm_\w+|fbclid|gclid|zarsrc|zalo\w*|_ga|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|"
                          r"(?:php)?sess(?:ion)?_?id|ref_?src|mc_[ce]id|igshid", re.I)
SESSION_PATHS = re.compile(r";jsessionid=[^/?]*|/\(S\([a-z0-9]{20,}\)\)(?=/)", re.I)
PERCENT = re.compile(r"%[0-9a-f]{2}", re.I)
# Without a pattern, an article is told from a section by a long slug, or by a number of three digits or more.
SLUG = re.compile(r"(?:[^/-]+-){4,}[^/-]+|\d{3,}")
NEVER_ARTICLES = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|css|js|ico|xml|rss)\Z"
                            r"|/(?:tag|tags|author|category|login|search|tim-kiem|rss)/", re.I)


class DiscoveryError(ValueError):
    """A source is not what the site file says it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one source names: articles, and further pages of the source itself."""

    links: tuple[Link, ...] = ()
    follow: tuple[Link, ...] = ()


def canonicalize(site: Site, url: str, base: str | None = None) -> str | None:
    """Return the one address under which we keep a page of this site, or None when it is not of this site.

    Hosts of the site are one host; fragments, session ids and the site's idle query keys go.
    """
    try:
        # An accent may come raw: what a browser would send is what we keep.
        full = safe_url_string(urljoin(base or site.base, url.strip()))
        if len(full) > MAX_URL or not site.owns(full):
            return None
        parts = urlsplit(full)
    except ValueError:
        return None
    home = urlsplit(site.base)
    target = PERCENT.sub(lambda m: m[0].upper(), SESSION_PATHS.sub("", parts.path)) or "/"
    if query := clean_query(site, parts.query):
        target += f"?{query}"
    for pattern, new in site.rewrites:
        target = pattern.sub(new, target)
    path, _, query = target.partition("?")
    return urlunsplit((home.scheme, home.netloc.lower(), path if path.startswith("/") else f"/{path}", query, ""))


def clean_query(site: Site, query: str) -> str:
    # The order stays: some servers mind it, and a site writes its own links one way.
    dropped = {key.lower() for key in site.drop_query}
    pairs = [pair for pair in query.split("&") if pair]
    keys = [unquote(pair.partition("=")[0]).lower() for pair in pairs]
    kept = [pair for pair, key in zip(pairs, keys, strict=True)
            if key not in dropped and not VISITOR_KEYS.fullmatch(key)]
    return PERCENT.sub(lambda m: m[0].upper(), "&".join(kept))


def is_article(site: Site, url: str) -> bool:
    """Say whether an address, by its looks, is an article's."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    if site.article_pattern is not None:
        return any(re.search(site.article_pattern, form) for form in (target, unquote(target)))
    if NEVER_ARTICLES.search(parts.path):
        return False
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(SLUG.search(last) or any(SLUG.search(value) for _, value in parse_qsl(parts.query)))


def read_xml(site: Site, body: bytes, url: str) -> Found:
    """Return what a feed or a sitemap names. Raises DiscoveryError when it is neither, or too large."""
    body = unzip(body)
    if body.lstrip()[:4] == b"http":
        # The sitemap protocol allows a plain list too.
        lines = body.decode("utf-8", "replace").split()
        return Found(tuple(keep_articles(site, (Link(line) for line in lines), url)))
    root = root_name(body)
    if root in FEEDS:
        entries = list(find_entries(body))
        return Found(tuple(keep_articles(site, entries, url, any_shape=site.article_pattern is None)))
    if root not in SITEMAPS:
        raise DiscoveryError(f"neither feed nor sitemap: begins with <{root or '?'}>")
    sitemap = Sitemap(body)
    named = [Link(row["loc"], read_date(row.get("lastmod") or row.get("publication_date")))
             for _, row in zip(range(MAX_LINKS), sitemap, strict=False)]
    if sitemap.type == "sitemapindex":
        pages = ((canonicalize(site, link.url, url), link.date) for link in named)
        return Found(follow=tuple(Link(page, date, "sitemap") for page, date in pages if page))
    return Found(tuple(keep_articles(site, named, url)))


def keep_articles(site: Site, links: Iterable[Link], base: str, *, any_shape: bool = False) -> list[Link]:
    """Return the links that are articles of this site, canonical, each once."""
    kept: dict[str, Link] = {}
    for link in links:
        url = canonicalize(site, link.url, base)
        if url and url not in kept and len(kept) < MAX_LINKS and (any_shape or is_article(site, url)):
            kept[url] = Link(url, link.date)
    # A source that dates everything alike tells when it was made, not when the articles changed.
    if len(kept) > 3 and len({link.date for link in kept.values()}) == 1:
        return [Link(link.url) for link in kept.values()]
    return list(kept.values())


def find_entries(body: bytes) -> Iterator[Link]:
    """Yield the entries of an RSS (0.9 to 2.0) or Atom feed."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.parse(BytesIO(body.lstrip()), parser)
    for element in tree.iter("{*}item", "{*}entry"):
        texts: dict[str, str] = {}
        href = None
        for child in element.iterchildren("{*}*"):
            name = etree.QName(child).localname
            if name == "link" and child.get("rel", "alternate") == "alternate":
                href = href or child.get("href") or (child.text or "").strip()
            elif child.text and (name != "guid" or child.get("isPermaLink", "true") == "true"):
                texts.setdefault(name, child.text.strip())
        url = href or texts.get("guid", "")
        # Many a guid that does not say so is no address.
        if href or url.startswith("http"):
            dates = [read_date(texts.get(key)) for key in ("updated", "modified", "pubDate", "published", "date")]
            yield Link(url, next((date for date in dates if date), None))


def read_date(text: str | None) -> str | None:
    """Return the date of a feed or sitemap as ISO, or None.

    >>> read_date("Thu, 01 Apr 2021 09:16:00 +0700"), read_date("2021-04-01")
    ('2021-04-01T09:16:00+07:00', '2021-04-01')
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return text.strip() if len(text.strip()) == 10 else moment(found.isoformat()).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        pass
    try:
        return moment(parsedate_to_datetime(text.strip()).isoformat()).isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def root_name(body: bytes) -> str:
    try:
        parser = etree.iterparse(BytesIO(body.lstrip()), events=("start",), recover=True, resolve_entities=False,
                                 no_network=True, load_dtd=False)
        for _, element in parser:
            return etree.QName(element).localname
    except (etree.XMLSyntaxError, ValueError):
        pass
    return ""


def unzip(body: bytes, limit: int = MAX_XML) -> bytes:
    """Return a body, unpacked where it is gzip. Raises DiscoveryError when damaged or larger than the limit."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as packed:
            unpacked = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DiscoveryError(f"damaged gzip: {error}") from None
    if len(unpacked) > limit:
        raise DiscoveryError(f"unpacks to over {limit} bytes")
    return unpacked
