"""SQL functions: fold(), name_key(), slugify() compare text as the store does; fts_query() asks the search table."""

import re
import sqlite3
from collections.abc import Callable

from datasette import hookimpl

from store.text import fold, name_key, slugify

# A quoted phrase, or a run of anything but spaces and quotes.
TERM = re.compile(r'"([^"]+)"|([^\s"]+)')
TOKEN = re.compile(r"[^\W_]+")
LONGEST, MOST = 500, 20


def fts_query(typed: str) -> str:
    """Return what was typed as an FTS5 query that cannot be an error: folded, every term quoted, all of them required.

    >>> fts_query('"Lao động" 2.496 giỏi')
    '"lao dong" "2 496" "gioi"'
    """
    terms = (TOKEN.findall(fold(phrase or word)) for phrase, word in TERM.findall(typed[:LONGEST]))
    return " ".join(f'"{" ".join(tokens)}"' for tokens in [t for t in terms if t][:MOST]) or '""'


def null_safe(function: Callable[[str], str]) -> Callable[[object], str | None]:
    """Return the function for SQL: null stays null, a number is read as its text."""
    return lambda value: None if value is None else function(str(value))


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register the functions on every connection."""
    for function in (fold, name_key, slugify, fts_query):
        conn.create_function(function.__name__, 1, null_safe(function), deterministic=True)
