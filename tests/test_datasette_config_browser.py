"""The pages in a real browser: from a row of figures to its marked sentence, the legend's switches, no script runs."""

import time

import pytest
from browsing import ABSENT, browsing, on_a_phone, refused, served
from test_datasette_config_newsroom import make_news

pytestmark = ABSENT
CSS = "css selector"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(make_news(tmp_path_factory.mktemp("browser"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


def in_view(browser, element):
    where = (
        "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.height > 0"
    )
    for _ in range(30):  # smooth scrolling takes a moment
        if browser.execute_script(where, element):
            return True
        time.sleep(0.1)
    return False


def colour_of(browser, selector):
    return browser.find_element(CSS, selector).value_of_css_property("background-color")


def test_one_click_from_a_figure_to_its_marked_sentence(site, browser):
    browser.get(f"{site}/news/figures?unit=công+nhân")
    browser.find_element(CSS, "td.col-text a").click()
    mark = browser.find_element(CSS, "mark:target")
    assert mark.text == "2.496 công nhân"
    assert in_view(browser, mark)
    assert mark.value_of_css_property("outline-style") == "solid"
    sentence = browser.find_element(CSS, ".sentence:has(mark:target)")
    assert (
        sentence.text
        == "Bà Đỗ Thị Mây, Chủ tịch Công đoàn Khu công nghiệp Sông Trăng, cho biết hơn 2.496 công nhân đã đăng ký."
    )
    assert sentence.value_of_css_property("background-color") != "rgba(0, 0, 0, 0)"


def test_the_switches_work_by_mouse_and_keyboard(site, browser):
    browser.get(f"{site}/articles/1")
    clear = "rgba(0, 0, 0, 0)"
    assert colour_of(browser, "mark.person") != clear
    browser.find_element(CSS, "label.person").click()
    assert colour_of(browser, "mark.person") == clear
    assert not browser.find_element(CSS, "details.person").is_displayed()
    assert colour_of(browser, "mark.figure") != clear
    browser.find_element(CSS, "#show-person").send_keys(" ")
    assert colour_of(browser, "mark.person") != clear


def test_a_fact_leads_to_its_mark(site, browser):
    browser.get(f"{site}/articles/1")
    browser.find_element(CSS, "details.grant a").click()
    assert in_view(browser, browser.find_element(CSS, "mark.grant:target"))


def test_a_reader_without_vietnamese_keys_finds_a_campaign(site, browser):
    browser.get(site)
    browser.find_element(CSS, "input[type=search]").send_keys("bua com ca dem\n")
    browser.find_element(CSS, ".results a[href='/articles/2']").click()
    browser.find_element(CSS, "details.campaign td + td a").click()
    assert browser.find_element(CSS, "h1").text == "Bữa cơm ca đêm"


@pytest.mark.parametrize(
    "page", ["/", "/articles/4", "/campaigns/hostile", "/search?q=script", "/news/articles", "/news/figures"]
)
def test_nothing_crawled_runs(site, browser, page):
    browser.get(site + page)
    assert browser.execute_script("return window.pwned") is None
    assert not refused(browser)


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/articles/1",
        "/articles/4",
        "/campaigns/bua-com-ca-dem",
        "/people/do-thi-may",
        "/search?q=ca+dem",
        "/figures?unit=công+nhân",
        "/map",
        "/about",
        "/dictionary",
        "/addresses",
    ],
)
def test_a_phone_does_not_scroll_sideways(site, browser, page):
    with on_a_phone(browser):
        browser.get(site + page)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
