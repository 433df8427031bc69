"""Places: cases by phenomenon, codes, and the places that only the title has alone."""

import tomllib
from pathlib import Path

import pytest

from nlp.language import read_text
from nlp.layers import Context

CASES = tomllib.loads((Path(__file__).parent / "data/cases/places.toml").read_text(encoding="utf-8"))["case"]


def places(text, title="", underthesea=True):
    findings = read_text(text, Context(title=title), underthesea=underthesea).findings
    return [f for f in findings if getattr(f, "kind", "") == "place"]


@pytest.mark.parametrize("underthesea", [True, False], ids=["words", "bare"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_places(case, underthesea):
    found = places(case["text"], underthesea=underthesea)
    assert list(dict.fromkeys(f.text for f in found)) == case["want"]
    for f in found:
        assert case["text"][f.start : f.end] == f.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Đoàn về Lai Châu.", "LC"),
        ("Đoàn về thành phố Lai Châu.", "105"),
        ("Đoàn về huyện Than Uyên.", "110"),
        ("Đoàn về huyện Châu Thành.", None),  # nine districts share the name
        ("Đoàn về xã Mường Cang.", None),
    ],
)
def test_places_code(text, code):
    assert [f.code for f in places(text)] == [code]


@pytest.mark.parametrize(
    ("title", "body", "want"),
    [
        ("Điện Biên: Quà đến công nhân", "LĐLĐ tỉnh Điện Biên tặng quà.", [("Điện Biên", 10)]),
        ("Quy Nhơn: Công đoàn được khen", "LĐLĐ TP Quy Nhơn được khen.", [("Quy Nhơn", 8)]),
        ("Công đoàn Bình Thuận đổi mới", "LĐLĐ tỉnh Bình Thuận đổi mới.", []),
        ("Sơn La vào hội", "Sơn La mở hội. LĐLĐ tỉnh Sơn La dự.", [("Sơn La", 0)]),
        ("Sơn La vào hội", "LĐLĐ tỉnh dự.", []),
    ],
)
def test_places_title(title, body, want):
    assert [(f.text, f.start) for f in places(body, title)] == want
