"""Figures side by side, ours and other tools', on the shared answer keys: `python tests/bench/figures.py`.

Reads the shared answer keys beside the clone and prints one table. A figure counts once an article. "values" asks for
the number alone (for a range both ends), "with unit" also for the counted noun, "with bound" also for exact, over …

- plain regex: digits with their marks, a scale, and the next word as the unit;
- underthesea: words tagged M by its tagger with the noun after them (its entities know no quantities);
- duckling: Meta's, the only installable extractor that claims Vietnamese (`pip install pyduckling-native-phihos`); it
  gives no noun but money's, so the next word is its unit. recognizers-text has no Vietnamese; vietnam-number converts a
  number and finds none; quantulum3 reads English.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import underthesea

from nlp.agreement import Key, fold, number, units_agree
from nlp.evaluate import Score
from nlp.language import read_text
from nlp.layers import Context
from store.records import Figure
from store.text import normalize

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCALES = {"nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
PLAIN = re.compile(rf"(\d+(?:[.,]\d+)*) ?({'|'.join(SCALES)})? ?(%|\w+)?")
Found = tuple[float, float | None, str, str]


def find_ours(body: str) -> Iterator[Found]:
    """Our reader."""
    for f in read_text(body, Context()).findings:
        if isinstance(f, Figure):
            yield f.value, f.value_high, f.unit, f.qualifier


def value_of(digits: str, scale: str | None) -> float:
    """The value of digits in Vietnamese style: dots group, a comma is the decimal mark."""
    return float(re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")) * SCALES.get(scale or "", 1)


def find_plain(body: str) -> Iterator[Found]:
    """A plain regex."""
    for digits, scale, unit in PLAIN.findall(body):
        if digits.count(".") + digits.count(",") < 2 or re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
            yield value_of(digits, scale), None, unit.lower(), "exact"


def find_tagged(body: str) -> Iterator[Found]:
    """Words that underthesea tags as numbers, each with the noun after them."""
    for line in body.split("\n"):
        words = underthesea.pos_tag(line)
        for (word, tag), (following, following_tag) in zip(words, [*words[1:], ("", "")], strict=True):
            if tag == "M" and re.fullmatch(r"\d+(?:[.,]\d+)?(?:[.,]\d{3})*", word):
                unit = following if following_tag.startswith("N") or following == "%" else ""
                yield value_of(word, None), None, unit.lower(), "exact"


def find_duckling(body: str) -> Iterator[Found]:
    """Duckling's numbers and amounts."""
    import duckling

    language = duckling.parse_lang("VI")
    locale = duckling.parse_locale("VI_VN", duckling.default_locale_lang(language))
    zones = duckling.load_time_zones("/usr/share/zoneinfo")
    context = duckling.Context(duckling.parse_ref_time(zones, "Asia/Ho_Chi_Minh", 1_600_000_000), locale)
    kinds = duckling.parse_dimensions(["amount-of-money", "number", "quantity", "distance", "volume"])
    for line in body.split("\n"):
        for found in duckling.parse(line, context, kinds, False):
            value = found["value"]
            low, high = (value.get("from"), value.get("to")) if value["type"] == "interval" else (value, None)
            ends = [end["value"] for end in (low, high) if end]
            following = re.match(r" ?(%|\w+)", line[found["end"] :])
            money = {"VND": "đồng", "$": "usd"}.get((low or high).get("unit", ""))
            unit = money or (following[1].lower() if following else "")
            bound = "exact" if value["type"] == "value" else "range" if low and high else "over" if low else "under"
            yield float(ends[0]), float(ends[1]) if len(ends) > 1 else None, unit, bound


TOOLS: dict[str, Callable[[str], Iterator[Found]]] = {
    "ours": find_ours,
    "plain regex": find_plain,
    "underthesea tags": find_tagged,
    "duckling (vi)": find_duckling,
}


def read_articles() -> Iterator[tuple[Key, str]]:
    """Yield every key with the text of its article."""
    for key in json.loads((SHARED / "gold/keys-S.json").read_text(encoding="utf-8")):
        text = normalize((SHARED / f"seeds/{key['id']}.txt").read_text(encoding="utf-8"))
        first, last = normalize(key["lead"]), normalize(key["last"])
        yield key, text[text.index(first) : text.rindex(last) + len(last)]
    for key in json.loads((SHARED / "gold/keys-A.json").read_text(encoding="utf-8")):
        yield key, normalize((SHARED / f"gold/texts/{key['id']}.txt").read_text(encoding="utf-8")).split("\n", 1)[1]


def score(found: list[Found], key: Key, width: int) -> Score:
    """Compare what a tool found in one article with its key, by the first fields of each."""
    got = {(number(v), number(h), *((fold(u), q)[: width - 2])) for v, h, u, q in found}
    doubtful = {number(f["value"]) for f in (key.get("doubtful") or {}).get("figures", [])}
    hits, missed = 0, 0
    rows = key["figures"]
    wanted = {(number(f["value"]), number(f.get("high")), fold(f["unit"]), f["qualifier"])[:width] for f in rows}
    for want in sorted(wanted, key=str):
        hit = next((g for g in sorted(got, key=str) if agree(g, want)), None)
        got.discard(hit) if hit else None
        hits, missed = hits + (hit is not None), missed + (hit is None)
    return Score(hits, sum(g[0] not in doubtful for g in got), missed)


def agree(got: tuple, want: tuple) -> bool:
    """Whether values agree, and unit and bound where they are compared."""
    return got[:2] == want[:2] and got[3:] == want[3:] and (len(want) < 3 or units_agree(got[2], want[2]))


def main() -> None:
    """Print the table."""
    articles = list(read_articles())
    print("| tool | values P | values R | values F1 | with unit F1 | with bound F1 |\n|---|---|---|---|---|---|")
    for name, find in TOOLS.items():
        try:
            found = [(key, list(find(body))) for key, body in articles]
        except ImportError as error:
            print(f"| {name} | {error} | | | | |")
            continue
        values, units, bounds = (sum((score(f, key, w) for key, f in found), Score()) for w in (2, 3, 4))
        shown = (values.precision, values.recall, values.f1, units.f1, bounds.f1)
        print(" | ".join([f"| {name}", *(f"{share:.3f}" for share in shown)]) + " |")


if __name__ == "__main__":
    sys.exit(main())
