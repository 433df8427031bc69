"""A dated, hashed, citable release of news.db: the database, a CSV a table, the data card, SHA256SUMS."""

import csv
import hashlib
import shutil
import sqlite3
from pathlib import Path

from store.db import StoreError, read_only
from store.findings import FINDING_TABLES

# In the order of the data card; crawl logs and search internals are not part of a release's CSVs.
PUBLISHED = ("articles", "revisions", "sentences", "entities", "aliases", *FINDING_TABLES, "stories")
DATA_CARD = Path(__file__).resolve().parent.parent / "README.md"


def publish(data: Path, folder: Path, day: str, *, bodies: bool = True) -> list[Path]:
    """Write a release of DATA/news.db into a folder; return the files, SHA256SUMS last.

    Everything is made under a temporary name first, so a release is whole or not there. The same data, day and
    choice give the same bytes. Without bodies, article and sentence texts are left out; findings keep their words.
    """
    source = read_only(data / "news.db")
    folder.mkdir(parents=True, exist_ok=True)
    making = folder / f".making-{day}"
    if making.exists():
        shutil.rmtree(making)
    making.mkdir()
    try:
        database = making / f"union-news-{day}.db"
        try:
            source.execute("vacuum into ?", [str(database)])
        except sqlite3.Error as error:
            raise StoreError(f"{folder}: {error}; free some space or choose another folder") from None
        strip(database, bodies=bodies)
        write_tables(database, making)
        if DATA_CARD.exists():
            shutil.copyfile(DATA_CARD, making / "README.md")
        names = sorted(path.name for path in making.iterdir())
        sums = "".join(f"{digest(making / name)}  {name}\n" for name in names)
        (making / "SHA256SUMS").write_text(sums, encoding="utf-8")
        for name in (*names, "SHA256SUMS"):
            (making / name).replace(folder / name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return [folder / name for name in (*names, "SHA256SUMS")]


def strip(database: Path, *, bodies: bool) -> None:
    """Make a copy fit to be handed out: one file, and without texts when they are not ours to give."""
    conn = sqlite3.connect(database, isolation_level=None)
    try:
        conn.execute("pragma journal_mode = delete")
        if not bodies:
            conn.execute("update articles set body = '', lead = null")
            conn.execute("update sentences set text = ''")
            conn.execute("delete from revisions")
            conn.execute("drop table search")
            conn.execute("drop table search_marked")
        # When steps were applied differs from machine to machine and says nothing about the data.
        conn.execute("update _sqlite_migrations set applied_at = ''")
        conn.execute("vacuum")
    finally:
        conn.close()


def write_tables(database: Path, folder: Path) -> None:
    """Write each published table as CSV, rows in key order."""
    conn = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        for table in PUBLISHED:
            order = "entity_id, text" if table == "aliases" else "id"
            cursor = conn.execute(f"select * from {table} order by {order}")
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
                writer = csv.writer(lines, lineterminator="\n")
                writer.writerow([column[0] for column in cursor.description])
                writer.writerows(cursor)
    finally:
        conn.close()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
