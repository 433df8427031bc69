"""The stored queries: open without parameters, right with them, unharmed by anything typed into them."""

import asyncio
import re
import tomllib
from urllib.parse import urlencode

import pytest
from test_datasette_config_newsroom import FINDING_TABLES, METADATA, ROOT, get, make_news

from nlp.application import open_datasette

QUERIES = METADATA["databases"]["news"]["queries"]
TABLES = METADATA["databases"]["news"]["tables"]
CASES = tomllib.loads((ROOT / "tests/data/cases/stored_queries.toml").read_text(encoding="utf-8"))["case"]
TYPED = [
    "'",
    '"',
    "' or 1=1 --",
    '"; drop table articles; --',
    "%",
    "*",
    "\\",
    "\x00",
    "🙂" * 50,
    "9" * 40,
    "-1",
    "a" * 3000,
]
LINK = re.compile(r"/(articles/\d+(#f-[a-z]+-\d+)?|campaigns/[a-z0-9-]+)")


@pytest.fixture(scope="module")
def datasette(tmp_path_factory):
    return open_datasette(make_news(tmp_path_factory.mktemp("queries")))


def rows_of(datasette, query, **params):
    answer = get(datasette, f"/news/{query}.json?{urlencode({**params, '_shape': 'array'})}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_opens_without_parameters(datasette, query):
    for end in ("", ".json", ".csv"):
        answer = get(datasette, f"/news/{query}{end}")
        assert answer.status_code == 200, answer.text
    rows = rows_of(datasette, query)
    assert rows, query
    for row in rows:
        assert "link" not in row or LINK.fullmatch(row["link"]), row


@pytest.mark.parametrize("query", QUERIES)
def test_links_lead_to_what_they_say(datasette, query):
    for row in rows_of(datasette, query)[:20]:
        if "#f-" in row.get("link", ""):
            page, _, anchor = row["link"].partition("#")
            assert f'id="{anchor}"' in get(datasette, page).text, row["link"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_a_query_answers(datasette, case):
    rows = rows_of(datasette, case["query"], **case.get("params", {}))
    if "rows" in case:
        assert len(rows) == case["rows"], rows
    for row, want in zip(rows, case.get("want", []), strict=False):
        assert {key: row.get(key) for key in want} == want
    assert len(rows) >= len(case.get("want", []))


def test_every_query_has_a_case():
    assert {case["query"] for case in CASES} == set(QUERIES)


@pytest.mark.parametrize("query", [name for name in QUERIES if QUERIES[name].get("params")])
def test_nothing_typed_breaks_a_query(datasette, query):
    async def ask():
        for typed in TYPED:
            params = urlencode(dict.fromkeys(QUERIES[query]["params"], typed))
            answer = await datasette.client.get(f"/news/{query}?{params}")
            assert answer.status_code == 200, (typed, answer.text)

    asyncio.run(ask())


@pytest.mark.parametrize("table", [t for t in TABLES if not TABLES[t].get("hidden")])
def test_every_table_answers(datasette, table):
    for end in ("", ".json", ".csv?_stream=1", ".json?_labels=on"):
        assert get(datasette, f"/news/{table}{end}").status_code == 200


@pytest.mark.parametrize("table", FINDING_TABLES)
def test_a_finding_row_leads_to_its_mark(datasette, table):
    page = get(datasette, f"/news/{table}").text
    addresses = re.findall(r'<td class="col-text[^>]*><a href="(/articles/\d+)#(f-[a-z]+-\d+)">', page)
    assert addresses
    for address, anchor in addresses:
        assert f'id="{anchor}"' in get(datasette, address).text
    for address, anchor in re.findall(r'<td class="col-sentence_id[^>]*><a href="(/articles/\d+)#(s-\d+)">', page):
        assert f'id="{anchor}"' in get(datasette, address).text


def test_sql_can_compare_as_the_store_does(datasette):
    asked = ("fold('Đoàn')", "name_key('“Xanh”')", "slugify('Công đoàn')", "fts_query('Lao động \"a b\" *')", "fold(7)")
    sql = f"select {', '.join(asked)}, fold(null)"
    row = get(datasette, f"/news.json?{urlencode({'sql': sql, '_shape': 'arrays'})}").json()["rows"][0]
    asked = '((("lao" AND "dong") OR "ld") AND ("a b"))'
    assert row == ["doan", "xanh", "cong-doan", asked, "7", None]
