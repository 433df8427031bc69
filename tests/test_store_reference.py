"""Reference lists: what every list promises, and what the loader says of one that breaks it."""

import re
from collections import Counter

import pytest

from store.reference import FOLDER, ReferenceError, load_reference
from store.text import name_key

LISTS = sorted(path.stem for path in FOLDER.glob("*.csv"))
OURS = ["organizations", "ministries", "provinces", "districts", "roles", "surnames"]


@pytest.mark.parametrize("name", LISTS)
def test_list_loads(name):
    for entry in load_reference(name):
        assert entry.source and entry.name == entry.name.strip()
        assert all(name_key(name) for name in entry.names)


@pytest.mark.parametrize("name", OURS)
def test_list_dates(name):
    for entry in load_reference(name):
        for column in ("valid_from", "valid_to"):
            assert re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", entry.more.get(column, "")), entry


@pytest.mark.parametrize(
    ("name", "least"),
    [("organizations", 400), ("provinces", 64), ("districts", 705), ("roles", 250), ("surnames", 300)],
)
def test_list_length(name, least):
    assert len(load_reference(name)) >= least


def test_provinces_before_and_after_the_mergers():
    entries = [e for e in load_reference("provinces") if e.code != "HTA"]
    assert len(entries) == 63
    live = {e.code for e in entries if not e.more["valid_to"]}
    assert len(live) == 34
    ended = [e for e in entries if e.more["valid_to"]]
    assert {e.more["valid_to"] for e in ended} == {"2025-06-30"}
    assert all(e.more["successor"] in live for e in ended)
    absorbed = Counter(code for e in entries for code in e.more["absorbed"].split())
    assert absorbed == Counter(e.code for e in ended)


def test_districts_lie_in_provinces():
    provinces = {e.code for e in load_reference("provinces")}
    assert {e.more["parent"] for e in load_reference("districts")} == provinces


def test_organizations_make_a_tree():
    entries = {e.code: e for e in load_reference("organizations")}
    provinces = {e.code for e in load_reference("provinces")}
    for entry in entries.values():
        parent, steps = entry.more["parent"], 0
        while parent:
            assert parent in entries, entry
            parent, steps = entries[parent].more["parent"], steps + 1
            assert steps < 10, entry
        assert entry.more["province"] in {"", *provinces}
        assert entry.more["successor"] in {"", *entries}


def test_every_province_has_its_federation():
    federations = [e for e in load_reference("organizations") if e.code.startswith("ldld-")]
    assert Counter(e.more["province"] for e in federations) == Counter(e.code for e in load_reference("provinces"))


@pytest.mark.parametrize("name", ["organizations", "ministries", "roles"])
def test_names_are_one_entrys(name):
    said = Counter(name_key(n) for e in load_reference(name) for n in {name_key(x): x for x in e.names}.values())
    assert [n for n, times in said.items() if times > 1] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("code,name,source\na,A,x\n", "bad.csv:1: no column 'aliases'"),
        ("code,name,aliases,source\na,A,,\n", "bad.csv:2: code, name and source must all be given"),
        ("code,name,aliases,source\na,A,,x\na,B,,x\n", "bad.csv:3: a is already on line 2"),
        ("code,name,aliases,source\na,A, b,,x\n", "bad.csv:2: 4 columns expected"),
    ],
)
def test_bad_list_says_where(tmp_path, content, says):
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ReferenceError, match=re.escape(says)):
        load_reference("bad", tmp_path)


def test_absent_list_names_those_there(tmp_path):
    with pytest.raises(ReferenceError, match="no list 'provinse'"):
        load_reference("provinse", tmp_path)
