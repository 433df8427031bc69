"""Released steps run the very statements they ran; views are those of now after every upgrade."""

import hashlib
import tomllib

import pytest
from conftest import ROOT
from sqlite_utils import Database

from store.db import open_news
from store.migrations import news_migrations
from store.page_migrations import pages_migrations
from store.views import drop_views, find_views

STEPS = ROOT / "tests/data/schema/steps.toml"
SETS = {"news": news_migrations, "pages": pages_migrations}


def digests(steps):
    """What each step says to an empty database, by its name."""
    db, said, found = Database(memory=True), [], {}
    db.conn.set_trace_callback(said.append)
    for step in steps._migrations:
        said.clear()
        step.fn(db)
        text = "\n".join(" ".join(line.split()) for line in said if not line.startswith("--"))
        found[step.name] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


@pytest.mark.parametrize("name", SETS)
def test_steps_say_what_they_said(name):
    """Databases out there were made by them: undo the edit and add a step. A new step gets its line in steps.toml."""
    found, known = digests(SETS[name]), tomllib.loads(STEPS.read_text(encoding="utf-8"))[name]
    assert {step: found.get(step) for step in known} == known
    new = [f'{step} = "{digest}"' for step, digest in found.items() if step not in known]
    assert not new, f"add to [{name}] in {STEPS.name}: {new}"


def views_of(db):
    return dict(db.execute("select name, sql from sqlite_master where type = 'view'").fetchall())


def test_views_of_an_older_release_are_replaced(tmp_path):
    made = views_of(open_news(tmp_path))
    assert set(made) == {name for name, _ in find_views()} and len(made) >= 8
    db = open_news(tmp_path)
    for name in list(made)[:3]:
        db.execute(f"drop view {name}")
    db.execute(f"create view {next(iter(made))} as select 1 as older")
    db.execute("create view somebody_elses as select 1 as theirs")
    again = open_news(tmp_path)
    assert again.conn.total_changes == 0
    assert views_of(again) == made | {"somebody_elses": "CREATE VIEW somebody_elses as select 1 as theirs"}
    for name in made:
        assert again.execute(f"select * from {name}").fetchall() == []


def test_an_upgrade_may_change_what_views_read(tmp_path):
    """SQLite refuses to drop a column that a view names: views go before the steps run."""
    db = open_news(tmp_path)
    drop_views(db)
    assert views_of(db) == {}
    db.execute("alter table figures drop column per")
    db.execute("alter table figures add column per text")
    assert len(views_of(open_news(tmp_path))) >= 8


def test_opening_what_stands_writes_nothing(tmp_path):
    open_news(tmp_path)
    before = (tmp_path / "news.db").read_bytes()
    assert open_news(tmp_path).conn.total_changes == 0
    assert (tmp_path / "news.db").read_bytes() == before
