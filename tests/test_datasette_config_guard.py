"""Anybody's SQL: research runs, bombs are refused or cut, and every cut says so."""

import time
from urllib.parse import quote_plus

import pytest
from test_datasette_config_newsroom import SETTINGS, get, make_news

from nlp.application import open_datasette

ORDINARY = [
    "select unit, count(*), max(value) from figures group by unit order by 2 desc limit 20",
    "select a.title, f.text from figures f join articles a on a.id = f.article_id where f.unit = 'công nhân'",
    "select p.person, p.role, o.name from positions p left join entities o on o.id = p.organization_id",
    "select a.id, b.id from articles a, articles b where a.id < b.id",
    "select title from articles where body like '%công nhân%'",
    "select id, title from articles where id in (select rowid from search where search match fts_query('cong doan'))",
    "select entity_id, group_concat(distinct text) from mentions group by 1",
    "select printf('%,d', value), zeroblob from (select value, 1 as zeroblob from figures)",
    "select 'attach randomblob(1)', 'load_extension(x)' -- zeroblob(1)",
    "with recursive up(id) as (select parent_id from entities where id = 5 union select e.parent_id from up "
    "join entities e on e.id = up.id) select * from up",
    "with recursive y(n) as (select 2010 union all select n + 1 from y where n < 2030) select n from y",
    "select substr(published_at, 1, 4) as year, count(*), avg(length(body)) from articles group by 1",
    "select *, row_number() over (partition by unit order by value desc) from figures",
    "select e.name, (select count(*) from mentions m where m.entity_id = e.id) from entities e",
    "select value from json_each('[1, 2]')",
    "explain query plan select * from articles",
    "select * from campaign_timeline",
    "select hex(substr(content_hash, 1, 4)), fold(title) from articles",
]
REFUSED = {
    "select hex(zeroblob(1000000000))": "zeroblob() is switched off",
    "select randomblob (99) from articles": "randomblob() is switched off",
    "select load_extension('x')": "load_extension() is switched off",
    "SELECT ReadFile('/etc/passwd')": "readfile() is switched off",
    "select writefile('x', 'y')": "writefile() is switched off",
    "select format('%-99999999d', 1)": "printf() with a width",
    "attach database 'x' as y": "ATTACH is switched off",
    "-- x\n pragma table_info(articles)": "PRAGMA is switched off",
    "vacuum into 'x'": "VACUUM is switched off",
    "select count(*) from " + ", ".join(f"figures f{n}" for n in range(30)): "one inside the other",
    "select count(*) from " + " cross join ".join(f"mentions as m{n}" for n in range(24)): "one inside the other",
    "select (select count(*) from mentions a, mentions b, mentions c, mentions d, mentions e, mentions f, mentions g, "
    "mentions h where a.id > z.id) from mentions z, mentions y": "one inside the other",
}
TOO_LONG = "too big"
TOO_SLOW = "interrupted"
CUT = {
    "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n": TOO_SLOW,
    "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n a, n b": TOO_SLOW,
    "with recursive n(i) as (select 1 union all select i + 1 from n limit 2000) "
    "select group_concat(printf('%9000d', i)) from n": TOO_LONG,
    "select replace(printf('%9000d', 1), ' ', printf('%9000d', 1))": TOO_LONG,
    "with recursive n(i) as (select 1 union all select i + 1 from n limit 900) "
    "select replace(printf('%900d', i), ' ', printf('%90d', i)) from n": "answer cut",
}


@pytest.fixture(scope="module")
def datasette(tmp_path_factory):
    return open_datasette(make_news(tmp_path_factory.mktemp("guard")))


def ask(datasette, sql, end=".json"):
    return get(datasette, f"/news{end}?sql={quote_plus(sql)}")


@pytest.mark.parametrize("sql", ORDINARY)
def test_research_runs(datasette, sql):
    told = ask(datasette, sql).json()
    assert told["ok"] and not told["truncated"] and told["rows"] is not None, told
    assert ask(datasette, sql, "").status_code == 200


@pytest.mark.parametrize("sql", REFUSED)
def test_what_cannot_end_well_is_not_run(datasette, sql):
    start = time.perf_counter()
    answer = ask(datasette, sql)
    assert answer.status_code == 400 and not answer.json()["ok"]
    assert REFUSED[sql] in answer.json()["error"]
    page = ask(datasette, sql, "")
    assert page.status_code == 400 and REFUSED[sql] in page.text
    assert "content-security-policy" in page.headers and page.headers["x-content-type-options"] == "nosniff"
    assert time.perf_counter() - start < 1.5


@pytest.mark.parametrize("sql", CUT)
def test_a_cut_says_so(datasette, sql):
    start = time.perf_counter()
    answer = ask(datasette, sql)
    assert answer.status_code == 400 and CUT[sql] in answer.text.lower(), answer.text[:300]
    assert time.perf_counter() - start < SETTINGS["sql_time_limit_ms"] / 1000 + 3


def test_rows_past_the_limit_are_said_to_be_cut(datasette):
    sql = "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select i from n"
    told = ask(datasette, sql).json()
    assert told["truncated"] is True and len(told["rows"]) == SETTINGS["max_returned_rows"]
    assert "more than" in ask(datasette, sql, "").text


def test_a_where_of_a_table_is_looked_at_too(datasette):
    good = get(datasette, f"/news/figures.json?_where={quote_plus('value > 10')}")
    assert good.status_code == 200 and good.json()["rows"]
    bad = get(datasette, f"/news/figures.json?_where={quote_plus('1 = length(randomblob(9))')}")
    assert bad.status_code == 400 and "randomblob() is switched off" in bad.json()["error"]


def test_a_statement_cut_by_time_shows_the_way_out(datasette):
    page = ask(datasette, next(iter(CUT)), "")
    assert page.status_code == 400 and "fts_query" in page.text and "LIMIT" in page.text
