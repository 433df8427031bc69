"""Every connection reads through memory the system shares, and no statement on it can ask for much of its own."""

import sqlite3

from datasette import hookimpl

from store.answers import count_bytes

# A ceiling, not a cost: only what is read is ever in memory.
MAPPED_BYTES = 8_000_000_000
KEPT_KIB = 32_000
# The longest value: above any article, below what group_concat() or printf() would make of a whole table.
LONGEST_VALUE = 10_000_000
LONGEST_SQL = 100_000
LARGEST_ANSWER = 50_000_000
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: LONGEST_SQL,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Set how the connection reads."""
    conn.execute(f"pragma mmap_size = {MAPPED_BYTES}")
    conn.execute(f"pragma cache_size = -{KEPT_KIB}")
    for limit, most in LIMITS.items():
        conn.setlimit(limit, most)
    conn.row_factory = count_bytes(LARGEST_ANSWER)
