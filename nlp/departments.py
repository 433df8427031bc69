"""The part of a body that an office names: "Trưởng phòng Tổ chức Hành chính", "Quản đốc Phân xưởng Cơ điện"."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.bodies import BodyGrammar
from nlp.common_bodies import COMMON, read_common
from nlp.gazetteer import match_level, role_phrases
from nlp.heads import CLOSING, FIELDS, INSIDE, SECTORS, Body, phrases
from nlp.names import split_person
from nlp.openings import NATION, place_end
from nlp.syllables import CAPITAL, LOWER, NUMBER, UPPER, Syllable
from nlp.tails import dashed

# An office that ends in one of these, or goes on with one, is held in a part of a body.
PARTS = {"ban", "phòng", "khoa", "tổ", "đội", "chuyền", "xưởng"}
PART_WORDS = phrases("names", "parts")
# Their boards and offices have a place of their own: "Phòng Nội vụ huyện Tân Kỳ".
PLACED = {"ban", "phòng"}
JOINTS = {"-", "–", "&", "và"}
LONGEST = 12


@dataclass(frozen=True, slots=True)
class Department:
    """Where the words for a part end, and the body behind them."""

    end: int
    body: Body | None


def read_department(grammar: BodyGrammar, start: int, end: int) -> Department | None:
    """Return the part of a body that goes on with the office row[start:end], if one does."""
    row = grammar.row
    at = end
    words = {s.key for s in row[start:end]}
    following = grammar.read(end, office=True)
    # "Phó Trưởng phòng Phòng Thí nghiệm, Công ty X"
    if following and following.head == "Phòng" and row[end - 1].key == "phòng" and next_comma(row, following.end):
        return Department(following.end, grammar.read(following.end + 1, office=True))
    if following and (following.grammar == "known" or PART_WORDS.match(row, end)):
        return None
    opened = row[end - 1].key in PARTS or ("trưởng" in words and not words.isdisjoint(PARTS))
    if (part := PART_WORDS.match(row, end)) and not INSIDE.match(row, end):
        opened, at = True, part[0]
    elif not opened and (row[end - 1].key != "đốc" or end >= len(row) or row[end].look != LOWER):
        return None
    stop = fields_end(grammar, at, free=opened)
    if stop == at and (nation := central(grammar, at)):
        return Department(at, nation)
    if stop == at:
        return Department(at, grammar.read(at, office=True)) if at > end and row[end].look == LOWER else None
    body = grammar.read(stop, office=True) or central(grammar, stop) or read_common(row, stop)
    return Department(stop, body)


def next_comma(row: Sequence[Syllable], at: int) -> bool:
    """Whether a comma stands here and more behind it."""
    return at + 1 < len(row) and row[at].text == ","


def fields_end(grammar: BodyGrammar, at: int, *, free: bool) -> int:
    """Return the end of the fields of work here; in capitals any word may be one, but nobody's name."""
    row = grammar.row
    here = last = at
    while here < len(row) and here - at < LONGEST:
        known = longest(grammar, here)
        body = grammar.read(here, office=True)
        nation = central(grammar, here) and (here > at or row[here - 1].key not in PARTS)
        common = COMMON.match(row, here) if here > at and row[here].proper else None
        if common and common[0] >= known:
            break
        if (body and (not known or body.end > known)) or (match_level(row, here) and not known) or nation:
            break
        role = role_phrases().match(row, here)
        if role and role[0] - here > 1:
            break
        if known:
            here = last = known
        elif free and here > at and here in grammar.continued and row[here - 1].look == CAPITAL:
            here = last = here + 1
        elif joins(grammar, at, here) or (free and here > at and dashed(row, here, grammar.witness)):
            here += 1
        elif free and row[here].look in (CAPITAL, UPPER):
            if split_person(row, here, grammar.witness) == here:
                break
            here = last = here + 1
        elif here > at and row[here].look == NUMBER and row[here - 1].look != NUMBER and len(row[here].text) < 3:
            here = last = here + 1
        else:
            break
    return last


def central(grammar: BodyGrammar, at: int) -> Body | None:
    """Return "Trung ương" behind a department of the Party ("Trưởng Ban Dân vận Trung ương")."""
    row = grammar.row
    found = NATION.match(row, at)
    named = found is not None and row[at].look != LOWER and row[at].key in ("trung", "t", "tw", "tư")
    return Body(at, found[0], row[at].text, "party") if found and named else None


def joins(grammar: BodyGrammar, at: int, here: int) -> bool:
    """Whether a dash, "và" or a comma here leads on to more of the part's name."""
    row = grammar.row
    if here + 1 >= len(row):
        return False
    if row[here].key in JOINTS:
        return here > at or row[here - 1].key not in PARTS
    return here > at and row[here].text == "," and longest(grammar, here + 1) > 0 and not row[here + 1].proper


def longest(grammar: BodyGrammar, at: int) -> int:
    """Return the end of the longest known field of work here, or 0."""
    found = (listed.match(grammar.row, at) for listed in (INSIDE, CLOSING, SECTORS, FIELDS))
    return max((f[0] for f in found if f), default=0)


def own_place(grammar: BodyGrammar, start: int, end: int, stop: int) -> Body | None:
    """Return the board or office with its place behind: "Trưởng phòng | Nội vụ huyện Tân Kỳ" gives "phòng Nội vụ …"."""
    row = grammar.row
    if row[end - 1].key not in PLACED or stop >= len(row) or match_level(row, stop) is None or end - start < 2:
        return None
    placed = place_end(row, stop, True, grammar.witness)
    return Body(end - 1, placed, row[end - 1].text, "state") if placed > stop else None
