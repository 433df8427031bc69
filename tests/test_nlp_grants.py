"""Grants: who gave what to how many of whom."""

import tomllib
from pathlib import Path

import pytest

from nlp.language import read_text
from store.records import Grant

CASES = tomllib.loads((Path(__file__).parent / "data/cases/grants.toml").read_text(encoding="utf-8"))["case"]


def grants_in(text):
    return [f for f in read_text(text).findings if isinstance(f, Grant)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_grants(case):
    found = grants_in(case["text"])
    rows = [[f.giver or "", f.award or "", f.recipient or "", f.count, f.qualifier] for f in found]
    assert rows == case["want"]
    assert all(case["text"][f.start : f.end] == f.text for f in found)


def test_period_of_the_sentence_is_kept():
    (found,) = grants_in("Giai đoạn 2016 - 2020, UBND tỉnh tặng Bằng khen cho 12 tập thể.")
    assert (found.period_start, found.period_end) == ("2016", "2020")
