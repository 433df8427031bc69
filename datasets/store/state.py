"""What the program remembers between runs, by name: the table `state` of news.db."""

import json
from typing import Any

from sqlite_utils import Database


def save_state(db: Database, name: str, value: Any) -> None:
    """Keep a value as JSON, in place of the one before."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    with db.atomic():
        db.execute("insert into state values (?, ?) on conflict (name) do update set value = excluded.value",
                   [name, text])


def load_state(db: Database, name: str) -> Any:
    """Return what was kept under a name, or None."""
    row = db.execute("select value from state where name = ?", [name]).fetchone()
    return json.loads(row[0]) if row else None
