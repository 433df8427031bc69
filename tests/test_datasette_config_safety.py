"""Hostile words in every crawled field and every input: nothing runs, nothing errs, the browser holds the policy."""

import asyncio
import json
import tomllib
from urllib.parse import quote, quote_plus

import pytest
from browsing import ABSENT, browsing, refused, served
from lxml import html as lxml_html
from test_datasette_config_newsroom import METADATA, ROOT, SETTINGS

from nlp.application import open_datasette
from store.db import open_news
from store.derived import rebuild_derived
from store.lanes import replace_search
from store.text import name_key, slugify

CASES = tomllib.loads((ROOT / "tests/data/cases/hostile_pages.toml").read_text(encoding="utf-8"))
PAYLOADS, TYPED = CASES["payloads"], CASES["typed"]
INPUTS = [
    *(f"/search?q={{}}&x={name}" for name in "1"),
    *(
        f"/search?q=a&{name}={{}}"
        for name in ["kind", "campaign", "organization", "province", "site", "since", "until", "year", "sort", "page"]
    ),
    "/search.json?q={}",
    "/search.json?q=a&since={}",
    "/feeds/search.atom?q={}",
    *(f"/figures?unit=a&{name}={{}}" for name in ("unit", "from", "to", "period")),
    *(f"/figures.csv?unit=a&{name}={{}}" for name in ("unit", "from", "to")),
    "/?lang={}",
    "/campaigns/{}",
    "/people/{}",
    "/feeds/campaigns/{}.atom",
]
ELEMENTS = (
    "//script[not(@src)] | //iframe | //base | //meta[@http-equiv] | //img | //math | //form[contains(@action, 'evil')]"
)


def make_hostile(folder):
    """A news.db where every payload stands in every field that comes from a page or is read out of one."""
    db = open_news(folder)
    for number, payload in enumerate(PAYLOADS, 1):
        payload = payload.replace("\x00", "-")
        slug = slugify(payload)[:40] + f"-{number}"
        entity = (
            db["entities"]
            .insert(
                {
                    "kind": "campaign",
                    "name": payload,
                    "slug": slug,
                    "source": payload,
                    "description": payload,
                    "code": f"{payload}{number}",
                }
            )
            .last_pk
        )
        db["aliases"].insert({"entity_id": entity, "text": payload, "key": name_key(payload)})
        db["aliases"].insert({"entity_id": entity, "text": f"{payload} 2", "key": name_key(payload)})
        body = f"{payload} mở đầu.\nCâu hai có 12 {payload} ở giữa."
        moment = "2024-05-01T08:00:00+07:00"
        article = (
            db["articles"]
            .insert(
                {
                    "url": payload if number % 2 else f"https://x.example/{quote(payload)}-{number}",
                    "site": payload,
                    "title": payload,
                    "author": payload,
                    "section": payload,
                    "province": payload,
                    "lead": payload,
                    "body": body,
                    "published_at": moment,
                    "updated_at": payload,
                    "first_seen_at": moment,
                    "fetched_at": moment,
                    "content_hash": payload,
                    "page_hash": payload,
                    "extractor": payload,
                    "failure": payload,
                }
            )
            .last_pk
        )
        replace_search(db, article, payload, payload, body)
        sentence = db["sentences"].insert({"article_id": article, "start": 0, "end": len(body), "text": body}).last_pk
        where = {
            "article_id": article,
            "sentence_id": sentence,
            "start": 0,
            "end": len(payload),
            "text": payload,
            "rule": payload,
        }
        db["mentions"].insert(where | {"kind": "campaign", "entity_id": entity, "reason": payload, "number": payload})
        db["figures"].insert(
            where
            | {
                "value": 12,
                "qualifier": payload,
                "unit": payload.lower(),
                "unit_kind": payload,
                "counted": payload,
                "subject": payload,
                "subject_id": entity,
                "campaign_id": entity,
                "period_start": payload,
                "period_end": payload,
            }
        )
        db["dates"].insert(where | {"date_start": payload, "date_end": payload})
        db["positions"].insert(
            where
            | {
                "person": payload,
                "role": payload,
                "organization": payload,
                "person_id": entity,
                "organization_id": entity,
                "as_of": payload,
            }
        )
        db["grants"].insert(
            where
            | {
                "giver": payload,
                "award": payload,
                "recipient": payload,
                "count": 1,
                "qualifier": payload,
                "giver_id": entity,
            }
        )
        db["campaign_events"].insert(
            where
            | {
                "campaign": payload,
                "campaign_id": entity,
                "event": payload,
                "date": payload,
                "organization": payload,
                "other_campaign": payload,
            }
        )
        db["revisions"].insert(
            {"article_id": article, "fetched_at": payload, "title": payload, "body": body, "content_hash": payload}
        )
    rebuild_derived(db)
    slugs = [row[0] for row in db.execute("select slug from entities order by id")]
    db.close()
    return folder / "news.db", slugs


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return make_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def datasette(hostile):
    return open_datasette(hostile[0])


def pages(slugs):
    yield from (
        "/",
        "/search?q=cau+hai",
        "/figures",
        "/map",
        "/about",
        "/news/articles",
        "/news/figures",
        "/news/entities",
    )
    for number, slug in enumerate(slugs, 1):
        payload = PAYLOADS[number - 1].replace("\x00", "-")
        yield from (
            f"/articles/{number}",
            f"/campaigns/{slug}",
            f"/search?q={quote_plus(payload)}&site={quote_plus(payload)}",
        )
        yield f"/figures?unit={quote_plus(payload)}"


def test_the_list_is_long():
    assert len(PAYLOADS) >= 30 and len(TYPED) >= 60


def test_no_payload_becomes_an_element(datasette, hostile):
    async def ask():
        for page in pages(hostile[1]):
            answer = await datasette.client.get(page)
            assert answer.status_code == 200, (page, answer.text[-600:])
            tree = lxml_html.document_fromstring(answer.text)
            if not page.startswith("/news"):
                assert not tree.xpath(ELEMENTS), page
                events = [a for e in tree.iter() if isinstance(e.tag, str) for a in e.attrib if a.startswith("on")]
                assert not events, (page, events)
            links = [h.strip().lower() for h in tree.xpath("//@href | //@src | //@action")]
            assert not [h for h in links if h.startswith(("javascript:", "data:", "vbscript:"))], page
            assert "49" not in tree.xpath("string(//h1)")

    asyncio.run(ask())


def test_nothing_typed_anywhere_is_an_error(datasette):
    async def ask():
        for address in INPUTS:
            for typed in (*TYPED, *PAYLOADS[:8]):
                answer = await datasette.client.get(address.format(quote(typed, safe="")))
                assert answer.status_code in (200, 400, 404), (address, typed, answer.status_code)
                for leaked in ("Traceback", "OperationalError", "syntax error", "no such column", "fts5:"):
                    assert leaked not in answer.text, (address, typed)

    asyncio.run(ask())


def test_json_stays_json(datasette):
    async def ask():
        for typed in (*TYPED, *PAYLOADS):
            answer = await datasette.client.get(f"/search.json?q={quote(typed, safe='')}")
            assert answer.headers["content-type"].startswith("application/json")
            assert json.loads(answer.text)["q"] == typed

    asyncio.run(ask())


def test_sql_that_writes_or_never_ends_is_stopped(datasette):
    async def ask(sql):
        return await datasette.client.get(f"/news.json?sql={quote_plus(sql)}")

    for sql in (
        "delete from articles",
        "update articles set title = ''",
        "attach database 'x' as y",
        "pragma writable_schema = 1",
        "select load_extension('x')",
    ):
        answer = asyncio.run(ask(sql))
        assert answer.status_code == 400 and not answer.json()["ok"], sql
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    answer = asyncio.run(ask(endless))
    assert answer.status_code == 400 and "interrupted" in answer.text.lower()
    many = "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select i from n"
    told = asyncio.run(ask(many)).json()
    assert told["truncated"] is True and len(told["rows"]) == SETTINGS["max_returned_rows"]


def test_the_metadata_names_no_other_host_to_load_from():
    assert "http" not in json.dumps(METADATA.get("extra_css_urls", []) + METADATA.get("extra_js_urls", []))


@ABSENT
def test_nothing_runs_in_a_browser(hostile):
    path, slugs = hostile
    with served(path) as site, browsing() as browser:
        for page in pages(slugs):
            browser.get(site + page)
            assert browser.execute_script("return window.pwned") is None, page
            assert browser.current_url.startswith(site), page
            assert not refused(browser), page


@ABSENT
def test_the_browser_holds_the_policy(hostile):
    smuggled = """
        const box = document.createElement('div'); document.body.append(box);
        box.innerHTML = "<img src=x onerror='window.pwned=1'><a id=a href='javascript:window.pwned=1'>x</a>";
        const script = document.createElement('script'); script.textContent = 'window.pwned=1'; box.append(script);
        const far = document.createElement('script'); far.src = 'https://evil.example/x.js'; box.append(far);
        const style = document.createElement('style'); style.textContent = 'body{display:none}'; box.append(style);
        document.getElementById('a').click();
    """
    with served(hostile[0]) as site, browsing() as browser:
        for page in ("/", "/search?q=a", "/articles/1", f"/campaigns/{hostile[1][0]}", "/figures", "/map", "/about"):
            browser.get(site + page)
            browser.get_log("browser")
            browser.execute_script(smuggled)
            assert browser.execute_script("return window.pwned") is None, page
            assert browser.find_element("css selector", "main").is_displayed()
            assert len(refused(browser)) >= 4, page
