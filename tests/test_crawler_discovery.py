"""What feeds, sitemaps, listings and addresses are read as."""

import gzip
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import DiscoveryError, canonicalize, is_article, read_date, read_xml
from crawler.listings import read_listing
from crawler.site import Site
from store.addresses import Link

CASES = tomllib.loads((Path(__file__).parent / "data/cases/crawler_addresses.toml").read_text(encoding="utf-8"))["case"]
SITE = Site("cd", "Công đoàn", "congdoan.example.vn", "https://www.congdoan.example.vn",
            aliases=("m.congdoan.example.vn",), drop_query=("language", "page_view"))
BASE = "https://www.congdoan.example.vn"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_canonicalize(case):
    assert canonicalize(SITE, case["url"].replace("%LONG%", "x" * 3000)) == (case["want"] or None)


@given(st.text())
def test_canonicalize_bears_anything_and_is_stable(text):
    once = canonicalize(SITE, text)
    assert once is None or canonicalize(SITE, once) == once


@pytest.mark.parametrize(("path", "expected"), [
    ("/tin/ky-ket-giao-uoc-thi-dua-nam-moi.html", True), ("/NewsDetail.aspx?Id=16781", True), ("/tin-tuc/", False),
    ("/", False), ("/tag/cong-doan-co-so-khu-cong-nghiep", False), ("/tags/mot-hai-ba-bon-nam-sau/", False),
    ("/anh/mot-hai-ba-bon-nam-sau.jpg", False), ("/gioi-thieu/c19", False), ("/node/20190", True),
])
def test_articles_by_their_looks_where_the_site_file_tells_no_pattern(path, expected):
    assert is_article(SITE, BASE + path) is expected


RSS = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><link>{BASE}/</link><atom:link href="{BASE}/rss" rel="self"/>
<item><title>Một</title><link> {BASE}/tin/mot.html?utm_source=rss </link>
<pubDate>Thu, 01 Apr 2021 09:16:00 +0700</pubDate></item>
<item><guid isPermaLink="true">{BASE}/tin/hai.html</guid><pubDate>2021-04-02 08:00:00</pubDate></item>
<item><guid isPermaLink="false">12</guid></item>
<item><link>https://khac.example/tin/ba.html</link></item>
<item><link>{BASE}/tin/mot.html</link></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="{BASE}/"/>
<entry><link rel="replies" href="/binh-luan"/><link href="/tin/mot.html"/>
<updated>2021-04-01T02:16:00Z</updated></entry>
<entry><link rel="alternate" href="/tin/hai.html"/><published>2021-04-02</published></entry></feed>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>{BASE}</link></channel>
<item><link>{BASE}/tin/mot.html</link><dc:date>2021-04-01T09:16:00+07:00</dc:date></item></rdf:RDF>"""
MOT = Link(f"{BASE}/tin/mot.html", "2021-04-01T09:16:00+07:00")


def test_rss():
    found = read_xml(SITE, RSS.encode(), f"{BASE}/rss")
    assert found.links == (MOT, Link(f"{BASE}/tin/hai.html", "2021-04-02T08:00:00+07:00"))


def test_atom_and_rdf():
    found = read_xml(SITE, ATOM.encode(), f"{BASE}/atom").links
    assert [link.url for link in found] == [f"{BASE}/tin/mot.html", f"{BASE}/tin/hai.html"]
    assert found[1].date == "2021-04-02"
    assert read_xml(SITE, RDF.encode(), f"{BASE}/rdf").links == (MOT,)


def sitemap(*rows, root="urlset", row="url"):
    dated = [(loc, f"<lastmod>{date}</lastmod>" if date else "") for loc, date in rows]
    body = "".join(f"<{row}><loc>{loc}</loc>{date}</{row}>" for loc, date in dated)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</{root}>'.encode()


def test_sitemap_packed_or_not():
    body = sitemap((f"{BASE}/tin/mot-hai-ba-bon-nam.html", "2021-04-01"), (f"{BASE}/tin/", None),
                   ("https://a.b/1", None))
    for form in (body, gzip.compress(body)):
        assert read_xml(SITE, form, f"{BASE}/sitemap.xml").links == (
            Link(f"{BASE}/tin/mot-hai-ba-bon-nam.html", "2021-04-01"),)


def test_sitemap_index():
    body = sitemap((f"{BASE}/s1.xml.gz", "2021-04-01"), ("https://a.b/s2.xml", None), root="sitemapindex",
                   row="sitemap")
    found = read_xml(SITE, body, f"{BASE}/sitemap.xml")
    assert found.links == ()
    assert found.follow == (Link(f"{BASE}/s1.xml.gz", "2021-04-01", "sitemap"),)


def test_dates_that_are_all_alike_tell_nothing():
    rows = [(f"{BASE}/tin/bai-viet-so-may-do-{n}000", "2024-01-01T00:00:00+07:00") for n in range(5)]
    assert {link.date for link in read_xml(SITE, sitemap(*rows), BASE).links} == {None}


@pytest.mark.parametrize("body", [
    b"", b"<html><body>login</body></html>", b"\x1f\x8bbroken", b"{}", b"\x00\xff", b"<a",
    gzip.compress(b"0" * (51 * 2**20)),
])
def test_what_is_neither_feed_nor_sitemap(body):
    with pytest.raises(DiscoveryError):
        read_xml(SITE, body, BASE)


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = f"{bomb}<rss><channel><item><link>{BASE}/tin/&b;.html</link></item></channel></rss>"
    assert all("aaa" not in link.url for link in read_xml(SITE, body.encode(), BASE).links)


@given(st.binary(max_size=300))
def test_read_xml_bears_anything(body):
    for prefix in (b"", b"<rss>", b"<urlset>", b"<feed xmlns='http://www.w3.org/2005/Atom'>"):
        try:
            read_xml(SITE, prefix + body, BASE)
        except DiscoveryError:
            continue


def listing_site(**keys):
    return Site("cd", "Công đoàn", "congdoan.example.vn", BASE, **keys)


PAGE = b"""<html><head><base href="/news/"></head><body><h3 class="t"><a href="mot.html">1</a></h3>
<a class="b" href="hai.html">2</a>
<a href="javascript:x()">x</a><ul class="p"><li class="next"><a href="?page=2">&raquo;</a></li></ul></body></html>"""


@pytest.mark.parametrize("article_link", ["h3.t", "h3.t a", "h3.t a::attr(href)"])
@pytest.mark.parametrize("next_page", ["li.next", "li.next a", "li.next a::attr(href)"])
def test_listing(article_link, next_page):
    found = read_listing(listing_site(article_link=article_link, next_page=next_page), PAGE, f"{BASE}/tin")
    assert [link.url for link in found.links] == [f"{BASE}/news/mot.html"]
    assert found.follow == (Link(f"{BASE}/news/?page=2", None, "listing"),)


def test_listing_by_pattern():
    found = read_listing(listing_site(article_pattern=r"^/news/\w+\.html$"), PAGE, f"{BASE}/tin")
    assert [link.url for link in found.links] == [f"{BASE}/news/mot.html", f"{BASE}/news/hai.html"]
    assert found.follow == (Link(f"{BASE}/news/?page=2", None, "listing"),)


@pytest.mark.parametrize("text", ["", "hôm qua", "0", "Thu, 99 Apr 2021", None, "2021-13-01"])
def test_dates_that_are_none(text):
    assert read_date(text) is None
