"""Offices in a text: the words of a role, without the body it is held in."""

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from nlp.bodies import ABSORBED, BodyGrammar
from nlp.common_bodies import GRAMMAR as COMMON
from nlp.common_bodies import read_common
from nlp.departments import own_place, read_department
from nlp.gazetteer import body_phrases, match_level, role_phrases
from nlp.heads import FIELDS, HEADS, INSIDE, Body, phrases
from nlp.layers import quotes, words
from nlp.names import is_foreign
from nlp.openings import match_head, skip_abbreviation
from nlp.syllables import LINE, LOWER, MARK, UPPER, Phrases, Syllable, adjacent, syllables
from nlp.vocabulary import entries
from store.reference import Entry

BEFORE: Phrases[bool] = Phrases((text, True) for text in ["nguyên", "cựu", "quyền", "q.", "tân", "p.", "phó", "p"])
AFTER = phrases("names", "after")
MANAGERS = {"giám", "phó", "trưởng", "quản", "tổ"}
UNIONS: Phrases[bool] = Phrases((text, True) for text in ["công đoàn", "công đoàn cơ sở", "công đoàn bộ phận"])
# Bodies whose people have a union.
OWNERS = {"firm", "school", "house", "state", "press"}
EVENTS = phrases("names", "events")
ONLY_WITH_BODY = {"trưởng", "phó", "ct"}
# The role shares its last word with the body: "Trưởng Khối thi đua I", "Trưởng Đoàn ĐBQH tỉnh".
SHARING = {"khối", "cụm", "đoàn", "ban", "phòng", "khoa", "trạm", "văn"}
# Memberships whose body is part of the title.
WHOLE = {
    "dai-bieu-quoc-hoi", "dai-bieu-hdnd", "tinh-uy-vien", "thanh-uy-vien", "huyen-uy-vien", "quan-uy-vien",
    "thi-uy-vien", "dang-uy-vien",
}  # fmt: skip
# Written in one word with its body ("UVTW Đảng") it shares no other's.
BODILESS = WHOLE | {"uy-vien-ban-thuong-vu-tinh-uy", "uy-vien-trung-uong-dang", "uy-vien-trung-uong"}
# Boards whose names the list of offices holds: "Trưởng Ban Kinh tế - Ngân sách".
LISTED_WITH_ROLE = {"Ban", "Hội đồng"}
MEMBER_OF_COUNCIL = "dai-bieu-hdnd"
CENTRAL_COMMITTEE = "bchtw"
# Initials of people and offices, not of bodies.
NO_BODIES = set(entries("names", "lists", "no_bodies"))


@dataclass(frozen=True, slots=True)
class Office:
    """A role at row[start:end]; `body` follows it at once and may share its words; `alone` shares no other's body."""

    start: int
    end: int
    entry: Entry
    body: Body | None
    alone: bool = False


def body_grammar(doc: Doc) -> BodyGrammar:
    """Return the grammar of bodies over a document, made once."""
    found: BodyGrammar | None = doc.user_data.get("bodies")
    if found is None:
        row = syllables(doc)
        at = {s.start: i for i, s in enumerate(row)}
        ends = {s.end: i + 1 for i, s in enumerate(row)}
        quoted = {at[q.start]: ends[q.end] for q in quotes(doc) if q.start in at and q.end in ends}
        witness = frozenset(w.start for w in words(doc) if w.entity == "B-PER")
        inside = frozenset(at[p] for w in words(doc) for p in starts_inside(w.text, w.start) if p in at)
        found = doc.user_data["bodies"] = BodyGrammar(row, witness, quoted, inside)
    return found


def starts_inside(text: str, start: int) -> list[int]:
    """Return where the later syllables of an underthesea word begin."""
    return [start + i + 1 for i, letter in enumerate(text) if letter == " "]


def offices(doc: Doc) -> list[Office]:
    """Return a document's offices in order, read once."""
    found: list[Office] | None = doc.user_data.get("offices")
    if found is None:
        found = doc.user_data["offices"] = list(read_offices(body_grammar(doc)))
    return found


def read_offices(grammar: BodyGrammar) -> list[Office]:
    """Return the offices of a row; they do not overlap."""
    row = grammar.row
    found = []
    at = 0
    while at < len(row):
        office = read_office(grammar, at)
        if office is None:
            at += 1
            continue
        found.append(office)
        # "Thường trực Ban Bí thư": no second office inside the body of the first.
        at = max(office.end, office.body.end if office.body else 0)
    return found


def read_office(grammar: BodyGrammar, at: int) -> Office | None:
    """Return the office that begins here."""
    row = grammar.row
    before = BEFORE.match(row, at)
    start = before[0] if before else at
    found = role_phrases().match(row, at)
    longer = role_phrases().match(row, start) if before else None
    if longer and (found is None or longer[0] > found[0]):
        found = longer
    else:
        start = at
    if found is None:
        return None
    end, entry = found
    if entry.code == MEMBER_OF_COUNCIL and (council := council_of(grammar, start, end)):
        return Office(at, council.start, entry, council)
    if entry.code not in WHOLE:
        end = cut(grammar, start, end)
    if end == found[0]:
        end = absorb(grammar, end)
        if end == found[0] and end < len(row) and entry.code not in WHOLE:
            part = read_department(grammar, start, end)
            if part and part.body:
                return Office(at, part.end, entry, part.body)
            own = beyond(shared_body(grammar, end), end, part.end) if part else None
            if part and (body := own or own_place(grammar, start, end, part.end)):
                return Office(at, end, entry, body)
            end = part.end if part else duties_end(row, start, end)
    body = shared_body(grammar, end) if end < len(row) else None
    if body and (union := small_union(row, start, end, body)):
        end, body = union.start, union
    if end - start == 1 and row[start].key in ONLY_WITH_BODY and body is None:
        return None
    # "Trưởng Ban tổ chức hội thi": an event's office is no body's.
    alone = body is None and end < len(row) and (match_level(row, end) is not None or bool(EVENTS.match(row, end)))
    return Office(at, end, entry, body, alone)


def council_of(grammar: BodyGrammar, start: int, end: int) -> Body | None:
    """Return the council whose member row[start:end] is, if its place follows ("đại biểu | HĐND tỉnh Lai Châu")."""
    bodies = (grammar.read(here, office=True) for here in range(start + 1, end))
    return next((body for body in bodies if body and body.end > end), None)


def shared_body(grammar: BodyGrammar, at: int) -> Body | None:
    """Return the body behind an office, with the role's last word where they share it."""
    row = grammar.row
    listed = grammar.read(shared(row, at), office=True) or grammar.read(at, office=True)
    if found := listed or read_common(row, at) or unlisted(row, at):
        return found
    # "Chủ tịch Hội đồng thành viên (HĐTV) Tập đoàn X"
    behind = skip_abbreviation(row, at)
    return shared_body(grammar, behind) if behind > at else None


def beyond(body: Body | None, end: int, stop: int) -> Body | None:
    """Return a body unless it is only the office's own room ("Phó Trưởng | Phòng Kỹ thuật")."""
    return None if body and body.start < end and body.end <= stop else body


def duties_end(row: Sequence[Syllable], start: int, end: int) -> int:
    """Return the end of what a manager manages, in small letters up to a mark ("Giám đốc kỹ thuật | sản xuất")."""
    here = end
    while row[start].key in MANAGERS and (found := INSIDE.match(row, here) or FIELDS.match(row, here)):
        if row[here].look != LOWER:
            return end
        here = found[0]
    return here if here >= len(row) or row[here].look == MARK else end


def small_union(row: Sequence[Syllable], start: int, end: int, body: Body) -> Body | None:
    """Return the union of a firm or school though written small ("chủ tịch | công đoàn Cty Sao Mai")."""
    common = body.grammar == COMMON
    if body.start != end or not (common or body.grammar in OWNERS):
        return None
    for at in range(max(start + 1, end - 4), end):
        found = UNIONS.match(row, at)
        if found and found[0] == end and (common or row[at].look == LOWER):
            return Body(at, body.end, row[at].text, COMMON if common else "union", body.level)
    return None


def unlisted(row: Sequence[Syllable], at: int) -> Body | None:
    """Return a body known by its initials alone ("Phó Chủ tịch VCCI", "PV GAS"), but none in a line of capitals."""
    end = at
    while end < len(row) and end < at + 2 and row[end].look == UPPER and row[end].text not in NO_BODIES:
        end += 1
    if end == at or HEADS.match(row, at) or not 3 <= row[end - 1].end - row[at].start <= 9:
        return None
    around = [s for s in row[max(0, at - 2) : at] if s.look != LINE and s.text not in NO_BODIES]
    shouted = any(s.look == UPPER and len(s.text) > 1 for s in around) or (end < len(row) and row[end].look == UPPER)
    dotted = end < len(row) and adjacent(row, end) and row[end].text in (".", "-", "/", "–")
    # Two words in capitals may be anybody's name but where they are no Vietnamese.
    words = end - at > 1 and not all(is_foreign(s) for s in row[at:end])
    if shouted or dotted or words or role_phrases().match(row, at):
        return None
    return Body(at, end, row[at].text, "initials")


def cut(grammar: BodyGrammar, start: int, end: int) -> int:
    """Return where the role ends when its last words begin a body of their own ("Bí thư | Tỉnh ủy Lai Châu")."""
    row = grammar.row
    here = start + 1
    while here < end:
        known = body_phrases().match(row, here)
        if known and known[1].code == CENTRAL_COMMITTEE:
            return here
        head = match_head(row, here)
        if head and (head[1].grammar == "inner" or head[1].text in LISTED_WITH_ROLE):
            here = head[0]
            continue
        body = grammar.read(here, office=True)
        if body and body.end >= end and body.grammar != "inner" and not (row[here].look == LOWER and body.end == end):
            return here + 1 if row[here].key in SHARING and row[here - 1].key == "trưởng" else here
        here += 1
    return end


def absorb(grammar: BodyGrammar, at: int) -> int:
    """Return the end of the role with its modifiers and its committee ("Thường trực", "Ban Tuyên giáo")."""
    row = grammar.row
    while after := AFTER.match(row, at):
        at = after[0]
    head = match_head(row, at)
    if head is None or head[1].grammar not in ABSORBED:
        return at
    known = body_phrases().match(row, at)
    if known and known[1].code == CENTRAL_COMMITTEE:
        return at
    inside = grammar.read(head[0], office=True)
    if head[1].grammar == "cell":
        # "Ủy viên BTV Đảng ủy" is no secretary: the party is where he sits.
        sits = row[at - 1].key not in ("thư", "trực", "trách")
        return at if grammar.read(at, office=True) or (sits and read_common(row, at)) else head[0]
    if inside or grammar.read(at, office=True) is None:
        return head[0]
    return at


def shared(row: Sequence[Syllable], at: int) -> int:
    """Return where the body begins that shares the role's last word, if it does."""
    return at - 1 if row[at - 1].key in SHARING else at
