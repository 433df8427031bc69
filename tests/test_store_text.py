"""Text as stored, and the two ways of comparing it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import fold, name_key, normalize, slugify


def test_normalize_touches_only_form_and_spaces():
    text = "8,3 vạn\xa0đoàn viên ,  “Xanh – sạch”\r\n\r\n \t 34.8%\u200b"
    assert normalize(text) == "8,3 vạn đoàn viên , “Xanh – sạch”\n34.8%"


def test_normalize_composes():
    assert normalize(unicodedata.normalize("NFD", "Tổng Liên đoàn")) == "Tổng Liên đoàn"


@given(st.text())
def test_normalize_is_final(text):
    once = normalize(text)
    assert normalize(once) == once
    assert "\n\n" not in once and "  " not in once and once == once.strip()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trung thành - Trách nhiệm – Liêm chính – Sáng tạo", "trung thành-trách nhiệm — liêm chính - sáng tạo"),
        ("“Trung thành, trách nhiệm,liêm chính, sáng tạo”", "Trung thành, trách nhiệm, liêm chính, sáng tạo"),
        ("Văn hoá, Thể thao", "văn hóa, thể thao"),
        ("Tỉnh uỷ", "Tỉnh ủy"),
        ("LĐLĐ  tỉnh.", "lđlđ tỉnh"),
    ],
)
def test_one_name(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Lao động giỏi", "Lao đông giỏi"), ("quý", "qúy"), ("Hà Nội", "Hà Nam")])
def test_two_names(one, other):
    assert name_key(one) != name_key(other)


def test_fold_takes_marks_and_d():
    assert fold("Đổi mới, SÁNG TẠO – Liên đoàn") == "doi moi, sang tao – lien doan"


@given(st.text())
def test_slug_is_an_address_part(text):
    slug = slugify(text)
    assert slug and set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
