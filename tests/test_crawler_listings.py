"""Listings of every make: the next page however it is called, dates beside links, sections; walks back to a date."""

import sqlite3
from datetime import date

import pytest
from scripted_site import Answer, ScriptedSite, article, listing

from crawler.listings import count_page, read_listing
from crawler.optouts import load_optouts, refuses_index
from crawler.run import crawl
from crawler.site import Site, SiteError
from store.addresses import Link

BASE = "https://congdoan.example.vn"
SITE = Site("cd", "x", "congdoan.example.vn", BASE, article_pattern=r"^/tin/\d+\.html$")


@pytest.mark.parametrize(("here", "html", "following"), [
    ("/tin", "<a rel='next' href='/tin?page=2'>2</a>", "/tin?page=2"),
    ("/tin", "<head><link rel='next' href='/tin/page/2/'></head>", "/tin/page/2/"),
    ("/tin?page=2", "<a href='/tin'>1</a> <a href='/tin?page=2'>2</a> <a href='/tin?page=3'>3</a>", "/tin?page=3"),
    ("/tin/page/3/", "<a href='/tin/page/2/'>2</a><a href='/tin/page/4/'>4</a><a href='/khac/page/4/'>4</a>",
     "/tin/page/4/"),
    ("/tin/trang-2.html", "<a href='/tin/trang-1.html'>1</a><a href='/tin/trang-3.html'>3</a>", "/tin/trang-3.html"),
    ("/news/p-3.htm", "<a href='/news/p-4.htm'>4</a>", "/news/p-4.htm"),
    ("/tin", "<a href='/tin/cu'>Trang sau »</a>", "/tin/cu"),
    ("/tin", "<a class='page next' href='/tin/cu'><i></i></a>", "/tin/cu"),
    ("/tin", "<a href='/tin/cu'>Bài cũ hơn</a>", "/tin/cu"),
    ("/tin", "<a class='prev' href='/tin/moi'>»</a>", None),
    ("/tin?page=9", "<a href='/tin?page=8'>Trang trước</a><a href='/tin?page=9'>9</a>", None),
    ("/tin", "<a href='/tin/12.html'>Tiếp</a>", None),
    ("/tin", "<a href='https://khac.example/tin?page=2'>Trang sau</a>", None),
    ("/tin", "<a href='javascript:next(2)'>Trang sau</a>", None),
])
def test_next_page(here, html, following):
    found = read_listing(SITE, f"<html>{html}</html>".encode(), BASE + here)
    assert found.follow == ((Link(BASE + following, None, "listing"),) if following else ())


def test_page_numbers_are_told_from_other_numbers():
    assert count_page("https://x.vn/tin?id=7&page=2") == (2, "https://x.vn/tin?id=7")
    assert count_page("https://x.vn/2024/05/tin.html") == (1, "https://x.vn/2024/05/tin.html")


@pytest.mark.parametrize(("html", "day"), [
    ("<li><a href='/tin/1.html'>Tin</a> <span>(12/5/2021)</span></li>", "2021-05-12"),
    ("<div><h3><a href='/tin/1.html'>Tin</a></h3><p>Thứ tư - 01/07/2020 11:02</p></div>", "2020-07-01"),
    ("<div><a href='/tin/1.html'><img></a><a href='/tin/1.html'>Tin</a><time>2021-03-04</time></div>", "2021-03-04"),
    ("<div><a href='/tin/1.html'>A</a></div><div><a href='/tin/2.html'>B</a> 1/1/2020</div>", None),
    ("<a href='/tin/1.html'>Tin 32/13/2020</a>", None),
    (f"<div><a href='/tin/1.html'>Tin</a><p>{'chữ ' * 300}</p>1/1/2020</div>", None),
])
def test_dates_beside_links(html, day):
    page = f"<html><ul>{html}</ul><a href='/a'>x</a><a href='/b'>x</a><a href='/c'>x</a></html>"
    assert read_listing(SITE, page.encode(), f"{BASE}/tin").links[0] == Link(f"{BASE}/tin/1.html", day)


def test_days_in_addresses():
    site = Site("cd", "x", "congdoan.example.vn", BASE, article_pattern=".")
    page = b"<a href='/2021/03/26/ten-bai/'>x</a><a href='/ten-bai-20220809203420678.htm'>x</a>"
    assert [link.date for link in read_listing(site, page, BASE).links] == ["2021-03-26", "2022-08-09"]


def test_a_page_of_a_hundred_thousand_links_is_read_in_time():
    page = b"<div>" + b"".join(b"<a href='/tin/%d.html'>1/1/2020</a>" % n for n in range(100_000)) + b"</div>"
    assert len(read_listing(SITE, page, f"{BASE}/tin").links) == 50_000


def test_a_site_that_names_no_source_is_read_by_its_sections(tmp_path):
    with ScriptedSite() as site:
        site.pages["/"] = listing(["/tin/bai-1.html", "/thi-dua", "/nu-cong/", "/gioi-thieu.pdf", "/tag/x"])
        site.pages["/thi-dua"] = listing(["/tin/bai-2.html"], "/thi-dua?page=2")
        site.pages["/thi-dua?page=2"] = listing(["/tin/bai-3.html"])
        site.pages["/nu-cong/"] = listing(["/tin/bai-4.html"])
        for number in range(1, 5):
            site.pages[f"/tin/bai-{number}.html"] = article(number)
        assert crawl(tmp_path, [], site.write(tmp_path / "sites")).sites[0].stored == 4
        assert "/gioi-thieu.pdf" not in site.paths()


def test_sitemaps_that_robots_txt_names(tmp_path):
    with ScriptedSite() as site, ScriptedSite() as stranger:
        site.pages["/robots.txt"] = Answer(
            f"User-agent: *\nAllow: /\nSitemap: {site.base}/ban-do.xml\nSitemap: {stranger.base}/x.xml\n",
            headers={"Content-Type": "text/plain"})
        site.pages["/ban-do.xml"] = Answer(f"<urlset><url><loc>{site.base}/tin/bai-7.html</loc></url></urlset>",
                                           headers={"Content-Type": "application/xml"})
        site.pages["/tin/bai-7.html"] = article(7)
        site.pages["/tin"] = listing(["/tin/bai-8.html"])
        site.pages["/tin/bai-8.html"] = article(8)
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])
        assert crawl(tmp_path, [], folder).sites[0].stored == 2
        assert stranger.log == []


def test_a_walk_back_to_a_date_goes_on_until_there(tmp_path):
    with ScriptedSite() as site:
        for number in range(1, 13):
            year = 2025 - number
            site.pages[f"/tin/bai-{number}.html"] = article(number)
            site.pages["/tin" if number == 1 else f"/tin?page={number}"] = Answer(
                f"<html><p><a href='/tin/bai-{number}.html'>Bài</a> 01/06/{year}</p>"
                f"<p><a href='/tin?page={number + 1}'>{number + 1}</a></p><a href='/x'>x</a><a href='/y'>y</a></html>")
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])
        # A first crawl that knows the newest page only, as after years of reading a feed.
        del site.pages["/tin?page=2"]
        assert crawl(tmp_path, [], folder).sites[0].stored == 1
        site.pages["/tin?page=2"] = Answer(
            "<html><p><a href='/tin/bai-2.html'>Bài</a> 01/06/2023</p><p><a href='/tin?page=3'>3</a></p></html>")
        assert crawl(tmp_path, [], folder, since=date(2018, 1, 1)).sites[0].stored == 6
        assert "/tin?page=8" in site.paths()
        assert "/tin?page=9" not in site.paths()


def test_how_often_a_source_is_polled_is_learnt(tmp_path):
    def seconds():
        with sqlite3.connect(tmp_path / "pages.db") as db:
            return db.execute("select poll_seconds from addresses where kind = 'listing'").fetchone()[0]

    with ScriptedSite() as site:
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])
        learnt = []
        for names in ([1], [1], [1], [2, 1], [3, 2, 1]):
            site.pages["/tin"] = listing([f"/tin/bai-{n}.html" for n in names])
            site.pages |= {f"/tin/bai-{n}.html": article(n) for n in names}
            crawl(tmp_path, [], folder)
            learnt.append(seconds())
    hour = 3600
    assert learnt == [6 * hour, 9 * hour, 13.5 * hour, 6.75 * hour, 3.375 * hour]


@pytest.mark.parametrize(("headers", "body", "refused"), [
    ({}, b"<meta name='robots' content='index, follow, noarchive'>", False),
    ({}, b'<META CONTENT="NOINDEX,follow" NAME="ROBOTS">', True), ({}, b"<meta name=robots content=none>", True),
    ({}, b"<meta name='unionnews' content='noindex'>", True), ({}, b"<meta name='googlebot' content='noindex'>", False),
    ({}, b"<meta name='tdm-reservation' content='1'>", True), ({"tdm-reservation": "1"}, b"", True),
    ({"x-robots-tag": "googlebot: noindex, nofollow"}, b"", False), ({"x-robots-tag": "noindex"}, b"", True),
    ({"x-robots-tag": "googlebot: nofollow, unionnews: noindex"}, b"", True), ({}, b"<p>noindex</p>", False),
])
def test_pages_that_ask_not_to_be_kept(headers, body, refused):
    assert refuses_index(headers, body) is refused


@pytest.mark.parametrize("text", [
    "host,when\n", "address,since,source\nhttp://x/,2025,a\n", "address,since,source\nx.vn,2025,\n"])
def test_a_bad_list_of_opt_outs_is_named(tmp_path, text):
    path = tmp_path / "optouts.csv"
    path.write_text(text)
    with pytest.raises(SiteError, match=r"optouts\.csv:[12]: "):
        load_optouts(path)
