"""Prove that both databases are whole: integrity, offsets, foreign keys, search index."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from store.db import read_only
from store.findings import FINDING_TABLES
from store.lanes import LANES, index_text

# A damaged database can have millions of bad rows; the first few of a kind tell the story.
MOST_LINES = 20


def check_databases(data: Path) -> Iterator[str]:
    """Yield one line for everything that is wrong in DATA/pages.db and DATA/news.db; nothing when all is well."""
    pages = data / "pages.db"
    if pages.exists():
        yield from check_file(pages)
        yield from check_pages(read_only(pages))
    news = data / "news.db"
    problems = list(check_file(news))
    yield from problems
    if not problems:
        db = read_only(news)
        yield from check_offsets(db)
        yield from check_search(db)


def check_file(path: Path) -> Iterator[str]:
    """Yield what SQLite itself finds wrong: pages, indexes, foreign keys."""
    db = read_only(path)
    try:
        for (line,) in db.execute(f"pragma integrity_check({MOST_LINES})"):
            if line != "ok":
                yield f"{path.name}: {line}"
        for table, rowid, parent, _ in db.execute("pragma foreign_key_check").fetchmany(MOST_LINES):
            yield f"{path.name}: {table} row {rowid} points to a row of {parent} that is not there"
    except sqlite3.DatabaseError as error:
        yield f"{path.name}: {error}"


def check_pages(db: Database) -> Iterator[str]:
    """Yield addresses whose page is not there."""
    sql = """
        select a.url from addresses a left join pages p on p.url = a.url and p.body_hash = a.body_hash
        where a.kind = 'article' and a.body_hash is not null and p.url is null limit ?
    """
    for (url,) in db.execute(sql, [MOST_LINES]):
        yield f"pages.db: addresses names a page of {url} that is not stored"


def check_offsets(db: Database) -> Iterator[str]:
    """Yield every finding and sentence whose text does not stand at its offsets, or that lies outside its sentence."""
    for table in ("sentences", *FINDING_TABLES):
        sql = f"""
            select t.id, t.article_id, t.text, substr(a.body, t.start + 1, t.end - t.start)
            from {table} t join articles a on a.id = t.article_id
            where a.body != '' and (substr(a.body, t.start + 1, t.end - t.start) is not t.text
                  or t.end - t.start != length(t.text) or t.text = '') limit ?
        """
        for row, article, text, stands in db.execute(sql, [MOST_LINES]):
            yield f"news.db: {table} {row} (article {article}): {text[:60]!r} expected, {stands[:60]!r} stands there"
    for table in FINDING_TABLES:
        sql = f"""
            select t.id, t.sentence_id from {table} t left join sentences s on s.id = t.sentence_id
            where t.sentence_id is null or s.article_id != t.article_id or t.start < s.start or t.start >= s.end limit ?
        """
        for row, sentence in db.execute(sql, [MOST_LINES]):
            yield f"news.db: {table} {row} does not begin in its sentence {sentence}"


def check_search(db: Database) -> Iterator[str]:
    """Yield articles that the search index lacks or holds in another wording, and index rows without an article."""
    for lane in LANES:
        table = lane.table
        strays = f"select rowid from {table} where rowid not in (select id from articles) limit ?"
        for (row,) in db.execute(strays, [MOST_LINES]):
            yield f"news.db: {table} holds row {row}, which is no article"
        sql = f"""
            select a.id, a.title, a.lead, a.body, s.title, s.lead, s.body
            from articles a left join {table} s on s.rowid = a.id order by a.id
        """
        wrong = 0
        for row, *texts in db.execute(sql):
            wanted = [index_text(lane, text) for text in texts[:3]]
            if texts[3:] != wanted:
                wrong += 1
                if wrong <= MOST_LINES:
                    yield f"news.db: {table} does not hold article {row} as it stands"
