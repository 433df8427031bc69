"""Our pages: they answer, in both languages; crawled text is text; the headers keep scripts out."""

import asyncio
import json
import re

import pytest
from lxml import html as lxml_html
from test_datasette_config_newsroom import HOSTILE, METADATA, get, make_news

from nlp.application import open_datasette

PAGES = [
    "/",
    "/search",
    "/search?q=cong+doan",
    "/articles/1",
    "/articles/2",
    "/articles/3",
    "/articles/4",
    "/campaigns/bua-com-ca-dem",
    "/campaigns/nghia-tinh-ca-dem",
    "/campaigns/hostile",
    "/people/do-thi-may",
    "/people/ly-van-song",
    "/organizations/cong-doan-khu-cong-nghiep-song-trang",
    "/organizations/cong-doan-cong-ty-may-hoa-gao",
    "/awards/bang-khen",
    "/places/song-trang",
    "/documents/ke-hoach-17-kh-kcn",
    "/search?q=ca&kind=figure&site=songtrang&since=2023&until=2023-12&sort=date",
    "/figures",
    "/figures?unit=công+nhân",
    "/figures?unit=HOSTILE&from=x&period=month",
    "/map",
    "/about",
    "/dictionary",
    "/addresses",
]
DATASETTE_PAGES = [
    "/news",
    "/-/metadata",
    "/news/articles/4",
    "/news/revisions",
    "/news/refusals",
    *(f"/news/{t}" for t in METADATA["databases"]["news"]["tables"]),
    *(f"/news/{q}" for q in METADATA["databases"]["news"]["queries"]),
]
MISSING = ["/articles/99", "/articles/999999999999999999", "/campaigns/x", "/people/do-thi-may%3Cb%3E", "/entities/99"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_news(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def datasette(path):
    return open_datasette(path)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_in_both_languages(datasette, page):
    vietnamese = get(datasette, page)
    english = get(datasette, page + ("&" if "?" in page else "?") + "lang=en")
    for answer, lang in ((vietnamese, "vi"), (english, "en")):
        assert answer.status_code == 200, answer.text
        tree = lxml_html.document_fromstring(answer.text)
        assert tree.get("lang") == lang
        assert len(tree.xpath("//h1")) == 1
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), page
        assert not tree.xpath("//@onclick | //@style | //style | //script[not(@src) or normalize-space()]")
        assert all(src.startswith("/static/") for src in tree.xpath("//script/@src"))
    assert vietnamese.text != english.text


def test_the_language_is_remembered(datasette):
    answer = get(datasette, "/?lang=en")
    assert "lang=en" in answer.headers["set-cookie"]
    assert "no-store" in answer.headers["cache-control"]
    assert 'lang="en"' in get(datasette, "/", cookies={"lang": "en"}).text
    assert 'lang="vi"' in get(datasette, "/?lang=vi", cookies={"lang": "en"}).text
    for odd in ("/?lang=xx", "/news?lang=en"):
        assert "set-cookie" not in get(datasette, odd).headers


@pytest.mark.parametrize("page", PAGES + DATASETTE_PAGES)
def test_crawled_text_is_never_markup(datasette, page):
    answer = get(datasette, page)
    assert answer.status_code == 200
    if "html" in answer.headers["content-type"]:
        assert not re.search(r"<(script|img|svg)[^>]*pwned", answer.text), page
        tree = lxml_html.document_fromstring(answer.text)
        assert not tree.xpath("//*[@onerror or @onload]")
        assert not [h for h in tree.xpath("//@href") if h.strip().lower().startswith("javascript:")]


def test_the_hostile_article_is_shown_as_text(datasette):
    tree = lxml_html.document_fromstring(get(datasette, "/articles/4").text)
    assert tree.xpath("string(//h1)") == HOSTILE
    text = "\n".join(p.text_content() for p in tree.xpath("//div[contains(@class, 'text')]/p"))
    assert HOSTILE in text and "{{ 7*7 }} {% raw %} &lt;script&gt;" in text


def test_the_original_is_linked_only_over_http(datasette):
    page = get(datasette, "/articles/1").text
    original = 'href="https://songtrang.example/tin/101#:~:text=Ng%C3%A0y%2014%2F3%2F2023'
    assert original in page and 'rel="noopener nofollow"' in page.partition(original)[2][:200]
    for page in ("/articles/3", "/articles/4", "/news/articles"):
        hrefs = lxml_html.document_fromstring(get(datasette, page).text).xpath("//@href")
        assert not [h for h in hrefs if h.startswith(("file:", "javascript:"))]


def test_an_article_tells_of_its_copies_and_earlier_texts(datasette):
    page = get(datasette, "/articles/1").text
    assert 'href="/articles/3"' in page and 'href="/news/revisions/1"' in page


def test_facts_lead_to_their_marks(datasette):
    for number in (1, 2, 4):
        tree = lxml_html.document_fromstring(get(datasette, f"/articles/{number}").text)
        facts = tree.xpath("//aside//td[1]//a/@href")
        marks = {f"#{anchor}" for anchor in tree.xpath("//mark/@id")}
        assert facts and set(facts) == marks


def test_links_of_our_pages_lead_somewhere(datasette):
    async def follow():
        seen = set()
        for page in PAGES:
            tree = lxml_html.document_fromstring((await datasette.client.get(page)).text)
            seen |= {h.partition("#")[0] for h in tree.xpath("//@href") if h.startswith("/")}
        for href in sorted(seen):
            answer = await datasette.client.get(href)
            assert answer.status_code in (200, 302), href

    asyncio.run(follow())


@pytest.mark.parametrize("page", MISSING)
def test_a_missing_page_says_so(datasette, page):
    answer = get(datasette, page)
    assert answer.status_code == 404
    assert "<b>" not in answer.text.partition("<main")[2].replace("<b>/", "")


def test_short_addresses_lead_to_pages_or_rows(datasette):
    assert get(datasette, "/entities/1").headers["location"] == "/campaigns/bua-com-ca-dem"
    assert get(datasette, "/entities/8").headers["location"] == "/places/song-trang"


def test_headers_keep_scripts_out(datasette):
    for page in (*PAGES, "/articles/99", "/feeds/search.atom?q=a", "/-/health"):
        headers = get(datasette, page).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), page
        assert "unsafe" not in policy
    for page in ("/news", "/news/figures", "/news/figures.json", "/static/pages.css"):
        headers = get(datasette, page).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_health(datasette):
    health = get(datasette, "/-/health").json()
    assert health["ok"] is True
    assert health["counts"]["articles"] == 4
    assert health["newest_article"]["age_hours"] > 0
    assert health["last_run"]["sites_by_state"] == {"ok": 1}


def test_an_empty_database_has_pages_too(news, tmp_path):
    news.close()
    datasette = open_datasette(tmp_path / "news.db")
    for page in ("/", "/?lang=en", "/search?q=a", "/-/health", "/feeds/search.atom?q=a"):
        assert get(datasette, page).status_code == 200


def test_under_a_prefix_every_link_stays_under_it(path):
    datasette = open_datasette(path, base_url="/tin/")
    for page in PAGES:
        answer = get(datasette, page)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        hrefs = lxml_html.document_fromstring(answer.text).xpath("//@href | //@action")
        assert not [h for h in hrefs if h.startswith("/") and not h.startswith("/tin/")], page
    assert "Path=/tin/" in get(datasette, "/?lang=en").headers["set-cookie"]


def test_datasettes_own_json_stays(datasette):
    assert "news" in get(datasette, "/.json").json()
    rows = get(datasette, "/news/figures.json?_shape=array").json()
    assert {"text", "value", "start", "end"} <= set(rows[0])
    assert json.dumps(rows[0]["text"]).startswith('"')
