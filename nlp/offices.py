"""Offices in a text: the words of a role, without the body it is held in."""

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from nlp.bodies import ABSORBED, BodyGrammar
from nlp.gazetteer import body_phrases, role_phrases
from nlp.heads import Body, phrases
from nlp.layers import quotes, words
from nlp.syllables import LOWER, Phrases, Syllable, syllables
from nlp.tails import match_head
from store.reference import Entry

BEFORE: Phrases[bool] = Phrases((text, True) for text in ["nguyên", "cựu", "quyền", "q.", "tân"])
AFTER = phrases("names", "after")
# The role shares its last word with the body: "Trưởng Khối thi đua I", "Trưởng Đoàn ĐBQH tỉnh".
SHARING = {"khối", "cụm", "đoàn", "ban", "phòng", "khoa", "trạm", "văn"}
# Memberships whose body is part of the title.
WHOLE = {
    "dai-bieu-quoc-hoi", "dai-bieu-hdnd", "tinh-uy-vien", "thanh-uy-vien", "huyen-uy-vien", "quan-uy-vien",
    "thi-uy-vien", "dang-uy-vien",
}  # fmt: skip
# Written in one word with its body ("UVTW Đảng") it shares no other's.
BODILESS = WHOLE | {"uy-vien-trung-uong-dang", "uy-vien-trung-uong"}
# Boards whose names the list of offices holds: "Trưởng Ban Kinh tế - Ngân sách".
LISTED_WITH_ROLE = {"Ban", "Hội đồng"}
CENTRAL_COMMITTEE = "bchtw"


@dataclass(frozen=True, slots=True)
class Office:
    """A role at row[start:end]; `body` is the body that follows it at once, which may share its first words."""

    start: int
    end: int
    entry: Entry
    body: Body | None


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
        at = office.end
    return found


def read_office(grammar: BodyGrammar, at: int) -> Office | None:
    """Return the office that begins here."""
    row = grammar.row
    before = BEFORE.match(row, at)
    start = before[0] if before else at
    found = role_phrases().match(row, start) or (role_phrases().match(row, at) if before else None)
    if found is None:
        return None
    end, entry = found
    if entry.code not in WHOLE:
        end = cut(grammar, start, end)
    body = None
    if end == found[0]:
        end = absorb(grammar, end)
    if end < len(row):
        body = grammar.read(shared(row, end), office=True) or grammar.read(end, office=True)
    if end - start == 1 and row[start].key in ("trưởng", "phó") and body is None:
        return None
    return Office(at, end, entry, body)


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
        return at if grammar.read(at, office=True) else head[0]
    if inside or grammar.read(at, office=True) is None:
        return head[0]
    return at


def shared(row: Sequence[Syllable], at: int) -> int:
    """Return where the body begins that shares the role's last word, if it does."""
    return at - 1 if row[at - 1].key in SHARING else at
