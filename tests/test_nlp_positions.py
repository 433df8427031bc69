"""Positions: cases by phenomenon; each office of a person once, with its evidence."""

import tomllib
from pathlib import Path

import pytest

from nlp.language import read_text
from store.records import Position
from store.reference import load_reference

CASES = tomllib.loads((Path(__file__).parent / "data/cases/positions.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("underthesea", [True, False], ids=["words", "bare"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_positions(case, underthesea):
    found = [f for f in read_text(case["text"], underthesea=underthesea).findings if isinstance(f, Position)]
    assert [[f.person, f.role, f.organization or ""] for f in found] == case["want"]
    for f in found:
        assert case["text"][f.start : f.end] == f.text
        assert f.person in f.text and f.role in f.text


UNION_ROLES = [e.name for e in load_reference("roles") if e.more["body_type"] == "union" and "ông đoàn" not in e.name]


@pytest.mark.parametrize("role", UNION_ROLES)
def test_positions_every_union_office(role):
    found = [f for f in read_text(f"{role} LĐLĐ tỉnh Lê Văn Tám dự lễ.").findings if isinstance(f, Position)]
    assert [(f.person, f.role, f.organization) for f in found] == [("Lê Văn Tám", role, "LĐLĐ tỉnh")]
