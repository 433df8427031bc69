"""Documents: cases by kind, and nothing raises."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.language import read_text
from nlp.layers import Context
from store.records import Mention

CASES = tomllib.loads((Path(__file__).parent / "data/cases/documents.toml").read_text(encoding="utf-8"))["case"]


def documents(text: str) -> list[Mention]:
    """Read a text without underthesea."""
    found = read_text(text, Context(), underthesea=False).findings
    return [f for f in found if isinstance(f, Mention) and f.kind == "document"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_documents(case):
    found = documents(case["text"])
    assert [[f.text, f.number or "", f.date or "", f.issuer or ""] for f in found] == case["want"]
    for f in found:
        assert case["text"][f.start : f.end] == f.text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789/-. (“”)Nghị quyết số QĐTW ngày của về\n", max_size=80))
def test_nothing_raises(text):
    for f in documents(text):
        assert text[f.start : f.end] == f.text
