"""How rows come back: to our own pages as they are, to anybody's SQL counted, so that no answer fills the memory."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

Factory = Callable[[sqlite3.Cursor, tuple[Any, ...]], Any]


def count_bytes(most: int) -> Factory:
    """Return a row factory that refuses to go on where the rows of one query hold more bytes than that."""
    spent: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def make(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        total = spent.get(cursor, 0) + sum(len(value) for value in values if isinstance(value, str | bytes))
        if total > most:
            # The kind of error Datasette answers with a page and its words.
            raise sqlite3.OperationalError(
                f"answer cut: its rows hold more than {most // 1_000_000} MB; ask for fewer rows, fewer columns or "
                "substr(body, 1, 200)"
            )
        spent[cursor] = total
        return sqlite3.Row(cursor, values)

    return make


@contextmanager
def rows_as(conn: sqlite3.Connection, factory: Any) -> Iterator[sqlite3.Connection]:
    """Let a connection return rows in another way for a while; None is plain tuples."""
    before = conn.row_factory
    conn.row_factory = factory
    try:
        yield conn
    finally:
        conn.row_factory = before
