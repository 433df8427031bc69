"""Reading in batches: what is unread, in order, the same rows from one process as from several."""

import pytest
from conftest import add_article

from nlp import workers
from nlp.read import ReadError, count_findings, find_unread, read_articles
from nlp.version import extractor_version
from store.db import open_news
from store.findings import FINDING_TABLES

BODIES = [
    f"Sáng 3/{month}, LĐLĐ tỉnh Sơn La tặng Bằng khen cho {number} tập thể và trên {number * 10} cá nhân.\n"
    f"Bà Lò Thị Mến, Chủ tịch LĐLĐ tỉnh Sơn La, phát động phong trào “Lao động giỏi”."
    for month, number in enumerate([15, 27, 1345], 1)
]


def fill(folder, bodies=BODIES):
    folder.mkdir(exist_ok=True)
    db = open_news(folder)
    for body in bodies:
        add_article(db, body)
    return db


def dump(db):
    return {table: list(db[table].rows) for table in (*FINDING_TABLES, "sentences", "entities", "aliases", "articles")}


def test_unread_is_read_once(tmp_path):
    db = fill(tmp_path)
    ids = find_unread(db)
    summary = read_articles(db, ids)
    assert (summary.articles, summary.failed) == (3, 0) and summary.findings > 0
    assert find_unread(db) == []
    assert find_unread(db, everything=True) == ids
    assert sum(count_findings(db).values()) == summary.findings


def test_an_older_extractor_is_read_again(tmp_path):
    db = fill(tmp_path)
    read_articles(db, find_unread(db))
    db.execute("update articles set extractor = '0.0.1+old' where id = 2")
    assert find_unread(db) == [2]


def test_reading_again_gives_the_same(tmp_path):
    db = fill(tmp_path)
    read_articles(db, find_unread(db))
    first = dump(db)
    read_articles(db, find_unread(db, everything=True))
    again = dump(db)
    for table in (*FINDING_TABLES, "sentences"):
        for rows in (first[table], again[table]):
            for row in rows:
                row.pop("id"), row.pop("sentence_id", None)
                # The first article of a person made them known; later ones give it company.
                row.pop("reason", None)
    assert first == again


def test_two_workers_write_the_rows_of_one(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "BATCH", 2)
    one, two = fill(tmp_path / "one", BODIES * 3), fill(tmp_path / "two", BODIES * 3)
    read_articles(one, find_unread(one))
    read_articles(two, find_unread(two), workers=2)
    assert dump(one) == dump(two)


def test_a_poisoned_article_costs_itself(tmp_path, monkeypatch):
    db = fill(tmp_path)

    def read_text(body, context):
        if "1345" in body:
            raise RuntimeError("poison")
        return original(body, context)

    from nlp import language

    original = language.read_text
    monkeypatch.setattr(language, "read_text", read_text)
    summary = read_articles(db, find_unread(db))
    assert (summary.articles, summary.failed) == (3, 1)
    assert db["articles"].get(3)["failure"] == "RuntimeError: poison"
    assert db["articles"].get(2)["failure"] is None
    assert find_unread(db) == []


def test_where(tmp_path):
    db = fill(tmp_path)
    assert find_unread(db, where="id > 1") == [2, 3]
    with pytest.raises(ReadError, match=r"no such column: colour; write a condition"):
        find_unread(db, where="colour = 'red'")


def test_where_cannot_write(tmp_path):
    db = fill(tmp_path)
    with pytest.raises(ReadError):
        find_unread(db, where="1); delete from articles; --")
    assert db["articles"].count == 3


def test_version_names_release_and_rules():
    release, _, fingerprint = extractor_version().partition("+")
    assert release and len(fingerprint) == 8


def test_no_scheduler_there_is_one_line(tmp_path, monkeypatch):
    from nlp import cluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    db = fill(tmp_path)
    with pytest.raises(ReadError, match="start one with `dask scheduler`"):
        read_articles(db, find_unread(db), scheduler="tcp://127.0.0.1:9")


def test_a_dask_cluster_writes_the_rows_of_one(tmp_path, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(workers, "BATCH", 2)
    one, two = fill(tmp_path / "one", BODIES * 2), fill(tmp_path / "two", BODIES * 2)
    read_articles(one, find_unread(one))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        read_articles(two, find_unread(two), scheduler=cluster.scheduler_address)
    assert dump(one) == dump(two)
