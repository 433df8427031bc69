"""Databases open in the promised way, upgrade forward, and refuse what they cannot hold."""

import sqlite3
import threading

import pytest

from store.db import StoreError, open_news, open_pages, read_news
from store.lock import LockError, hold_lock

CONTRACT = {
    "articles": "id url site title author published_at lead body first_seen_at fetched_at content_hash story_id "
    "extractor",
    "revisions": "article_id fetched_at title body content_hash",
    "sentences": "id article_id start end text",
    "entities": "id kind name slug description parent_id source first_seen last_seen article_count",
    "aliases": "entity_id text",
    "mentions": "kind entity_id",
    "figures": "value value_high qualifier unit unit_kind counted predicate subject_id campaign_id place_id "
    "period_start period_end",
    "dates": "date_start date_end",
    "positions": "person role organization person_id organization_id as_of",
    "grants": "giver award recipient count qualifier giver_id award_id period_start period_end",
    "campaign_events": "campaign_id event date organization_id other_campaign_id",
    "stories": "id title first_published_at article_count",
    "crawl_runs": "id started_at finished_at",
    "site_health": "site state",
}
FINDINGS = ("mentions", "figures", "dates", "positions", "grants", "campaign_events")


@pytest.mark.parametrize("table", CONTRACT)
def test_promised_columns(news, table):
    columns = {column.name for column in news[table].columns}
    wanted = set(CONTRACT[table].split())
    if table in FINDINGS:
        wanted |= {"id", "article_id", "sentence_id", "start", "end", "text"}
    assert wanted <= columns


def test_every_id_column_is_a_foreign_key_with_an_index(news):
    for table in news.table_names():
        if table.startswith(("search", "_", "sqlite_")):
            continue
        keys = {key.column for key in news[table].foreign_keys}
        ids = {c.name for c in news[table].columns if c.name.endswith("_id")}
        assert ids == keys, table
        first = {index.columns[0] for index in news[table].indexes}
        first |= {news[table].pks[0]}
        assert ids <= first, table


def test_wal_and_foreign_keys(news):
    assert news.execute("pragma journal_mode").fetchone() == ("wal",)
    with pytest.raises(sqlite3.IntegrityError):
        news.execute("insert into aliases (entity_id, text, key) values (1, 'x', 'x')")


def test_opening_again_changes_nothing(tmp_path):
    first = list(open_news(tmp_path).conn.iterdump())
    assert list(open_news(tmp_path).conn.iterdump()) == first
    assert open_pages(tmp_path)["pages"].exists()


def test_a_newer_database_is_refused(tmp_path):
    open_news(tmp_path)["_sqlite_migrations"].insert({"migration_set": "news", "name": "m999", "applied_at": ""})
    with pytest.raises(StoreError, match="newer release"):
        open_news(tmp_path)


def test_no_database_is_one_line(tmp_path):
    with pytest.raises(StoreError, match="run `unionnews demo`"):
        read_news(tmp_path)


def test_a_reader_cannot_write(news, tmp_path):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        read_news(tmp_path).execute("delete from articles")


def test_one_lock_at_a_time(tmp_path):
    path = tmp_path / "refresh.lock"
    with hold_lock(path):
        refused = []

        def second():
            try:
                with hold_lock(path):
                    pass
            except LockError as error:
                refused.append(str(error))

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        assert refused and "is running" in refused[0]
    with hold_lock(path):
        pass
