"""Old encodings byte for byte: what TCVN3, VNI, VPS, windows-1258 and misread UTF-8 wrote comes back as meant."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.encodings import decode_page
from crawler.legacy import is_syllable, mend_legacy
from store.records import Page

DATA = tomllib.loads((Path(__file__).parent / "data/cases/encodings_legacy.toml").read_text("utf-8"))
TEXTS = DATA.pop("texts")
NAMES = {"tcvn3": "tcvn3", "vni": "vni", "vps": "vps", "cp1258": "cp1258", "decomposed": "utf-8, decomposed",
         "doubled": "utf-8, utf-8 misread"}
CASES = [(kind, int(number), bytes.fromhex("".join(rows))) for kind in NAMES for number, rows in DATA[kind].items()]
# What servers said of such pages, or did not say.
CLAIMS = [None, "text/html", "text/html; charset=windows-1252", "text/html; charset=iso-8859-1"]


def read(body, claim=None):
    headers = {"content-type": claim} if claim else {}
    return decode_page(Page("https://congdoan.example/1", "x", body, "t", headers=headers))


@pytest.mark.parametrize(("kind", "number", "body"), CASES, ids=[f"{k}-{n}" for k, n, _ in CASES])
def test_every_case_comes_back_to_the_byte(kind, number, body):
    for claim in CLAIMS:
        text, name = read(body, claim)
        assert text.encode() == TEXTS[number].encode(), claim
        assert name == NAMES[kind]


def test_there_are_ten_cases_of_each():
    assert all(len(DATA[kind]) >= 10 for kind in NAMES)


@pytest.mark.parametrize("kind", ["tcvn3", "vni", "vps"])
def test_fonts_in_a_page_that_calls_itself_utf_8(kind):
    template = "<html><title>Trang tin Công đoàn</title>\n<body><p>{}</p>\n<p>Bản quyền thuộc về Công đoàn</p>"
    for number, rows in DATA[kind].items():
        shown = bytes.fromhex("".join(rows)).decode("cp1252", "surrogateescape")
        shown = "".join(chr(ord(c) - 0xDC00) if 0xDC80 <= ord(c) <= 0xDCFF else c for c in shown)
        text, name = read(template.format(shown).encode(), "text/html; charset=utf-8")
        assert text == template.format(TEXTS[int(number)])
        assert name == f"utf-8, {kind}"


@pytest.mark.parametrize("kind", ["tcvn3", "vni"])
def test_fonts_written_as_the_names_of_latin_letters(kind):
    from html.entities import codepoint2name

    body = bytes.fromhex("".join(DATA[kind]["0"])).decode("cp1252")
    named = "".join(f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name and ord(c) > 127 else c for c in body)
    assert read(f"<p>{named}</p>\n".encode())[0] == f"<p>{TEXTS[0]}</p>\n"


def test_capitals_of_tcvn3():
    set_in_capitals = "<font face='.VnTimeH'>c«ng ®oµn</font> tØnh".encode("cp1252")
    assert read(set_in_capitals)[0] == "<font face='.VnTimeH'>CÔNG ĐOÀN</font> tỉnh"
    assert read("LI£N §OµN lao ®éng tØnh, ®oµn viªn".encode("cp1252"))[0].endswith("ĐOÀN lao động tỉnh, đoàn viên")


@pytest.mark.parametrize("text", [
    *TEXTS, "déjà vu à la carte, Ärger über Müllers Äpfel", "naïve café señor", "© 2024 ® ™ «Công ty»", "Æ Ø Å æøå",
    "<p>C&ocirc;ng đo&agrave;n cơ sở</p>", "Hà Nội: 30°C, 5 m²", "",
])
def test_sound_text_is_left_alone(text):
    assert mend_legacy(text) is None
    assert read(text.encode())[0] == text


SYLLABLES = "quyền nghiêng giếng gì khuỷu Ỷ uống yêu oẳn đoàn xoong Huyền quốc thuở"
NO_SYLLABLES = "müller über déjà ñoaøn lieân ªn açb zét"


def test_syllables():
    assert [word for word in SYLLABLES.split() if not is_syllable(word)] == []
    assert [word for word in NO_SYLLABLES.split() if is_syllable(word)] == []


@given(st.binary(max_size=400))
def test_any_bytes_give_some_text(body):
    for claim in CLAIMS:
        text, name = read(body, claim)
        assert isinstance(text, str)
        assert name
