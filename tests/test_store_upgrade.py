"""From the first released schema to this one with every row kept; and a newer database is refused in one line."""

import sqlite3
import time

import pytest
from click.testing import CliRunner
from conftest import ROOT

from nlp.cli import cli
from store.articles import hash_content
from store.check import check_databases
from store.db import StoreError, open_database, open_news, open_pages
from store.first_schema import news_migrations
from store.migrations import news_migrations as all_news_migrations
from store.pages import compress, find_versions, hash_body
from store.text import fold

SCHEMA = ROOT / "tests/data/schema"
# The steps of the first release, by name, as its databases remember them.
RELEASED = {
    "news": ["m001_articles", "m002_findings", "m003_runs", "m004_search", "m005_story_signatures"],
    "pages": ["m001_pages"],
}
ARTICLES = 10_000
LOG = """
    create table _sqlite_migrations (id integer primary key, migration_set text, name text, applied_at text);
    create unique index idx__sqlite_migrations_migration_set_name on _sqlite_migrations (migration_set, name);
"""


def make_first(path):
    """Make a database as the first release made it; return it open."""
    conn = sqlite3.connect(path)
    conn.execute("pragma journal_mode = wal")
    conn.executescript(LOG + (SCHEMA / f"{path.stem}-1.sql").read_text(encoding="utf-8"))
    for name in RELEASED[path.stem]:
        conn.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values (?, ?, '2026-01-01')",
                     [path.stem, name])
    conn.commit()
    return conn


def fill_news(conn, count):
    """So many articles of two sentences, three findings and an entity each, written as the first release wrote them."""
    gift = "trao {} suất quà"
    for number in range(1, count + 1):
        text = gift.format(number)
        first = f"Ngày {number % 28 + 1}/5/2024, Công đoàn cơ sở số {number} {text} cho đoàn viên khó khăn. 😀"
        body = f"{first}\nBà Lò Thị Mến tặng Bằng khen cho {number} tập thể."
        title = f"Trao quà đợt {number}"
        conn.execute(
            "insert into articles (id, url, site, title, published_at, province, lead, body, first_seen_at, fetched_at,"
            " content_hash, page_hash, extractor) values (?, ?, 'mau', ?, ?, 'VN-05', ?, ?, 't', 't', ?, 'p', '0.1.0')",
            [number, f"https://mau.example/{number}", title, f"2024-05-{number % 28 + 1:02}T08:00:00+07:00", first,
             body, hash_content(title, body)])
        conn.execute("insert into search (rowid, title, lead, body) values (?, ?, ?, ?)",
                     [number, fold(title), fold(first), fold(body)])
        for at, (start, end) in enumerate([(0, len(first)), (len(first) + 1, len(body))], 1):
            conn.execute("insert into sentences values (?, ?, ?, ?, ?)",
                         [2 * number - 2 + at, number, start, end, body[start:end]])
        start = body.index(text)
        conn.execute("insert into figures (id, article_id, sentence_id, start, end, text, rule, value, qualifier, unit,"
                     " unit_kind) values (?, ?, ?, ?, ?, ?, 'r', ?, 'exact', 'suất quà', 'count')",
                     [number, number, 2 * number - 1, start, start + len(text), text, number])
        start = body.index("Lò Thị Mến")
        conn.execute("insert into entities (id, kind, name, slug, source, article_count)"
                     " values (?, 'person', 'Lò Thị Mến', ?, 'found', 1)", [number, f"lo-thi-men-{number}"])
        conn.execute("insert into mentions (id, article_id, sentence_id, start, end, text, rule, kind, entity_id)"
                     " values (?, ?, ?, ?, ?, 'Lò Thị Mến', 'r', 'person', ?)",
                     [number, number, 2 * number, start, start + 10, number])
        conn.execute("insert into positions (id, article_id, sentence_id, start, end, text, rule, person, role,"
                     " person_id) values (?, ?, ?, ?, ?, 'Lò Thị Mến', 'r', 'Lò Thị Mến', 'bà', ?)",
                     [number, number, 2 * number, start, start + 10, number])
    conn.execute("insert into revisions values (1, 1, 't', 'Tin cũ', 'Bài cũ.', 'h')")
    conn.execute("insert into crawl_runs (id, started_at, command) values (1, '2026-01-01T00:00:00+07:00', 'crawl')")
    conn.execute("insert into site_health (run_id, site, state) values (1, 'mau', 'ok')")
    conn.execute("insert into state values ('derived', 'fresh')")
    conn.commit()


def fill_pages(conn, count):
    for number in range(1, count + 1):
        body = f"<html><h1>Trao quà {number}</h1></html>".encode()
        url = f"https://mau.example/{number}"
        conn.execute("insert into pages values (?, ?, 'mau', 't', 200, '{}', null, 'crawl', ?)",
                     [url, hash_body(body), compress(body)])
        conn.execute("insert into addresses (url, site, kind, first_seen, last_seen, body_hash) values"
                     " (?, 'mau', 'article', 't', 't', ?)", [url, hash_body(body)])
    conn.commit()


def tables_of(conn):
    """Every table of data; what is derived and what indexes, aside."""
    names = conn.execute("select name from sqlite_master where type = 'table' and name not like 'search%'"
                         " and name not like '_sqlite%' and name not like 'sqlite%'")
    return sorted(name for (name,) in names)


def snapshot(conn, columns):
    """Every row of the first release's tables, its columns only."""
    return {table: conn.execute(f"select {', '.join(names)} from {table} order by 1, 2").fetchall()
            for table, names in columns.items()}


def schema_of(db):
    """Every table by its columns, and every index by its text, however the steps wrote them."""
    objects = db.execute("select type, name, sql from sqlite_master where name not like 'sqlite%'"
                         " and name not like '%sqlite_migrations%'").fetchall()
    tables = {name: sorted(map(tuple, (row[1:] for row in db.execute(f"pragma table_info({name})"))))
              for type_, name, _ in objects if type_ == "table"}
    others = {name: " ".join((sql or "").lower().replace('"', "").split()) for type_, name, sql in objects
              if type_ != "table"}
    return tables, others


def test_ten_thousand_articles_are_kept(tmp_path):
    news, pages = make_first(tmp_path / "news.db"), make_first(tmp_path / "pages.db")
    fill_news(news, ARTICLES)
    fill_pages(pages, 500)
    kept = {}
    for name, conn in (("news", news), ("pages", pages)):
        columns = {table: [row[1] for row in conn.execute(f"pragma table_info({table})")] for table in tables_of(conn)}
        columns.pop("state", None)
        kept[name] = columns, snapshot(conn, columns)
        conn.close()
    began = time.monotonic()
    upgraded = {"news": open_news(tmp_path), "pages": open_pages(tmp_path)}
    print(f"\n{ARTICLES} articles upgraded in {time.monotonic() - began:.1f} s")
    for name, (columns, rows) in kept.items():
        assert sum(map(len, rows.values())) > 0
        again = snapshot(upgraded[name].conn, columns)
        for table in columns:
            assert again[table] == rows[table], table
    # Who is meant is asked by these: people of an older database are found again as well.
    keys = upgraded["news"].execute("select distinct person_key, office_key from positions").fetchall()
    assert keys == [("lò thị mến", None)]
    assert list(check_databases(tmp_path)) == []
    assert next(iter(find_versions(upgraded["pages"], "https://mau.example/7"))).body.decode().count("Trao quà 7") == 1
    # A second opening has nothing to do.
    before = upgraded["news"].conn.total_changes
    assert open_news(tmp_path).conn.total_changes == 0 == upgraded["news"].conn.total_changes - before


def test_stories_of_the_first_release_are_told(tmp_path):
    conn = make_first(tmp_path / "news.db")
    fill_news(conn, 20)
    conn.execute("insert into stories values (3, 'Trao quà', '2024-05-04', 2)")
    conn.execute("update articles set story_id = 3 where id in (3, 9)")
    conn.commit()
    upgraded = open_news(tmp_path).execute("select * from stories").fetchall()
    assert upgraded == [(3, "Trao quà", "2024-05-04", 2, 3, "mau", None)]


def test_upgraded_is_as_made_today(tmp_path):
    for name, opening in (("news", open_news), ("pages", open_pages)):
        (tmp_path / "old").mkdir(exist_ok=True)
        make_first(tmp_path / "old" / f"{name}.db").close()
        assert schema_of(opening(tmp_path / "old")) == schema_of(opening(tmp_path / "new")), name


def test_released_steps_are_as_released(tmp_path):
    """Who edits a released step must undo it and add one: users' databases have the step as it was."""
    from sqlite_utils import Database

    from store.page_migrations import pages_migrations

    for name, steps in (("news", news_migrations), ("pages", pages_migrations)):
        made = Database(tmp_path / f"{name}-now.db")
        steps.apply(made, stop_before=next((s.name for s in steps._migrations if s.name not in RELEASED[name]), None))
        conn = make_first(tmp_path / f"{name}.db")
        assert schema_of(made) == schema_of(conn), name


def test_an_upgrade_that_breaks_off_is_done_again(tmp_path, monkeypatch):
    conn = make_first(tmp_path / "news.db")
    fill_news(conn, 20)
    conn.close()
    from store import migrations

    def fail(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(migrations, "replace_lanes", fail)
    with pytest.raises(StoreError, match="disk is full"):
        open_news(tmp_path)
    monkeypatch.undo()
    open_news(tmp_path)
    assert list(check_databases(tmp_path)) == []


@pytest.mark.parametrize("name", ["news", "pages"])
def test_a_newer_database_is_refused(tmp_path, name):
    open_news(tmp_path), open_pages(tmp_path)
    with sqlite3.connect(tmp_path / f"{name}.db") as conn:
        conn.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values (?, 'm999_later', '')",
                     [name])
    before = (tmp_path / f"{name}.db").read_bytes()
    done = CliRunner().invoke(cli, ["--data", str(tmp_path), "extract"])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1
    assert f"{name}.db: made by a newer release (step m999_later); upgrade this program" in done.stderr
    assert (tmp_path / f"{name}.db").read_bytes() == before


@pytest.mark.parametrize("command", [["check"], ["publish", "out"], ["serve", "--port", "1"]])
def test_who_only_reads_says_what_brings_an_older_database_up_to_date(tmp_path, command):
    make_first(tmp_path / "news.db").close()
    make_first(tmp_path / "pages.db").close()
    before = (tmp_path / "news.db").read_bytes()
    words = [str(tmp_path / word) if word == "out" else word for word in command]
    done = CliRunner().invoke(cli, ["--data", str(tmp_path), *words])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1, done.output
    assert "made by an older release (before step m0" in done.stderr and "`unionnews extract`" in done.stderr
    assert (tmp_path / "news.db").read_bytes() == before
    assert CliRunner().invoke(cli, ["--data", str(tmp_path), "extract"]).exit_code == 0
    assert CliRunner().invoke(cli, ["--data", str(tmp_path), "check"]).exit_code == 0


def test_each_step_has_a_name_of_its_own():
    names = [step.name for step in all_news_migrations._migrations]
    assert names[: len(RELEASED["news"])] == RELEASED["news"]
    assert len({name.partition("_")[0] for name in names}) == len(names) and names == sorted(names)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "news.db").write_bytes(b"x" * 5000)
    with pytest.raises(StoreError, match="not a database"):
        open_database(tmp_path / "news.db", all_news_migrations)
