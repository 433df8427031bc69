"""What a number counts: the noun phrase after it, its head as a unit, and measures and money."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nlp.layers import Word
from nlp.vocabulary import read_table, split_entries

# Stand between the number and its noun and belong to the unit.
BEFORE_NOUN = frozenset({"nữ", "nam", "cựu", "tân", "lượt", "chiếc", "cái"})
# "134/220 số người", "20 trong số", "25 các tập thể": skipped, not part of the unit.
SKIPPED = re.compile(r"(?:tổng số|số|các|những)(?= )")
OPENING = re.compile(r"[“\"‘'«](?=\w)")
QUOTED = re.compile(r"[“\"‘'«]((?:[^\W_]+[ ,-]{1,2}){0,6}[^\W_]+)[”\"’'»]")
SYLLABLE = re.compile(r"[^\W_]+(?:[-–][^\W\d_]+)*")
JOINT = re.compile(r"(?: ?, ?| và | hoặc | hay | ?/ ?| ?& ?| cùng | [-–] )(?:các |những )?")
# "6 đồng chí", "3 đồng hành", "20 đồng đội": the word for money begins other words.
OTHER_DONG = re.compile(r" (?:chí|hành|loạt|thời|đội|bào|nghiệp|diễn|phục)\b", re.IGNORECASE)
# "CNVCLĐ", "CNVC-LĐ", "CB.CNV"
ABBREVIATION = re.compile(r"[A-ZĐ]{2,}(?:-[A-ZĐ]+|\.[A-ZĐ]{2,})*(?!\w)")
# "cán bộ, CNVCLĐ": people go on with a list; in "cá nhân, UBND tỉnh" a body begins another clause.
PEOPLE_ABBREVIATION = re.compile(r"(?:(?:CB|CC|CN|VC|NL|ĐV|NV|GV|HS|LĐ|ĐVCĐ|SQ)[A-ZĐ-]*)(?!\w)(?<!LĐLĐ)(?<!CNTT)")
DOCTORS = re.compile(r"y ?[,/–-] ?bác s[ĩỹ]\b", re.IGNORECASE)
ROMAN = re.compile(r"[IVX]+\b")
# "đề tài cấp cơ sở": a level is a modifier, though "cấp" alone is a verb.
LEVEL = re.compile(
    r" cấp (?:cơ sở|bộ,? ngành|bộ|ngành|tỉnh|huyện|xã|"
    r"trường|công ty|tập đoàn|nhà nước|thành phố|trung ương|quốc gia|trên)\b",
    re.IGNORECASE,
)
SIGN = re.compile(r"(?<!\w)((?:US|VN)?[$]|[€₫]|USD|EUR|VNĐ|VND) ?$")
LONGEST_SIGN = 6
LEVELS = frozenset({"ban", "bộ", "ngành", "sở", "đoàn thể"})
# "24 công đoàn phường, xã": unions of these levels.
LOCAL = frozenset({"tỉnh", "huyện", "quận", "phường", "xã", "thị xã", "thị trấn", "thành phố", "đặc khu"})
LONGEST_NOUN = 7
LONGEST_PHRASE = 16
# Joined with each other: "doanh nghiệp, hợp tác xã, hộ gia đình"; "tập thể, công đoàn cơ sở, cá nhân".
KIN = {
    "people": "people", "recipients": "recipients", "unions": "recipients", "places": "places", "cities": "places",
    "works": "works", "gifts": "gifts", "houses": "gifts", "awards": "awards", "events": "events", "papers": "papers",
}  # fmt: skip
JOINABLE = {("people", "recipients"), ("recipients", "people")}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its name in lower case, its kind, the end of its head, the end of the whole noun phrase."""

    name: str
    kind: str
    end: int
    counted_end: int
    start: int
    known: bool = True


@dataclass(frozen=True, slots=True)
class _Head:
    end: int
    name: str
    group: str


@cache
def _nouns() -> dict[str, str]:
    """Return the counted nouns with their class; the class that names a noun first keeps it."""
    table = read_table("units")
    nouns: dict[str, str] = {}
    for group, text in table["count"].items():
        for noun in split_entries(text):
            nouns.setdefault(noun, group)
    return nouns


@cache
def _stops() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return (syllables that end a noun phrase, those that cannot begin one, pairs that begin a verb phrase)."""
    phrase = read_table("units")["phrase"]
    stops = frozenset(phrase["stops"].split())
    return stops, stops | frozenset(phrase["openers"].split()), frozenset(split_entries(phrase["verbs"]))


def ends_phrase(first: str, second: str) -> bool:
    """Whether a noun phrase ends before these two syllables."""
    stops, _, verbs = _stops()
    return first in stops or f"{first} {second}" in verbs


@cache
def _measures() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Return a pattern over all measures and money, and {spelling: (unit, kind)}."""
    table = read_table("units")
    known: dict[str, tuple[str, str]] = {}
    for kind, text in table["measure"].items():
        for spelling in split_entries(text):
            known[spelling] = ("%" if spelling == "phần trăm" else spelling, "count" if kind == "volume" else kind)
    for name, text in table["money"].items():
        for spelling in split_entries(text):
            known[spelling] = (name if name in ("đồng", "usd", "euro") else spelling, "money")
    longest_first = sorted(known, key=lambda s: (-len(s), s))
    parts = (re.escape(s) + (r"(?![^\W_])" if s[-1].isalnum() else "") for s in longest_first)
    # "mVND": a letter after the unit makes another word of it; "10 m" and "10m" are the same.
    return re.compile(rf" ?({'|'.join(parts)})", re.IGNORECASE), known


def read_measure(text: str, at: int) -> Unit | None:
    """Return the measure or money that begins at an offset.

    >>> read_measure("95%", 2).name, read_measure("6 tỷ VNĐ", 4).name, read_measure("28m2", 2).kind
    ('%', 'đồng', 'area')
    """
    pattern, known = _measures()
    match = pattern.match(text, at)
    if match is None:
        return None
    spelling = match[1].lower()
    if spelling == "đồng" and OTHER_DONG.match(text, match.end()):
        return None  # "06 đồng chí", "3 đồng hành"
    if spelling == "đ" and text[match.end() : match.end() + 2].lower() == "/c":
        return None  # "6 đ/c"
    name, kind = known[spelling]
    return Unit(name, kind, match.end(1), match.end(1), match.start(1))


def read_sign(text: str, start: int) -> Unit | None:
    """Return the money whose sign stands before a number: "$10", "USD 1,5 triệu", "VND1000".

    >>> read_sign("ít nhất $1,42", 9).name, read_sign("EUR 20", 4).name
    ('usd', 'euro')
    """
    match = SIGN.search(text, max(0, start - LONGEST_SIGN), start)
    if match is None:
        return None
    spelling = match[1].lower().removeprefix("us").removeprefix("vn") if match[1].endswith("$") else match[1].lower()
    name = "đồng" if match[1].lower().startswith("vn") else _measures()[1][spelling][0]
    return Unit(name, "money", start, start, match.start(1))


def noun_at(text: str, at: int) -> tuple[int, str, str] | None:
    """Return (end, noun, class) of the longest known counted noun that begins at an offset."""
    syllables: list[str] = []
    ends: list[int] = []
    position = at
    while len(syllables) < LONGEST_NOUN:
        match = SYLLABLE.match(text, position)
        if match is None:
            break
        syllables.append(match[0].lower())
        ends.append(match.end())
        position = match.end() + 1
        if text[match.end() : position] != " ":
            break
    if doctors := DOCTORS.match(text, at):
        return doctors.end(), doctors[0].lower(), "people"
    if text.startswith("/c", ends[0] if ends else at) and syllables[:1] == ["đ"]:
        return ends[0] + 2, "đ/c", "people"
    nouns = _nouns()
    # "7 suất quà, bàn giao …": a noun of one syllable that begins a verb.
    shortest = 1 if " ".join(syllables[:2]) in _stops()[2] else 0
    for length in range(len(syllables), shortest, -1):
        noun = " ".join(syllables[:length])
        if noun in nouns:
            return ends[length - 1], noun, nouns[noun]
    return None


def _unknown_head(text: str, at: int, words: Sequence[Word]) -> _Head | None:
    """Return the head of a noun phrase the table does not know: underthesea's noun, else the next syllables."""
    if match := ABBREVIATION.match(text, at):
        return None if ROMAN.fullmatch(match[0]) else _Head(match.end(), match[0].lower(), "abbreviation")
    first = SYLLABLE.match(text, at)
    if first is None or first[0].lower() in _stops()[1] or not first[0][0].islower():
        return None
    for word in words[bisect_right(words, at, key=lambda w: w.start) - 1 :][:1] if words else ():
        if word.start <= at < word.end:
            if not word.tag.startswith(("N", "M", "A")) and word.start == at:
                return None
            if word.end > first.end() and word.tag.startswith("N") and " " in text[at : word.end]:
                return _Head(word.end, text[at : word.end].lower(), "unknown")
    second = SYLLABLE.match(text, first.end() + 1) if text[first.end() : first.end() + 1] == " " else None
    following = second[0].lower() if second else ""
    if ends_phrase(first[0].lower(), following):
        return None
    third = SYLLABLE.match(text, second.end() + 1) if second else None
    alone = not following or not following[0].islower() or ends_phrase(following, third[0].lower() if third else "")
    end = first.end() if second is None or alone or second[0][0].isupper() else second.end()
    return _Head(end, text[at:end].lower(), "unknown")


def _head(text: str, at: int, words: Sequence[Word]) -> _Head | None:
    """Return the head that begins at an offset, with "nữ", "lượt" before it."""
    known = noun_at(text, at)
    abbreviation = ABBREVIATION.match(text, at)
    if known is not None and abbreviation is not None and abbreviation.end() > known[0]:
        known = None
    first = SYLLABLE.match(text, at)
    if first is not None and first[0].lower() in BEFORE_NOUN and text[first.end() : first.end() + 1] == " ":
        inner = noun_at(text, first.end() + 1)
        if inner is None and ABBREVIATION.match(text, first.end() + 1):
            inner_head = _unknown_head(text, first.end() + 1, words)
            inner = (inner_head.end, inner_head.name, "people") if inner_head else None
        if inner is not None and (known is None or inner[0] > known[0]):
            return _Head(inner[0], text[at : inner[0]].lower(), inner[2])
    if known is not None and known[2] != "cities":
        return _Head(known[0], known[1], known[2])
    return _unknown_head(text, at, words)


def phrase_end(text: str, at: int) -> int:
    """Return where the modifiers that follow a head end: before a verb, a preposition, a mark, a number."""
    end = at
    for _ in range(LONGEST_PHRASE):
        if text[end : end + 1] != " ":
            break
        match = SYLLABLE.match(text, end + 1)
        if match is None or match[0][0].isdigit():
            break
        if level := LEVEL.match(text, end):
            end = level.end()
            continue
        following = SYLLABLE.match(text, match.end() + 1)
        if ends_phrase(match[0].lower(), following[0].lower() if following else ""):
            break
        end = match.end()
    return end


def _joins(group: str, other: str) -> bool:
    if "abbreviation" in (group, other):
        return {group, other} <= {"abbreviation", "people", "recipients", "unions"}
    kin = KIN.get(group), KIN.get(other)
    return kin[0] is not None and (kin[0] == kin[1] or kin in JOINABLE)


def read_noun(text: str, at: int, words: Sequence[Word] = ()) -> Unit | None:
    """Return the counted noun that begins at an offset, joined nouns as one.

    >>> read_noun("900 cán bộ, công chức được", 3).name, read_noun("84 đề tài khoa học", 2).name
    ('cán bộ, công chức', 'đề tài')
    """
    if text[at : at + 1] == " ":
        at += 1
    if skipped := SKIPPED.match(text, at):
        inner = _head(text, skipped.end() + 1, ())
        if inner is not None and inner.group not in ("unknown", "abbreviation"):
            at = skipped.end() + 1
    if quoted := QUOTED.match(text, at):
        # "18 “Bàn tay vàng”": what stands in quotes is counted whole.
        end = quoted.end(1)
        return Unit(quoted[1].lower(), "count", end, end, quoted.start(1))
    if opening := OPENING.match(text, at):
        at = opening.end()
    head = _head(text, at, words)
    if head is None:
        return None
    known = head.group != "unknown"
    name, end, head_end, group = head.name, head.end, head.end, head.group
    heads = {name}
    counted_end = phrase_end(text, end)
    while joint := JOINT.match(text, counted_end if counted_end - end <= 40 else end):
        following = noun_at(text, joint.end())
        abbreviation = PEOPLE_ABBREVIATION.match(text, joint.end())
        if following is None and abbreviation is not None:
            following = abbreviation.end(), abbreviation[0].lower(), "abbreviation"
        # "18.400 công nhân, Công ty B 6.250": a capital begins a name, unless the whole list is written with capitals.
        named = text[joint.end() : joint.end() + 1].isupper() and text[at].islower() and abbreviation is None
        if following is not None and group == "unions" and following[1] in LOCAL and name.split()[-1] in LOCAL:
            name += text[end : joint.end()].lower() + following[1]
            end = head_end = counted_end = following[0]
            continue
        if following is None or named or not _joins(group, following[2]) or not _may_join(text, joint, following[0]):
            break
        if following[1] in heads:
            break  # "1 phòng ngủ, phòng bếp": the next of its kind is not counted
        heads.add(following[1])
        if following[1] in LEVELS and head.name not in LEVELS:
            end = counted_end = phrase_end(text, following[0])  # "61 công đoàn ban, bộ, ngành": whose unions they are
            continue
        # Nouns side by side are kept as written; across modifiers only the heads are named.
        between = text[end : joint.end()]
        name += (between.lower() if joint.start() == end else ", ") + following[1]
        end = head_end = following[0]
        counted_end = phrase_end(text, end)
    return Unit(name, "count", head_end, counted_end, at, known)


def _may_join(text: str, joint: re.Match[str], end: int) -> bool:
    """Whether the noun after a comma goes on with the list rather than opening a clause of its own."""
    if "," not in joint[0]:
        return True
    # "200 đại biểu, lãnh đạo Tổng Liên đoàn": a noun with a proper name is another guest.
    following = text[end : end + 2]
    return not (following[:1] == " " and following[1:2].isupper() and not ABBREVIATION.match(text, end + 1))
