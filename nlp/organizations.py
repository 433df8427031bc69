"""Organisations by their head nouns and by the reference lists; the longest name wins."""

import re
from bisect import bisect, bisect_left
from collections.abc import Iterator
from functools import lru_cache

from spacy.tokens import Doc

from nlp.common_bodies import DEFINITE_GRAMMAR, GRAMMAR, is_named, read_definite
from nlp.elisions import find_elided
from nlp.gazetteer import body_phrases, match_level, match_place, role_phrases
from nlp.heads import HEADS, NO_HEADS, Body
from nlp.layers import context, findings
from nlp.names import honorific_before, looks_like_name, name_end, surname_weight
from nlp.nicknames import find_nicknames
from nlp.offices import body_grammar, offices
from nlp.openings import match_head
from nlp.relatives import (
    REPEATED,
    Named,
    canonical,
    is_relative,
    is_shared,
    meant,
    provinces,
    read_named,
    with_province,
)
from nlp.spans import Spans
from nlp.syllables import CAPITAL, LINE, LOWER, NUMBER, UPPER, Syllable, split_syllables, syllables
from store.records import Mention
from store.reference import Entry

# Before a level word alone they make it general: "các UBND huyện", "50/63 LĐLĐ tỉnh".
MANY = {"các", "những", "mỗi", "từng", "nhiều", "mọi", "số", "đa"}
LEVEL_WORDS = {"tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường", "tp", "ngành"}
SMALL_PLACES = {"ấp", "thôn", "xã", "phường", "bản", "buôn", "khóm", "làng", "đường", "phố", "họ", "tên"}
MEMBER_OF_PARLIAMENT = "dai-bieu-quoc-hoi"
ELIDED = "elided head"
CREDIT = re.compile(r"(?:Ảnh|ẢNH|Nguồn|NGUỒN)\s*:\s*$")
# "AN BÌNH (Trung tâm Văn hóa huyện)" as the last line: who wrote, and where from.
BYLINE = re.compile(r"\n((?:[^\W\d_]+ +){1,5})\([^()\n]*\)\s*\Z")
SURE_NAME = 4
FAIR_NAME = 2
# No article names more bodies before one that is meant by its level alone.
REMEMBERED = 500
LONGEST_BYLINE = 120
HELD = {",", "-", "–", "—", "("}


def find_organizations(doc: Doc) -> Iterator[Mention]:
    """Yield the organisations of a document."""
    row, whole = syllables(doc), doc.text
    taken = Spans((f.start, f.end) for kind in ("campaigns", "awards") for f in findings(doc, kind))
    bodies = read_bodies(doc)
    lines = [i for i, s in enumerate(row) if s.look == LINE]
    surfaces = []
    for body in bodies:
        if body.grammar == GRAMMAR:
            continue
        start, end = row[body.start].start, row[body.end - 1].end
        surfaces.append((start, bisect(lines, body.start), whole[start:end], body))
    named = read_named(surfaces)
    province = provinces().get(context(doc).province or "")
    signed = signature_start(whole)
    for start, line, text, body in surfaces:
        end = start + len(text)
        if start > signed or CREDIT.search(whole, max(0, start - 12), start):
            continue
        if taken.hold(start, end):
            continue
        told = bisect_left(named, start, key=place_of) or len(named)
        code, name = identify(text, line, named[max(0, told - REMEMBERED) : told], province)
        yield Mention(start=start, end=end, text=text, rule=body.grammar, kind="organization", code=code, name=name)
    inside = {i for body in bodies for i in range(body.start, body.end)}
    inside |= {i for office in offices(doc) for i in range(office.start, office.end)}
    for first, last, body in find_nicknames(row, bodies, inside):
        start, end = row[first].start, row[last - 1].end
        full = canonical(whole[row[body.start].start : row[body.end - 1].end])
        if not taken.touch(start, end):
            text = whole[start:end]
            yield Mention(
                start=start, end=end, text=text, rule="short name", kind="organization",
                code=code_of(full), name=None if is_shared(full) or is_relative(full) else full,
            )  # fmt: skip
    for listed in find_elided(row):
        start, end = row[listed.start].start, row[listed.end - 1].end
        line = bisect(lines, listed.start)
        for full in listed.names:
            text, code = whole[start:end], code_of(full)
            name = meant(full, line, named[:REMEMBERED], province) if code is None and is_relative(full) else full
            if name is None or (code is None and is_shared(name)):
                continue
            yield Mention(start=start, end=end, text=text, rule=ELIDED, kind="organization", code=code, name=name)


def signature_start(text: str) -> int:
    """Return where the author's name and house begin as the last line, or the text's length."""
    found = BYLINE.search(text, max(0, len(text) - LONGEST_BYLINE))
    return found.start() if found and all(word[0].isupper() for word in found[1].split()) else len(text)


def place_of(named: Named) -> int:
    """Return where a named body stands."""
    return named.at


def identify(text: str, line: int, named: list[Named], province: Entry | None) -> tuple[str | None, str | None]:
    """Return the reference code, and the full name where the text writes it short or only relatively ("LĐLĐ tỉnh")."""
    name = meant(text, line, named, province) if is_relative(text) else None
    code = code_of(name or text)
    if name or code:
        return code, name
    full = canonical(text)
    if is_shared(full):
        return None, with_province(full, province)
    return code_of(full), full if full != text and not is_relative(text) else None


@lru_cache(maxsize=REPEATED)
def code_of(name: str) -> str | None:
    """Return the reference code of a name."""
    row = split_syllables(name)
    known = body_phrases().match(row, 0)
    return known[1].code if known and known[0] == len(row) else None


def read_bodies(doc: Doc) -> list[Body]:
    """Return the bodies of a document in order, without the general ones; read once."""
    found: list[Body] | None = doc.user_data.get("read_bodies")
    if found is None:
        row, bodies = syllables(doc), list(scan(doc))
        found = [b for b in bodies if b.grammar != DEFINITE_GRAMMAR or is_named(row, b, bodies)]
        doc.user_data["read_bodies"] = found
    return found


def scan(doc: Doc) -> Iterator[Body]:
    """Yield bodies left to right; none begins inside another or inside a role."""
    grammar, row = body_grammar(doc), syllables(doc)
    # "Đại biểu Quốc hội" is one role, and names a body all the same.
    every_role = {i for o in offices(doc) for i in range(o.start, o.end)}
    inside_role = {i for o in offices(doc) if o.entry.code != MEMBER_OF_PARLIAMENT for i in range(o.start, o.end)}
    after_role = {office.body.start: office.body for office in offices(doc) if office.body}
    role_ends = {office.end for office in offices(doc)}
    at = last = 0
    office_end = -1
    while at < len(row):
        body = after_role.get(at)
        if body is None and at not in inside_role:
            behind_office = at in role_ends or at in every_role or (at - 1 == office_end and row[at - 1].text == ",")
            body = grammar.read(at, office=behind_office) or read_definite(row, at)
            # Asked last: few syllables begin a body.
            hidden = body and (inside_name(row, at, last, office_end) or in_number(row, at) or is_place(row, body))
            body = None if hidden else body
        if body is None:
            at += 1
            continue
        if not is_general(row, body):
            yield body
        # "Cục trưởng Cục A, Bộ B Trần Văn C": a body behind an office's body still stops before the person.
        office_end = body.end if at in after_role or at - 1 == office_end else -1
        at = last = max(body.end, at + 1)


def in_number(row: list[Syllable], at: int) -> bool:
    """Whether initials here are part of a document's number ("12/KH-TLĐ")."""
    here = at
    while here > 0 and at - here < 6 and row[here - 1].end == row[here].start and row[here - 1].look != LINE:
        here -= 1
    return here < at and row[at].look == UPPER and row[here].look == NUMBER and row[here + 1].text in ("/", "-")


def inside_name(row: list[Syllable], at: int, last: int, office_end: int) -> bool:
    """Whether a one-syllable head here belongs to a person's name ("Phan Trường Phát") or to "hội trường"."""
    if at == 0 or row[at - 1].end + 1 != row[at].start:
        return False
    found = match_head(row, at)
    longer = HEADS.match(row, at - 1)
    # The "công ty" of a "Tổng công ty" that has no name here.
    if found and longer and longer[0] >= found[0]:
        return True
    if found is None or found[0] - at > 1:
        return False
    # "Hội An Tây"
    place = match_place(row, at)
    if place and place[0] > found[0] and (place[0] >= len(row) or row[place[0]].look != LOWER):
        return True
    # "đồng chí Đoàn Thị Hoa": a head noun that is a surname; behind an office's body a name is due.
    end = name_end(row, at)
    wanted = FAIR_NAME if at == office_end or honorific_before(row, at) or is_held(row, end) else SURE_NAME
    if surname_weight(row, at) and looks_like_name(row, at, end) >= wanted:
        return True
    if row[at].look == LOWER:
        return NO_HEADS.match(row, at - 1) is not None
    # "ấp Trường Giang", "Thị trấn Trường Sơn"
    levelled = any((level := match_level(row, at - back)) is not None and level[0] == at for back in (1, 2))
    if levelled or (row[at - 1].key in SMALL_PLACES and row[at - 1].look == LOWER):
        return True
    around = row[at - 1 : at + 2]
    return at > last and len(around) == 3 and all(s.look == CAPITAL for s in around)


def is_place(row: list[Syllable], body: Body) -> bool:
    """Whether a listed place bears the whole name ("Hội An", "Trường Sa")."""
    place = match_place(row, body.start)
    return place is not None and place[0] >= body.end


def is_held(row: list[Syllable], at: int) -> bool:
    """Whether an office is told of what ends here ("Đoàn Ngọc Hà, Chủ tịch …")."""
    return at + 1 < len(row) and row[at].text in HELD and role_phrases().match(row, at + 1) is not None


def is_general(row: list[Syllable], body: Body) -> bool:
    """Whether the name is a common noun here: counted, in the plural, or one of a row of levels."""
    before = row[body.start - 1] if body.start else None
    # "các huyện, thị, thành ủy": one of a row of levels.
    if before and row[body.start].look == LOWER and before.text == "," and row[body.start - 2].key in LEVEL_WORDS:
        return True
    after = row[body.end].key if body.end < len(row) else ""
    if body.level is None:
        return False
    if before and (before.key in MANY or before.look == NUMBER):
        return True
    if after in (",", "và", "/", "-", "hoặc") and body.end + 1 < len(row):
        following = row[body.end + 1]
        behind = row[body.end + 2].key if body.end + 2 < len(row) else ""
        if (
            following.key in LEVEL_WORDS
            and following.look == LOWER
            and (behind in ("phố", "trực") or not row[body.end + 2 : body.end + 3] or not row[body.end + 2].proper)
        ):
            return True
    return False
