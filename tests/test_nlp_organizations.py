"""Organisations: cases by phenomenon, and the full names that an article's province gives."""

import tomllib
from pathlib import Path

import pytest

from nlp.language import read_text
from nlp.layers import Context

CASES = tomllib.loads((Path(__file__).parent / "data/cases/organizations.toml").read_text(encoding="utf-8"))["case"]


def bodies(text, underthesea=True, province=None):
    findings = read_text(text, Context(province=province), underthesea=underthesea).findings
    return [f for f in findings if getattr(f, "kind", "") == "organization"]


@pytest.mark.parametrize("underthesea", [True, False], ids=["words", "bare"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_organizations(case, underthesea):
    found = bodies(case["text"], underthesea)
    assert list(dict.fromkeys(f.text for f in found)) == case["want"]
    for f in found:
        assert case["text"][f.start : f.end] == f.text


@pytest.mark.parametrize(
    ("text", "province", "name", "code"),
    [
        ("LĐLĐ tỉnh trao quà.", "Lai Châu", "Liên đoàn Lao động tỉnh Lai Châu", "ldld-lc"),
        ("LĐLĐ tỉnh trao quà.", "LC", "Liên đoàn Lao động tỉnh Lai Châu", "ldld-lc"),
        ("Liên đoàn Lao động (LĐLĐ) tỉnh họp.", "Sơn La", "Liên đoàn Lao động tỉnh Sơn La", "ldld-sl"),
        ("UBND tỉnh họp.", "Hà Giang", "Ủy ban nhân dân tỉnh Hà Giang", "ubnd-hg"),
        ("Tỉnh uỷ họp.", "Hà Giang", "Tỉnh ủy Hà Giang", "uy-hg"),
        ("LĐLĐ TP họp.", "Thành phố Hồ Chí Minh", "Liên đoàn Lao động thành phố Hồ Chí Minh", "ldld-hcm"),
        ("Ban Thường vụ LĐLĐ tỉnh họp.", "Lai Châu", "Ban Thường vụ Liên đoàn Lao động tỉnh Lai Châu", None),
        ("LĐLĐ huyện họp.", "Lai Châu", None, None),
        ("LĐLĐ thành phố họp.", "Lai Châu", None, None),
        ("LĐLĐ tỉnh họp.", None, None, None),
        ("Tổng LĐLĐ Việt Nam họp.", None, None, "tldldvn"),
        ("LĐLĐ tỉnh Bắc Giang họp.", "Bắc Ninh", None, "ldld-bg"),
    ],
)
def test_organizations_full_name(text, province, name, code):
    found = bodies(text, province=province)
    assert [(f.name, f.code) for f in found] == [(name, code)]
