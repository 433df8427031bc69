"""People: cases by phenomenon, with underthesea's witness and without it, and texts nobody wrote."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.language import read_text
from nlp.names import looks_like_name, name_end
from nlp.syllables import split_syllables
from store.records import Mention, Position

TABLE = tomllib.loads((Path(__file__).parent / "data/cases/people.toml").read_text(encoding="utf-8"))
CASES, PIECES = TABLE["case"], TABLE["pieces"]


@pytest.mark.parametrize("underthesea", [True, False], ids=["words", "bare"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_people(case, underthesea):
    found = [f for f in read_text(case["text"], underthesea=underthesea).findings if getattr(f, "kind", "") == "person"]
    assert list(dict.fromkeys(f.text for f in found)) == case["want"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
def test_readers_offsets(text):
    for finding in read_text(text, underthesea=False).findings:
        assert text[finding.start : finding.end] == finding.text
        if isinstance(finding, Position):
            assert finding.person in text and finding.role in text
        if isinstance(finding, Mention):
            assert finding.text.strip() == finding.text


def test_people_same_twice():
    text = "\n".join(case["text"] for case in CASES)
    assert read_text(text) == read_text(text)


@pytest.mark.parametrize(
    ("text", "score"),
    [("Nguyễn Thị Lan", 7), ("Trần Hải", 2), ("Mai Xuân Sơn", 3), ("Hà Giang", 0), ("Công Ty", 0), ("K'Brọp", 4)],
)
def test_names_score(text, score):
    row = split_syllables(text)
    assert looks_like_name(row, 0, name_end(row, 0)) == score
