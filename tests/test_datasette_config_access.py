"""Every page of ours passes axe-core, in both languages, on a desk and on a phone."""

from pathlib import Path

import pytest
from browsing import ABSENT, browsing, on_a_phone, served
from test_datasette_config_newsroom import make_news

pytestmark = ABSENT
# axe-core 4.14.1 from npm, MPL-2.0; its licence lies beside it.
AXE = (Path(__file__).parent / "data" / "axe" / "axe.min.js").read_text(encoding="utf-8")
RUN = "const done = arguments[0]; axe.run(document).then(found => done(found.violations))"
PAGES = [
    "/",
    "/search",
    "/search?q=cong+doan&kind=figure",
    "/search?q=%22mở+-a+%25",
    "/search?q=khong+co+gi",
    "/articles/1",
    "/articles/4",
    "/campaigns/bua-com-ca-dem",
    "/campaigns/hostile",
    "/people/do-thi-may",
    "/organizations/cong-doan-khu-cong-nghiep-song-trang",
    "/awards/bang-khen",
    "/places/song-trang",
    "/documents/ke-hoach-17-kh-kcn",
    "/figures",
    "/figures?unit=công+nhân&from=x",
    "/map",
    "/about",
    "/dictionary",
    "/addresses",
    "/articles/99",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(make_news(tmp_path_factory.mktemp("access"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


def violations(browser, address):
    browser.get(address)
    browser.execute_script(AXE)
    found = browser.execute_async_script(RUN)
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(site, browser, page, lang):
    address = f"{site}{page}{'&' if '?' in page else '?'}lang={lang}"
    assert violations(browser, address) == []


@pytest.mark.parametrize("page", PAGES[:7])
def test_axe_finds_nothing_on_a_phone(site, browser, page):
    with on_a_phone(browser):
        assert violations(browser, site + page) == []


@pytest.mark.parametrize("page", ["/", "/articles/1", "/search?q=cong+doan"])
def test_every_control_is_reached_by_keyboard_and_named(site, browser, page):
    browser.get(site + page)
    controls = browser.find_elements("css selector", "a[href], button, input:not([type=hidden]), select, summary")
    assert len(controls) > 5
    for control in controls:
        assert control.get_attribute("tabindex") != "-1", control.get_attribute("outerHTML")
        assert control.accessible_name, control.get_attribute("outerHTML")


def test_no_page_is_heavy(site, browser):
    weigh = "return performance.getEntries().reduce((sum, e) => sum + (e.encodedBodySize || 0), 0)"
    for page in PAGES:
        browser.get(site + page)
        assert browser.execute_script(weigh) < 300_000, page
