"""Every connection reads the database through memory the system shares, and keeps some pages of its own."""

import sqlite3

from datasette import hookimpl

# A ceiling, not a cost: only what is read is ever in memory.
MAPPED_BYTES = 8_000_000_000
KEPT_KIB = 32_000


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Set how the connection reads."""
    conn.execute(f"pragma mmap_size = {MAPPED_BYTES}")
    conn.execute(f"pragma cache_size = -{KEPT_KIB}")
