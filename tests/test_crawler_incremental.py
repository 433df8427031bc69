"""A site of 500 pages, visited twice: nothing is fetched again that has not changed, and every change is seen."""

import sqlite3

from scripted_site import Answer, ScriptedSite, all_sources, article, listing, small_site

from crawler.parse import parse_pages
from crawler.run import crawl
from crawler.site import load_sites

ARTICLES = 490
LONG = " ".join(["Công đoàn cơ sở trao quà cho đoàn viên có hoàn cảnh khó khăn trong xưởng may."] * 12)


def rows(path, sql):
    with sqlite3.connect(path) as db:
        return db.execute(sql).fetchall()


def test_a_second_crawl_asks_much_and_fetches_nothing(tmp_path):
    with ScriptedSite() as site:
        paths = small_site(site, articles=ARTICLES, per_page=70)
        for number, path in enumerate(paths, 1):
            site.pages[path] = article(number, f"{LONG} Bài số {number}.")
        folder = site.write(tmp_path / "sites", **all_sources(site))
        assert crawl(tmp_path, [], folder).sites[0].stored == ARTICLES
        assert len(site.pages) >= 499
        parse_pages(tmp_path, load_sites(folder))
        before = len(site.log)
        health = crawl(tmp_path, [], folder).sites[0]
        polls = [asked for asked in site.log[before:] if asked.path != "/robots.txt"]
        saved = sum(asked.status == 304 for asked in polls) / len(polls)
        print(f"{len(polls)} polls of {len(site.pages)} pages, {saved:.1%} answered by 304")
        assert saved >= 0.95
        assert not [asked for asked in polls if asked.status == 200 and asked.path.startswith("/tin/")]
        assert (health.unchanged, health.stored, health.changed) == (ARTICLES, 0, 0)
        # Nothing changed, so nothing is parsed.
        assert parse_pages(tmp_path, load_sites(folder)).skipped == ARTICLES

        # Not due: the state stops even the asking.
        with sqlite3.connect(tmp_path / "pages.db") as db:
            db.execute("update addresses set next_due_at = '2999-01-01T00:00:00.000+07:00'")
        before = len(site.log)
        assert crawl(tmp_path, [], folder).sites[0].state == "quiet"
        assert site.paths(before) == []
        with sqlite3.connect(tmp_path / "pages.db") as db:
            db.execute("update addresses set next_due_at = '2020-01-01T00:00:00.000+07:00'")

        site.pages[paths[0]] = article(1, f"{LONG} Bản đã sửa.")
        site.pages[paths[1]] = Answer(status=301, headers={"Location": "/tin/bai-2-moi.html"})
        site.pages["/tin/bai-2-moi.html"] = article(2, f"{LONG} Bài số 2.")
        site.pages[paths[2]] = Answer(status=410)
        site.pages["/tin"] = listing(["/tin/bai-moi.html", *paths[:70]], "/tin?page=2")
        site.pages["/tin/bai-moi.html"] = article(999, f"{LONG} Bài mới.")
        health = crawl(tmp_path, [], folder).sites[0]
        assert (health.stored, health.changed, health.gone, health.failed) == (2, 1, 1, 0)
        parse_pages(tmp_path, load_sites(folder))

    news = tmp_path / "news.db"
    assert rows(news, "select count(*) from articles") == [(ARTICLES + 1,)]
    edited = rows(news, f"select body, id from articles where url = '{site.base}{paths[0]}'")
    assert edited[0][0].endswith("Bản đã sửa.")
    old = rows(news, f"select body from revisions where article_id = {edited[0][1]}")
    assert [body.endswith("Bài số 1.") for (body,) in old] == [True]
    assert rows(news, f"select count(*) from articles where url = '{site.base}/tin/bai-2-moi.html'") == [(1,)]
    assert rows(news, f"select count(*) from articles where url = '{site.base}{paths[1]}'") == [(0,)]
    gone = rows(tmp_path / "pages.db", f"select gone_at is not null from addresses where url = '{site.base}{paths[2]}'")
    assert gone == [(1,)]
    assert rows(news, f"select count(*) from articles where url = '{site.base}{paths[2]}'") == [(1,)]
    for sql in ("select count(*) from pages", "select count(distinct url) from pages"):
        assert rows(tmp_path / "pages.db", sql)[0][0] >= ARTICLES + 2
