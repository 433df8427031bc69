"""Killed fifty times at random moments: every page the server ever gave is kept once, and hardly one asked thrice."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from scripted_site import ScriptedSite, all_sources, small_site

from crawler.run import crawl

ARTICLES, KILLS, CHAINS = 200, 50, 2
SCRIPT = ("import sys; from pathlib import Path; from crawler.run import crawl;"
          " crawl(Path(sys.argv[1]), [], Path(sys.argv[2]))")


def kill_one_crawl(data, folder, site, chance):
    """Start a crawl and kill it with its child after a random number of answers, a random moment later."""
    wanted = len(site.log) + chance.randint(0, 30)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(data), str(folder)], start_new_session=True,
                               stderr=subprocess.DEVNULL, env=environment)
    until = time.monotonic() + 60
    while len(site.log) < wanted and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.02))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def run_chain(tmp_path, number):
    """Kill one crawl after another over the same store, then let one end; return kills and what went wrong."""
    chance = random.Random(number)
    data = tmp_path / f"data-{number}"
    with ScriptedSite(f"127.0.0.{number + 1}") as site:
        paths = small_site(site, articles=ARTICLES, per_page=20)
        folder = site.write(tmp_path / f"sites-{number}", **all_sources(site))
        kills = sum(kill_one_crawl(data, folder, site, chance) for _ in range(KILLS // CHAINS))
        crawl(data, [], folder)
        given = Counter(asked.path for asked in site.log if asked.status == 200 and asked.path in paths)
        base = site.base
    with sqlite3.connect(data / "pages.db") as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        kept = Counter(url.removeprefix(base) for (url,) in db.execute("select url from pages"))
        (known,) = db.execute("select count(*) from addresses where kind = 'article' and body_hash <> ''").fetchone()
    lost = [path for path in given if kept[path] != 1]
    often = {path: times for path, times in given.items() if times > 2}
    twice = sum(times == 2 for times in given.values())
    return kills, lost, often, twice, (len(given), known)


def test_killed_fifty_times_nothing_is_lost(tmp_path):
    with ThreadPoolExecutor(CHAINS) as pool:
        results = list(pool.map(lambda number: run_chain(tmp_path, number), range(1, CHAINS + 1)))
    kills = sum(result[0] for result in results)
    print(f"{kills} kills, {sum(r[3] for r in results)} pages fetched twice, "
          f"{sum(len(r[2]) for r in results)} more often, {sum(len(r[1]) for r in results)} lost")
    assert [result[1] for result in results] == [[]] * CHAINS
    # A page in flight at two kills is asked a third time: it goes to the end of the queue, so that is rare, not never.
    assert sum(len(result[2]) for result in results) <= CHAINS
    assert all(times == 3 for result in results for times in result[2].values())
    assert [result[4] for result in results] == [(ARTICLES, ARTICLES)] * CHAINS
    # A machine that is fast enough ends a crawl or two before it is killed.
    assert kills >= KILLS * 0.8
