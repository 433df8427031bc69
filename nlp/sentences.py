"""Sentences and quotations of a document."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import Quote

# A full stop after these is no end: "TP. Vinh", "ThS. Lê", "T.Ư", "v.v.", initials as in "NG. Thiện".
ABBREVIATIONS = {"tp", "tx", "tt", "ths", "ts", "gs", "pgs", "bs", "ks", "cn", "đ/c", "st", "ngs", "nsnd", "nsưt", "no"}
END = re.compile(r"[.!?…]+[”\"’»)\]]*(?=\s)|\n")
# Nobody writes so much without a stop. Readers look to and fro within a sentence: twice as long costs four times.
LONGEST_SENTENCE = 5_000
LAST_WORD = re.compile(r"[\w/]+$")
# Each opening mark with those that close it: writers mix the double ones.
CLOSING = {
    **dict.fromkeys('“"„', re.compile('[”"“]')),
    "«": re.compile("»"),
    "‘": re.compile("’"),
    # Straight ones open behind a space and close before one: elsewhere they are apostrophes.
    "'": re.compile(r"'(?!\w)"),
}
MARK = re.compile(f"[{''.join(CLOSING)}]")
LONGEST_QUOTE = 300
COMPONENT = "sentences"
# spaCy keeps "no sentence starts here" as -1 in an unsigned column.
NO_START = 2**64 - 1


def find_ends(text: str) -> list[int]:
    """Return the offset after each sentence end, the text's own end included."""
    ends = []
    for match in END.finditer(text):
        if match[0] != "\n" and not is_end(text, match.start(), match.end()):
            continue
        ends.append(match.end())
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return list(cut_long(text, ends))


def cut_long(text: str, ends: list[int]) -> Iterator[int]:
    """Yield the ends, and others between words where a sentence would be too long."""
    at = 0
    for end in ends:
        while end - at > LONGEST_SENTENCE:
            at = text.rfind(" ", at + LONGEST_SENTENCE // 2, at + LONGEST_SENTENCE) + 1 or at + LONGEST_SENTENCE
            yield at
        yield end
        at = end


def is_end(text: str, start: int, end: int) -> bool:
    """Whether the punctuation at [start, end) closes a sentence."""
    following = text[end : end + 4].strip(" ")[:1]
    # "cuộc vận động. với việc": copied texts hold stray stops, a lower-case word goes on with the sentence.
    if following.islower():
        return False
    if text[start:end] != ".":
        return True
    before = LAST_WORD.search(text, max(0, start - 12), start)
    word = before[0] if before else ""
    if word.casefold() in ABBREVIATIONS:
        return False
    # One or two capitals before a stop are initials or a numbering such as "A.".
    return not (word.isupper() and word.isalpha() and len(word) <= 2 and following.isupper())


def find_quotes(text: str) -> list[Quote]:
    """Return quotations of all styles, mixed marks and moved spaces included; they end with the paragraph.

    >>> [(q.inner_start, q.inner_end) for q in find_quotes('phong trào “Lao động giỏi"')]
    [(12, 25)]
    """
    quotes = []
    at = 0
    while match := MARK.search(text, at):
        at = match.end()
        start = match.start()
        if match[0] in "‘'" and start and (text[start - 1].isalnum() or text[at : at + 1].isspace()):
            continue
        # Looked for within reach only: a text of nothing but opening marks costs no more per mark.
        stop = start + LONGEST_QUOTE
        line = text.find("\n", at, stop)
        end = CLOSING[match[0]].search(text, at, stop if line < 0 else line)
        if end is None or not text[at : end.start()].strip():
            continue
        inner = text[at : end.start()]
        inner_start = at + len(inner) - len(inner.lstrip())
        quotes.append(Quote(start, end.end(), inner_start, inner_start + len(inner.strip())))
        at = end.end()
    return quotes


@Language.component(COMPONENT, assigns=["token.is_sent_start"])
def set_sentences(doc: Doc) -> Doc:
    """Set sentence starts from the text and keep the quotations."""
    text = doc.text
    if len(doc):
        offsets = doc.to_array("IDX")
        # The first token at or after each end, and the first of all.
        starts = np.searchsorted(offsets, np.array([0, *find_ends(text)], dtype=np.uint64))
        column: Any = np.full((len(doc), 1), NO_START, dtype=np.uint64)
        column[starts[starts < len(doc)]] = 1
        # All at once: setting `is_sent_start` looks through the whole document each time.
        doc.from_array(["SENT_START"], column)
    doc.user_data["quotes"] = find_quotes(text)
    return doc
