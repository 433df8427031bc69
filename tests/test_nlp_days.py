"""Thirty simulated days: sites publish, edit, delete, break, block, fall silent; every refresh tells it on its day."""

import json
import os
import sqlite3
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone

import pytest
from click.testing import CliRunner
from conftest import ROOT
from natural_keys import natural, rows
from scripted_site import Answer, ScriptedSite, article, listing

from nlp.cli import cli

time_machine = pytest.importorskip("time_machine")

# Tết of the year of the horse: 17 February 2026; offices close for the week around it.
FIRST, DAYS = date(2026, 1, 25), 30
TET = (date(2026, 2, 13), date(2026, 2, 22))
VIETNAM = timezone(timedelta(hours=7))
LISTED = 12
# What a refresh calls a site that needs no look: states may be added, these two may not be called wrong.
WELL = {"ok", "quiet"}
PLACES = ("Sơn La", "Cà Mau", "Hà Giang", "An Giang", "Bến Tre", "Kon Tum", "Lào Cai", "Phú Yên", "Trà Vinh", "Yên Bái")


class World:
    """Three sites, each a list of articles; what happens on a day happens before that day's refresh."""

    def __init__(self, hosts):
        self.sites = dict(zip(("thep", "duong", "vai"), hosts, strict=True))
        self.texts = {name: {} for name in self.sites}
        for name, (count, per_day) in {"thep": (8, 2), "duong": (8, 2), "vai": (4, 1)}.items():
            for number in range(1, count + 1):
                self.publish(name, FIRST - timedelta(days=1 + (count - number) // per_day))

    def publish(self, name, day):
        texts = self.texts[name]
        number = len(texts) + 1
        place = PLACES[(number + 3 * len(name)) % len(PLACES)]
        texts[f"/tin/{name}-{number}.html"] = [
            f"{place}: {name} trao quà đợt {number}",
            f"Ngày {day.day}/{day.month}/{day.year}, LĐLĐ tỉnh {place} trao {number * 10 + len(name)} suất quà cho "
            f"đoàn viên khó khăn của nhà máy {name} số {number}. Bà Lò Thị Mến, Chủ tịch LĐLĐ tỉnh {place}, phát động "
            f"phong trào thi đua “Lao động giỏi”. Dịp này, {number + 2} tập thể được tặng Bằng khen. "
            + f"Các suất quà đợt {number} gồm tiền mặt và nhu yếu phẩm cho người lao động. " * 3,
            day,
        ]

    def show(self, name, trouble=None, number=0):
        """Put a site as it stands on the air."""
        site, texts = self.sites[name], self.texts[name]
        site.pages = {path: page(number, *told) for number, (path, told) in enumerate(texts.items()) if told}
        site.pages |= {path: Answer("gone", 410) for path, told in texts.items() if not told}
        newest = [path for path, told in reversed(texts.items()) if told][:LISTED]
        site.pages["/tin"] = listing(newest)
        if trouble == "broken":
            site.pages["/tin"] = Answer(f"<html><body><div id='app-{number}'></div></body></html>")
        elif trouble:
            answer = {"blocked": Answer("closed", 403), "slow": Answer("late", wait=1.6),
                      "dying": Answer("<html>" + "x" * 5000, cut=200), "error": Answer("oops", 500)}[trouble]
            site.pages = dict.fromkeys([*site.pages], answer)


def page(number, title, body, day):
    told = article(number, body)
    stamp = f'<meta property="article:published_time" content="{day}T08:00:00+07:00">'
    told.body = told.body.replace(f"Bài {number}", title).replace("</head>", f"{stamp}</head>")
    return told


# Day of the simulation -> site -> what is wrong with it that day. Nothing is wrong on any other.
TROUBLE = {
    9: {"duong": "broken"}, 10: {"duong": "broken"}, 11: {"duong": "broken"}, 12: {"duong": "blocked"},
    14: {"duong": "dying"}, 16: {"vai": "slow"}, 18: {"vai": "error"},
}
# On these days the broken listing is the same, byte by byte, as the day before: the server answers 304.
UNCHANGED = {11}
SILENT = {("vai", day) for day in range(3, 9)}
EDITED, DELETED, EDIT_DAY, DELETE_DAY = "/tin/thep-12.html", "/tin/thep-10.html", 6, 13


@contextmanager
def clock(moment, monkeypatch):
    """Set the clock of this process and of the crawl it starts."""
    monkeypatch.setenv("UNIONNEWS_TEST_CLOCK", str(moment.timestamp()))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "tests/data/clock"), *sys_path()]))
    with time_machine.travel(moment, tick=True):
        yield


def sys_path():
    return [path for path in [os.environ.get("PYTHONPATH")] if path]


def run(*arguments, expect=(0, 3)):
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code in expect, done.output
    return done


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Thirty days, one refresh each; what each said, and the world as it is at the end."""
    folder = tmp_path_factory.mktemp("days")
    monkeypatch = pytest.MonkeyPatch()
    hosts = [ScriptedSite(f"127.0.0.{number}") for number in (1, 2, 3)]
    with hosts[0], hosts[1], hosts[2], monkeypatch.context() as patch:
        world, reports = World(hosts), {}
        for name, site in world.sites.items():
            site.write(folder / "sites", name, listings=[f"{site.base}/tin"], timeout=1.0)
        for number in range(1, DAYS + 1):
            day = FIRST + timedelta(days=number - 1)
            for name in world.sites:
                closed = TET[0] <= day <= TET[1] or (name, number) in SILENT
                for _ in range(0 if closed else 1 if name == "vai" else 2):
                    world.publish(name, day)
            if number == EDIT_DAY:
                told = world.texts["thep"][EDITED]
                told[1] = told[1].replace("suất quà", "phần quà")
            if number == DELETE_DAY:
                world.texts["thep"][DELETED] = None
            for name in world.sites:
                world.show(name, TROUBLE.get(number, {}).get(name), number - (number in UNCHANGED))
            with clock(datetime(day.year, day.month, day.day, 8, tzinfo=VIETNAM), patch):
                done = run("--data", folder / "data", "refresh", "--sites-dir", folder / "sites", "--json")
            reports[number] = json.loads(done.stdout)
        for name in world.sites:
            world.show(name)
        yield folder, world, reports, patch


def states(folder):
    """(day of the simulation, site) -> state."""
    sql = "select substr(r.started_at, 1, 10), h.site, h.state from site_health h join crawl_runs r on r.id = h.run_id"
    return {((date.fromisoformat(day) - FIRST).days + 1, site): state
            for day, site, state in rows(folder / "data/news.db", sql)}


def test_every_incident_is_told_on_its_day(lived):
    folder, _, reports, _ = lived
    found = states(folder)
    assert len(found) == 3 * DAYS
    for day, troubled in TROUBLE.items():
        for site in troubled:
            assert found[day, site] not in WELL, (day, site, found[day, site])
            assert any(line.startswith(f"{site}: ") for step in reports[day]["steps"] for line in step["wrong"])
            assert reports[day]["exit"] == 3


def test_no_false_alarm_on_any_other_day_nor_at_tet(lived):
    folder, _, reports, _ = lived
    troubled = {(day, site) for day, sites in TROUBLE.items() for site in sites}
    found = states(folder)
    # A site that has brought nothing for days, outside of holidays, may be called silent.
    silent = {key for key, state in found.items() if state == "silent" and key in SILENT}
    alarms = {key: state for key, state in found.items() if state not in WELL and key not in troubled | silent}
    assert alarms == {}
    told = {day for day, report in reports.items() if report["exit"]}
    assert told == set(TROUBLE) | {day for day, _ in silent}


def test_equals_what_one_run_makes_of_the_same_pages(lived, tmp_path):
    folder, _, _, _ = lived
    with sqlite3.connect(folder / "data/pages.db") as pages:
        pages.execute("vacuum into ?", [str(tmp_path / "pages.db")])
    run("--data", tmp_path, "extract", "--sites-dir", folder / "sites", expect=(0,))
    lived_news, once = natural(folder / "data/news.db"), natural(tmp_path / "news.db")
    # Earlier texts too: they are read from the versions of the pages.
    assert len(once["revisions"]) == 1
    for table, expected in once.items():
        assert lived_news[table] == expected, table
    assert once["articles"] and once["figures"] and once["positions"]


def test_holds_what_the_sites_show_at_the_end(lived, tmp_path):
    folder, world, _, patch = lived
    with clock(datetime(2026, 2, 23, 9, tzinfo=VIETNAM), patch):
        run("--data", tmp_path, "refresh", "--sites-dir", folder / "sites", expect=(0,))
    fresh = rows(tmp_path / "news.db", "select url, title, body from articles order by url")
    kept = {row[0]: row for row in rows(folder / "data/news.db", "select url, title, body from articles")}
    assert len(fresh) == 3 * LISTED
    assert [kept[url] for url, _, _ in fresh] == fresh
    # And all that was ever published is there, as it was published.
    published = {world.sites[name].base + path for name, texts in world.texts.items() for path in texts}
    assert set(kept) == published


def test_an_edit_is_a_revision_and_what_is_gone_stays(lived):
    folder, world, _, _ = lived
    base = world.sites["thep"].base
    news = folder / "data/news.db"
    edited = rows(news, "select a.url, r.body like '%suất quà%', a.body like '%phần quà%' from revisions r"
                        " join articles a on a.id = r.article_id")
    assert edited == [(base + EDITED, 1, 1)]
    ((gone, at),) = rows(news, "select url, substr(gone_at, 1, 10) from articles where gone_at is not null")
    assert gone == base + DELETED
    assert date.fromisoformat(at) >= FIRST + timedelta(days=DELETE_DAY - 1)
    assert "All is well." in run("--data", folder / "data", "check", expect=(0,)).output


def test_a_clock_years_ahead_is_told_and_mended(tmp_path):
    """One run in 2040: the next says so, and what it says to do sets it right."""
    monkeypatch = pytest.MonkeyPatch()
    with ScriptedSite() as site, monkeypatch.context() as patch:
        world = World([site, site, site])
        world.sites = {"thep": site}
        world.show("thep")
        site.write(tmp_path / "sites", "thep", listings=[f"{site.base}/tin"])
        arguments = ["--data", tmp_path / "data", "refresh", "--sites-dir", tmp_path / "sites"]
        with clock(datetime(2040, 1, 1, tzinfo=VIETNAM), patch):
            run(*arguments, expect=(0,))
        with clock(datetime(2026, 2, 23, 8, tzinfo=VIETNAM), patch):
            assert "clock: 9 addresses were fetched as late as 2040-01-01" in run(*arguments, expect=(3,)).stderr
            run("--data", tmp_path / "data", "crawl", "--full", "--sites-dir", tmp_path / "sites", expect=(0,))
        with clock(datetime(2026, 2, 23, 9, tzinfo=VIETNAM), patch):
            assert run(*arguments, expect=(0,)).stderr == ""
