"""Dates: cases by form, and nothing raises."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quantity_doc import read_quantities

from nlp.layers import findings
from store.records import Date

CASES = tomllib.loads((Path(__file__).parent / "data/cases/dates.toml").read_text(encoding="utf-8"))["case"]


def dates(text: str, published: str | None = None, title: str = "") -> list[Date]:
    """Return the dates of a text."""
    return findings(read_quantities(text, published, title), "dates")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_dates(case):
    found = dates(case["text"], case.get("published"))
    assert [[f.text, f.date_start, *([f.date_end] if f.date_end else [])] for f in found] == case["want"]
    for f in found:
        assert case["text"][f.start : f.end] == f.text


def test_year_from_the_title():
    assert [f.date_start for f in dates("Ngày 8-8, danh sách được trình.", title="Giải thưởng năm 2019")] == [
        "2019-08-08"
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789./- –()ngày tháng năm từ đến quý giai đoạn I\n", max_size=80))
def test_nothing_raises(text):
    for f in dates(text):
        assert text[f.start : f.end] == f.text
        assert f.date_end is None or f.date_start[:4] <= f.date_end[:4]
