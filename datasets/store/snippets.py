"""Cut the telling part out of a text as it is written, and say which letters of it were searched for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from store.lanes import Lane
from store.search import Clause, Question

# A snippet shows half as many characters before its first hit, and twice as many after it.
AROUND = 130
# An article that says one word a thousand times is not worth a million comparisons.
MOST_HITS = 200


@dataclass(frozen=True)
class Piece:
    """A stretch of the original text, and whether it was searched for."""

    text: str
    hit: bool


def find_hits(text: str, question: Question) -> list[tuple[int, int, str]]:
    """Return where the wanted words stand in a text as it is written, each with its form, in order."""
    pattern = pattern_of(question)
    if pattern is None:
        return []
    form, origin = with_origin(text, question.lane)
    return [(origin[m.start()], origin[m.end() - 1] + 1, m[0]) for m in pattern.finditer(form)]


def with_origin(text: str, lane: Lane) -> tuple[str, list[int] | range]:
    """Return a text in a lane's form, and for every letter of it the place in the text it came from."""
    form = lane.form(text)
    # Nearly always letter stands for letter; "ß" and the like are followed one by one.
    if len(form) == len(text):
        return form, range(len(text))
    pieces, origin = [], []
    for at, character in enumerate(text):
        piece = lane.form(character)
        pieces.append(piece)
        origin += [at] * len(piece)
    return "".join(pieces), origin


@lru_cache(maxsize=256)
def pattern_of(question: Question) -> re.Pattern[str] | None:
    """Return a pattern for every wanted wording, the longest first; None when nothing is wanted."""
    written = [wording_pattern(clause) for clause in question.wanted]
    alternatives = sorted({one for some in written for one in some}, key=lambda one: (-len(one), one))
    return re.compile("|".join(alternatives)) if alternatives else None


def wording_pattern(clause: Clause) -> Iterable[str]:
    """Return a clause's wordings as patterns over a text that has its punctuation still."""
    end = r"[^\W_]*" if clause.prefix else r"(?![^\W_])"
    written = ((re.escape(wording[0][0]), wording[0][1:], *wording[1:]) for wording in clause.wordings())
    # That a word begins here is asked after its first letter: led by letters, a pattern skips all others at once.
    return [rf"{first}(?<![^\W_]{first})" + r"[\W_]+".join(map(re.escape, rest)) + end for first, *rest in written]


def tell_runs(text: str, hits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return hits without the words that stand alone here and beside another searched word elsewhere.

    Whoever searches for "cong doan" does not look for the "cong" of "cong nhan", where there is a "cong doan" to show.
    """
    beside = [
        later > 0 and text[hits[later - 1][1] : hits[later][0]].isspace() and hits[later - 1][2] != hits[later][2]
        for later in range(len(hits))
    ]
    joined = [here or after for here, after in zip(beside, [*beside, False][1:], strict=True)]
    runs = {hit[2] for hit, joins in zip(hits, joined, strict=True) if joins}
    return [hit for hit, joins in zip(hits, joined, strict=True) if joins or hit[2] not in runs]


def window(text: str, hits: list[tuple[int, int, str]]) -> tuple[int, int]:
    """Return the stretch to show: around the hit with most different words behind it, cut between words."""
    hits = hits[:MOST_HITS]
    first = (0, 0, "")
    if hits:
        first = max(hits, key=lambda h: len({form for s, e, form in hits if h[0] <= s and e <= h[1] + 2 * AROUND}))
    start, end = max(0, first[0] - AROUND // 2), min(len(text), first[1] + 2 * AROUND)
    if start:
        start = min(text.find(" ", start) + 1, first[0])
    if end < len(text):
        end = max(text.rfind(" ", start, end), first[1])
    return start, end


def mark_hits(text: str, question: Question, *, whole: bool) -> list[Piece]:
    """Return the text, or the telling part of it, in pieces; hits with only spaces between them are one piece.

    >>> from store.search import ask
    >>> mark_hits("Tin Công đoàn", ask("cong doan").questions[1], whole=True)
    [Piece(text='Tin ', hit=False), Piece(text='Công đoàn', hit=True)]
    """
    hits = tell_runs(text, find_hits(text, question))
    start, end = (0, len(text)) if whole else window(text, hits)
    spans: list[tuple[int, int]] = []
    for left, right, _ in hits:
        if spans and text[spans[-1][1] : left].isspace():
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    pieces, at = [Piece("… ", False)] if start else [], start
    for left, right in spans:
        left, right = max(left, at), min(right, end)
        if left < right:
            pieces += [Piece(text[at:left], False), Piece(text[left:right], True)]
            at = right
    pieces += [Piece(text[at:end], False), Piece(" …" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece.text]
