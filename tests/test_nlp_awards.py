"""Awards: names of distinctions in text, and the reference list behind them."""

import tomllib
from pathlib import Path

import pytest

from nlp.language import read_text
from store.records import Mention
from store.reference import load_reference
from store.text import name_key

CASES = tomllib.loads((Path(__file__).parent / "data/cases/awards.toml").read_text(encoding="utf-8"))["case"]


def awards_in(text):
    return [f for f in read_text(text).findings if isinstance(f, Mention) and f.kind == "award"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_awards(case):
    found = awards_in(case["text"])
    assert list({name_key(f.text): f.text for f in reversed(found)}.values())[::-1] == case["want"]
    assert all(case["text"][f.start : f.end] == f.text for f in found)


def test_list_is_long_and_tells_level():
    entries = load_reference("awards")
    assert len(entries) >= 120
    assert all(e.more["level"] and e.more["match"] in {"any", "titled", "counted", "granted"} for e in entries)


def test_spellings_resolve_to_one_line():
    texts = ("Nhận Bằng Lao động sáng tạo.", "Được cấp bằng lao động sáng tạo.")
    assert {f.code for text in texts for f in awards_in(text)} == {"bang-lao-dong-sang-tao"}


def test_quoted_medal_resolves_to_its_line():
    (found,) = awards_in("Nhận Kỷ niệm chương “Vì sự nghiệp xây dựng tổ chức CĐ”.")
    assert found.code == "ky-niem-chuong-vi-su-nghiep-xay-dung-to-chuc-cong-doan"
