"""The spider against a real server: what is new, edited, moved, gone, unchanged, due."""

import gzip
import sqlite3
from datetime import date

import pytest
from scripted_site import Answer, ScriptedSite, all_sources, article, listing, small_site

from crawler.run import crawl


@pytest.fixture
def site():
    with ScriptedSite() as server:
        yield server


def addresses(data, columns="url, status, failure, redirected_to", where="kind = 'article'"):
    with sqlite3.connect(data / "pages.db") as db:
        return db.execute(f"select {columns} from addresses where {where} order by url").fetchall()


def test_every_source_and_page_of_a_listing_is_read(site, tmp_path):
    paths = small_site(site, articles=7)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    summary = crawl(tmp_path, [], folder)
    assert summary.sites[0].stored == 7
    assert summary.sites[0].state == "ok"
    assert [url for (url,) in addresses(tmp_path, "url")] == sorted(site.base + path for path in paths)
    assert len(site.paths()) == len(set(site.paths()))


def test_second_crawl_fetches_no_body(site, tmp_path):
    small_site(site)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    crawl(tmp_path, [], folder)
    before = len(site.log)
    summary = crawl(tmp_path, [], folder)
    again = [asked for asked in site.log[before:] if asked.path != "/robots.txt"]
    assert {asked.status for asked in again} == {304}
    assert (summary.sites[0].stored, summary.sites[0].unchanged, summary.sites[0].state) == (0, 6, "quiet")


def test_edited_moved_gone_and_new(site, tmp_path):
    small_site(site)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    crawl(tmp_path, [], folder)
    site.pages["/tin/bai-1.html"] = article(1, "Bản đã sửa.")
    site.pages["/tin/bai-2.html"] = Answer(status=301, headers={"Location": "/tin/bai-2-moi.html"})
    site.pages["/tin/bai-2-moi.html"] = article(2)
    site.pages["/tin/bai-3.html"] = Answer(status=410)
    site.pages["/tin"] = listing(["/tin/bai-99.html", "/tin/bai-1.html"], "/tin?page=2")
    site.pages["/tin/bai-99.html"] = article(99)
    health = crawl(tmp_path, [], folder).sites[0]
    assert (health.stored, health.changed, health.gone, health.failed) == (2, 1, 1, 0)
    rows = {url.removeprefix(site.base): (gone, moved, failure) for url, gone, moved, failure in
            addresses(tmp_path, "url, gone_at is not null, redirected_to, failure")}
    assert rows["/tin/bai-2.html"] == (0, f"{site.base}/tin/bai-2-moi.html", None)
    assert rows["/tin/bai-3.html"] == (1, None, None)
    with sqlite3.connect(tmp_path / "pages.db") as db:
        versions = db.execute("select count(*) from pages where url = ?", [f"{site.base}/tin/bai-1.html"]).fetchone()
    assert versions == (2,)


def test_gone_article_that_returns(site, tmp_path):
    small_site(site)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    kept = site.pages["/tin/bai-1.html"]
    crawl(tmp_path, [], folder)
    site.pages["/tin/bai-1.html"] = Answer(status=404)
    assert crawl(tmp_path, [], folder).sites[0].gone == 1
    site.pages["/tin/bai-1.html"] = kept
    assert crawl(tmp_path, [], folder).sites[0].gone == 0
    assert addresses(tmp_path, "count(*)", "gone_at is not null") == [(0,)]


def test_articles_wait_until_they_are_due(site, tmp_path):
    small_site(site)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    crawl(tmp_path, [], folder)
    with sqlite3.connect(tmp_path / "pages.db") as db:
        db.execute("update addresses set next_due_at = '2999-01-01T00:00:00.000+07:00' where kind = 'article'")
    before = len(site.log)
    assert crawl(tmp_path, [], folder).sites[0].unchanged == 0
    assert not [path for path in site.paths(before) if path.startswith("/tin/")]
    before = len(site.log)
    assert crawl(tmp_path, [], folder, full=True).sites[0].unchanged == 6
    assert {asked.status for asked in site.log[before:] if asked.path != "/robots.txt"} == {200}


def test_max_pages_and_the_rest_later(site, tmp_path):
    small_site(site)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    assert [crawl(tmp_path, [], folder, max_pages=4).sites[0].stored for _ in range(2)] == [4, 2]


def test_since_leaves_out_what_a_source_dates_earlier(site, tmp_path):
    urls = "".join(f"<url><loc>{site.base}/tin/bai-{n}.html</loc><lastmod>20{n}-01-01</lastmod></url>"
                   for n in (19, 20))
    site.pages["/sitemap.xml"] = Answer(f"<urlset>{urls}</urlset>", headers={"Content-Type": "application/xml"})
    site.pages["/tin/bai-19.html"], site.pages["/tin/bai-20.html"] = article(19), article(20)
    folder = site.write(tmp_path / "sites", sitemaps=[f"{site.base}/sitemap.xml"])
    assert crawl(tmp_path, [], folder, since=date(2020, 1, 1)).sites[0].stored == 1


def test_a_site_file_that_changed_reads_unchanged_sources_again(site, tmp_path):
    site.pages["/tin"] = listing(["/tin/bai-1.html", "/bai/bai-2.html"])
    site.pages["/tin/bai-1.html"], site.pages["/bai/bai-2.html"] = article(1), article(2)
    folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])
    assert crawl(tmp_path, [], folder).sites[0].stored == 1
    site.write(folder, listings=[f"{site.base}/tin"], article_pattern=r"^/(tin|bai)/[^/]+\.html$")
    assert crawl(tmp_path, [], folder).sites[0].stored == 1


HOSTILE = {
    "empty page": (Answer(""), "empty"),
    "a picture": (Answer(b"\x89PNG", headers={"Content-Type": "image/png"}), "type"),
    "a script": (Answer("alert(1)", headers={"Content-Type": "application/json"}), "type"),
    "too large": (Answer(b"x" * (9 * 2**20)), "size"),
    "a gzip bomb": (Answer(gzip.compress(b"0" * (64 * 2**20)), headers={"Content-Encoding": "gzip"}), "size"),
    "cut off": (Answer("x" * 1000, cut=10), "cut off"),
    "walled off": (Answer("no", 403), "forbidden"),
    "server error": (Answer("oh", 500), "status 500"),
    "redirect to itself": (Answer(status=302, headers={"Location": "/tin/bai-1.html"}), "loop"),
    "redirect to the front page": (Answer(status=302, headers={"Location": "/"}), "redirected"),
    "redirect to a script": (Answer(status=302, headers={"Location": "javascript:alert(1)"}), "outside"),
    "redirect to a file": (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "outside"),
    "redirect to the cloud": (Answer(status=302, headers={"Location": "http://169.254.169.254/"}), "outside"),
    "redirect without a place": (Answer(status=302), "loop"),
    "an odd status": (Answer("x", 418), "status 418"),
}


def test_hostile_answers_have_their_class_and_cost_no_other_page(site, tmp_path):
    names = list(HOSTILE)
    paths = ["/tin/bai-1.html"] + [f"/tin/xau-{n}.html" for n in range(1, len(names))] + ["/tin/tot.html"]
    for path, name in zip(paths, names, strict=False):
        answer = HOSTILE[name][0]
        site.pages[path] = answer
        if answer.headers.get("Location") == "/tin/bai-1.html":
            answer.headers["Location"] = path
    site.pages["/tin/tot.html"] = article(1)
    site.pages["/tin"] = listing(paths)
    folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])
    health = crawl(tmp_path, [], folder).sites[0]
    assert (health.stored, health.failed) == (1, len(names))
    found = {url.removeprefix(site.base): failure for url, failure in addresses(tmp_path, "url, failure")}
    assert {name: found[path] for path, name in zip(paths, names, strict=False)} == {
        name: failure for name, (_, failure) in HOSTILE.items()}


def test_a_listing_without_end_is_left(site, tmp_path):
    class Endless(dict):
        def get(self, path, default):
            number = int(path.partition("=")[2] or 1) if path.startswith("/tin?") or path == "/tin" else None
            return default if number is None else listing(["/tin/bai-1.html"], f"/tin?page={number + 1}")

    site.pages = Endless()
    folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"], next_page="a.next")
    health = crawl(tmp_path, [], folder).sites[0]
    assert 100 < health.requests < 300


def test_hostile_sources_cost_no_other_source(site, tmp_path):
    small_site(site)
    sources = {"/xau-1": Answer("", 500), "/xau-2": Answer("<html>login</html>"), "/xau-3": Answer(b"\x1f\x8bjunk"),
               "/xau-4": Answer(status=302, headers={"Location": "/xau-4"}), "/xau-5": Answer("x" * 100, cut=5),
               "/xau-6": Answer(b"x", headers={"Content-Type": "image/png"}),
               "/xau-7": Answer("<urlset><url><loc>http://[</loc></url><url><loc>javascript:x</loc></url></urlset>")}
    site.pages |= sources
    keys = all_sources(site) | {"feeds": [site.base + path for path in sources]}
    summary = crawl(tmp_path, [], site.write(tmp_path / "sites", **keys))
    assert (summary.sites[0].stored, summary.sites[0].state) == (6, "ok")
    failed = {url.removeprefix(site.base): failure
              for url, failure in addresses(tmp_path, "url, failure", "kind = 'feed' and failure is not null")}
    assert failed == {"/xau-1": "status 500", "/xau-2": "unreadable", "/xau-3": "unreadable", "/xau-4": "loop",
                      "/xau-5": "cut off", "/xau-6": "type"}


def test_a_site_file_promises_a_number_of_articles(site, tmp_path):
    small_site(site)
    folder = site.write(tmp_path / "sites", min_articles=7, **all_sources(site))
    summary = crawl(tmp_path, [], folder)
    assert [(health.state, health.note) for health in summary.failures] == [("broken", "6 articles listed, 7 expected")]
