"""Quotations that are names or slogans: the numbers inside them count nothing."""

import re

from nlp.layers import Quote
from nlp.vocabulary import words_pattern

HEAD = re.compile(rf"(?:{words_pattern('names', 'heads')}) ?:? ?$", re.IGNORECASE)
WITHIN = re.compile(rf"(?:{words_pattern('names', 'within')}) ", re.IGNORECASE)
LONGEST = 200


def find_slogans(text: str, quoted: list[Quote]) -> list[tuple[int, int]]:
    """Return the quotations that are names; a second one after a comma goes with the first."""
    found: list[tuple[int, int]] = []
    for quote in quoted:
        follows = bool(found) and text[found[-1][1] : quote.start].strip() in (",", "và", ";", "hoặc", "")
        if follows or is_slogan(text, quote):
            found.append((quote.start, quote.end))
    return found


def is_slogan(text: str, quote: Quote) -> bool:
    """Whether a quotation is a name: a head word before it, no sentence within it."""
    before = text[max(0, quote.start - 30) : quote.start]
    inner = text[quote.inner_start : quote.inner_end]
    return (HEAD.search(before) is not None or WITHIN.match(inner) is not None) and len(inner) < LONGEST
