"""The views of news.db as they are now: laid again after every upgrade, since a view can change without a step."""

import re
from collections.abc import Iterator

from sqlite_utils import Database

from store.campaigns import CAMPAIGN_VIEWS
from store.figure_views import FIGURE_VIEWS
from store.stories import STORY_VIEWS

VIEW = re.compile(r"create view (\w+)", re.I)


def find_views() -> Iterator[tuple[str, str]]:
    """Yield every view by name, and the statement that makes it."""
    for script in (FIGURE_VIEWS, CAMPAIGN_VIEWS, STORY_VIEWS):
        for statement in script.split(";\n"):
            if match := VIEW.match(statement.strip()):
                yield match[1], statement.strip()


def drop_views(db: Database) -> None:
    """Drop our views: a step may change what they read."""
    there = {name for (name,) in db.execute("select name from sqlite_master where type = 'view'")}
    for name, _ in find_views():
        if name in there:
            db.execute(f"drop view {name}")


def lay_views(db: Database) -> None:
    """Put each view as it is now in the place of what an older release left; where all stand, nothing is written."""
    there = dict(db.execute("select name, sql from sqlite_master where type = 'view'").fetchall())
    wanted = dict(find_views())
    if all(plain(there.get(name)) == plain(statement) for name, statement in wanted.items()):
        return
    with db.atomic():
        drop_views(db)
        for statement in wanted.values():
            db.execute(statement)


def plain(statement: str | None) -> str:
    """Return a statement without what SQLite rewrites when it keeps it."""
    return VIEW.sub(r"create view \1", " ".join((statement or "").split()))
