"""Who holds which office where: chains of offices on either side of a name, their bodies shared along the chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from nlp.bodies import BodyGrammar
from nlp.chains import Link, left_names, read_chains, right_names, share_out, speaks_for
from nlp.common_bodies import GRAMMAR as COMMON
from nlp.common_bodies import owner_of
from nlp.gazetteer import body_phrases
from nlp.heads import Body
from nlp.names import HONORIFICS
from nlp.offices import BODILESS, Office, body_grammar, offices
from nlp.openings import match_head
from nlp.organizations import read_bodies
from nlp.people import Name, read_names
from nlp.syllables import Syllable, syllables
from store.records import Position
from store.text import name_key

# Heads of a visit and of blocs share the body of none.
VISITS = {"truong-doan-kiem-tra"}
BLOC_HEADS = {"truong-khoi", "pho-truong-khoi", "truong-cum", "pho-truong-cum"}
# Without a body these are parts in an event, not offices.
FOR_THE_DAY = {"truong-doan", "pho-truong-doan", "truong", "pho-truong"}
# Offices of firms, schools and their party cells, never of a union.
MANAGED = {"enterprise", "school", "party"}
STANDING_MEMBER = "uy-vien-ban-thuong-vu"
COUNCILS = {"HĐND", "UBND", "Hội đồng nhân dân", "Ủy ban nhân dân"}
SHORT_FORMS = (
    ("liên đoàn lao động", "lđlđ"), ("ủy ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"), ("( lđlđ ) ", ""),
    ("công đoàn", "cđ"), ("thành phố", "tp"), ("tp .", "tp"), ("lđlđ lđlđ", "lđlđ"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A person, an office and its body before repetitions are dropped."""

    name: Name
    office: Office
    body: Body | None


def find_positions(doc: Doc) -> Iterator[Position]:
    """Yield each office of each person once."""
    row, text = syllables(doc), doc.text
    for held in without_repetition(row, list(read_held(doc))):
        spans = [(held.name.start, held.name.end), (held.office.start, held.office.end)]
        if held.body:
            spans.append((held.body.start, held.body.end))
        start, end = row[min(s for s, _ in spans)].start, row[max(e for _, e in spans) - 1].end
        yield Position(
            start=start, end=end, text=text[start:end], rule="chain",
            person=written(row, text, held.name.start, held.name.end),
            role=written(row, text, held.office.start, held.office.end),
            organization=written(row, text, held.body.start, held.body.end) if held.body else None,
        )  # fmt: skip


def written(row: list[Syllable], text: str, start: int, end: int) -> str:
    """Return the text of row[start:end]."""
    return text[row[start].start : row[end - 1].end]


def read_held(doc: Doc) -> Iterator[Held]:
    """Yield what every chain gives to the names beside it."""
    grammar, row, bodies = body_grammar(doc), syllables(doc), read_bodies(doc)
    names = [n for n in read_names(doc) if n.rule != "given name"]
    starts, ends = {n.start: n for n in names}, {n.end: n for n in names}
    body_at = {b.start: b for b in bodies}
    body_ends = {b.end: b for b in bodies}
    backward: set[int] = set()
    led_to: tuple[int, Body] | None = None
    told: tuple[int, list[Name]] | None = None
    for chain in read_chains(row, offices(doc), body_at):
        left = left_names(row, chain, ends, backward)
        right, direct = right_names(row, chain, starts)
        if not direct and speaks_for(row, chain[0].office.start):
            right = []
        # "Ông A từng là Chủ tịch X; Phó Chủ tịch Y": a life told in offices.
        first = chain[0].office.start
        goes_on = told is not None and not left and not right and first == told[0] + 1 and row[told[0]].text == ";"
        left = told[1] if told and goes_on else left
        is_life = goes_on or (first > 0 and row[first - 1].key == "là")
        told = (chain[-1].end, left) if left and not right and is_life else None
        mine, theirs = share_out(chain, left, right, direct, backward)
        for name in left if mine else []:
            yield from fill(grammar, name, mine, body_before(row, name, body_ends))
        for name in right if theirs else []:
            backward.add(name.start)
            before = body_ends.get(led_from(row, theirs[0].office.start))
            if before is None and mine:
                # "ông A, Chủ tịch X, Phó Chủ tịch là các ông B và C"
                before = next((link.office.body for link in reversed(mine) if link.office.body), None)
            if before is None and led_to and listed_on(row, led_to[0], theirs[0].office.start):
                before = led_to[1]
            led_to = (name.end, before) if before else None
            yield from fill(grammar, name, theirs, before)


def led_from(row: list[Syllable], at: int) -> int:
    """Return where "do" leads from a body to the office here: "đoàn của LĐLĐ tỉnh | do đồng chí Phó Chủ tịch …"."""
    for back in (1, 2, 3):
        if at - back >= 0 and row[at - back].key == "do":
            return at - back if back == 1 or HONORIFICS.match(row, at - back + 1) == (at, True) else -1
    return -1


def listed_on(row: list[Syllable], at: int, to: int) -> bool:
    """Whether only ", đồng chí" stands between, so that whom the first leads the next leads as well."""
    return at < to <= at + 4 and all(s.key in (",", "và", "đồng", "chí", "ông", "bà") for s in row[at:to])


def body_before(row: list[Syllable], name: Name, body_ends: dict[int, Body]) -> Body | None:
    """Return the body a person speaks for: "Nhân danh UBND tỉnh, ông Trần Văn A, Phó Chủ tịch"."""
    for back in (1, 2, 3):
        body = body_ends.get(name.start - back)
        if body and all(
            s.text == "," or HONORIFICS.match([s], 0) or s.key in ("đồng", "chí") for s in row[body.end : name.start]
        ):
            return body
    return None


def fill(grammar: BodyGrammar, name: Name, chain: list[Link], before: Body | None) -> Iterator[Held]:
    """Yield the offices of one person; one without a body takes the next office's, else the one before."""
    for number, link in enumerate(chain):
        body = link.office.body
        shares = link.office.entry.code not in BODILESS | BLOC_HEADS | VISITS and not link.office.alone
        if body is None and shares:
            later = [c.office.body for c in chain[number + 1 :] if c.office.body]
            earlier = [c.office.body for c in chain[:number] if c.office.body]
            nearest = [*later[:1], *earlier[-1:]] or ([before] if before else [])
            body = next((b for b in nearest if agrees(grammar.row, link.office, b)), None)
            # "Phó Giám đốc, Chủ tịch Công đoàn Bệnh viện X": he is deputy director of the hospital.
            if body and link.office.entry.more["body_type"] in MANAGED:
                body = owner_of(grammar, body) or body
        if body or link.office.entry.code not in FOR_THE_DAY:
            yield Held(name, link.office, body)


def agrees(row: Sequence[Syllable], office: Office, body: Body) -> bool:
    """Whether an office may be held in this body: no secretary of a council, no minister of a union."""
    last = row[office.end - 1].key
    if office.entry.more["body_type"] == "party" and last not in ("đoàn", "ủy", "uỷ", "đảng", "bộ"):
        return body.grammar in ("party", "cell") or "đảng" in body.head.casefold()
    # "UVTV, Phó Chủ tịch HĐND": it is the party's standing committee.
    head = match_head(row, body.start)
    is_council = head is not None and head[1].text in COUNCILS
    if is_council and office.entry.code == STANDING_MEMBER:
        return False
    # "Bí thư Đảng ủy, Chủ tịch HĐND xã": a council has no party committee of its own.
    if is_council and office.entry.more["body_type"] == "party" and body.grammar in ("council", COMMON):
        return False
    return office.entry.more["body_type"] not in ("state", "assembly", "army")


def without_repetition(row: list[Syllable], held: list[Held]) -> Iterator[Held]:
    """Yield each office of each person once: with its body where the text has it, the first of two names for it."""
    groups: dict[tuple[str, str], list[Held]] = {}
    for one in held:
        key = (key_of(row, one.name.start, one.name.end), key_of(row, one.office.start, one.office.end))
        groups.setdefault(key, []).append(one)
    for group in groups.values():
        placed = [h for h in group if h.body] or group[:1]
        # "Công đoàn Bộ" gives way to "Công đoàn Bộ Nội vụ": a later name says more.
        placed = [h for h in placed if not (h.body and h.body.level) or not any(says_more(row, h, o) for o in placed)]
        # "Nhà trường" gives way to the school's name.
        proper = [h for h in placed if h.body and h.body.grammar != COMMON]
        placed = proper or placed
        seen: list[tuple[str, str]] = []
        for one in placed:
            code, text = identify(row, one.body) if one.body else ("", "")
            if any(same_body(code, text, *other) for other in seen):
                continue
            seen.append((code, text))
            yield one


def says_more(row: list[Syllable], held: Held, other: Held) -> bool:
    """Whether another statement names the same body in full."""
    if not held.body or not other.body or other.body.level:
        return False
    short, full = identify(row, held.body)[1], identify(row, other.body)[1]
    return full.startswith(short + " ") and short.split()[-1] == "bộ"


def same_body(code: str, text: str, other_code: str, other_text: str) -> bool:
    """Whether two names may be one body's: the same entry, or one the short form of the other."""
    if code and code == other_code:
        return True
    return text == other_text or text.startswith(other_text + " ") or other_text.startswith(text + " ")


def key_of(row: list[Syllable], start: int, end: int) -> str:
    """Return the comparable form of row[start:end]."""
    return name_key(" ".join(s.text for s in row[start:end]))


def identify(row: list[Syllable], body: Body) -> tuple[str, str]:
    """Return a body's reference code, if it has one, and its name with the usual abbreviations and no brackets."""
    known = body_phrases().match(row, body.start)
    code = known[1].code if known and known[0] == body.end else ""
    text = key_of(row, body.start, body.end)
    for long, short in SHORT_FORMS:
        text = text.replace(long, short)
    return code, text
