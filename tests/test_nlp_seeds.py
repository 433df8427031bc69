"""Who held which office where and when: the stored query over the shared pages, against what a reader finds in them."""

import json
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from conftest import SHARED
from test_datasette_config_newsroom import get

from nlp.application import open_datasette
from nlp.cli import cli
from store.text import name_key

KEYS = SHARED / "gold" / "keys-S.json"
BEFORE = "2010-01-01"


def read_positions():
    """Return each office of the answer keys with its body: (person, roles, bodies, day)."""
    if not KEYS.exists():
        return []
    keys = json.loads(KEYS.read_text(encoding="utf-8"))
    return [
        (p["person"], {name_key(r) for r in [p["role"], *p.get("role_also", [])]}, p["organization"], key["published"])
        for key in keys
        for p in key["positions"]
        if p["organization"]
    ]


POSITIONS = read_positions()


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    if not SHARED.is_dir():
        pytest.skip("the shared examples are not beside this clone")
    data = tmp_path_factory.mktemp("seeds")
    for command in (["ingest", str(SHARED / "seeds")], ["extract"]):
        done = CliRunner().invoke(cli, ["--data", str(data), *command])
        assert done.exit_code == 0, done.output
    return open_datasette(data / "news.db")


def ask(newsroom, organization, date):
    """Return (person, role) of every office of a body stated by a day."""
    query = urlencode({"organization": organization, "date": date or "", "_shape": "array"})
    rows = get(newsroom, f"/news/office_holders.json?{query}").json()
    return [(row["person"], name_key(row["role"])) for row in rows]


@pytest.mark.parametrize(("person", "roles", "organization", "day"), POSITIONS)
def test_who_held_an_office_of_a_body_on_a_day(newsroom, person, roles, organization, day):
    body = FULL.get(organization, organization)
    answers = ask(newsroom, body, day)
    assert any(p == person and role in roles for p, role in answers), answers
    assert day is None or all(p != person for p, _ in ask(newsroom, body, BEFORE))


# What the article's province makes of a level alone: a reader of the query types the name in full.
FULL = {
    "LĐLĐ tỉnh": "LĐLĐ tỉnh Lai Châu",
    "Khối thi đua I": "Khối thi đua I Công đoàn Viên chức Việt Nam",
}


def test_an_unknown_body_has_no_officers(newsroom):
    assert ask(newsroom, "LĐLĐ tỉnh Cà Mau", "2020-07-01") == []
