"""Provinces, districts and communes that stand on their own, not inside an organisation's name."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from nlp.bodies import BodyGrammar
from nlp.gazetteer import COMMUNES, MONOSYLLABLES_ALONE, Place, match_level, match_place, run_end
from nlp.heads import phrases
from nlp.layers import context, findings
from nlp.names import split_person
from nlp.openings import match_head
from nlp.organizations import ELIDED
from nlp.syllables import CAPITAL, LINE, LOWER, MARK, NUMBER, UPPER, Syllable, split_syllables, syllables
from nlp.vocabulary import entries
from store.records import Mention
from store.reference import Entry

PREPOSITIONS = set(entries("names", "lists", "place_prepositions"))
# A place name behind these names something else: a street, an industrial park, a bridge.
OTHER_THINGS = phrases("names", "other_things")
# Abbreviations for people and bodies at large; the place behind them stands on its own.
COLLECTIVES = set(entries("names", "lists", "collectives"))
AFTER_MANY = {"các", "hai", "những", "ba"}
LONGEST_INTRODUCTION = 20
OPEN_ITEMS = {",", ":", "và", "gồm", "phường", "xã", "trấn"}
HOMONYMS_SAID = {"thành phố", "thị xã", "huyện", "quận"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place name: row[start:end] as mentioned, the name alone from `name`, its level word and its entry."""

    start: int
    name: int
    end: int
    level: str | None
    entry: Entry | None


def find_places(doc: Doc) -> Iterator[Mention]:
    """Yield the places of a document, and those its title names where the body has them only inside other names."""
    row, text = syllables(doc), doc.text
    taken = taken_syllables(doc, row)
    spots = list(read_spots(row, taken, said_districts(row)))
    for spot in spots:
        rule = "gazetteer" if spot.entry else "level"
        yield mention(text, row[spot.start].start, row[spot.end - 1].end, spot.entry, rule)
    told = {" ".join(s.key for s in row[spot.name : spot.end]) for spot in spots}
    yield from title_places(doc, told)


def mention(text: str, start: int, end: int, entry: Entry | None, rule: str) -> Mention:
    """Return the mention of a place."""
    name = entry.name if entry and entry.name != text[start:end] else None
    return Mention(
        start=start,
        end=end,
        text=text[start:end],
        rule=rule,
        kind="place",
        code=entry.code if entry else None,
        name=name,
    )


def taken_syllables(doc: Doc, row: list[Syllable]) -> set[int]:
    """Return the syllables inside other names."""
    kinds = ("organizations", "people", "campaigns", "awards")
    # In "LĐLĐ các tỉnh Sơn La, Lai Châu" the places stand on their own as well.
    spans = sorted((f.start, f.end) for kind in kinds for f in findings(doc, kind) if f.rule != ELIDED)
    taken: set[int] = set()
    number = 0
    for start, end in spans:
        while number < len(row) and row[number].end <= start:
            number += 1
        i = number
        while i < len(row) and row[i].start < end:
            taken.add(i)
            i += 1
    return taken


def said_districts(row: list[Syllable]) -> set[str]:
    """Return the names that the text gives a level word somewhere, inside other names too."""
    said = set()
    for at in range(len(row)):
        level = match_level(row, at)
        place = match_place(row, level[0]) if level else None
        if level and place:
            said.add(" ".join(s.key for s in row[level[0] : place[0]]))
    return said


def read_spots(row: list[Syllable], taken: Collection[int], said: Collection[str]) -> Iterator[Spot]:
    """Yield places left to right; in "các phường: Thống Nhất, Diên Hồng" the level word holds for the whole list."""
    at, last = 0, -1
    listed: str | None = None
    while at < len(row):
        spot = None
        if at not in taken:
            spot = read_levelled(row, at, taken) or read_bare(row, at, taken, said, listed, last)
        if spot:
            yield spot
            if spot.level and at and after_many(row, at):
                listed = spot.level
            at = last = spot.end
            continue
        level = match_level(row, at) if at and after_many(row, at) else None
        if level:
            listed, at = level[1], level[0]
            continue
        if row[at].text == ":" or row[at].key == "gồm":
            listed = counted_level(row, at) or listed
        elif row[at].key not in (",", "và"):
            listed = None
        at += 1


def after_many(row: list[Syllable], at: int) -> bool:
    """Whether the level word here is in the plural: "các phường", "8 phường: …"."""
    return row[at - 1].key in AFTER_MANY or (row[at - 1].look == NUMBER and row[at - 1].end + 1 == row[at].start)


def counted_level(row: list[Syllable], at: int) -> str | None:
    """Return the level of the places that a colon lists ("24 Công đoàn phường, xã trên địa bàn, gồm:"), if it does."""
    for here in range(at - 1, max(0, at - LONGEST_INTRODUCTION), -1):
        if row[here].look == LINE or row[here].text in (".", ";", ":"):
            return None
        if row[here].look == NUMBER:
            head = match_head(row, here + 1)
            level = match_level(row, head[0] if head else here + 1)
            return level[1] if level and row[level[0]].look in (LOWER, MARK) else None
    return None


def read_levelled(row: list[Syllable], at: int, taken: Collection[int]) -> Spot | None:
    """Return the place behind a level word here."""
    level = match_level(row, at)
    if level is None or level[0] >= len(row) or level[0] in taken:
        return None
    start, kind = level
    if at and after_many(row, at) and kind in COMMUNES:
        return None
    place = match_place(row, start)
    whole = match_place(row, at)
    if whole and whole[0] > start and row[at].key == "thủ":
        return Spot(start, start, whole[0], kind, choose(whole[1], kind))
    if whole and whole[0] > start:
        return Spot(at, at, whole[0], kind, choose(whole[1], kind))
    if place:
        entry = choose(place[1], kind)
        # "Hồ Chí Minh" alone is the man.
        bare = row[start].key in MONOSYLLABLES_ALONE or (place[0] - start > 1 and row[start].key != "hồ")
        homonym = kind in HOMONYMS_SAID and place[1].provinces and place[1].provinces[0].more["type"] != kind
        keeps = not bare or homonym or kind in COMMUNES
        return Spot(at if keeps else start, start, place[0], kind, None if kind in COMMUNES else entry)
    if row[start].look == NUMBER and kind in ("phường", "quận") and row[start].start - row[start - 1].end <= 1:
        return Spot(at, start, start + 1, kind, None)
    stop = next((i for i in range(start, run_end(row, start)) if i in taken), run_end(row, start))
    person = split_person(row, start) if stop - start > 2 else None
    stop = person if person and person > start else min(stop, start + 3)
    if kind not in COMMUNES or stop - start < 1 or row[stop - 1].end - row[start].start < 2:
        return None
    if row[start].look == UPPER and len(row[start].text) > 1:
        return None
    return Spot(at, start, stop, kind, None)


def choose(place: Place, kind: str | None) -> Entry | None:
    """Return the one entry a name stands for under this level word; None where districts share the name."""
    provinces = [p for p in place.provinces if kind in (None, "tỉnh", p.more["type"])]
    if provinces:
        return provinces[0]
    districts = [d for d in place.districts if kind in (None, d.more["type"])] or list(place.districts)
    return districts[0] if len(districts) == 1 else None


def read_bare(
    row: list[Syllable], at: int, taken: Collection[int], said: Collection[str], listed: str | None, last: int
) -> Spot | None:
    """Return a place named without its level: provinces anywhere, districts where the text says what they are."""
    place = match_place(row, at)
    if listed and row[at].look == CAPITAL and at and row[at - 1].key in OPEN_ITEMS:
        whole = run_end(row, at)
        # "Đông Hòa Bắc" in a list of wards is longer than the listed "Đông Hòa".
        if place and not (listed in COMMUNES and place[0] < whole <= at + 3):
            return Spot(at, at, place[0], listed, choose(place[1], listed))
        if listed in COMMUNES:
            stop = next((i for i in range(at, whole) if i in taken), whole)
            if whole - at > 2 and split_person(row, at) == at:
                return None
            return Spot(at, at, min(stop, at + 3), listed, None) if stop > at else None
    if place is None or any(i in taken for i in range(at, place[0])):
        return None
    end, found = place
    if stands_in_name(row, at, end):
        return None
    key = " ".join(s.key for s in row[at:end])
    if found.provinces and key != "hồ chí minh":
        return Spot(at, at, end, None, choose(found, None))
    if key == "hồ chí minh":
        return None
    before = row[at - 1].key if at else ""
    # "Hà Nội, Uông Bí - Đông Triều": one place leads on to the next.
    goes_on = last == at - 1 and row[last].text in (",", "-", "–") and (end >= len(row) or row[end].look != LOWER)
    known = key in said or before in PREPOSITIONS or is_followed_by_province(row, end) or goes_on
    if found.districts and known and (end - at > 1 or key in MONOSYLLABLES_ALONE or any(c.isdigit() for c in key)):
        return Spot(at, at, end, None, choose(found, None))
    return None


def stands_in_name(row: list[Syllable], at: int, end: int) -> bool:
    """Whether the capitals around make it part of a longer name, or a noun before makes it a street or a park."""
    if at and row[at - 1].proper and row[at - 1].start + len(row[at - 1].text) + 1 == row[at].start:
        starts_sentence = at == 1 or row[at - 2].look in (MARK, LINE)
        if not starts_sentence and row[at - 1].text not in COLLECTIVES:
            return True
    if end < len(row) and row[end].look in (CAPITAL, UPPER) and row[end].start == row[end - 1].end + 1:
        person = split_person(row, end)
        if person != end and match_level(row, end) is None:
            return True
    for start in range(max(0, at - 3), at):
        thing = OTHER_THINGS.match(row, start)
        if thing and thing[0] == at:
            return True
    return (
        end < len(row)
        and row[end].text in ("-", "–")
        and row[end].start == row[end - 1].end
        and row[end + 1 : end + 2] != []
    )


def is_followed_by_province(row: list[Syllable], end: int) -> bool:
    """Whether ", Bắc Giang" or "(tỉnh Bắc Giang)" follows."""
    if end + 1 >= len(row) or row[end].text not in (",", "(", "-", "–"):
        return False
    level = match_level(row, end + 1)
    place = match_place(row, level[0] if level else end + 1)
    return place is not None and bool(place[1].provinces)


def title_places(doc: Doc, told: set[str]) -> Iterator[Mention]:
    """Yield the places that stand alone in the title but in the body only inside other names."""
    row = split_syllables(context(doc).title)
    grammar = BodyGrammar(row)
    taken: set[int] = set()
    for at in range(len(row)):
        body = grammar.read(at) if at not in taken else None
        if body:
            taken.update(range(body.start, body.end))
    named = said_districts(row) | {" ".join(s.key for s in row[: place[0]]) for place in [match_place(row, 0)] if place}
    for spot in read_spots(row, taken, named):
        key = " ".join(s.key for s in row[spot.name : spot.end])
        if key in told or (spot.level in COMMUNES and spot.entry is None):
            continue
        told.add(key)
        text = context(doc).title[row[spot.start].start : row[spot.end - 1].end]
        for name in (text, context(doc).title[row[spot.name].start : row[spot.end - 1].end]):
            found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", doc.text, re.IGNORECASE)
            if found:
                yield mention(doc.text, found.start(), found.end(), spot.entry, "title")
                break
