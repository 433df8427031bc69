"""Bytes become the text they were meant to be."""

import tomllib
import unicodedata
from pathlib import Path

import pytest

from crawler.encodings import read_text, repair
from store.records import Page

DATA = tomllib.loads((Path(__file__).parent / "data/cases/encodings.toml").read_text("utf-8"))
TEXT = DATA["text"]


def misread(text, encoding):
    """The text as a program sees it that takes UTF-8 for another encoding; undefined bytes pass through."""
    return "".join(bytes([b]).decode(encoding, "ignore") or chr(b) for b in text.encode())


def page(body, header=None, encoding=None):
    headers = {"Content-Type": f"text/html; charset={header}"} if header else {}
    return Page(
        "https://congdoan.example/1", "demo", body, "2025-11-21T10:00:00+07:00", headers=headers, encoding=encoding
    )


@pytest.mark.parametrize("case", DATA["case"], ids=lambda case: case["say"])
def test_encodings(case):
    text = unicodedata.normalize(case.get("form", "NFC"), TEXT)
    if "doubled" in case:
        text = misread(text, case["doubled"])
    if "meta" in case:
        text = f'<html><head><meta charset="{case["meta"]}"></head><body>{text}'
    assert TEXT in read_text(page(text.encode(case["as"]), case.get("header")))


TONES = "\u0300\u0301\u0303\u0309\u0323"


def test_windows_1258():
    # Vietnamese Windows writes the tone mark after its vowel.
    text = "Công đoàn chăm lo đời sống người lao động"
    apart = "".join(
        unicodedata.normalize("NFC", "".join(c for c in letter if c not in TONES))
        + "".join(c for c in letter if c in TONES)
        for letter in (unicodedata.normalize("NFD", char) for char in text)
    )
    body = apart.encode("cp1258")
    assert read_text(page(body, "windows-1258")) == text
    assert read_text(page(b'<meta charset="windows-1258">' + body)).endswith(text)


def test_one_broken_byte_does_not_change_the_encoding():
    body = TEXT.encode() + b" \xff " + TEXT.encode()
    assert read_text(page(body)).count(TEXT) == 2
    assert read_text(page(body, "utf-8")).count(TEXT) == 2


def test_swallowed_bytes_are_put_back():
    assert repair("Lao Äá»™ng Ä‘oÃ n viÃªn") == "Lao Động đoàn viên"


@pytest.mark.parametrize("text", [TEXT, "Ã la carte, Ärger, Äpfel", "plain", "", "Æ Ø Å", "Báo cáo Äá"])
def test_sound_text_is_left_alone(text):
    assert repair(text) == text
