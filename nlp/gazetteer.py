"""The reference lists as phrases: places, offices, bodies and surnames, looked up syllable by syllable."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nlp.syllables import CAPITAL, LOWER, MARK, NUMBER, UPPER, Phrases, Syllable
from store.reference import Entry, load_reference

# What a level word says of the name behind it; "TP", "TX", "Q" and "H" come with and without their stop.
LEVELS = {
    "tỉnh": "tỉnh", "thành phố": "thành phố", "tp": "thành phố", "tp.": "thành phố", "t.p": "thành phố",
    "thủ đô": "thành phố", "huyện": "huyện", "h.": "huyện", "quận": "quận", "q.": "quận", "thị xã": "thị xã",
    "tx": "thị xã", "tx.": "thị xã", "thị trấn": "thị trấn", "tt.": "thị trấn", "xã": "xã", "phường": "phường",
    "p.": "phường", "đặc khu": "đặc khu",
}  # fmt: skip
COMMUNES = {"thị trấn", "xã", "phường", "đặc khu"}
MONOSYLLABLES_ALONE = {"huế"}


@dataclass(frozen=True, slots=True)
class Place:
    """The entries a place name may stand for: provinces before districts."""

    provinces: tuple[Entry, ...]
    districts: tuple[Entry, ...]


@cache
def place_phrases() -> Phrases[Place]:
    """Return every province and district by every spelling."""
    named: dict[str, tuple[list[Entry], list[Entry]]] = {}
    for number, list_name in enumerate(("provinces", "districts")):
        for entry in load_reference(list_name):
            for name in entry.names:
                named.setdefault(name, ([], []))[number].append(entry)
    phrases = [(name, Place(tuple(p), tuple(d))) for name, (p, d) in named.items()]
    return Phrases(phrases)


@cache
def level_phrases() -> Phrases[str]:
    """Return the words for levels of government."""
    return Phrases(LEVELS.items())


@cache
def role_phrases() -> Phrases[Entry]:
    """Return every office by every spelling."""
    return Phrases((name, entry) for entry in load_reference("roles") for name in entry.names)


@cache
def body_phrases() -> Phrases[Entry]:
    """Return every organisation of the lists by every spelling."""
    entries = [*load_reference("organizations"), *load_reference("ministries")]
    return Phrases((name, entry) for entry in entries for name in entry.names)


@cache
def surnames() -> dict[str, str]:
    """Return how sure each surname is when it begins a run of capitals: `sure`, `fair` or `weak`."""
    return {entry.name.casefold(): entry.more["weight"] for entry in load_reference("surnames")}


def match_place(row: Sequence[Syllable], at: int) -> tuple[int, Place] | None:
    """Return end and place of a listed place name that begins here with a capital."""
    if at >= len(row) or not row[at].proper:
        return None
    found = place_phrases().match(row, at)
    if found is None:
        return None
    # "Lai châu" is a slip, "Hoàng mai" in running words is none: one syllable alone must not carry the name.
    tail = [s for s in row[at + 1 : found[0]] if s.look not in (MARK, NUMBER)]
    if tail and sum(s.look == LOWER for s in tail) > 1:
        return None
    return found


def match_level(row: Sequence[Syllable], at: int) -> tuple[int, str] | None:
    """Return end and kind of a level word ("tỉnh", "TP.")."""
    found = level_phrases().match(row, at)
    if found and row[at].key == "p" and role_phrases().match(row, at):
        return None
    if found and row[at].key in ("h", "q", "p", "tt", "tp", "tx") and row[at].look == LOWER:
        return None
    return found


def run_end(row: Sequence[Syllable], at: int) -> int:
    """Return the end of the run of capitalised syllables, one space apart, that begins here."""
    end = at
    while (
        end < len(row) and row[end].look in (CAPITAL, UPPER) and (end == at or row[end].start == row[end - 1].end + 1)
    ):
        end += 1
    return end
