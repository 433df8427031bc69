"""Other projects' cases, where they lie beside the clone: both spellings of a line say the same, each value is read."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from quantity_doc import read_quantities

from nlp.layers import findings
from nlp.numbers import find_numbers, parse_number

PEERS = Path(__file__).parents[2] / "shared/peers"
EXCEPTIONS = tomllib.loads((Path(__file__).parent / "data/cases/peers.toml").read_text(encoding="utf-8"))["exception"]
EXCEPTED = {e["line"] for e in EXCEPTIONS}
QUALIFIERS = {"simple": "exact", "under": "under", "above": "over", "between": "range"}
CURRENCIES = {"Dollar": "usd", "USD": "usd", "VND": "đồng", "EUR": "euro"}
# The day their relative times are meant on.
REFERENCE = "2017-02-02"
pytestmark = pytest.mark.skipif(not PEERS.exists(), reason="the other projects' cases are not beside this clone")


def pairs(name):
    lines = (PEERS / f"nemo-vi/{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip().split("~") for line in lines if "~" in line]


def texts(dimension):
    """Every text of a dimension with what is expected of it and whether it needs a day to be understood."""
    for group in json.loads((PEERS / "duckling-vi.json").read_text(encoding="utf-8")):
        if group["dimension"] == dimension:
            needs = group.get("needs_reference_date", [False] * len(group["texts"]))
            for text, relevant, need in zip(group["texts"], group["news_relevant"], needs, strict=True):
                if relevant:
                    yield text, group["expected"], need


def figures(text):
    return findings(read_quantities(text), "figures")


def values(text):
    """The values of a line: of its figures, else of the number it is, else of the numbers in it."""
    if found := figures(text):
        return [value for f in found for value in (f.value, f.value_high) if value is not None]
    whole = parse_number(text)
    return [whole] if whole is not None else [n.value / (n.of or 1) for n in find_numbers(text)]


def dates(text):
    return [(d.date_start, d.date_end) for d in findings(read_quantities(text, REFERENCE), "dates")]


def test_exceptions_have_reasons():
    written = {pair[0] for name in ("money", "measure", "range", "fraction") for pair in pairs(name)}
    assert written | {text for text, *_ in texts("AmountOfMoney")} >= EXCEPTED
    assert all(len(e["reason"]) > 20 for e in EXCEPTIONS)


def test_both_sides_of_a_line_have_one_value():
    lines = [pair for name in ("cardinal", "decimal", "fraction", "money", "range", "measure") for pair in pairs(name)]
    wrong = {w for w, spoken in lines if not values(w) or values(w) != pytest.approx(values(spoken))}
    assert wrong <= EXCEPTED
    assert 1 - len(wrong) / len(lines) >= 0.97


@pytest.mark.parametrize("name", ["ordinal", "roman"])
def test_ordinals_are_no_figures(name):
    assert [line for pair in pairs(name) for line in pair if figures(line)] == []
    assert [text for text, *_ in texts("Ordinal") if figures(text)] == []


def test_both_sides_of_a_date_are_one_day():
    assert [pair for pair in pairs("date") if dates(pair[0]) != dates(pair[1])] == []


def test_money():
    for text, expected, _ in texts("AmountOfMoney"):
        if text in EXCEPTED:
            continue
        kind, currency, amounts = re.fullmatch(r"(\w+) (\w+) \(?([^()]*)\)?", expected).groups()
        low, _, high = amounts.partition(", ")
        found = [(f.value, f.value_high, f.qualifier, f.unit) for f in figures(text)]
        assert found == [(float(low), float(high) if high else None, QUALIFIERS[kind], CURRENCIES[currency])], text


def test_days_and_quarters():
    """Texts that name a day with its month, or need no day to be understood; "tháng 6" alone is no date in gold."""
    for text, expected, need in texts("Time"):
        if need and not re.search(r"(?:ngày|mồng) \d+ tháng|\d/\d", text):
            continue
        year, month, day = (int(n) for n in re.findall(r"\d+", expected)[:3])
        if expected.endswith("Quarter"):
            want = (f"{year}-{month:02d}", f"{year}-{month + 2:02d}")
        else:
            want = (f"{year}-{month:02d}" + (f"-{day:02d}" if not expected.endswith("Month") else ""), None)
        assert dates(text) == [want], text
