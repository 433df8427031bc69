"""Killed fifty times at random moments: every page the server ever gave is kept once, and none fetched a third time."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from scripted_site import Answer, ScriptedSite, all_sources, article, listing, small_site

from crawler.run import crawl
from store.addresses import VIETNAM

ARTICLES, KILLS, CHAINS = 200, 50, 2
SCRIPT = ("import sys; from pathlib import Path; from crawler.run import crawl;"
          " crawl(Path(sys.argv[1]), [], Path(sys.argv[2]))")


def kill_one_crawl(data, folder, ready, pause=0.0):
    """Start a crawl and kill it with its child a pause after `ready` says so; say whether it had not ended before."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(data), str(folder)], start_new_session=True,
                               stderr=subprocess.DEVNULL, env=environment)
    until = time.monotonic() + 60
    while not ready() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(pause)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def kill_at_random(data, folder, site, chance):
    """Kill a crawl after a random number of answers, a random moment later."""
    wanted = len(site.log) + chance.randint(0, 30)
    return kill_one_crawl(data, folder, lambda: len(site.log) >= wanted, chance.uniform(0, 0.02))


def run_chain(tmp_path, number):
    """Kill one crawl after another over the same store, then let one end; return kills and what went wrong."""
    chance = random.Random(number)
    data = tmp_path / f"data-{number}"
    with ScriptedSite(f"127.0.0.{number + 1}") as site:
        paths = small_site(site, articles=ARTICLES, per_page=20)
        folder = site.write(tmp_path / f"sites-{number}", **all_sources(site))
        kills = sum(kill_at_random(data, folder, site, chance) for _ in range(KILLS // CHAINS))
        crawl(data, [], folder)
        given = count_given(site, paths)
        base = site.base
    with sqlite3.connect(data / "pages.db") as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        kept = Counter(url.removeprefix(base) for (url,) in db.execute("select url from pages"))
        (known,) = db.execute("select count(*) from addresses where kind = 'article' and body_hash <> ''").fetchone()
    lost = [path for path in given if kept[path] != 1]
    often = {path: times for path, times in given.items() if times > 2}
    twice = sum(times == 2 for times in given.values())
    return kills, lost, often, twice, (len(given), known)


def count_given(site, paths):
    """Count how often each page was given in full."""
    return Counter(asked.path for asked in site.log if asked.status == 200 and asked.path in paths)


def test_killed_fifty_times_nothing_is_lost(tmp_path):
    with ThreadPoolExecutor(CHAINS) as pool:
        results = list(pool.map(lambda number: run_chain(tmp_path, number), range(1, CHAINS + 1)))
    kills = sum(result[0] for result in results)
    print(f"{kills} kills, {sum(r[3] for r in results)} pages fetched twice, "
          f"{sum(len(r[2]) for r in results)} more often, {sum(len(r[1]) for r in results)} lost")
    assert [result[1] for result in results] == [[]] * CHAINS
    assert [result[2] for result in results] == [{}] * CHAINS
    assert [result[4] for result in results] == [(ARTICLES, ARTICLES)] * CHAINS
    # A machine that is fast enough ends a crawl or two before it is killed.
    assert kills >= KILLS * 0.8


def test_a_page_that_ends_every_crawl_is_put_off_and_not_lost(tmp_path):
    arrivals = []

    def hang():
        # Under way whenever the crawl is killed, as a page would be that takes all its memory.
        arrivals.append(1)
        yield from ["wait"] * 5

    with ScriptedSite() as site:
        site.pages |= {"/tin": listing(["/tin/bai-1.html", "/tin/bai-2.html"]), "/tin/bai-1.html": Answer(raw=hang),
                       "/tin/bai-2.html": article(2)}
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])
        for number in (1, 2):
            assert kill_one_crawl(tmp_path, folder, lambda: len(arrivals) == number)  # noqa: B023
        health = crawl(tmp_path, [], folder).sites[0]
        assert (len(arrivals), site.paths().count("/tin/bai-2.html")) == (2, 2)
        assert "under way at 2 kills" in health.note
        site.pages["/tin/bai-1.html"] = article(1)
        assert crawl(tmp_path, [], folder).sites[0].stored == 0
        with sqlite3.connect(tmp_path / "pages.db") as db:
            (due,) = db.execute("select next_due_at from addresses where asked = 2").fetchone()
            assert timedelta(hours=23) < datetime.fromisoformat(due) - datetime.now(VIETNAM) < timedelta(hours=25)
            db.execute("update addresses set next_due_at = '2020-01-01' where asked = 2")
        assert crawl(tmp_path, [], folder).sites[0].stored == 1
    with sqlite3.connect(tmp_path / "pages.db") as db:
        assert db.execute("select count(*) from pages").fetchone() == (2,)
        assert db.execute("select count(*) from addresses where asked > 0").fetchone() == (0,)
