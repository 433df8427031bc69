"""What was asked as queries of the table search_words: all words, in the title, side by side."""

from itertools import pairwise

from store.lanes import LETTERS, PAIR, TITLE, WORD
from store.search import Clause, Question, Wording, runs_of

# A longer wording is asked for by its pairs, and what is found must be looked at.
EXACT = 2


def ask_wording(letter: str, wording: Wording, star: str = "") -> str:
    """Return the FTS5 query for a wording: its word, its pair, or all its pairs."""
    entries = [f"{PAIR}{a}_{b}" for a, b in pairwise(wording)] or [f"{WORD}{wording[0]}"]
    return " AND ".join([*(f'"{letter}{entry}"' for entry in entries[:-1]), f'"{letter}{entries[-1]}"{star}'])


def ask_title(letter: str, wording: Wording, star: str = "") -> str:
    """Return the FTS5 query for all words of a wording standing in the title."""
    entries = [f'"{letter}{TITLE}{word}"' for word in wording]
    return " AND ".join(entries) + star


def ask_clause(clause: Clause, *, title: bool = False) -> str:
    """Return the FTS5 query for any of a clause's alternatives."""
    ask, letter, star = ask_title if title else ask_wording, LETTERS[clause.lane], "*" if clause.prefix else ""
    written = [" AND ".join(ask(letter, w, star) for w in alternative) for alternative in clause.alternatives]
    return "(" + " OR ".join(f"({one})" for one in written) + ")"


def ask_words(question: Question) -> str:
    """Return the FTS5 query for everything wanted."""
    return f"({' AND '.join(map(ask_clause, question.wanted))}){without(question)}"


def ask_in_title(question: Question) -> str:
    """Return the FTS5 query for everything wanted standing in the title."""
    return f"({' AND '.join(ask_clause(clause, title=True) for clause in question.wanted)}){without(question)}"


def ask_run(question: Question) -> str:
    """Return the FTS5 query for everything wanted standing side by side, in the order typed."""
    letter, star = LETTERS[question.lane.table], "*" if question.wanted[-1].prefix else ""
    runs = [ask_wording(letter, tuple(run.split()), star) for run in runs_of(question.wanted)]
    return f"({' OR '.join(f'({run})' for run in runs)}){without(question)}"


def without(question: Question) -> str:
    """Return the end of a query: what must not stand in the article, of what the index tells for certain."""
    return "".join(f" NOT {ask_clause(clause)}" for clause in question.unwanted if not is_long(clause))


def is_long(clause: Clause) -> bool:
    """Say whether the index tells of a clause only that all its pairs are there."""
    return any(len(wording) > EXACT for wording in clause.wordings())


def is_held(clause: Clause, text: str) -> bool:
    """Say whether a clause is met by an article's text in the clause's lane, with a space at both ends."""
    end = "" if clause.prefix else " "
    return any(
        all(f" {' '.join(wording)}{end}" in text for wording in alternative) for alternative in clause.alternatives
    )
