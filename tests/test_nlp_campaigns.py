"""Campaigns: their names in text, and the reference list behind them."""

import tomllib
from pathlib import Path

import pytest

from nlp.campaigns import campaign_list
from nlp.known_names import keys_of, spellings
from nlp.language import read_text
from store.records import Mention
from store.reference import load_reference

CASES = tomllib.loads((Path(__file__).parent / "data/cases/campaigns.toml").read_text(encoding="utf-8"))["case"]
MATCHES = {"any", "named", "open", "quoted"}


def campaigns_in(text):
    return [f for f in read_text(text).findings if isinstance(f, Mention) and f.kind == "campaign"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_campaigns(case):
    found = campaigns_in(case["text"])
    assert [f.text for f in found] == case["want"]
    assert all(case["text"][f.start : f.end] == f.text for f in found)


@pytest.mark.parametrize(
    "texts",
    [
        (
            "Phong trào “Trung thành - Trách nhiệm – Liêm chính – Sáng tạo”.",
            "“Trung thành, trách nhiệm,liêm chính, sáng tạo”",
        ),
        ("Nhà Mái ấm CĐ.", "Chương trình “Mái ấm Công đoàn”."),
        ("Phong trào “Lao động giỏi”.", "Phong trào “Lao động sáng tạo, lao động giỏi”."),
        (
            "Phong trào “Xây dựng cơ quan văn hóa, ngày làm 8 giờ chất lượng, hiệu quả”.",
            "Phong trào “Xây dựng cơ quan văn hóa, có ngày làm việc 8 giờ thật chất lượng, hiệu quả”.",
        ),
        ("Tháng hành động về ATVSLĐ.", "Tháng hành động về an toàn, vệ sinh lao động."),
    ],
)
def test_surfaces_of_one_campaign_share_a_code(texts):
    codes = {f.code for text in texts for f in campaigns_in(text)}
    assert len(codes) == 1 and None not in codes


@pytest.mark.parametrize(
    "texts",
    [
        ("“Trung thành, sáng tạo, tận tụy, gương mẫu”", "“Trung thành, trách nhiệm, liêm chính, sáng tạo”"),
        ("Tết Sum vầy - Xuân ơn Đảng", "Tết Sum vầy - Xuân bình an"),
        ("Chợ Tết Công đoàn", "Chợ Tết Công đoàn trực tuyến"),
        ("“Giỏi việc nước, đảm việc nhà”", "“Giỏi việc trường, đảm việc nhà”"),
    ],
)
def test_different_campaigns_do_not_share_a_code(texts):
    assert len({f.code for text in texts for f in campaigns_in(text)}) == len(texts)


def test_unlisted_campaign_has_no_code():
    (found,) = campaigns_in("Phong trào “Mỗi ca một cải tiến”.")
    assert (found.code, found.rule) == (None, "quoted")


def test_list_is_long_and_consistent():
    entries = load_reference("campaigns")
    assert len(entries) >= 150
    codes = {e.code for e in entries}
    for entry in entries:
        assert entry.more["match"] in MATCHES, entry.code
        assert {entry.more["predecessor"], entry.more["successor"]} - {""} <= codes, entry.code


def test_no_two_campaigns_share_a_spelling():
    owner = {}
    for entry in load_reference("campaigns"):
        for name in entry.names:
            for keys in spellings(name):
                assert owner.setdefault(keys, entry.code) == entry.code, name


def test_every_listed_name_is_found_in_quotation_marks_behind_a_head():
    for entry in load_reference("campaigns"):
        for name in entry.names:
            assert campaign_list().entry_of(name).code == entry.code
            found = campaigns_in(f"Công đoàn cơ sở đẩy mạnh phong trào “{name.replace(chr(34), '')}” năm nay.")
            assert found and found[0].code == entry.code, name


def test_hostile_text_is_read_in_time():
    text = "phong trào “" * 3000 + "lao động giỏi, " * 3000
    assert campaigns_in(text) is not None
    assert keys_of("") == ()
