"""A CMS we did not write: WordPress with 300 posts, discovered by feed, sitemap and paging, every article complete."""

import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent))
sys.path.append(str(Path(__file__).parent))

from conftest import free_port
from scripted_site import toml
from wordpress import missing, serve_wordpress, write_posts

from crawler.parse import parse_pages
from crawler.run import crawl
from crawler.site import load_sites

POSTS = write_posts()
pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed: {missing()}; see tests/real/install")


@pytest.fixture(scope="module")
def wordpress():
    # A socket's path may be 107 bytes long; pytest's folders are longer.
    folder = Path(tempfile.mkdtemp(prefix="wp"))
    try:
        with serve_wordpress(folder, free_port(), POSTS) as served:
            yield served
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_site(folder, base, **keys):
    folder.mkdir()
    known = {"title": "WordPress thật", "domain": base.removeprefix("http://"), "base": base, "local": True,
             "delay": 0.0, "article_pattern": r"^/\d{4}/\d{2}/[^/?]+/$", **keys}
    (folder / "wp.toml").write_text("\n".join(f"{k} = {toml(v)}" for k, v in known.items()), encoding="utf-8")
    return folder


def known_articles(data):
    with sqlite3.connect(data / "pages.db") as db:
        return {url for (url,) in db.execute("select url from addresses where kind = 'article'")}


def test_by_feed(wordpress, tmp_path):
    base, links = wordpress
    folder = write_site(tmp_path / "sites", base, feeds=[f"{base}/feed/"], listings=[])
    health = crawl(tmp_path, [], folder, max_pages=1).sites[0]
    assert health.state == "ok"
    assert set(links[-50:]) <= known_articles(tmp_path)


def test_by_paging(wordpress, tmp_path):
    base, links = wordpress
    # No selector for the next page: what every theme has must do.
    folder = write_site(tmp_path / "sites", base, listings=[f"{base}/"])
    crawl(tmp_path, [], folder, max_pages=1)
    assert known_articles(tmp_path) >= set(links)


def test_by_sitemap_and_every_article_complete(wordpress, tmp_path):
    base, links = wordpress
    # The site file names nothing: robots.txt tells of the sitemap.
    folder = write_site(tmp_path / "sites", base, feeds=[f"{base}/feed/"])
    health = crawl(tmp_path, [], folder).sites[0]
    assert (health.stored, health.failed) == (300, 0)
    again = crawl(tmp_path, [], folder).sites[0]
    assert (again.stored, again.changed, again.failed) == (0, 0, 0)
    parse_pages(tmp_path, load_sites(folder))
    with sqlite3.connect(tmp_path / "news.db") as db:
        rows = {url: row for url, *row in db.execute("select url, title, published_at, author, body from articles")}
    wrong = []
    for link, post in zip(links, POSTS["posts"], strict=True):
        want = [post["title"], post["date"].replace(" ", "T") + "+07:00", post["author"], "\n".join(post["paragraphs"])]
        read = rows.get(link, [None] * 4)
        wrong += [(link, got, wanted) for got, wanted in zip(read, want, strict=True) if got != wanted]
    assert not wrong, f"{len(wrong)} fields of {4 * len(links)}, first: {wrong[0]}"
