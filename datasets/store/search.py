"""What was typed, as questions to the search index: first with its marks, then folded."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, product

from store.abbreviations import load_abbreviations
from store.lanes import FOLDED, LANES, MARKED, TOKEN, Lane, mark_form
from store.text import fold

QUOTES = dict.fromkeys(map(ord, "“”„«»"), '"')
# "-" before a word leaves it out, "*" after it makes it a beginning.
TERM = re.compile(r'(?P<minus>(?<!\S)[-−])?(?:"(?P<phrase>[^"]*)"|(?P<word>\d{1,3}(?:\s\d{3})+(?!\S)|[^\s"]+))')
# 2496, 2.496, 2 496 and 2,496: a comma marks thousands in English only, but whoever searches means the digits.
NUMBER = re.compile(r"(?<![^\W_])(?:\d{1,3}(?:[., ]\d{3})+|\d{4,})(?![^\W_])")
LONGEST, MOST_TERMS, MOST_WORDINGS, SHORTEST_PREFIX = 500, 20, 16, 2

# A wording is a run of tokens; a clause is met by any one of its alternatives, each a set of wordings.
Wording = tuple[str, ...]
Alternative = tuple[Wording, ...]


@dataclass(frozen=True)
class Clause:
    """One thing that must, or must not, stand in an article, in the form of a lane."""

    alternatives: tuple[Alternative, ...]
    prefix: bool = False
    lane: str = ""

    def fts(self) -> str:
        """Return the clause as FTS5; every token is quoted, so nothing typed is ever syntax."""
        star = "*" if self.prefix else ""
        written = [" AND ".join(f'"{" ".join(w)}"{star}' for w in alternative) for alternative in self.alternatives]
        return "(" + " OR ".join(f"({w})" if " AND " in w else w for w in written) + ")"

    def wordings(self) -> Iterator[Wording]:
        """Yield every wording of every alternative."""
        for alternative in self.alternatives:
            yield from alternative


@dataclass(frozen=True)
class Question:
    """What was typed, understood for one lane."""

    lane: Lane
    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()

    def fts(self) -> str:
        """Return the FTS5 query; empty when nothing is wanted."""
        if not self.wanted:
            return ""
        query = " AND ".join(clause.fts() for clause in self.wanted)
        return f"({query})" + self.without()

    def without(self) -> str:
        """Return the end of an FTS5 query: what must not stand in the article, as far as this lane's table tells."""
        return "".join(f" NOT {clause.fts()}" for clause in self.unwanted if clause.lane == self.lane.table)


def runs_of(clauses: tuple[Clause, ...]) -> list[str]:
    """Return how clauses read when they stand one after the other, in each of their wordings."""
    forms = [[" ".join(t for w in alternative for t in w) for alternative in c.alternatives] for c in clauses]
    return [" ".join(some) for some in islice(product(*forms), MOST_WORDINGS)]


@dataclass(frozen=True)
class Asked:
    """What was typed: one question a lane, and what its writer should be told (codes)."""

    questions: tuple[Question, ...]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Term:
    """One typed word or phrase."""

    text: str
    quoted: bool
    minus: bool
    prefix: bool


def find_terms(typed: str) -> tuple[list[Term], list[str]]:
    """Return the terms of what was typed, and the codes of what is odd about it."""
    notes = []
    typed = unicodedata.normalize("NFC", typed).translate(QUOTES).replace("\x00", " ")
    if len(typed) > LONGEST:
        notes.append("long")
    typed = typed[:LONGEST]
    if typed.count('"') % 2:
        notes.append("quote")
        typed += '"'
    terms = []
    for found in TERM.finditer(typed):
        text = found["phrase"] if found["word"] is None else found["word"]
        prefix = found["word"] is not None and text.endswith("*")
        tokens = TOKEN.findall(fold(text))
        if not tokens:
            if text.strip("-*"):
                notes.append("nothing")
            continue
        if prefix and len(tokens[-1]) < SHORTEST_PREFIX:
            notes.append("prefix")
            prefix = False
        terms.append(Term(text, found["word"] is None, bool(found["minus"]), prefix))
    if len(terms) > MOST_TERMS:
        notes.append("many")
    return terms[:MOST_TERMS], list(dict.fromkeys(notes))


def ask(typed: str) -> Asked:
    """Understand what was typed; nothing typed is an error.

    >>> ask("LĐLĐ -2.496").questions[1].fts()
    '(("ldld" OR "lien doan lao dong")) NOT ("2 496" OR "2496")'
    """
    terms, notes = find_terms(typed)
    if terms and all(term.minus for term in terms):
        notes.append("minus")
    if not terms:
        notes.append("empty")
    return Asked(tuple(make_question(lane, terms) for lane in LANES), tuple(notes))


def make_question(lane: Lane, terms: list[Term]) -> Question:
    """Return the question of a lane: runs of plain words are looked through for words with a short form."""
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    at = 0
    while at < len(terms):
        term = terms[at]
        if not (term.quoted or term.minus or term.prefix):
            taken, clause = find_full_words(lane, terms[at:])
            if clause:
                wanted.append(clause)
                at += taken
                continue
        if term.minus:
            # "-chợ" leaves out chợ in both lanes, and "cho" in neither; "-cho" leaves out both.
            told = MARKED if fold(term.text) != mark_form(term.text) else FOLDED
            unwanted.append(make_clause(told, term))
        else:
            wanted.append(make_clause(lane, term))
        at += 1
    return Question(lane, tuple(wanted), tuple(unwanted))


def make_clause(lane: Lane, term: Term) -> Clause:
    """Return the clause of one word or phrase, with its other wordings."""
    if term.prefix:
        return Clause(((tuple(lane.tokens(term.text)),),), True, lane.table)
    return Clause(tuple((wording,) for wording in find_wordings(lane, term.text)), False, lane.table)


def find_wordings(lane: Lane, text: str) -> list[Wording]:
    """Return the ways a phrase may be written: numbers with and without thousands marks, short forms in full."""
    pieces: list[list[Wording]] = []
    at = 0
    for number in NUMBER.finditer(text):
        pieces += [word_wordings(lane, word) for word in text[at : number.start()].split()]
        pieces.append(number_wordings(number[0]))
        at = number.end()
    pieces += [word_wordings(lane, word) for word in text[at:].split()]
    whole = short_forms(lane).get(tuple(lane.tokens(text)), ())
    found = [tuple(t for piece in some for t in piece) for some in islice(product(*pieces), MOST_WORDINGS)]
    return list(dict.fromkeys(w for w in [*found, *whole] if w))


def number_wordings(number: str) -> list[Wording]:
    """Return a number as typed, in groups of three, and as one run of digits.

    >>> number_wordings("2496")
    [('2496',), ('2', '496')]
    """
    typed = tuple(TOKEN.findall(number))
    digits = "".join(typed)
    head = len(digits) % 3 or 3
    groups = (digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3)))
    return list(dict.fromkeys([typed, (digits,), groups]))


def word_wordings(lane: Lane, word: str) -> list[Wording]:
    """Return a word, and what it stands for when it is a short form, and its short form when it has one."""
    tokens = tuple(lane.tokens(word))
    return [tokens, *full_forms(lane).get(tokens, ())]


def find_full_words(lane: Lane, terms: list[Term]) -> tuple[int, Clause | None]:
    """Return how many plain words from here on have a short form together, and their clause: longest first."""
    words: list[str] = []
    for term in terms[:7]:
        if term.quoted or term.minus or term.prefix:
            break
        words += lane.tokens(term.text)[:1] if len(lane.tokens(term.text)) == 1 else ["-"]
    for count in range(len(words), 1, -1):
        short = short_forms(lane).get(tuple(words[:count]))
        if short:
            apart = tuple((word,) for word in words[:count])
            return count, Clause((apart, *((wording,) for wording in short)), False, lane.table)
    return 0, None


@cache
def full_forms(lane: Lane) -> dict[Wording, tuple[Wording, ...]]:
    """Return what short forms stand for, as tokens of a lane."""
    forms: dict[Wording, list[Wording]] = {}
    for short, full in load_abbreviations():
        forms.setdefault(tuple(lane.tokens(short)), []).append(tuple(lane.tokens(full)))
    return {short: tuple(dict.fromkeys(full)) for short, full in forms.items()}


@cache
def short_forms(lane: Lane) -> dict[Wording, tuple[Wording, ...]]:
    """Return the short forms of words, as tokens of a lane."""
    forms: dict[Wording, list[Wording]] = {}
    for short, full in load_abbreviations():
        forms.setdefault(tuple(lane.tokens(full)), []).append(tuple(lane.tokens(short)))
    return {full: tuple(dict.fromkeys(short)) for full, short in forms.items()}
