"""Personal names, by surname, honorific and office; short forms of a longer name give nothing new."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from nlp.gazetteer import match_level, match_place, run_end
from nlp.heads import HEADS, phrases
from nlp.layers import findings
from nlp.names import CALLINGS, HONORIFICS, honorific_before, is_foreign, looks_like_name, name_end, surname_weight
from nlp.offices import body_grammar, offices
from nlp.organizations import read_bodies
from nlp.spans import inside
from nlp.syllables import CAPITAL, LINE, LOWER, MARK, NUMBER, UPPER, Phrases, Syllable, syllables
from nlp.vocabulary import entries
from store.records import Mention

# What a name behind these is called after: a street, a prize, a campaign, a school, an era.
NAMED_AFTER = phrases("names", "named_after")
NO_NAMES = phrases("names", "no_names")
CREDIT_WORDS = "|".join(entries("names", "lists", "credits"))
CREDIT = re.compile(rf"(?:{CREDIT_WORDS})\s*(?:/|:|–|-)\s*$", re.IGNORECASE)
SHORTEST_BYLINE_GAP = 40
# No name ends with these.
MIDDLE = {"văn", "thị"}
BAC_HO = Phrases([("Bác Hồ", True), ("Bác Tôn", True)])
# Also the name of a city: a person only behind an office or an honorific.
HO_CHI_MINH = Phrases([("Hồ Chí Minh", True)])


@dataclass(frozen=True, slots=True)
class Name:
    """A candidate: row[start:end], how it was found and how much speaks for it."""

    start: int
    end: int
    rule: str
    score: int


def find_people(doc: Doc) -> Iterator[Mention]:
    """Yield the people of a document."""
    row, text = syllables(doc), doc.text
    names = read_names(doc)
    longer = {tuple(s.key for s in row[n.start : n.end]) for n in names if n.rule != "given name"}
    for name in names:
        keys = tuple(s.key for s in row[name.start : name.end])
        if name.rule == "given name" and any(full[-len(keys) :] == keys and len(full) > len(keys) for full in longer):
            continue
        start, end = row[name.start].start, row[name.end - 1].end
        yield Mention(start=start, end=end, text=text[start:end], rule=name.rule, kind="person")


def read_names(doc: Doc) -> list[Name]:
    """Return the names of a document in order, read once; short forms among them."""
    found: list[Name] | None = doc.user_data.get("names")
    if found is None:
        found = doc.user_data["names"] = list(scan(doc))
    return found


def scan(doc: Doc) -> Iterator[Name]:
    """Yield names left to right."""
    row, text = syllables(doc), doc.text
    witness = body_grammar(doc).witness
    taken = taken_syllables(doc, row)
    office_ends = {o.end for o in offices(doc)} | {b.end for b in read_bodies(doc)}
    candidates = [n for n in read_candidates(row, witness, taken, office_ends) if not is_credit(text, row, n)]
    counts: dict[tuple[str, ...], int] = {}
    sure = {tuple(s.key for s in row[n.start : n.end]) for n in candidates if n.score >= 4}
    for name in candidates:
        keys = tuple(s.key for s in row[name.start : name.end])
        # "Đỗ Tiến vinh": the text has the name in capitals elsewhere.
        if name.end < len(row) and (*keys, row[name.end].key) in sure:
            name = replace(name, end=name.end + 1)
            keys = (*keys, row[name.end - 1].key)
        counts[keys] = counts.get(keys, 0) + 1
        if name.score >= 3 or keys in sure:
            yield name


def taken_syllables(doc: Doc, row: list[Syllable]) -> set[int]:
    """Return the syllables inside organisations, campaigns, awards, documents and roles."""
    taken = {i for body in read_bodies(doc) for i in range(body.start, body.end)}
    taken |= {i for office in offices(doc) for i in range(office.start, office.end)}
    spans = [(f.start, f.end) for kind in ("campaigns", "awards", "documents") for f in findings(doc, kind)]
    return taken.union(inside(spans, [s.start for s in row], [s.end for s in row]) if spans else ())


def read_candidates(
    row: list[Syllable], witness: Collection[int], taken: set[int], closers: set[int]
) -> Iterator[Name]:
    """Yield every run of capitals that may be a name, scored by its form and by what stands before it."""
    at = last = 0
    while at < len(row):
        if at in taken or not row[at].proper:
            at += 1
            continue
        if BAC_HO.match(row, at) and row[at + 1].proper:
            yield Name(at, at + 2, "Bác Hồ", 9)
            at += 2
            continue
        place = match_place(row, at)
        honorific = HONORIFICS.match(row, at) if place is None else None
        if honorific and honorific[0] < len(row) and not looks_whole(row, at):
            # "Hòa Khánh, Bà Nà, Nam Phước": a place in a list of capitals.
            in_list = row[at].look == CAPITAL and at > 1 and row[at - 1].text == "," and row[at - 2].proper
            if in_list and honorific[0] == at + 1 and run_end(row, at) == at + 2:
                at += 2
                continue
            at = honorific[0]
            continue
        name = read_name(row, at, witness, taken, closers, listed=follows(row, last, at))
        if name:
            yield name
            at = last = name.end
            continue
        at = place[0] if place else at + 1


def follows(row: list[Syllable], last: int, at: int) -> bool:
    """Whether the name before goes on to one here ("Trần Văn An, Mai Thị Bình và Hà Thu")."""
    return 0 < last < at <= last + 2 and all(s.key in (",", "và") for s in row[last:at])


def looks_whole(row: list[Syllable], at: int) -> bool:
    """Whether a capitalised honorific may rather be a surname ("Cao", "Ông Văn A" is not told apart)."""
    return surname_weight(row, at) == "sure"


def read_name(
    row: list[Syllable], at: int, witness: Collection[int], taken: set[int], closers: set[int], *, listed: bool
) -> Name | None:
    """Return the name that begins here."""
    titled = honorific_before(row, at)
    in_office = at in closers
    introduced = titled or in_office or listed or list_before(row, at) or called(row, at)
    # Capitals before that belong to nothing known make this the middle of some other name.
    if not introduced and at and row[at - 1].proper and row[at - 1].end + 1 == row[at].start and at - 1 not in taken:
        return None
    addressed = at > 1 and row[at - 1].look == NUMBER and row[at - 2].key in ("số", "nhà", "hẻm", "ngách", "ngõ")
    if not titled and not in_office and (addressed or named_after(row, at)):
        return None
    end = name_end(row, at)
    end = next((i for i in range(at, end) if i in taken), end)
    if end == at:
        return None
    whole = end == run_end(row, at) or end in taken
    end = with_small_name(row, at, end)
    score = looks_like_name(row, at, end, witness)
    if (titled or in_office) and HO_CHI_MINH.match(row, at):
        return Name(at, at + 3, "office", 9)
    place = match_place(row, at)
    if place and place[0] >= end:
        return None
    if row[at].look == UPPER and not all(s.look == UPPER or len(s.text) == 1 for s in row[at:end]):
        return None
    if score > 0 and (whole or score >= 5):
        score += 2 if introduced else 0
        if row[at].start in witness:
            score += 1
        return Name(at, end, "surname", score)
    if titled and (surname_weight(row, at) is None or end - at == 1 or score <= 0):
        return given_name(row, at, end, whole)
    return None


def with_small_name(row: list[Syllable], at: int, end: int) -> int:
    """Return the end of a name whose given name was typed small ("Trần Văn nam – Giám đốc"), or the same place."""
    unfinished = end - at == 2 and row[end - 1].key in MIDDLE and end + 1 < len(row) and row[end].look == LOWER
    return end + 1 if unfinished and row[end + 1].look == MARK and row[end].start == row[end - 1].end + 1 else end


def begins_body(row: list[Syllable], at: int, end: int) -> bool:
    """Whether these capitals are the beginning of a longer head noun ("các đồng chí Ban Thường vụ")."""
    head = HEADS.match(row, at)
    return head is not None and head[0] > end


def given_name(row: list[Syllable], at: int, end: int, whole: bool) -> Name | None:
    """Return a given name or a foreign one behind an honorific ("chị Hương", "ông Park Hang Seo")."""
    if (row[at].look == UPPER and len(row[at].text) > 1) or not whole:
        return None
    if NO_NAMES.match(row, at) or begins_body(row, at, end):
        return None
    if match_level(row, at) or any(s.text.isdigit() for s in row[at:end]):
        return None
    # "ông Rikio Kozu": letters or clusters no Vietnamese syllable has, so both are the whole name.
    whole_name = end - at > 2 or (end - at == 2 and any(is_foreign(s) for s in row[at:end]))
    return Name(at, end, "honorific" if whole_name else "given name", 4)


def called(row: list[Syllable], at: int) -> bool:
    """Whether a calling stands right before ("công nhân Lò Thị Bua")."""
    return any(
        (found := CALLINGS.match(row, start)) is not None and found[0] == at for start in range(max(0, at - 4), at)
    )


def list_before(row: list[Syllable], at: int) -> bool:
    """Whether a list mark stands before: names in lists follow ";" and ":" ("gồm: Lê Văn A; Trần Thị B")."""
    return at > 0 and (row[at - 1].text in (";", ":") or row[at - 1].look == LINE)


def named_after(row: list[Syllable], at: int) -> bool:
    """Whether what stands before makes this the name of a street, a prize or a place."""
    for back in range(1, 6):
        start = at - back
        if start < 0:
            return False
        found = NAMED_AFTER.match(row, start)
        if found and found[0] == at and (row[start].look in (LOWER, CAPITAL, UPPER)):
            return True
    return False


def is_credit(text: str, row: list[Syllable], name: Name) -> bool:
    """Whether the name is a photo credit or a byline: behind "Ảnh:", or alone on one of the last lines."""
    start, end = row[name.start].start, row[name.end - 1].end
    line_start = text.rfind("\n", 0, start) + 1
    before = text[max(line_start, start - 60) : start]
    if CREDIT.search(before) or re.search(r"(?:Ảnh|Nguồn|Theo|ảnh)\s*:[^.;\n]{0,40}$", before):
        return True
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    alone = not text[line_start:start].strip(" -–(*") and not text[end:line_end].strip(" -–.)/*")
    if not alone or len(text) - line_end > SHORTEST_BYLINE_GAP:
        return False
    return (
        line_start == 0 or len(text[:line_start].rstrip("\n").rsplit("\n", 1)[-1]) > end - start + SHORTEST_BYLINE_GAP
    )
