"""Manners against real servers and their logs: robots.txt, waits, Retry-After, and nobody else is ever connected to."""

import sqlite3
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from scripted_site import Answer, ScriptedSite, all_sources, article, listing, small_site
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.downloads import PublicAddresses
from crawler.run import crawl
from crawler.site import Site
from crawler.waits import next_try, next_visit, read_retry_after
from store.addresses import VIETNAM

TEXT = {"Content-Type": "text/plain"}
NOW = datetime(2024, 5, 1, 8, tzinfo=VIETNAM)
GUEST = Site("x", "x", "congdoan.example.vn", "https://congdoan.example.vn")


@pytest.fixture
def site():
    with ScriptedSite() as server:
        yield server


def gaps(log):
    """The seconds between the end of one answer and the beginning of the next request."""
    return [later.began - earlier.ended for earlier, later in pairwise(log)]


def failures(data):
    with sqlite3.connect(data / "pages.db") as db:
        return dict(db.execute("select url, failure from addresses where failure is not null"))


def test_robots_rules_for_us_and_our_user_agent(site, tmp_path):
    small_site(site)
    rules = "User-agent: *\nDisallow:\n\nUser-agent: unionnews\nDisallow: /tin/bai-2.html\nDisallow: /sitemap.xml\n"
    site.pages["/robots.txt"] = Answer(rules, headers=TEXT)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    summary = crawl(tmp_path, [], folder, contact="https://example.org/ai-do")
    assert summary.sites[0].stored == 5
    assert "/tin/bai-2.html" not in site.paths()
    assert "/sitemap.xml" not in site.paths()
    assert {asked.headers["User-Agent"] for asked in site.log} == {"unionnews (+https://example.org/ai-do)"}
    assert [asked.path for asked in site.log].count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "state"), [(500, "failed"), (503, "failed"), (401, "blocked"), (403, "blocked")])
def test_unreadable_robots_forbid_everything(site, tmp_path, status, state):
    small_site(site)
    site.pages["/robots.txt"] = Answer("busy", status, headers={"Retry-After": "0"})
    summary = crawl(tmp_path, [], site.write(tmp_path / "sites", **all_sources(site)))
    assert site.paths() == []
    assert summary.failures[0].state == state


def test_robots_redirected_elsewhere_forbid_everything(site, tmp_path):
    small_site(site)
    with ScriptedSite() as stranger:
        site.pages["/robots.txt"] = Answer(status=302, headers={"Location": f"{stranger.base}/robots.txt"})
        crawl(tmp_path, [], site.write(tmp_path / "sites", **all_sources(site)))
        assert stranger.log == []
    assert site.paths() == []


def test_crawl_delay_is_kept_and_one_request_at_a_time(site, tmp_path):
    small_site(site, articles=2)
    site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.5\n", headers=TEXT)
    crawl(tmp_path, [], site.write(tmp_path / "sites", **all_sources(site)))
    assert len(site.log) == 6
    assert min(gaps(site.log)) > 0.49


def test_a_crawl_delay_of_days_is_a_refusal(site, tmp_path):
    small_site(site, articles=2)
    site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 86400\n", headers=TEXT)
    crawl(tmp_path, [], site.write(tmp_path / "sites", **all_sources(site)))
    assert site.paths() == []


def test_hosts_do_not_wait_for_each_other(tmp_path):
    with ScriptedSite("127.0.0.1") as one, ScriptedSite("127.0.0.2") as two:
        for server, name in ((one, "mot"), (two, "hai")):
            small_site(server, articles=3)
            server.write(tmp_path / "sites", name, delay=0.3, **all_sources(server))
        crawl(tmp_path, [], tmp_path / "sites")
        for server in (one, two):
            assert min(gaps(server.log)) > 0.29
        assert one.log[0].began < two.log[-1].ended
        assert two.log[0].began < one.log[-1].ended


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(site, tmp_path, status):
    small_site(site, articles=2)
    site.pages["/tin/bai-1.html"] = [Answer("busy", status, headers={"Retry-After": "1"}), article(1)]
    summary = crawl(tmp_path, [], site.write(tmp_path / "sites", **all_sources(site)))
    assert (summary.sites[0].stored, summary.sites[0].failed) == (2, 0)
    busy = [asked.status for asked in site.log].index(status)
    assert gaps(site.log)[busy] > 0.99


def test_a_site_that_wants_an_hour_gets_it(site, tmp_path):
    paths = small_site(site)
    site.pages["/tin/bai-2.html"] = Answer("busy", 429, headers={"Retry-After": "3600"})
    folder = site.write(tmp_path / "sites", **all_sources(site))
    first = crawl(tmp_path, [], folder).sites[0]
    assert first.state == "blocked"
    assert site.paths()[-1] == "/tin/bai-2.html"
    before = len(site.log)
    assert crawl(tmp_path, [], folder).sites[0].state == "blocked"
    assert len(site.log) == before
    with sqlite3.connect(tmp_path / "pages.db") as db:
        db.execute("update addresses set next_due_at = '2020-01-01T00:00:00.000+07:00' where failure = 'retry-after'")
    site.pages["/tin/bai-2.html"] = article(2)
    assert crawl(tmp_path, [], folder).sites[0].stored == len(paths) - first.stored


def test_no_host_but_the_site_is_connected_to(site, tmp_path):
    with ScriptedSite() as stranger:
        away = stranger.base
        site.pages["/tin"] = listing([f"{away}/tin/bai-1.html", "/tin/bai-2.html", "//evil.example/tin/bai-3.html"])
        site.pages["/tin/bai-2.html"] = Answer(status=301, headers={"Location": f"{away}/tin/bai-1.html"})
        site.pages["/rss"] = Answer(status=302, headers={"Location": f"{away}/rss"})
        crawl(tmp_path, [], site.write(tmp_path / "sites", feeds=[f"{site.base}/rss"], listings=[f"{site.base}/tin"]))
        assert stranger.log == []
    assert set(failures(tmp_path).values()) == {"outside"}


def test_a_public_name_that_leads_to_loopback_is_not_connected_to(site, tmp_path, monkeypatch):
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import socket\nreal = socket.getaddrinfo\n"
        "def rebound(host, *args, **kwargs):\n"
        "    return real('127.0.0.1' if host == 'congdoan.example.vn' else host, *args, **kwargs)\n"
        "socket.getaddrinfo = rebound\n")
    monkeypatch.setenv("PYTHONPATH", str(hook))
    port = site.host.partition(":")[2]
    base = f"http://congdoan.example.vn:{port}"
    folder = site.write(tmp_path / "sites", domain=f"congdoan.example.vn:{port}", base=base, local=False, delay=1.0)
    summary = crawl(tmp_path, [], folder)
    assert summary.failures
    assert site.log == []


class Receiver:
    """Remembers what it is handed."""

    def __init__(self):
        self.hosts = []

    def addressResolved(self, address):
        self.hosts.append(address.host)


def test_only_public_addresses_pass():
    receiver = Receiver()
    private = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
    wrapped = ["::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "::"]
    for host in private:
        PublicAddresses(receiver).addressResolved(IPv4Address("TCP", host, 80))
    for host in wrapped:
        PublicAddresses(receiver).addressResolved(IPv6Address("TCP", host, 80))
    assert receiver.hosts == []
    PublicAddresses(receiver).addressResolved(IPv4Address("TCP", "203.162.4.190", 80))
    assert receiver.hosts == ["203.162.4.190"]


def test_young_articles_are_asked_for_more_often_than_old_ones():
    young, old = (next_visit(GUEST, NOW, NOW - timedelta(days=days)) - NOW for days in (0, 60))
    assert (young, old) == (timedelta(hours=6), timedelta(days=30))
    assert next_visit(GUEST, NOW, NOW - timedelta(days=5000)) == NOW + timedelta(days=90)
    assert next_visit(GUEST, NOW, None) == NOW + timedelta(days=1)


def test_failures_are_tried_again_ever_later():
    waits = [next_try(GUEST, NOW, failures, lasting=False) - NOW for failures in (0, 1, 5, 99)]
    assert waits == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=32), timedelta(days=90)]
    assert next_try(GUEST, NOW, 0, lasting=True) - NOW == timedelta(days=7)
    # After a week without a network we are back within half a day, and a refusal still is one.
    assert next_try(GUEST, NOW, 99, lasting=False, source=True) - NOW == timedelta(hours=12)
    assert next_try(GUEST, NOW, 99, lasting=True, source=True) - NOW == timedelta(days=90)


@pytest.mark.parametrize(("value", "seconds"), [
    ("60", 60.0), ("Wed, 01 May 2024 01:00:30 GMT", 30.0), ("Wed, 01 May 2020 01:00:30 GMT", 0.0), ("soon", None),
    ("", None), (None, None), ("9" * 40, 999999999.0), ("-5", None),
])
def test_retry_after(value, seconds):
    assert read_retry_after(value, NOW) == seconds
