"""A crawl that may ask for a while only: it stops asking, forgets nothing, and runs of no time at all add up."""

import time
from itertools import pairwise

import pytest
from scripted_site import Answer, ScriptedSite, all_sources, listing, small_site

from crawler.limits import Limit
from crawler.run import crawl
from store.db import open_news, open_pages

KNOWN = "select url, kind, body_hash, etag, gone_at, failure from addresses order by url"


def texts(data):
    return open_pages(data).execute("select url, body_hash from pages order by 1, 2").fetchall()


def test_many_short_runs_reach_what_one_reaches(tmp_path):
    """Sources, listings in pages, redirects, an article that always fails: none of them starves another."""
    with ScriptedSite() as site:
        paths = small_site(site, articles=6)
        site.pages[paths[2]] = Answer("oops", 500)
        site.pages["/xa"] = Answer("", 302, {"Location": "/xa/"})
        site.pages["/xa/"] = listing(paths[4:])
        site.pages[f"{paths[4]}?utm_source=x"] = site.pages[paths[4]]
        site.pages[paths[4]] = Answer("", 302, {"Location": f"{paths[4]}?utm_source=x"})
        sources = all_sources(site)
        sites = site.write(tmp_path / "sites", **sources | {"listings": [*sources["listings"], f"{site.base}/xa"]})
        whole = crawl(tmp_path / "whole", [], sites)
        assert not whole.stopped and whole.sites[0].stored == 5
        for _ in range(40):
            asked = len(site.log)
            short = crawl(tmp_path / "short", [], sites, seconds=0.0)
            # robots.txt, a source and an article; a failing one is not asked twice, but redirects are followed.
            assert len([one for one in site.log[asked:] if one.status != 302]) <= 3
            assert short.sites[0].state in ("ok", "quiet"), short.sites[0].line
            if len(texts(tmp_path / "short")) == 5:
                break
        assert texts(tmp_path / "short") == texts(tmp_path / "whole")
        rest = crawl(tmp_path / "short", [], sites)
        assert not rest.stopped
        one, other = (open_pages(tmp_path / name).execute(KNOWN).fetchall() for name in ("short", "whole"))
        assert one == other


def test_what_is_under_way_is_finished_and_the_wait_is_not_sat_out(tmp_path):
    with ScriptedSite() as site:
        paths = small_site(site, articles=8, per_page=8)
        for path in paths:
            site.pages[path].wait = 0.5
        sites = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"], delay=0.6)
        began = time.monotonic()
        found = crawl(tmp_path / "data", [], sites, seconds=2.0)
        took = time.monotonic() - began
        # Eight articles would take nine seconds; those that wait in the queue cost none.
        assert found.stopped and 1 <= found.sites[0].stored <= 3 and took < 7
        ends = sorted((asked.began, asked.ended) for asked in site.log)
        assert all(later[0] - earlier[1] >= 0.55 for earlier, later in pairwise(ends))
        assert open_news(tmp_path / "data").execute("select finished_at from crawl_runs").fetchone()[0]
        db = open_pages(tmp_path / "data")
        assert db.execute("select count(*) from addresses where kind = 'article' and fetched_at is null"
                          " and next_due_at is null and failure is null").fetchone()[0] == 8 - found.sites[0].stored


def test_a_site_that_is_not_read_to_its_end_is_not_called_broken(tmp_path):
    with ScriptedSite() as site:
        paths = small_site(site)
        site.pages["/it"] = listing(paths[:1])
        sites = site.write(tmp_path / "sites", listings=[f"{site.base}/it", f"{site.base}/tin"], min_articles=4)
        assert crawl(tmp_path / "data", [], sites, seconds=0.0).sites[0].state == "ok"


@pytest.mark.parametrize(("kinds", "admitted"), [
    ("robots listing listing article article", [True, True, False, True, False]),
    ("article sitemap robots feed attachment", [True, True, True, False, False]),
    ("listing attachment article", [True, True, False]),
])
def test_one_source_and_one_article_a_site(kinds, admitted):
    limit = Limit(0.0)
    found = []
    for kind in kinds.split():
        found.append(limit.admits("x", kind))
        if found[-1]:
            limit.note("x", kind)
    assert found == admitted and limit.put_off == {"x"}
    assert limit.admits("y", "article")


def test_no_limit_is_never_over():
    assert not Limit().is_over(1e9)
    assert Limit(5.0, lambda: 10.0).is_over(5.0) and not Limit(5.0, lambda: 10.0).is_over(4.9)
