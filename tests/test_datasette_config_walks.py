"""A journalist and a researcher walk the newsroom of the sample articles, at a desk and on a phone.

UNIONNEWS_PICTURES=.github writes the README's pictures on the way.
"""

import csv
import io
import os
import sqlite3
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from browsing import ABSENT, browsing, on_a_phone, served, wait_for
from test_store_search import sample_articles

from nlp.read import find_unread, read_articles
from store.articles import save_article
from store.db import open_news
from store.filters import Filters
from store.hits import find_articles

pytestmark = ABSENT
CSS = "css selector"
PICTURES = os.environ.get("UNIONNEWS_PICTURES")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """The sample articles, read by the readers themselves."""
    folder = tmp_path_factory.mktemp("walks")
    db = open_news(folder)
    for _, article in sample_articles():
        save_article(db, article, "p", "2025-01-01T00:00:00+07:00")
    read_articles(db, find_unread(db))
    db.close()
    return folder / "news.db"


@pytest.fixture(scope="module")
def site(database):
    with served(database) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


@pytest.fixture(params=["desk", "phone"])
def screen(request, browser):
    if request.param == "desk":
        yield "desk"
    else:
        with on_a_phone(browser):
            yield "phone"


def picture(browser, screen, name):
    if PICTURES:
        path = Path(PICTURES) / (f"{name}.png" if screen == "desk" else f"{name}-phone.png")
        browser.save_screenshot(str(path))


def fits(browser, screen):
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    return screen != "phone" or wide <= 360


def in_view(browser, element):
    where = (
        "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.height > 0"
    )
    return wait_for(lambda: browser.execute_script(where, element))


def fetch(address):
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def test_a_journalist_follows_a_campaign(site, browser, screen):
    browser.get(f"{site}/?lang=vi")
    picture(browser, screen, "home")
    box = browser.find_element(CSS, "input[type=search]")
    box.send_keys("trung thanh trach nhiem liem chinh\n")
    assert wait_for(lambda: "/search" in browser.current_url)
    assert "Trung thành, trách nhiệm" in browser.find_element(CSS, ".results").text
    assert browser.find_elements(CSS, ".results mark.hit")
    picture(browser, screen, "search")
    assert fits(browser, screen)
    campaign = next(
        link for link in browser.find_elements(CSS, "#by-campaign + ul a") if "liêm chính" in link.text.lower()
    )
    number = parse_qs(urlsplit(campaign.get_attribute("href")).query)["campaign"][0]
    browser.get(f"{site}/entities/{number}")
    assert "/campaigns/" in browser.current_url
    assert "liêm chính" in browser.find_element(CSS, "h1").text.lower()
    assert browser.find_elements(CSS, "table[data-chart] tbody tr")
    charts = browser.find_elements(CSS, ".chart canvas")
    assert charts and charts[0].size["height"] > 100
    assert browser.find_element(CSS, ".chart").get_attribute("aria-label")
    picture(browser, screen, "campaign")
    assert fits(browser, screen)
    feed = browser.find_element(CSS, "link[type='application/atom+xml']").get_attribute("href")
    first = browser.find_element(CSS, "#newest + ul a")
    told = browser.find_element(CSS, "#newest + ul p").text.rstrip("….")
    browser.get(first.get_attribute("href"))
    mark = browser.find_element(CSS, "mark:target")
    assert in_view(browser, mark)
    assert browser.find_element(CSS, ".sentence:has(mark:target)").text.startswith(told[:60])
    original = browser.find_element(CSS, "#original").get_attribute("href")
    assert "#:~:text=" in original
    assert "sha256" in browser.find_element(CSS, ".cite").text
    picture(browser, screen, "article")
    assert fits(browser, screen)
    entries = ET.fromstring(fetch(feed)).findall(f"{ATOM}entry")
    assert entries
    links = [entry.find(f"{ATOM}link").get("href").partition("#")[0] for entry in entries]
    assert browser.current_url.partition("#")[0] in links


def test_a_researcher_takes_the_figures_home(site, browser, screen, database):
    browser.get(f"{site}/figures?lang=vi")
    browser.find_element(CSS, "input[name=unit]").send_keys("sáng kiến")
    browser.find_element(CSS, "input[name=from]").send_keys("2016")
    browser.find_element(CSS, "input[name=to]").send_keys("2024")
    browser.find_element(CSS, "form.narrow button").click()
    assert wait_for(lambda: browser.find_elements(CSS, ".chart canvas"))
    picture(browser, screen, "figures")
    assert fits(browser, screen)
    rows = browser.find_elements(CSS, "table[data-chart] tbody tr")
    shown = sum(int(row.find_element(CSS, "td[data-y]").get_attribute("data-y")) for row in rows)
    address = browser.find_element(CSS, "#csv").get_attribute("href")
    told = list(csv.DictReader(io.StringIO(fetch(urljoin(site, address)))))
    sql = """
        select f.id, f.text, f.value from figures f join articles a on a.id = f.article_id
        where f.unit = 'sáng kiến'
        and coalesce(f.period_end, f.period_start, substr(a.published_at, 1, 10)) >= '2016'
        and coalesce(f.period_start, substr(a.published_at, 1, 10)) <= '2024~' order by f.id
    """
    want = sqlite3.connect(database).execute(sql).fetchall()
    assert want and [(int(row["id"]), row["text"], float(row["value"])) for row in told] == want
    assert 0 < shown <= len(want)
    browser.get(told[0]["page"])
    assert browser.find_element(CSS, "mark:target").text == told[0]["text"]


def test_a_visitor_reads_without_scripts(site, browser, database):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for page in ("/", "/search?q=cong+doan", "/figures?unit=sáng+kiến", "/articles/1", "/map", "/about"):
            html = fetch(site + page.replace("á", "%C3%A1").replace("ế", "%E1%BA%BF"))
            assert "<h1" in html and "<noscript" not in html
            browser.get(site + page)
            assert browser.find_element(CSS, "h1").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_map_and_the_guide(site, browser, screen):
    for name in ("map", "about", "dictionary", "addresses"):
        browser.get(f"{site}/{name}")
        picture(browser, screen, name) if name in ("map",) else None
        assert fits(browser, screen)
    assert len(browser.find_elements(CSS, "table tbody tr")) > 10


def test_every_count_is_what_its_filter_finds(database):
    conn = sqlite3.connect(database)
    every = find_articles(conn, "cong doan", Filters())
    assert {"kind", "campaign", "organization", "province", "site"} <= {
        name for name, rows in every.counts.items() if rows
    }
    for name in ("kind", "campaign", "organization", "province", "site"):
        for count in every.counts[name]:
            assert find_articles(conn, "cong doan", Filters(**{name: count["value"]})).total == count["n"], (
                name,
                count,
            )
