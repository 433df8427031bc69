"""Organisations by their head nouns and by the reference lists; the longest name wins."""

import re
from bisect import bisect
from collections.abc import Iterator

from spacy.tokens import Doc

from nlp.elisions import find_elided
from nlp.gazetteer import body_phrases
from nlp.heads import HEADS, NO_HEADS, Body
from nlp.layers import context, findings, overlaps
from nlp.names import looks_like_name, name_end, surname_weight
from nlp.offices import body_grammar, offices
from nlp.relatives import Named, canonical, is_relative, is_shared, meant, provinces, read_named, with_province
from nlp.syllables import CAPITAL, LINE, LOWER, NUMBER, Syllable, split_syllables, syllables
from nlp.tails import match_head
from store.records import Mention
from store.reference import Entry

# Before a level word alone they make it general: "các UBND huyện", "50/63 LĐLĐ tỉnh".
MANY = {"các", "những", "mỗi", "từng", "nhiều", "mọi", "số", "đa"}
LEVEL_WORDS = {"tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường", "tp", "ngành"}
SMALL_PLACES = {"ấp", "thôn", "xã", "phường", "bản", "buôn", "khóm", "làng", "đường", "phố", "họ", "tên"}
MEMBER_OF_PARLIAMENT = "dai-bieu-quoc-hoi"
ELIDED = "elided head"
CREDIT = re.compile(r"(?:Ảnh|ẢNH|Nguồn|NGUỒN)\s*:\s*$")
SURE_NAME = 4
FAIR_NAME = 2


def find_organizations(doc: Doc) -> Iterator[Mention]:
    """Yield the organisations of a document."""
    row, whole = syllables(doc), doc.text
    taken = [(f.start, f.end) for kind in ("campaigns", "awards") for f in findings(doc, kind)]
    bodies = read_bodies(doc)
    lines = [i for i, s in enumerate(row) if s.look == LINE]
    surfaces = []
    for body in bodies:
        start, end = row[body.start].start, row[body.end - 1].end
        surfaces.append((start, bisect(lines, body.start), whole[start:end], body))
    named = read_named(surfaces)
    province = provinces().get(context(doc).province or "")
    for start, line, text, body in surfaces:
        end = start + len(text)
        if CREDIT.search(whole, max(0, start - 12), start):
            continue
        if overlaps(start, end, taken) and any(s <= start and end <= e for s, e in taken):
            continue
        code, name = identify(text, line, [n for n in named if n.line < line or n.at < start] or named, province)
        yield Mention(start=start, end=end, text=text, rule=body.grammar, kind="organization", code=code, name=name)
    for listed in find_elided(row):
        start, end = row[listed.start].start, row[listed.end - 1].end
        line = bisect(lines, listed.start)
        for full in listed.names:
            text, code = whole[start:end], code_of(full)
            name = meant(full, line, named, province) if code is None and is_relative(full) else full
            if name is None or (code is None and is_shared(name)):
                continue
            yield Mention(start=start, end=end, text=text, rule=ELIDED, kind="organization", code=code, name=name)


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


def code_of(name: str) -> str | None:
    """Return the reference code of a name."""
    row = split_syllables(name)
    known = body_phrases().match(row, 0)
    return known[1].code if known and known[0] == len(row) else None


def read_bodies(doc: Doc) -> list[Body]:
    """Return the bodies of a document in order, without the general ones; read once."""
    found: list[Body] | None = doc.user_data.get("read_bodies")
    if found is None:
        found = doc.user_data["read_bodies"] = list(scan(doc))
    return found


def scan(doc: Doc) -> Iterator[Body]:
    """Yield bodies left to right; none begins inside another or inside a role."""
    grammar, row = body_grammar(doc), syllables(doc)
    # "Đại biểu Quốc hội" is one role, and names a body all the same.
    inside_role = {i for o in offices(doc) if o.entry.code != MEMBER_OF_PARLIAMENT for i in range(o.start, o.end)}
    after_role = {office.body.start: office.body for office in offices(doc) if office.body}
    role_ends = {office.end for office in offices(doc)}
    at = last = 0
    office_end = -1
    while at < len(row):
        body = after_role.get(at)
        if body is None and at not in inside_role and not inside_name(row, at, last, office_end):
            body = grammar.read(at, office=at in role_ends or (at - 1 == office_end and row[at - 1].text == ","))
        if body is None:
            at += 1
            continue
        if not is_general(row, body):
            yield body
        # "Cục trưởng Cục A, Bộ B Trần Văn C": a body behind an office's body still stops before the person.
        office_end = body.end if at in after_role or at - 1 == office_end else -1
        at = last = max(body.end, at + 1)


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
    # "đồng chí Đoàn Thị Hoa": a head noun that is a surname; behind an office's body a name is due.
    wanted = FAIR_NAME if at == office_end else SURE_NAME
    if surname_weight(row, at) and looks_like_name(row, at, name_end(row, at)) >= wanted:
        return True
    if row[at].look == LOWER:
        return NO_HEADS.match(row, at - 1) is not None
    # "ấp Trường Giang", "xã Trường Tây"
    if row[at - 1].key in SMALL_PLACES and row[at - 1].look == LOWER:
        return True
    around = row[at - 1 : at + 2]
    return at > last and len(around) == 3 and all(s.look == CAPITAL for s in around)


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
            and behind in (",", ".", ";", "và", "trực", "trong", "phố")
        ):
            return True
    return False
