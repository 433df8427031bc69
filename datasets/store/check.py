"""Prove that both databases are whole: integrity, offsets, foreign keys, search index."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from store.db import read_news, read_only, read_pages
from store.findings import FINDING_TABLES
from store.lanes import LANES, count_entries, index_text
from store.pages import find_damaged

# A damaged database can have millions of bad rows; the first few of a kind tell the story.
MOST_LINES = 20


def check_databases(data: Path, progress: Callable[[int], object] | None = None) -> Iterator[str]:
    """Yield one line for everything that is wrong in DATA/pages.db and DATA/news.db; nothing when all is well.

    `progress` is called with the number of pages just looked at: all are unpacked.
    """
    pages = data / "pages.db"
    if pages.exists():
        yield from check_file(pages)
        yield from check_pages(read_pages(data), progress)
    news = data / "news.db"
    problems = list(check_file(news))
    yield from problems
    if not problems:
        db = read_news(data)
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


def check_pages(db: Database, progress: Callable[[int], object] | None = None) -> Iterator[str]:
    """Yield pages that cannot be read, and addresses whose page is not there."""
    yield from islice(find_damaged(db, progress), MOST_LINES)
    sql = """
        select a.url from addresses a left join pages p on p.url = a.url and p.body_hash = a.body_hash
        where a.kind = 'article' and a.body_hash is not null and p.url is null limit ?
    """
    for (url,) in db.execute(sql, [MOST_LINES]):
        yield f"pages.db: addresses names a page of {url} that is not stored"


def check_offsets(db: Database) -> Iterator[str]:
    """Yield findings, sentences and passages that do not stand where they say, or lie outside their sentence."""
    sql = """
        select p.article_id, p.start, p.end, length(a.body) from passages p join articles a on a.id = p.article_id
        where a.body != '' and (p.start < 0 or p.end <= p.start or p.end > length(a.body)) limit ?
    """
    for article, start, end, length in db.execute(sql, [MOST_LINES]):
        yield f"news.db: passages of article {article}: {start} to {end} is no part of a body of {length} characters"
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
    strays = "select rowid from search_words where rowid not in (select id from articles) limit ?"
    for (row,) in db.execute(strays, [MOST_LINES]):
        yield f"news.db: search_words holds row {row}, which is no article"
    held, told = count_entries(db)
    if held != told:
        yield f"news.db: search_words holds {held} words and pairs, the articles have {told}"
