"""Who holds which office where: chains of offices on either side of a name, their bodies shared along the chain."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from nlp.bodies import Body
from nlp.gazetteer import body_phrases
from nlp.heads import phrases
from nlp.names import HONORIFICS
from nlp.offices import WHOLE, Office, offices
from nlp.organizations import read_bodies
from nlp.people import Name, read_names
from nlp.syllables import LINE, NUMBER, Syllable, syllables
from store.records import Position
from store.text import name_key

DASHES = {"-", "–", "—"}
LINKS = {",", "kiêm", "và", "(", "là", "nay", "hiện", "đồng", "thời"} | DASHES
TERM = {"khóa", "khoá", "nhiệm", "kỳ", "lần", "thứ", "giai", "đoạn", "từ", "năm", "đến", "tháng"}
ADVERBS = {"đã", "vừa", "sẽ", "đang", "mới", "cũng", "từng", "chính", "thức", "tiếp", "tục", "nguyên"}
TERM_OPENS = {"khóa", "khoá", "nhiệm", "giai", "lần"}
NUMERALS = {"các", "những", "hai", "ba", "bốn"}
VERBS = phrases("names", "verbs")


SHORT_FORMS = (
    ("liên đoàn lao động", "lđlđ"), ("ủy ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"), ("( lđlđ ) ", ""),
    ("công đoàn", "cđ"), ("thành phố", "tp"), ("tp .", "tp"), ("lđlđ lđlđ", "lđlđ"),
)  # fmt: skip


@dataclass(slots=True)
class Link:
    """One office of a chain with the place behind it, its body, and the further body that a comma adds."""

    office: Office
    end: int


@dataclass(frozen=True, slots=True)
class Held:
    """A person, an office and its body before repetitions are dropped."""

    name: Name
    office: Office
    body: Body | None


def find_positions(doc: Doc) -> Iterator[Position]:
    """Yield each office of each person once."""
    row = syllables(doc)
    for held in without_repetition(row, list(read_held(doc))):
        spans = [(held.name.start, held.name.end), (held.office.start, held.office.end)]
        if held.body:
            spans.append((held.body.start, held.body.end))
        start, end = row[min(s for s, _ in spans)].start, row[max(e for _, e in spans) - 1].end
        yield Position(
            start=start, end=end, text=doc.text[start:end], rule="chain",
            person=written(doc, held.name.start, held.name.end),
            role=written(doc, held.office.start, held.office.end),
            organization=written(doc, held.body.start, held.body.end) if held.body else None,
        )  # fmt: skip


def written(doc: Doc, start: int, end: int) -> str:
    """Return the text of row[start:end]."""
    row = syllables(doc)
    return doc.text[row[start].start : row[end - 1].end]


def read_held(doc: Doc) -> Iterator[Held]:
    """Yield what every chain gives to the names beside it."""
    row, bodies = syllables(doc), read_bodies(doc)
    names = [n for n in read_names(doc) if n.rule != "given name"]
    starts, ends = {n.start: n for n in names}, {n.end: n for n in names}
    body_at = {b.start: b for b in bodies}
    body_ends = {b.end: b for b in bodies}
    backward: set[int] = set()
    for chain in read_chains(row, offices(doc), body_at):
        left = left_names(row, chain, ends)
        right, direct = right_names(row, chain, starts)
        mine, theirs = share_out(chain, left, right, direct, backward)
        for name in left if mine else []:
            yield from fill(row, name, mine, body_before(row, name, body_ends))
        for name in right if theirs else []:
            backward.add(name.start)
            yield from fill(row, name, theirs, None)


def read_chains(row: list[Syllable], found: list[Office], body_at: dict[int, Body]) -> Iterator[list[Link]]:
    """Yield runs of offices with nothing but links between them."""
    chain: list[Link] = []
    for office in found:
        link = Link(office, segment_end(row, office, body_at))
        if chain and (not links(row, chain[-1].end, office.start) or speaks_for(row, chain[0].office.start)):
            yield chain
            chain = []
        chain.append(link)
    if chain:
        yield chain


def speaks_for(row: list[Syllable], at: int) -> bool:
    """Whether the office is another's: "Thừa ủy quyền của Chủ tịch nước, Bí thư Tỉnh ủy …"."""
    return at > 1 and row[at - 1].key == "của" and row[at - 2].key in ("quyền", "nhiệm", "lệnh")


def segment_end(row: list[Syllable], office: Office, body_at: dict[int, Body]) -> int:
    """Return the place behind an office, its body, a further body and its term ("khóa XI, nhiệm kỳ 2018 - 2023")."""
    end = max(office.end, office.body.end if office.body else 0)
    while end + 1 < len(row) and row[end].text == "," and end + 1 in body_at and office.body:
        end = body_at[end + 1].end
    return skip_term(row, end)


def skip_term(row: list[Syllable], at: int) -> int:
    """Return the place behind a term of office, or the same place."""
    here = at
    if here < len(row) and row[here].text in (",", "("):
        here += 1
    start = here
    while here < len(row) and (
        row[here].key in TERM or row[here].look == NUMBER or set(row[here].key) <= set("ivx")
        or (here > start and row[here].text in ("-", "–", "/") and row[here + 1 : here + 2] and row[here + 1].look == NUMBER)
    ):  # fmt: skip
        here += 1
    if here == start or row[start].key not in TERM_OPENS:
        return at
    if row[start - 1].text == "(" and here < len(row) and row[here].text == ")":
        here += 1
    following = skip_term(row, here) if here < len(row) and row[here].text == "," else here
    return max(here, following)


def links(row: list[Syllable], at: int, to: int) -> bool:
    """Whether only links of a chain stand between."""
    between = row[at:to]
    if between and between[0].text == "," and (verb := VERBS.match(row, at + 1)) and verb[0] == to:
        return True
    return 0 < len(between) <= 4 and all(s.key in LINKS for s in between) and sum(s.text == "," for s in between) <= 1


def left_names(row: list[Syllable], chain: list[Link], ends: dict[int, Name]) -> list[Name]:
    """Return the names that stand before a chain and hold it; several where the offices are plural."""
    at = chain[0].office.start
    plural = at > 0 and row[at - 1].key in NUMERALS
    at -= plural
    # Honorifics come with the office in lists: "ông A, đồng chí Bí thư".
    for back in range(9):
        here = at - back
        if here in ends and opens(row, here, at):
            names = [ends[here]]
            # "A, B và C đắc cử Phó Chủ tịch": one verb for the whole list.
            plural = plural or VERBS.match(row, here) is not None or VERBS.match(row, here + 1) is not None
            while plural and (before := listed_before(row, names[-1], ends)):
                names.append(before)
            return names[::-1]
    # Age and birthplace may stand between the name and its first office.
    for back in range(2, 16):
        here = at - back
        if here < 0 or row[here].look == LINE or row[here].text in (".", ";"):
            break
        if here in ends and row[here].text in (",", "(") and is_aside(row, here, at):
            return [ends[here]]
    return []


def opens(row: list[Syllable], here: int, at: int) -> bool:
    """Whether row[here:at] leads from a name to its office."""
    between = row[here:at]
    if not between:
        return True
    if row[here].text in (",", "(", *DASHES):
        here += 1
        if here == at:
            return True
    while here < at and row[here].key in ADVERBS:
        here += 1
    found = VERBS.match(row, here)
    if found is None:
        return False
    return found[0] == at or (found[0] + 1 == at and row[found[0]].text in (",", ":"))


def is_aside(row: list[Syllable], here: int, at: int) -> bool:
    """Whether the parts between commas tell age, birth or home only; a verb may lead on to the office."""
    parts: list[list[Syllable]] = [[]]
    for syllable in row[here:at]:
        if syllable.text in (",", "(", ")"):
            parts.append([])
        else:
            parts[-1].append(syllable)
    parts = [p for p in parts if p]
    if not parts or row[at - 1].text not in (",", ")", *DASHES):
        return False
    return all(
        p[-1].key == "tuổi" or (p[0].key in ("sinh", "sn", "quê", "trú", "ngụ", "người", "ở") and len(p) <= 8)
        for p in parts
    )


def listed_before(row: list[Syllable], name: Name, ends: dict[int, Name]) -> Name | None:
    """Return the name before this one in a list."""
    here = name.start
    for back in (1, 2, 3, 4):
        if here - back in ends and row[here - back].key in (",", "và", ";"):
            return ends[here - back]
    return None


def right_names(row: list[Syllable], chain: list[Link], starts: dict[int, Name]) -> tuple[list[Name], bool]:
    """Return the names that follow a chain and hold it, and whether the first follows with no comma."""
    first = chain[0].office.start
    plural = first > 0 and (row[first - 1].key in NUMERALS or row[first - 1].look == NUMBER)
    plural = plural or (first > 2 and row[first - 3].key in NUMERALS)
    at = chain[-1].end
    direct = True
    if at < len(row) and row[at].text == ")":
        at += 1
    if at < len(row) and row[at].text in (",", ":", *DASHES):
        direct = row[at].text == ":"
        at += 1
    for _ in range(2):
        honorific = HONORIFICS.match(row, at) if at < len(row) and at not in starts else None
        at = honorific[0] if honorific else at
        at += at < len(row) and row[at].text == ":"
    name = starts.get(at)
    if name is None:
        return [], False
    names = [name]
    while plural and (following := listed_after(row, names[-1], starts)):
        names.append(following)
    return names, direct


def listed_after(row: list[Syllable], name: Name, starts: dict[int, Name]) -> Name | None:
    """Return the name that follows this one in a list."""
    at = name.end
    if at < len(row) and row[at].key in (",", "và", ";"):
        at += 1
        if at < len(row) and row[at].key == "và":
            at += 1
        honorific = HONORIFICS.match(row, at) if at < len(row) else None
        return starts.get(honorific[0] if honorific else at)
    return None


def share_out(
    chain: list[Link], left: list[Name], right: list[Name], direct: bool, backward: set[int]
) -> tuple[list[Link], list[Link]]:
    """Return the links that go to the names on the left and those that go to the right."""
    if not right or not left:
        told = direct or any(link.office.body for link in chain)
        return (chain, []) if left else ([], chain if told else [])
    if not direct:
        return chain, []
    # "Bí thư A Trần Văn B, Phó Chủ tịch C Lê Văn D": where offices come first, they come first again.
    if left[-1].start in backward or len(chain) == 1:
        return [], chain
    return chain[:-1], chain[-1:]


def body_before(row: list[Syllable], name: Name, body_ends: dict[int, Body]) -> Body | None:
    """Return the body a person speaks for: "Nhân danh UBND tỉnh, ông Trần Văn A, Phó Chủ tịch"."""
    for back in (1, 2, 3):
        body = body_ends.get(name.start - back)
        if body and all(
            s.text == "," or HONORIFICS.match([s], 0) or s.key in ("đồng", "chí") for s in row[body.end : name.start]
        ):
            return body
    return None


def fill(row: list[Syllable], name: Name, chain: list[Link], before: Body | None) -> Iterator[Held]:
    """Yield the offices of one person; one without a body takes the next office's, else the one before."""
    for number, link in enumerate(chain):
        body = link.office.body
        if body is None and link.office.entry.code not in WHOLE:
            later = [c.office.body for c in chain[number + 1 :] if c.office.body]
            earlier = [c.office.body for c in chain[:number] if c.office.body]
            nearest = [*later[:1], *earlier[-1:]] or ([before] if before else [])
            body = next((b for b in nearest if agrees(row, link.office, b)), None)
        yield Held(name, link.office, body)


def agrees(row: list[Syllable], office: Office, body: Body) -> bool:
    """Whether an office may be held in this body: no secretary of a council, no minister of a union."""
    last = row[office.end - 1].key
    if office.entry.more["body_type"] == "party" and last not in ("đoàn", "ủy", "uỷ", "đảng", "bộ"):
        return body.grammar in ("party", "cell") or "đảng" in body.head.casefold()
    return office.entry.more["body_type"] not in ("state", "assembly", "army")


def without_repetition(row: list[Syllable], held: list[Held]) -> Iterator[Held]:
    """Yield each office of each person once: the fuller where one names the body, the first of two names of one body."""
    groups: dict[tuple[str, str], list[Held]] = {}
    for one in held:
        key = (key_of(row, one.name.start, one.name.end), key_of(row, one.office.start, one.office.end))
        groups.setdefault(key, []).append(one)
    for group in groups.values():
        placed = [h for h in group if h.body] or group[:1]
        seen: list[tuple[str, str]] = []
        for one in placed:
            code, text = identify(row, one.body) if one.body else ("", "")
            if any(same_body(code, text, *other) for other in seen):
                continue
            seen.append((code, text))
            yield one


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
