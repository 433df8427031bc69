"""Copy the databases while they are in use, with SQLite's own API: one moment of each, whole, one file a database."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from store.db import StoreError, read_only

NAMES = ("pages", "news")
# Copied between two moves of the bar; 4 MB, so that a large archive shows that it moves.
PAGES_AT_ONCE = 1024


def backup(
    data: Path, folder: Path, at: str, *, keep: int | None = None, progress: Callable[[int], None] | None = None
) -> list[Path]:
    """Copy pages.db and news.db into a folder under names that bear the time; return the files.

    A file is there whole and proven, or not at all. `keep`: so many of each name, the oldest others are removed.
    """
    if not any((data / f"{name}.db").exists() for name in NAMES):
        raise StoreError(f"{data}: no database here; run `unionnews demo` or `unionnews crawl` first")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in NAMES:
        if (data / f"{name}.db").exists():
            target = folder / f"{name}-{at}.db"
            copy_database(data / f"{name}.db", target, progress)
            written.append(target)
            for old in sorted(folder.glob(f"{name}-????????T??????Z.db"))[: -keep if keep else 0]:
                old.unlink()
    return written


def copy_database(source: Path, target: Path, progress: Callable[[int], None] | None = None) -> None:
    """Copy one database to a path, which is whole or as it was before. Raises StoreError when that cannot be."""
    making = target.with_name(f".{target.name}.making")
    making.unlink(missing_ok=True)
    try:
        copy = sqlite3.connect(making, isolation_level=None)
        try:
            with_snapshot(read_only(source).conn, copy, progress)
            # One file, that opens from a disk that cannot be written too.
            copy.execute("pragma journal_mode = delete")
            (found,) = copy.execute("pragma quick_check(1)").fetchone()
        finally:
            copy.close()
        if found != "ok":
            raise StoreError(f"{source}: damaged ({found}); run `unionnews check`, keep the earlier backup")
        making.replace(target)
    except sqlite3.Error as error:
        raise StoreError(f"{target}: {error}; free some space or choose another folder") from None
    finally:
        making.unlink(missing_ok=True)


def with_snapshot(
    source: sqlite3.Connection, copy: sqlite3.Connection, progress: Callable[[int], None] | None = None
) -> None:
    """Copy all pages of a database as they are at this moment, while others go on writing it."""
    # Without a transaction of our own the copy would begin anew with every commit of a writer.
    source.execute("begin")
    try:
        source.execute("select 1 from sqlite_master").fetchone()
        left: list[int] = []

        def move(status: int, remaining: int, total: int) -> None:
            if progress:
                progress((left[-1] if left else total) - remaining)
            left[:] = [remaining]

        source.backup(copy, pages=PAGES_AT_ONCE, progress=move)
    finally:
        source.execute("rollback")


def swap_in(shadow: Path, live: Path) -> None:
    """Put the content of one database in place of another's in a single transaction; its readers go on undisturbed.

    Never a rename: the live database's write-ahead log would be replayed over the new file.
    """
    source, target = sqlite3.connect(shadow), sqlite3.connect(live, isolation_level=None)
    try:
        target.execute("pragma busy_timeout = 30000")
        source.backup(target)
        target.execute("pragma wal_checkpoint(truncate)").fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"{live}: {error}; nothing was changed, run again") from None
    finally:
        source.close()
        target.close()
