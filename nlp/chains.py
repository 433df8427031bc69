"""Chains of offices in a text, and the names on either side that hold them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from nlp.departments import PARTS
from nlp.heads import Body, phrases
from nlp.names import HONORIFICS
from nlp.offices import Office
from nlp.people import Name
from nlp.syllables import LINE, MARK, NUMBER, Syllable

DASHES = {"-", "–", "—"}
LINKS = {",", "kiêm", "và", "(", "là", "nay", "hiện", "đồng", "thời"} | DASHES
TERM = {"khóa", "khoá", "nhiệm", "kỳ", "lần", "thứ", "giai", "đoạn", "từ", "năm", "đến", "tháng"}
TERM_OPENS = {"khóa", "khoá", "nhiệm", "giai", "lần"}
ADVERBS = {"đã", "vừa", "sẽ", "đang", "mới", "cũng", "từng", "chính", "thức", "tiếp", "tục", "nguyên"}
PLURALS = {"các", "những", "hai", "ba", "bốn", "năm"}
LONGEST_GAP = 14
FARTHEST = 50
VERBS = phrases("names", "verbs")


@dataclass(frozen=True, slots=True)
class Link:
    """One office of a chain, and the place behind its body and its term."""

    office: Office
    end: int


def read_chains(row: list[Syllable], found: list[Office], body_at: dict[int, Body]) -> Iterator[list[Link]]:
    """Yield runs of offices with nothing but links between them."""
    chain: list[Link] = []
    for office in found:
        office = with_owner(row, office, body_at)
        link = Link(office, segment_end(row, office, body_at))
        if chain and (not links(row, chain[-1].end, office.start) or speaks_for(row, chain[0].office.start)):
            yield chain
            chain = []
        chain.append(link)
    if chain:
        yield chain


def with_owner(row: list[Syllable], office: Office, body_at: dict[int, Body]) -> Office:
    """Return the office of a department with the body that a comma adds ("Trưởng phòng Lao động, Sở Nội vụ")."""
    end = office.end
    # "Trưởng ban Quan hệ lao động thuộc Công đoàn X"
    if office.body is None and end + 1 in body_at and row[end].key in ("thuộc", "của"):
        return replace(office, body=body_at[end + 1])
    opened = any(s.key in PARTS for s in row[office.start : end]) or office.entry.more["body_type"] == "enterprise"
    # "Tổ trưởng Vận hành, Phòng Kỹ thuật, Công ty X": the room is none of it.
    if opened and end + 1 in body_at and row[end].text == "," and body_at[end + 1].head == "Phòng":
        room = body_at[end + 1].end
        end = room if room < len(row) and row[room].text == "," and room + 1 in body_at else end
    if office.body or not opened or end + 1 >= len(row) or row[end].text != "," or end + 1 not in body_at:
        return office
    body = body_at[end + 1]
    bare = end - office.start < 3
    closed = body.end >= len(row) or row[body.end].look in (MARK, LINE) or not (bare or row[body.end].proper)
    return replace(office, body=body) if closed else office


def speaks_for(row: list[Syllable], at: int) -> bool:
    """Whether the office is another's: "Thừa ủy quyền của Chủ tịch nước, Bí thư Tỉnh ủy …"."""
    back = at - (at > 0 and row[at - 1].key == "của")
    return back > 1 and row[back - 2].key in ("ủy", "uỷ", "thừa") and row[back - 1].key in ("quyền", "nhiệm", "lệnh")


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
    while here < len(row) and in_term(row, here, start):
        here += 1
    if here == start or row[start].key not in TERM_OPENS:
        return at
    if row[start - 1].text == "(" and here < len(row) and row[here].text == ")":
        here += 1
    following = skip_term(row, here) if here < len(row) and row[here].text == "," else here
    return max(here, following)


def in_term(row: list[Syllable], here: int, start: int) -> bool:
    """Whether this syllable goes on with a term that began at `start`."""
    if row[here].key in TERM or row[here].look == NUMBER or set(row[here].key) <= set("ivx"):
        return True
    joins = here > start and row[here].text in ("-", "–", "/") and here + 1 < len(row)
    return joins and row[here + 1].look == NUMBER


def links(row: list[Syllable], at: int, to: int) -> bool:
    """Whether only links of a chain stand between."""
    between = row[at:to]
    if between and between[0].text == "," and (verb := VERBS.match(row, at + 1)) and verb[0] == to:
        return True
    # The comma between may be lost: "Ủy viên BCSĐ Thứ trưởng Bộ Y tế".
    return len(between) <= 4 and all(s.key in LINKS for s in between) and sum(s.text == "," for s in between) <= 1


def left_names(row: list[Syllable], chain: list[Link], ends: dict[int, Name], backward: set[int]) -> list[Name]:
    """Return the names that stand before a chain and hold it; several where the offices are plural."""
    at = chain[0].office.start
    plural = at > 0 and row[at - 1].key in PLURALS
    at -= plural
    # Honorifics come with the office in lists: "ông A, đồng chí Bí thư".
    for back in range(LONGEST_GAP):
        here = at - back
        if here in ends and opens(row, skip_bracket(row, here), at):
            names = [ends[here]]
            # "A, B và C đắc cử Phó Chủ tịch": one verb for the whole list.
            plural = plural or VERBS.match(row, here) is not None or VERBS.match(row, here + 1) is not None
            while (before := listed_before(row, names[-1], ends)) and before.start not in backward:
                # "A và B, Phó Chủ tịch": two who share one office; a comma alone joins them only in a list of such.
                joined = len(names) > 1 or row[names[-1].start - 1].key == "và"
                if not plural and not (row[here].text == "," and joined):
                    break
                names.append(before)
            return names[::-1]
    # Age and birthplace may stand between the name and its first office.
    for back in range(2, 16):
        here = at - back
        if here < 0 or row[here].look == LINE or row[here].text in (".", ";"):
            break
        if here in ends and row[here].text in (",", "(") and is_aside(row, here, at):
            return [ends[here]]
    return appointed(row, at, ends)


def appointed(row: list[Syllable], at: int, ends: dict[int, Name]) -> list[Name]:
    """Return whom a sentence appoints, however far before the verb ("ông A được Ban Thường vụ … bầu giữ chức …")."""
    stop = at - 1 if row[at - 1].text in (",", ":") else at
    verb = any((found := VERBS.match(row, here)) and found[0] == stop for here in range(max(0, at - 6), stop - 1))
    if not verb or any(s.key in ("là", "thay") for s in row[at - 2 : at]):
        return []
    for here in range(at, max(0, at - FARTHEST), -1):
        if here in ends:
            return [ends[here]]
        if row[here - 1].look == LINE or row[here - 1].text in (".", ";", "“", '"'):
            break
    return []


def skip_bracket(row: list[Syllable], at: int) -> int:
    """Return the place behind "(bìa trái)" or "(43 tuổi)", or the same place."""
    if at < len(row) and row[at].text == "(":
        for end in range(at + 1, min(at + 10, len(row))):
            if row[end].text == ")":
                return end + 1
            if row[end].proper or row[end].look == LINE:
                break
    return at


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
    plural = first > 0 and (row[first - 1].key in PLURALS or row[first - 1].look == NUMBER)
    plural = plural or (first > 2 and row[first - 3].key in PLURALS)
    at = chain[-1].end
    direct, introduced = True, False
    if at < len(row) and row[at].text == ")":
        at += 1
    if at < len(row) and row[at].text in (",", ":", *DASHES):
        direct = row[at].text == ":"
        plural = plural or direct
        at += 1
    # "bổ nhiệm Quyền Hiệu trưởng đối với ông A"
    elif [s.key for s in row[at : at + 2]] == ["đối", "với"]:
        at += 2
    # "Hai Phó Giám đốc Sở Y tế là bác sĩ A và bác sĩ B"
    elif at + 2 < len(row) and row[at].key in ("là", "gồm"):
        listed = row[at].key == "gồm" or row[at + 1].key in PLURALS
        here = at + 1 + (row[at + 1].key in PLURALS)
        if plural or HONORIFICS.match(row, here):
            at, plural, introduced = here, plural or listed, True
    for _ in range(2):
        honorific = HONORIFICS.match(row, at) if at < len(row) and at not in starts else None
        # "…, Chủ tịch LĐLĐ tỉnh đồng chí B": the comma was lost where someone stands on the left as well.
        direct = direct and (honorific is None or introduced)
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
    if at < len(row) and row[at].key in (",", "và"):
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
        return (chain, []) if left else ([], chain)
    if not direct:
        return chain, []
    # "Bí thư A Trần Văn B, Phó Chủ tịch C Lê Văn D": where offices come first, they come first again.
    if left[-1].start in backward or len(chain) == 1:
        return [], chain
    return chain[:-1], chain[-1:]
