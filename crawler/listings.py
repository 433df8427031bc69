"""A listing page becomes links: its articles with their dates, its next page, and a front page's sections."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement
from parsel import Selector
from scrapy.http import HtmlResponse
from scrapy.utils.response import get_base_url

from crawler.discovery import NEVER_ARTICLES, Found, canonicalize, is_article, keep_articles
from crawler.site import Site
from store.addresses import Link

MAX_SECTIONS = 40
NEXT_WORDS = re.compile(r"(?:trang\s+(?:sau|tiếp|kế)(?:\s+theo)?|tiếp(?:\s+theo)?|sau|bài cũ hơn|cũ hơn|xem thêm"
                        r"|next(?:\s+page)?|older(?:\s+posts)?|>{1,2}|»|›|→)(?:\s*[>»›→]+)?", re.I)
# The parts of an address in which listings count their pages.
COUNTERS = (re.compile(r"(?<=[?&])(?:page|trang|p|pg|paged|pageindex|currentpage)=(\d{1,4})(?=&|$)", re.I),
            re.compile(r"(?<=/)(?:page|trang|p|page-|trang-|p-)/?(\d{1,4})(?=[./?]|$)", re.I))
DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?((?:19|20)\d\d)(?!\d)")
ISO_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{2})[-/.](\d{2})(?!\d)")
PATH_DAY = re.compile(r"/((?:19|20)\d\d)/(\d{2})(?:/(\d{2}))?/|(?<=-)((?:19|20)\d\d)(\d{2})(\d{2})\d{6,}(?=\.|$)")
# How far above its link an article's date may stand.
CLIMB = 4
BOX = 600
MAX_DATED = 500


def read_listing(site: Site, body: bytes, url: str, content_type: str = "text/html", *,
                 sections: bool = False) -> Found:
    """Return the articles and the next page that a listing page links to; with `sections`, the sections too."""
    page = HtmlResponse(url, body=body, headers={"Content-Type": content_type})
    base = get_base_url(page)
    def is_other(href: str, own: str) -> bool:
        url = canonicalize(site, href, base)
        return url is not None and url != canonicalize(site, own, base) and is_article(site, url)

    named = [Link(href, find_day(anchor, href, is_other) if number < MAX_DATED else None)
             for number, (href, anchor) in enumerate(find_hrefs(page, site.article_link or "a"))]
    # Where the site file says which links are articles', it is believed.
    links = keep_articles(site, named, base, any_shape=site.article_pattern is None and site.article_link is not None)
    if site.next_page:
        following = [href for href, _ in find_hrefs(page, site.next_page)]
    else:
        following = list(find_next(site, page, base))
    pages = [target for target in (canonicalize(site, href, base) for href in following) if target][:1]
    if sections:
        pages += find_sections(site, page, base)
    return Found(tuple(links), tuple(Link(target, kind="listing") for target in dict.fromkeys(pages)))


def find_hrefs(page: HtmlResponse, css: str) -> Iterator[tuple[str, Selector | None]]:
    # A selector may name the attribute, the link, or what holds the link.
    for selected in page.css(css):
        if isinstance(selected.root, str):
            yield selected.root, selected
        elif href := selected.attrib.get("href") or selected.css("a::attr(href)").get():
            yield href, selected


def find_next(site: Site, page: HtmlResponse, base: str) -> Iterator[str]:
    """Yield links to the next page of a listing, the surest first: rel=next, the next number, the next words."""
    yield from page.css("link[rel=next]::attr(href), a[rel~=next]::attr(href)").getall()
    here = canonicalize(site, page.url) or page.url
    anchors = [(canonicalize(site, a.attrib["href"], base), " ".join(a.css("::text").getall()).split(),
                a.attrib.get("class", "")) for a in page.css("a[href]")]
    number, shape = count_page(here)
    for target, _, _ in anchors:
        if target and target != here and count_page(target) == (number + 1, shape):
            yield target
    for target, words, classes in anchors:
        if target and target != here and not is_article(site, target):
            text = " ".join(words)
            if (NEXT_WORDS.fullmatch(text) and "prev" not in classes) or re.search(r"\bnext\b", classes):
                yield target


def count_page(url: str) -> tuple[int, str]:
    """Return an address's page number, 1 where it has none, and the address without it.

    >>> count_page("https://x.vn/tin/page/3/"), count_page("https://x.vn/tin?page=2"), count_page("https://x.vn/tin/")
    ((3, 'https://x.vn/tin'), (2, 'https://x.vn/tin'), (1, 'https://x.vn/tin'))
    """
    for pattern in COUNTERS:
        if found := pattern.search(url):
            rest = url[: found.start()].rstrip("?&/-") + url[found.end():].rstrip("/")
            return int(found[1]), rest
    return 1, url.rstrip("/")


def find_sections(site: Site, page: HtmlResponse, base: str) -> list[str]:
    """Return the addresses of a front page's sections: short paths of the site that are no articles."""
    found: dict[str, None] = {}
    home = canonicalize(site, site.base)
    for href in page.css("a::attr(href)").getall():
        url = canonicalize(site, href, base)
        if url is None or url == home or is_article(site, url) or NEVER_ARTICLES.search(urlsplit(url).path):
            continue
        parts = urlsplit(url)
        if parts.path.count("/") <= 3 and len(parts.path) <= 80 and len(parts.query) <= 40:
            found[url] = None
    return list(found)[:MAX_SECTIONS]


def find_day(anchor: Selector | None, href: str, is_other: Callable[[str, str], bool]) -> str | None:
    """Return the day a listing gives an article: in its address, or beside its link."""
    if found := PATH_DAY.search(unquote(href)):
        year, month, day = (found[1], found[2], found[3] or "01") if found[1] else (found[4], found[5], found[6])
        return make_day(year, month, day)
    box = anchor.root if anchor is not None else None
    for _ in range(CLIMB):
        if not isinstance(box, HtmlElement):
            return None
        hrefs = {a.get("href") or "" for a in islice(box.iter("a"), 6)}
        # A box with other articles' links in it holds their dates too.
        if len(hrefs) > 4 or any(is_other(other, href) for other in hrefs - {href, ""}):
            return None
        text = ""
        for piece in box.itertext():
            text += f" {piece.strip()}"
            if len(text) > BOX:
                return None
        if found := DAY.search(text):
            return make_day(found[3], found[2], found[1])
        if found := ISO_DAY.search(text):
            return make_day(found[1], found[2], found[3])
        box = box.getparent()
    return None


def make_day(year: str, month: str, day: str) -> str | None:
    return f"{year}-{month:0>2}-{day:0>2}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else None
