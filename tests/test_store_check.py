"""`check` proves the databases whole, and finds each kind of damage."""

import pytest
from conftest import add_article
from test_store_findings import BODY, reading

from store.check import check_databases
from store.findings import FINDING_TABLES, Links, replace_findings
from store.lanes import replace_search


@pytest.fixture
def article(news):
    number = add_article(news, BODY)
    row = news["articles"].get(number)
    replace_search(news, number, row["title"], row["lead"], row["body"])
    replace_findings(news, number, reading(), Links(), "v1")
    return number


def test_whole(news, article, tmp_path):
    news.execute("insert into passages values (1, 0, ?, 'item')", [len(BODY)])
    assert list(check_databases(tmp_path)) == []


@pytest.mark.parametrize("table", [*FINDING_TABLES, "sentences"])
@pytest.mark.parametrize("damage", ["text = text || 'x'", "start = start + 1", "end = end + 1"])
def test_a_moved_row(news, article, tmp_path, table, damage):
    news.execute(f"update {table} set {damage} where id = (select max(id) from {table})")
    lines = list(check_databases(tmp_path))
    assert any(line.startswith(f"news.db: {table} ") for line in lines), lines


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("update search set title = 'khac' where rowid = 1", "search does not hold article 1"),
        ("delete from search", "search does not hold article 1"),
        ("delete from search_marked", "search_marked does not hold article 1"),
        ("insert into search (rowid, title) values (9, 'x')", "search holds row 9"),
        ("insert into search_words (rowid, words) values (9, 'fwx')", "search_words holds row 9"),
        ("insert into search_words (rowid, words) values (1, 'fwx')", "search_words holds "),
        ("update articles set body = 'Khác'", "stands there"),
        ("insert into passages values (1, 5, 4, 'item')", "5 to 4 is no part of a body"),
        ("insert into passages values (1, -1, 4, 'item')", "-1 to 4 is no part of a body"),
        ("insert into passages values (1, 0, 40000, 'item')", "0 to 40000 is no part of a body"),
        ("update figures set sentence_id = null", "does not begin in its sentence"),
    ],
)
def test_other_damage(news, article, tmp_path, damage, says):
    news.execute(damage)
    assert any(says in line for line in check_databases(tmp_path))


def test_a_broken_foreign_key(news, article, tmp_path):
    news.execute("pragma foreign_keys = off")
    news.execute("update mentions set entity_id = 999")
    assert any("mentions row 1 points to a row of entities" in line for line in check_databases(tmp_path))


def test_a_file_that_is_no_database(tmp_path):
    from store.db import StoreError

    (tmp_path / "news.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=r"news\.db"):
        list(check_databases(tmp_path))
