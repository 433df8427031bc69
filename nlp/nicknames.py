"""Short names that a text itself gives a body: behind "Hiệp hội Dệt May Việt Nam (Vitas)" "Vitas" is a body too."""

from collections.abc import Collection, Iterator, Sequence

from nlp.gazetteer import match_level, match_place, role_phrases
from nlp.heads import FORMS, HEADS, ZONES, Body, phrases
from nlp.names import is_foreign
from nlp.openings import match_head
from nlp.syllables import MARK, NUMBER, Syllable, adjacent
from nlp.vocabulary import entries

Row = Sequence[Syllable]
NO_NICKNAMES = {word.casefold() for key in ("no_bodies", "no_nicknames") for word in entries("names", "lists", key)}
CALLED = phrases("names", "called")
SHORTEST = 3
LONGEST = 4


def find_nicknames(row: Row, bodies: Sequence[Body], taken: Collection[int]) -> Iterator[tuple[int, int, Body]]:
    """Yield row[start:end] where a short name stands alone, and the body it was given to."""
    given: dict[tuple[str, ...], tuple[int, int, Body]] = {}
    for body in bodies:
        for start, end in (bracketed(row, body.end), core(row, body)):
            keys = tuple(s.text for s in row[start:end])
            if keys and body.level is None and is_nickname(row, start, end):
                given.setdefault(keys, (start, end, body))
    by_first = {keys[0]: (keys, *found) for keys, found in reversed(given.items())}
    for at, syllable in enumerate(row):
        if at in taken or syllable.text not in by_first:
            continue
        keys, start, _, body = by_first[syllable.text]
        end = at + len(keys)
        same = at > start and tuple(s.text for s in row[at:end]) == keys
        if same and stands_alone(row, at, end, taken):
            yield at, end, body


def bracketed(row: Row, at: int) -> tuple[int, int]:
    """Return the offsets of a short name in brackets here, or of nothing."""
    if at + 2 >= len(row) or row[at].text != "(":
        return at, at
    start = found[0] if (found := CALLED.match(row, at + 1)) else at + 1
    end = next((i for i in range(start, min(start + LONGEST, len(row))) if row[i].text == ")"), start)
    return start, end


def core(row: Row, body: Body) -> tuple[int, int]:
    """Return the offsets of the foreign word or initials that a firm is called by ("Công ty | P&G | Việt Nam")."""
    head = match_head(row, body.start)
    if head is None or body.grammar != "firm":
        return body.end, body.end
    start = head[0]
    while start < body.end and (form := FORMS.match(row, start)):
        start = form[0]
    end = start
    while end < body.end and is_foreign(row[end]) and row[end].look not in (MARK, NUMBER):
        end += 1
        joined = end + 1 < body.end and row[end].text == "&" and adjacent(row, end) and adjacent(row, end + 1)
        end += joined
        if not joined:
            break
    return start, end


def is_nickname(row: Row, start: int, end: int) -> bool:
    """Whether these are initials or a foreign word, and none that many bodies share."""
    first, length = row[start], row[end - 1].end - row[start].start
    if not first.proper or length < SHORTEST or not all(is_foreign(s) or s.text == "&" for s in row[start:end]):
        return False
    shared = HEADS.match(row, start) or role_phrases().match(row, start) or ZONES.match(row, start)
    placed = match_place(row, start) or match_level(row, start) or FORMS.match(row, start)
    return not shared and not placed and first.text.casefold() not in NO_NICKNAMES


def stands_alone(row: Row, at: int, end: int, taken: Collection[int]) -> bool:
    """Whether no capital or dash around makes it part of another name, nor a dot of an address."""
    before = row[at - 1] if at else None
    joined = before is not None and ((before.proper and at - 1 not in taken) or adjacent(row, at))
    # "Khu công nghiệp VSIP" is a place.
    if any((zone := ZONES.match(row, back)) and zone[0] == at for back in range(max(0, at - 3), at)):
        return False
    if before and joined and before.text not in ("(", "“", '"', "\n"):
        return False
    return not (end < len(row) and adjacent(row, end) and row[end].text in ("-", "/", "@", "_", "&", "+"))
