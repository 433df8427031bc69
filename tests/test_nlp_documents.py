"""Documents: cases by kind, and nothing raises."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quantity_doc import read_quantities

from nlp.layers import findings
from store.records import Mention

CASES = tomllib.loads((Path(__file__).parent / "data/cases/documents.toml").read_text(encoding="utf-8"))["case"]


def documents(text: str) -> list[Mention]:
    """Return the documents of a text."""
    return findings(read_quantities(text), "documents")


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
