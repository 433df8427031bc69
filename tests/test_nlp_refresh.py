"""Steps in order, bounded and spared as they say; and the command for schedulers, end to end on a small site."""

import json
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from conftest import add_article
from scripted_site import Answer, ScriptedSite, all_sources, article, small_site

from nlp import steps as road
from nlp.cli import cli
from nlp.refresh import Outcome, Step, run_steps
from store.db import open_news, open_pages, read_news
from store.state import load_state


@contextmanager
def no_bar(label, total=None):
    yield lambda steps: None


class Clock:
    """Seconds that pass when a step says so."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


def working(name, clock, pieces, seconds=10.0, done=None, **options):
    """A step of so many pieces, each taking so long."""

    def work(watch):
        with watch.bar(name) as move:
            for piece in range(1, pieces + 1):
                clock.seconds += seconds
                if done is not None:
                    done.append((name, piece))
                move(1)
                if watch.is_over() and piece < pieces:
                    return Outcome(f"{piece} {name}", {name: piece}, state="stopped")
        return Outcome(f"{pieces} {name}", {name: pieces})

    return Step(name, work, **options)


def failing(name, error, **options):
    def work(watch):
        raise error

    return Step(name, work, **options)


def test_steps_run_in_order_and_are_told():
    clock = Clock()
    report = run_steps([working("pages", clock, 3), working("facts", clock, 2)], no_bar, now=clock)
    assert report.line == "3 pages; 2 facts; 50 s"
    assert (report.exit_code, report.wrong, report.error) == (0, [], None)
    told = json.loads(report.as_json())
    assert [(step["name"], step["state"], step["counts"]) for step in told["steps"]] == [
        ("pages", "done", {"pages": 3}), ("facts", "done", {"facts": 2})]
    assert told["exit"] == 0 and "\n" not in report.as_json()


def test_time_is_shared_and_every_run_gets_on():
    clock, done = Clock(), []
    steps = [working("crawl", clock, 100, share=0.6, done=done), working("parse", clock, 2, done=done),
             working("read", clock, 100, share=1.0, done=done), working("stories", clock, 1, done=done)]
    report = run_steps(steps, no_bar, minutes=2, now=clock)
    assert [sum(name == step.name for name, _ in done) for step in steps] == [8, 2, 2, 1]
    assert report.exit_code == 0 and "time is up, the rest of crawl and read next time" in report.line
    # However short the time: one piece of each.
    done.clear()
    run_steps(steps, no_bar, minutes=0.001, now=clock)
    assert [sum(name == step.name for name, _ in done) for step in steps] == [1, 2, 1, 1]


def test_a_clock_that_is_set_changes_nothing(monkeypatch):
    """Only the monotonic clock counts: the wall may jump years."""
    report = run_steps([working("crawl", lambda: 0, 0)], no_bar, minutes=1)
    assert 0 <= report.seconds["crawl"] < 5


def test_a_spared_step_fails_alone():
    clock = Clock()
    steps = [failing("crawl", OSError("no route"), spared=True), working("read", clock, 1)]
    report = run_steps(steps, no_bar, now=clock)
    assert report.wrong == ["crawl: no route"] and report.exit_code == 3
    assert list(report.outcomes) == ["crawl", "read"]


@pytest.mark.parametrize("error", [OSError("full"), sqlite3.OperationalError("full"), RuntimeError("full")])
def test_any_other_failure_ends_the_run(error):
    report = run_steps([failing("read", error), failing("stories", AssertionError())], no_bar)
    assert report.exit_code == 1 and report.error is error and list(report.outcomes) == ["read"]


def test_a_bug_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        run_steps([failing("read", ZeroDivisionError())], no_bar)


def test_a_step_knows_what_time_is_left():
    clock, left = Clock(), []

    def work(watch):
        left.append(watch.left())
        clock.seconds += 50
        left.append(watch.left())
        return Outcome()

    run_steps([Step("crawl", work, share=0.5)], no_bar, minutes=1, now=clock)
    run_steps([Step("crawl", work, share=0.5)], no_bar, now=clock)
    assert left == [30.0, 0.0, None, None]


def fetched(data, *times):
    pages = open_pages(data)
    for number, at in enumerate(times):
        pages.execute("insert into addresses (url, site, kind, first_seen, last_seen, fetched_at)"
                      " values (?, 's', 'article', ?, ?, ?)", [f"https://s.example/{number}", at, at, at])
    return pages


def test_pages_of_the_future_are_told(tmp_path):
    """Whoever ran with a clock years ahead would wait years for the next look: until they are fetched again."""
    pages = fetched(tmp_path, "2040-01-01T00:00:00+07:00", "2039-05-01T00:00:00+07:00", "2026-05-01T06:00:00+07:00")
    now = datetime(2026, 5, 1, tzinfo=UTC)
    (line,) = road.find_clock_jump(pages, now)
    assert line.startswith("clock: 2 addresses were fetched as late as 2040-01-01") and "--full" in line
    pages.execute("update addresses set fetched_at = '2026-05-01T07:30:00+07:00'")
    assert road.find_clock_jump(pages, now) == []


def run(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def server():
    with ScriptedSite() as site:
        for number, path in enumerate(small_site(site), 1):
            site.pages[path] = article(number, body_of(number))
        yield site


def body_of(number):
    """A text long enough to be an article's."""
    return (f"Ngày {number}/5/2024, Công đoàn cơ sở trao {number * 10} suất quà cho đoàn viên khó khăn. "
            "Các suất quà gồm tiền mặt và nhu yếu phẩm, giúp người lao động ổn định cuộc sống. " * 4)


@pytest.fixture
def refresh(server, tmp_path):
    """The command on a site of six articles, ready to be called with more options."""
    sites = server.write(tmp_path / "sites", **all_sources(server))
    return lambda *options: run("--data", tmp_path / "data", "refresh", "--sites-dir", sites, *options)


def test_one_line_when_all_is_well(refresh, tmp_path):
    done = refresh()
    assert done.exit_code == 0, done.output
    assert done.stdout.count("\n") == 1 and done.stderr == ""
    assert done.stdout.startswith("refresh: 1 sites, 6 pages new, 0 changed; 6 articles new")
    kept = load_state(read_news(tmp_path / "data"), "refresh")
    assert kept["exit"] == 0 and [step["name"] for step in kept["steps"]] == [
        "crawl", "parse", "read", "stories", "derived", "health"]


def test_quiet_says_nothing_when_all_is_well(refresh):
    done = refresh("--quiet")
    assert (done.exit_code, done.output) == (0, "")


def test_json_for_machines(refresh):
    done = refresh("--json")
    told = json.loads(done.stdout)
    by_name = {step["name"]: step for step in told["steps"]}
    assert by_name["crawl"]["counts"]["pages"] == by_name["parse"]["counts"]["new"] == 6
    assert by_name["read"]["counts"]["articles"] == 6 and by_name["read"]["counts"]["failed"] == 0


def test_what_is_wrong_is_told_even_when_quiet(server, tmp_path):
    sites = server.write(tmp_path / "sites", **all_sources(server))
    with ScriptedSite("127.0.0.2") as closed:
        closed.pages["/tin"] = Answer("no", 403)
        closed.write(sites, name="kin", listings=[f"{closed.base}/tin"])
        done = run("--data", tmp_path / "data", "refresh", "--sites-dir", sites, "--quiet")
    assert done.exit_code == 3
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("kin: ")
    assert open_news(tmp_path / "data")["articles"].count > 0


def test_a_bad_site_file_does_not_stop_the_reading(refresh, tmp_path):
    add_article(open_news(tmp_path / "data"), "LĐLĐ tỉnh Sơn La trao 15 suất quà cho đoàn viên.")
    (tmp_path / "sites" / "xau.toml").write_text("title = 1\n")
    done = refresh()
    assert done.exit_code in (1, 3) and "xau.toml" in done.stderr


def test_runs_of_no_time_add_up_to_one(tmp_path):
    """Each reads one article; as many as it takes leave what one run leaves."""

    def nothing(name):
        return Step(name, lambda watch: Outcome())

    bodies = [body_of(number) for number in range(1, 6)]
    for folder in ("bit", "whole"):
        db = open_news(tmp_path / folder)
        for body in bodies:
            add_article(db, body)
    for number in range(1, 6):
        report = road.refresh(tmp_path / "bit", nothing("crawl"), nothing("parse"), no_bar, minutes=1e-9)
        assert report.exit_code == 0 and ("the rest of read" in report.line) is (number < 5)
        assert open_news(tmp_path / "bit").execute("select count(extractor) from articles").fetchone() == (number,)
    road.refresh(tmp_path / "whole", nothing("crawl"), nothing("parse"), no_bar)
    for table in ("figures", "mentions", "sentences", "entities", "aliases"):
        one, other = (list(open_news(tmp_path / folder)[table].rows) for folder in ("bit", "whole"))
        assert one == other, table


def test_many_short_refreshes_reach_what_one_reaches(server, tmp_path):
    """Each has no time at all: it asks for a source and an article, parses a page, reads an article."""
    from natural_keys import natural

    sites = server.write(tmp_path / "sites", **all_sources(server))
    whole = run("--data", tmp_path / "whole", "refresh", "--sites-dir", sites)
    assert whole.exit_code == 0 and "time is up" not in whole.stdout
    last = None
    for _ in range(30):
        done = run("--data", tmp_path / "short", "refresh", "--sites-dir", sites, "--for", "0.00001", "--json")
        assert done.exit_code == 0, done.output
        states = {step["name"]: step["state"] for step in json.loads(done.stdout)["steps"]}
        last = natural(tmp_path / "short/news.db")
        if states["parse"] == states["read"] == "done" and len(last["articles"]) == 6:
            break
    assert last == natural(tmp_path / "whole/news.db")
    for table in ("crawl_runs", "site_health"):
        unfinished = {"crawl_runs": "finished_at is null", "site_health": "state not in ('ok', 'quiet')"}[table]
        found = read_news(tmp_path / "short").execute(f"select count(*) from {table} where {unfinished}").fetchone()
        assert found == (0,)
