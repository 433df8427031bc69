"""A dated, hashed, citable release of news.db: the database, a CSV a table, data card, datapackage.json, SHA256SUMS."""

import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.db import StoreError, read_news
from store.findings import FINDING_TABLES
from store.package import NAME, describe_package, digest, write_card

# In the order of the data card; crawl logs and search internals are not part of a release's CSVs.
PUBLISHED = ("articles", "revisions", "passages", "sentences", "entities", "aliases", *FINDING_TABLES, "stories")
ORDERS = {"aliases": "entity_id, text", "passages": "article_id, start"}
# A page that is fetched or read again and says the same is no reason for a release.
PASSING = {"fetched_at", "page_hash", "extractor"}
SUMS, CARD, PACKAGE = "SHA256SUMS", "README.md", "datapackage.json"
EARLIER = "earlier"


def publish(data: Path, folder: Path, day: str, *, bodies: bool = True) -> list[Path]:
    """Write a release of DATA/news.db into a folder; return the files, SHA256SUMS last, or none if nothing changed.

    Everything is made under a temporary name first. The same data, day and choice give the same bytes. Without bodies,
    article and sentence texts are left out; findings keep their words. A release that was there before is citable:
    it moves, whole, to `earlier/DAY-CONTENT/`.
    """
    source = read_news(data)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        making = folder / f".making-{day}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        try:
            names = make_release(source.conn, making, day, bodies=bodies)
            if find_release(folder).get("content") == find_release(making)["content"] and is_whole(folder):
                return []
            move_earlier(folder)
            for name in names:
                (making / name).replace(folder / name)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except (sqlite3.Error, OSError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(f"{folder}: {told}; free some space or choose another folder") from None
    finally:
        source.close()
    return [folder / name for name in names]


def make_release(source: sqlite3.Connection, making: Path, day: str, *, bodies: bool) -> list[str]:
    """Write all files of a release into an empty folder; return their names, SHA256SUMS last."""
    database = making / f"{NAME}-{day}.db"
    source.execute("vacuum into ?", [str(database)])
    strip(database, bodies=bodies)
    with reading(database) as conn:
        content = write_tables(conn, making)
        (making / CARD).write_text(write_card(conn, day, PUBLISHED, content, bodies=bodies), encoding="utf-8")
        (making / PACKAGE).write_text(describe_package(conn, making, day, PUBLISHED, content), encoding="utf-8")
    names = sorted(path.name for path in making.iterdir())
    (making / SUMS).write_text("".join(f"{digest(making / name)}  {name}\n" for name in names), encoding="utf-8")
    return [*names, SUMS]


def strip(database: Path, *, bodies: bool) -> None:
    """Make a copy fit to be handed out: one file, and without texts when they are not ours to give."""
    conn = sqlite3.connect(database, isolation_level=None)
    try:
        conn.execute("pragma journal_mode = delete")
        if not bodies:
            conn.execute("update articles set body = '', lead = null")
            conn.execute("update sentences set text = ''")
            conn.execute("delete from revisions")
            # The words of a text can be put together again from its index.
            indexes = "select name from sqlite_master where sql like 'create virtual table%using fts5%' order by name"
            for (name,) in conn.execute(indexes).fetchall():
                conn.execute(f"drop table {name}")
        # When steps were applied, and how our own runs went, says nothing about the data.
        conn.execute("update _sqlite_migrations set applied_at = ''")
        conn.execute("delete from state where name = 'refresh'")
        conn.execute("vacuum")
    finally:
        conn.close()


@contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a finished database for reading."""
    conn = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        yield conn
    finally:
        conn.close()


def write_tables(conn: sqlite3.Connection, folder: Path) -> str:
    """Write each published table as CSV, rows in key order; return the hash of what they say."""
    content = hashlib.sha256()
    for table in PUBLISHED:
        order = ORDERS.get(table, "id")
        cursor = conn.execute(f"select * from {table} order by {order}")
        names = [column[0] for column in cursor.description]
        lasting = [at for at, name in enumerate(names) if name not in PASSING]
        content.update(f"{table} {names}\n".encode())
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(names)
            for row in cursor:
                writer.writerow(row)
                content.update(repr([row[at] for at in lasting]).encode())
    return content.hexdigest()


def find_release(folder: Path) -> dict[str, str]:
    """Return what the release in a folder says of itself; nothing where there is none."""
    try:
        package: dict[str, str] = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        return {"content": package["contentHash"], "day": package["version"]}
    except (FileNotFoundError, ValueError, KeyError):
        return {}


def is_whole(folder: Path) -> bool:
    """Whether every file of the release in a folder is there with its bytes."""
    listed = read_sums(folder)
    return bool(listed) and all(
        (folder / name).is_file() and digest(folder / name) == wanted for name, wanted in listed.items()
    )


def read_sums(folder: Path) -> dict[str, str]:
    """Return the hashes a release gives, by file name; none where there is no release."""
    path = folder / SUMS
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: hashed for hashed, _, name in (line.partition("  ") for line in lines)}


def move_earlier(folder: Path) -> None:
    """Move the release in a folder out of the way of the next; one that was broken off half moved is moved on."""
    release, listed = find_release(folder), read_sums(folder)
    if not release or not listed:
        return
    target = folder / EARLIER / f"{release['day']}-{release['content'][:8]}"
    target.mkdir(parents=True, exist_ok=True)
    # The package says where the rest belongs and the sums say what it is: one stays, the other moves last.
    shutil.copyfile(folder / PACKAGE, target / PACKAGE)
    for name in (*(name for name in sorted(listed) if name != PACKAGE), SUMS):
        if (folder / name).exists():
            (folder / name).replace(target / name)
