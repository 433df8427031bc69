"""Five hosts at once, and the servers' own logs replayed against every rule a guest keeps; the ledger agrees."""

import sqlite3
from datetime import datetime, timedelta
from itertools import pairwise

from scripted_site import Answer, ScriptedSite, all_sources, article, await_midnight, listing, small_site

from crawler.run import crawl
from store.addresses import VIETNAM
from store.db import open_pages
from store.ledger import find_decisions, note_refusal, open_decision, trim_ledger

TEXT = {"Content-Type": "text/plain"}
# A server's clock and ours start at different moments of one request.
SLACK = 0.01


def set_up(name, site):
    """Fill a server; return the rule its log is held to: the least wait between two requests, and forbidden paths."""
    small_site(site, articles=6, per_page=3)
    if name == "cham":
        # Three requests are enough to show two waits of ten seconds.
        site.pages.clear()
        site.pages |= {"/tin": listing(["/tin/bai-1.html"]), "/tin/bai-1.html": article(1)}
        site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 10\n", headers=TEXT)
        return 10.0, (), {"listings": [f"{site.base}/tin"]}
    if name == "rieng":
        rules = ("User-agent: *\nDisallow:\n\nUser-agent: UnionNews\nDisallow: /tin/bai-2\nAllow: /tin/bai-2.html$\n"
                 "Disallow: /*?page=2\nDisallow: /rss\nCrawl-delay: 0.4\n")
        site.pages["/robots.txt"] = Answer(rules, headers=TEXT)
        return 0.4, ("/rss", "/tin?page=2"), {}
    if name == "ban":
        site.pages["/tin/bai-3.html"] = [Answer("busy", 503, headers={"Retry-After": "2"}), article(3)]
        site.pages["/tin/bai-4.html"] = [Answer("busy", 429, headers={"Retry-After": "3"}), article(4)]
        return 0.3, (), {"delay": 0.3}
    if name == "lau":
        for number in (2, 5):
            site.pages[f"/tin/bai-{number}.html"].wait = 1.2
        return 0.25, (), {"delay": 0.25}
    site.pages["/robots.txt"] = Answer("User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /tin/bai-6.html\n",
                                       headers=TEXT)
    return 0.2, ("/tin/bai-6.html",), {"delay": 0.2}


def violations(log, least, forbidden):
    """Replay one server's log: every rule that a request broke."""
    found = []
    ordered = sorted(log, key=lambda asked: asked.began)
    if ordered[0].path != "/robots.txt":
        found.append(("before robots.txt", ordered[0].path))
    for earlier, later in pairwise(ordered):
        wait = least
        if earlier.status in (429, 503):
            wait = max(wait, float(earlier.answer_headers.get("Retry-After", 0)))
        if later.began < earlier.ended:
            found.append(("two at a time", earlier.path, later.path))
        elif later.began - earlier.ended < wait - SLACK:
            found.append(("too soon", later.began - earlier.ended, earlier.path, later.path))
    return found + [("forbidden", asked.path) for asked in ordered if asked.path in forbidden]


def test_the_logs_of_five_hosts_show_no_violation(tmp_path):
    names = ["ban", "cham", "khac", "lau", "rieng"]
    servers = {name: ScriptedSite(f"127.0.0.{number}") for number, name in enumerate(names, 1)}
    rules = {}
    for name, server in servers.items():
        least, forbidden, keys = set_up(name, server)
        rules[name] = least, forbidden
        server.write(tmp_path / "sites", name, **{**all_sources(server), **keys,
                                                  **({"feeds": [], "sitemaps": []} if name == "cham" else {})})
        server.__enter__()
    try:
        summary = crawl(tmp_path, [], tmp_path / "sites")
    finally:
        for server in servers.values():
            server.__exit__()
    assert {site.site: site.stored for site in summary.sites} == {"ban": 6, "cham": 1, "khac": 5, "lau": 6, "rieng": 5}
    found = {name: violations(server.log, *rules[name]) for name, server in servers.items()}
    print(f"{sum(len(server.log) for server in servers.values())} requests to 5 hosts, "
          f"{sum(map(len, found.values()))} violations")
    assert found == {name: [] for name in names}
    # At once: each host was served before another had its last.
    spans = [(min(a.began for a in s.log), max(a.ended for a in s.log)) for s in servers.values()]
    assert max(began for began, _ in spans) < min(ended for _, ended in spans)
    # The ledger says the same as the servers' logs.
    db = open_pages(tmp_path)
    for name, server in servers.items():
        sent = [line.url.removeprefix(server.base) for line in find_decisions(db, name) if line.decision != "refused"]
        assert sorted(sent) == sorted(asked.path for asked in server.log)
        refused = {line.url.removeprefix(server.base) for line in find_decisions(db, name) if line.reason == "robots"}
        assert refused == set(rules[name][1])
        (requests,) = db.execute("select sum(requests) from site_days where site = ?", [name]).fetchone()
        assert requests == len(server.log)


def test_the_daily_budget_is_kept_over_crawls(tmp_path):
    await_midnight()
    with ScriptedSite() as site:
        small_site(site, articles=9)
        folder = site.write(tmp_path / "sites", daily_budget=7, **all_sources(site))
        health = crawl(tmp_path, [], folder).sites[0]
        assert len(site.log) == 7
        assert "daily budget of 7 requests" in health.note
        crawl(tmp_path, [], folder)
        assert len(site.log) == 7
        yesterday = (datetime.now(VIETNAM) - timedelta(days=1)).date().isoformat()
        with sqlite3.connect(tmp_path / "pages.db") as db:
            db.execute("update site_days set day = ?", [yesterday])
        crawl(tmp_path, [], folder)
        assert len(site.log) == 14


def test_owners_who_asked_us_to_stay_away(tmp_path):
    with ScriptedSite() as site:
        small_site(site)
        site.pages["/tin/bai-3.html"].headers["X-Robots-Tag"] = "noindex"
        (tmp_path / "optouts.csv").write_text(f"address,since,source\n{site.host}/tin/bai-2,2025-01-01,a letter\n")
        folder = site.write(tmp_path / "sites", **all_sources(site))
        assert crawl(tmp_path, [], folder).sites[0].stored == 4
        assert "/tin/bai-2.html" not in site.paths()
        with sqlite3.connect(tmp_path / "pages.db") as db:
            assert db.execute("select count(*) from addresses where failure = 'opted out'").fetchone() == (2,)
        (tmp_path / "optouts.csv").write_text(f"address,since,source\n{site.host},2025-01-01,a letter\n")
        before = len(site.log)
        assert crawl(tmp_path, [], folder).failures
        assert len(site.log) == before


def test_the_ledger_does_not_grow_for_ever(tmp_path):
    db = open_pages(tmp_path)
    for number in range(30):
        open_decision(db, "2025-05-01T08:00:00+07:00", "a", f"https://a.example/{number}")
    note_refusal(db, "2025-05-01T08:00:00+07:00", "b", "https://b.example/1", "robots")
    assert trim_ledger(db, keep=10) == 20
    assert [line.url[-2:] for line in find_decisions(db, "a")] == [str(number) for number in range(20, 30)]
    assert len(list(find_decisions(db, "b"))) == 1
    assert db.execute("select requests from site_days where site = 'a'").fetchone() == (30,)
