"""Lists that name a head noun once for many bodies: "Công đoàn các Bộ: Tư pháp, Nội vụ" is two unions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.gazetteer import match_level, match_place
from nlp.heads import SECTORS
from nlp.openings import match_head
from nlp.relatives import expand
from nlp.syllables import Phrases, Syllable
from store.reference import load_reference

HEADED = {"federation", "union", "council", "party"}
LISTED = {"bộ": "Bộ", "ngành": "ngành"}


@dataclass(frozen=True, slots=True)
class Elided:
    """A list at row[start:end] and the full names of the bodies in it."""

    start: int
    end: int
    names: tuple[str, ...]


@cache
def fields() -> Phrases[bool]:
    """Return the fields of ministries ("Văn hóa, Thể thao và Du lịch"), with which a comma does not end the item."""
    names = [e.more["field"] for e in load_reference("ministries") if e.more.get("field")]
    return Phrases((name, True) for name in names)


def find_elided(row: Sequence[Syllable]) -> Iterator[Elided]:
    """Yield lists of two bodies or more whose head noun stands once."""
    at = 0
    while at < len(row):
        found = read_elided(row, at) if row[at].proper else None
        if found:
            yield found
        at = found.end if found else at + 1


def read_elided(row: Sequence[Syllable], at: int) -> Elided | None:
    """Return the list that begins here."""
    head = match_head(row, at)
    if head is None or head[1].grammar not in HEADED or head[0] + 1 >= len(row) or row[head[0]].key != "các":
        return None
    here = head[0] + 1
    noun = " ".join(s.text for s in row[at : head[0]])
    level = match_level(row, here)
    word = LISTED.get(row[here].key)
    if level is None and word is None:
        return None
    here = level[0] if level else here + 1
    # "các tỉnh, thành phố: …", "các Bộ, ngành …"
    while here + 1 < len(row) and row[here].text in (",", "/") and (other := match_level(row, here + 1)):
        here = other[0]
    here += here < len(row) and row[here].text == ":"
    items, end = read_items(row, here, level[1] if level else None)
    if len(items) < 2:
        return None
    return Elided(at, end, tuple(expand(f"{noun} {item}" if level else f"{noun} {word} {item}") for item in items))


def read_items(row: Sequence[Syllable], at: int, level: str | None) -> tuple[list[str], int]:
    """Return the items of a list, places with their level, and where it ends."""
    items: list[str] = []
    here = end = at
    while here < len(row):
        own = match_level(row, here) if level else None
        start = own[0] if own else here
        found = read_place(row, start, own[1] if own else level) if level else read_field(row, start)
        if found is None:
            break
        item, stop = found
        items.append(item)
        here = end = stop
        here += here < len(row) and row[here].text in (",", ";")
        here += here < len(row) and row[here].key == "và"
        if here == end:
            break
    return items, end


def read_place(row: Sequence[Syllable], at: int, level: str) -> tuple[str, int] | None:
    """Return a listed place with its level: a province's own, whatever the list says of all."""
    found = match_place(row, at)
    if found is None:
        return None
    end, place = found
    name = joined(row, at, end)
    # A province under a former name ("Thừa Thiên Huế") had the level that the list gives it.
    own = next((p.more["type"] for p in place.provinces if p.name.endswith(name)), level)
    return f"{own if level in ('tỉnh', 'thành phố') else level} {name}", end


def read_field(row: Sequence[Syllable], at: int) -> tuple[str, int] | None:
    """Return a ministry's or sector's field of work."""
    if at >= len(row) or not row[at].proper:
        return None
    found = fields().match(row, at) or SECTORS.match(row, at)
    return (joined(row, at, found[0]), found[0]) if found else None


def joined(row: Sequence[Syllable], start: int, end: int) -> str:
    """Return row[start:end] as text."""
    return " ".join(s.text for s in row[start:end]).replace(" ,", ",")
