"""The metadata says what every table and column is, names nothing that is not there, and Datasette takes it."""

import re

import pytest
from datasette.app import SETTINGS as KNOWN_SETTINGS
from test_datasette_config_newsroom import METADATA, ROOT, SETTINGS

from store.db import open_news

# The tables FTS5 keeps behind each of its own.
SHADOW = re.compile(r"^search\w*_(config|content|data|docsize|idx)$")
NEWS = METADATA["databases"]["news"]
TABLES = NEWS["tables"]
QUERIES = NEWS["queries"]


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """Columns and their types, by table; FTS5's own tables left out, Datasette hides them by itself."""
    db = open_news(tmp_path_factory.mktemp("schema"))
    return {t: db[t].columns_dict for t in (*db.table_names(), *db.view_names()) if not SHADOW.search(t)}


def test_every_table_and_column_is_described_and_nothing_else(schema):
    assert set(TABLES) == set(schema)
    for table, columns in schema.items():
        described = TABLES[table]["columns"]
        assert set(described) == set(columns), table
        for name in ("title", "title_en", "description"):
            assert TABLES[table][name].strip(), (table, name)
        assert all(str(text).strip() for text in described.values()), table


def test_numbers_name_their_unit(schema):
    for table, columns in schema.items():
        for column, kind in columns.items():
            if kind in (int, float) and column != "id" and not column.endswith("_id"):
                assert "Unit: " in TABLES[table]["columns"][column], f"{table}.{column}"


def test_facets_sorts_and_labels_are_columns(schema):
    for table, told in TABLES.items():
        for key in ("sort", "sort_desc", "label_column"):
            assert told.get(key) is None or told[key] in schema[table], (table, key)
        assert set(told.get("facets", [])) <= set(schema[table]), table


def test_referenced_tables_have_labels(tmp_path):
    db = open_news(tmp_path)
    referenced = {key.other_table for table in db.table_names() for key in db[table].foreign_keys}
    assert referenced - {"crawl_runs"} == {t for t, told in TABLES.items() if "label_column" in told} - {"revisions"}


def test_internal_tables_are_hidden():
    assert {t for t, told in TABLES.items() if told.get("hidden")} == {
        "_sqlite_migrations",
        "search",
        "search_marked",
        "search_words",
        "state",
        "story_signatures",
    }


def test_queries_say_what_they_answer():
    assert len(QUERIES) >= 14
    for name, query in QUERIES.items():
        for key in ("title", "title_en", "description", "sql"):
            assert query[key].strip(), (name, key)
        # A query without an end could send the whole database.
        assert " limit " in query["sql"].lower(), name
        assert all(f":{param}" in query["sql"] for param in query.get("params", [])), name


def test_a_query_does_not_take_the_name_of_a_table():
    # Datasette answers /news/NAME with one of the two.
    assert not set(QUERIES) & set(TABLES)


def test_settings_are_datasettes():
    assert set(SETTINGS) <= {setting.name for setting in KNOWN_SETTINGS}


def test_the_data_card_shows_ten_queries_that_are_there():
    card = (ROOT / "datasets" / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"`/news/(\w+)\?", card)
    assert len(shown) == 10 and set(shown) <= set(QUERIES)
