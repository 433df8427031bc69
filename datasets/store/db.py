"""Open the two databases: pages.db (private, raw pages and crawl state) and news.db (published)."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database, Migrations

from store.migrations import news_migrations
from store.page_migrations import pages_migrations
from store.views import drop_views, lay_views

# A second process waits this long for the writer before it gives up.
BUSY_SECONDS = 30.0


class StoreError(RuntimeError):
    """A database cannot be opened or used as it stands."""


def open_pages(data: Path) -> Database:
    """Open DATA/pages.db, making or upgrading it first."""
    return open_database(data / "pages.db", pages_migrations)


def open_scratch_pages() -> Database:
    """Open a pages.db in memory: for a look at a site that is to leave nothing behind."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    pages_migrations.apply(db)
    return db


def open_news(data: Path) -> Database:
    """Open DATA/news.db, making or upgrading it first."""
    return open_database(data / "news.db", news_migrations, drop_views, lay_views)


def read_news(data: Path) -> Database:
    """Open DATA/news.db for reading only. Raises StoreError where there is none yet, or one of another release."""
    return read_current(data / "news.db", news_migrations)


def read_pages(data: Path) -> Database:
    """Open DATA/pages.db for reading only. Raises StoreError where there is none yet, or one of another release."""
    return read_current(data / "pages.db", pages_migrations)


def read_current(path: Path, migrations: Migrations) -> Database:
    """Open a database for reading only, if it is of this release: only who may write can bring it up to date."""
    db = read_only(path)
    refuse_newer(db, migrations, path)
    if pending := migrations.pending(db):
        raise StoreError(f"{path}: made by an older release (before step {pending[0].name}); run `unionnews extract`"
                         " once, which brings it up to date")
    return db


def read_only(path: Path) -> Database:
    """Open an existing database for reading only."""
    if not path.exists():
        raise StoreError(f"{path}: no such database; run `unionnews demo` or `unionnews crawl` first")
    try:
        conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        conn.execute("select 1 from sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}; restore it from a backup or delete it and run again") from None
    return Database(conn)


def open_database(
    path: Path, migrations: Migrations, before: Callable[[Database], None] | None = None,
    after: Callable[[Database], None] | None = None,
) -> Database:
    """Open a database for writing: WAL, foreign keys enforced, schema brought up to date.

    `before` runs before pending steps, `after` at every opening.
    Raises StoreError when the file is no database, cannot be written, or was made by a newer release.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # isolation_level None: transactions begin and end where `db.atomic()` says, never behind our back.
        conn = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        conn.execute("pragma journal_mode = wal")
        conn.execute("pragma synchronous = normal")
        conn.execute("pragma foreign_keys = on")
        db = Database(conn)
        refuse_newer(db, migrations, path)
        if migrations.pending(db):
            if before:
                before(db)
            migrations.apply(db)
        if after:
            after(db)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {error}; check that the disk has space, the folder can be written and the file is a"
                         " database") from None
    return db


def refuse_newer(db: Database, migrations: Migrations, path: Path) -> None:
    """Refuse a database with steps this release does not know."""
    if not db[migrations.migrations_table].exists():
        return
    known = {step.name for step in migrations._migrations}
    unknown = [step.name for step in migrations.applied(db) if step.name not in known]
    if unknown:
        raise StoreError(f"{path}: made by a newer release (step {unknown[0]}); upgrade this program")
