"""SQL functions: fold(), name_key(), slugify() compare text as the store does; fts_query() asks the search table."""

import sqlite3
from collections.abc import Callable

from datasette import hookimpl

from store.lanes import FOLDED
from store.search import ask
from store.text import fold, name_key, slugify


def fts_query(typed: str) -> str:
    """Return what was typed as a query of the table `search` that cannot be an error.

    >>> fts_query('"Lao động" LĐLĐ -2.496')
    '(("lao dong" OR "ld") AND ("ldld" OR "lien doan lao dong")) NOT ("2 496" OR "2496")'
    """
    folded = next(question for question in ask(typed).questions if question.lane is FOLDED)
    return folded.fts() or '""'


def null_safe(function: Callable[[str], str]) -> Callable[[object], str | None]:
    """Return the function for SQL: null stays null, a number is read as its text."""
    return lambda value: None if value is None else function(str(value))


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register the functions on every connection."""
    for function in (fold, name_key, slugify, fts_query):
        conn.create_function(function.__name__, 1, null_safe(function), deterministic=True)
