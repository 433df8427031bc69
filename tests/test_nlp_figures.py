"""Figures: cases by phenomenon, offsets that hold, and what a figure is attached to."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quantity_doc import read_quantities

from nlp.layers import findings
from store.records import Figure

CASES = tomllib.loads((Path(__file__).parent / "data/cases/figures.toml").read_text(encoding="utf-8"))["case"]


def figures(text: str) -> list[Figure]:
    """Return the figures of a text."""
    return findings(read_quantities(text), "figures")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_figures(case):
    found = figures(case["text"])
    assert [
        [f.text, f.value, *([] if f.value_high is None else [f.value_high]), f.qualifier, f.unit] for f in found
    ] == case["want"]
    for f in found:
        assert case["text"][f.start : f.end] == f.text


def test_period_of_the_paragraph():
    text = "Giai đoạn 2016 - 2020, công đoàn tỉnh lớn mạnh. Các cấp công đoàn kết nạp 1.200 đoàn viên."
    assert [(f.period_start, f.period_end) for f in figures(text)] == [("2016", "2020")]


def test_year_compared_is_no_period():
    text = "Năm 2018 có 41.200 hội viên, thêm 3.150 hội viên so với năm 2017."
    assert [f.period_start for f in figures(text)] == ["2018", "2018"]


def test_predicate_of_a_passive_list():
    text = "Có 31 tập thể, 76 cá nhân được Bộ Y tế tặng Bằng khen."
    assert [f.predicate for f in figures(text)] == ["được Bộ Y tế tặng Bằng khen"] * 2


def test_predicate_before():
    assert [f.predicate for f in figures("Công đoàn đã trao 25 suất quà.")] == ["trao"]


def test_counted_runs_over_modifiers():
    assert [f.counted for f in figures("Xưởng góp 1.205 sáng kiến tiết kiệm nguyên liệu được áp dụng.")] == [
        "sáng kiến tiết kiệm nguyên liệu"
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789.,/-–%() “”\nnăm tỷ đồng hơn từ đến sáng kiến ABĐ", max_size=80))
def test_nothing_raises(text):
    for f in figures(text):
        assert text[f.start : f.end] == f.text
        assert f.value_high is None or f.value_high > f.value
