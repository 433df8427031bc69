"""Numbers: cases by shape, every integer in three spellings, other projects' cases where they lie beside the clone."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.numbers import find_numbers, parse_number

CASES = tomllib.loads((Path(__file__).parent / "data/cases/numbers.toml").read_text(encoding="utf-8"))["case"]
PEERS = Path(__file__).parents[2] / "shared/peers"
UNITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
# What ends a line of another project's cases but is no number of ours.
NOT_NUMBERS = {"-12 1/4 nha"}


def spell_group(number: int, *, full: bool, odd: str) -> str:
    """Write 1-999 in words; `full` writes the empty hundreds and tens of a group inside a longer number."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [f"{UNITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 0 and ones and words:
        words += [odd, UNITS[ones]]
    elif tens == 1:
        words += ["mười", "lăm" if ones == 5 else UNITS[ones] if ones else ""]
    elif tens:
        words += [f"{UNITS[tens]} mươi", {0: "", 1: "mốt", 4: "tư", 5: "lăm"}.get(ones, UNITS[ones])]
    elif ones:
        words += [UNITS[ones]]
    return " ".join(w for w in words if w)


def spell(number: int, thousand: str, billion: str, odd: str) -> str:
    """Write an integer below 10**15 in words, as the north or the south does."""
    if number == 0:
        return "không"
    parts = []
    for scale, name in (
        (10**12, f"{thousand} {billion}"),
        (10**9, billion),
        (10**6, "triệu"),
        (10**3, thousand),
        (1, ""),
    ):
        group, number = divmod(number, scale)
        # "một nghìn hai trăm tỷ": the billions' thousands share the word for billion.
        if scale == 10**12 and group:
            billions, number = divmod(number, 10**9)
            inner = f"{spell_group(group, full=False, odd=odd)} {thousand}"
            if billions:
                inner += f" {spell_group(billions, full=True, odd=odd)}"
            parts.append(f"{inner} {billion}")
        elif group:
            parts.append(f"{spell_group(group, full=bool(parts), odd=odd)} {name}".strip())
    return " ".join(parts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text']}: {case['say']}")
def test_numbers(case):
    assert parse_number(case["text"]) == case.get("value")


@given(st.integers(0, 10**15 - 1))
def test_integer_in_digits(number):
    assert parse_number(str(number)) == number
    assert parse_number(f"{number:,}".replace(",", ".")) == number


@given(
    st.integers(0, 10**15 - 1),
    st.sampled_from(["nghìn", "ngàn"]),
    st.sampled_from(["tỷ", "tỉ"]),
    st.sampled_from(["lẻ", "linh"]),
)
def test_integer_in_words(number, thousand, billion, odd):
    assert parse_number(spell(number, thousand, billion, odd)) == number


@given(
    st.integers(1, 99),
    st.sampled_from([("trăm", 100), ("nghìn", 10**3), ("vạn", 10**4), ("triệu", 10**6), ("tỷ", 10**9)]),
)
def test_integer_with_scale(number, scale):
    assert parse_number(f"{number} {scale[0]}") == number * scale[1]


@given(st.integers(1, 999), st.integers(1, 999))
def test_integer_with_chained_scales(billions, millions):
    assert parse_number(f"{billions} tỷ {millions} triệu") == billions * 10**9 + millions * 10**6


@given(
    st.integers(1, 10**6),
    st.text(alphabet="abcđê ,.;:()“”\n", max_size=20),
    st.text(alphabet="abcđê ,;:()“”\n", max_size=20),
)
def test_surroundings_change_nothing(number, before, after):
    written = f"{number:,}".replace(",", ".")
    text = f"{before} {written} {after}"
    at = len(before) + 1
    assert (at, at + len(written), number) in [(n.start, n.end, n.value) for n in find_numbers(text)]


@given(st.text())
def test_nothing_raises(text):
    for number in find_numbers(text):
        assert 0 <= number.start < number.end <= len(text)
    parse_number(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "1",
                "25",
                "2.496",
                "8,3",
                "/",
                "-",
                "trăm",
                "nghìn",
                "tỷ",
                "tr",
                "k",
                "mươi",
                "mười",
                "lẻ",
                "năm",
                "không",
                "rưỡi",
                "phẩy",
                "phần",
                "tư",
            ]
        ),
        max_size=12,
    )
)
def test_no_mixture_raises(parts):
    for text in (" ".join(parts), "".join(parts)):
        list(find_numbers(text))
        parse_number(text)


@pytest.mark.skipif(not PEERS.exists(), reason="the other projects' cases are not beside this clone")
@pytest.mark.parametrize("name", ["cardinal", "decimal", "fraction"])
def test_peer_lines(name):
    lines = (PEERS / f"nemo-vi/{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.strip().split("~") for line in lines if "~" in line]
    wrong = [
        pair
        for pair in pairs
        if pair[0] not in NOT_NUMBERS
        and (parse_number(pair[0]) is None or parse_number(pair[0]) != pytest.approx(parse_number(pair[1])))
    ]
    assert wrong == []


@pytest.mark.skipif(not PEERS.exists(), reason="the other projects' cases are not beside this clone")
def test_peer_numerals():
    groups = json.loads((PEERS / "duckling-vi.json").read_text(encoding="utf-8"))
    for group in groups:
        if group["dimension"] != "Numeral":
            continue
        value = float(group["expected"].split(" ")[1].strip("()"))
        for text, relevant in zip(group["texts"], group["news_relevant"], strict=True):
            if relevant:
                assert parse_number(text) == pytest.approx(value), text
