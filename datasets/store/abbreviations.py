"""Which short forms stand for which words: "LĐLĐ" for "Liên đoàn Lao động", from the reference lists."""

import re
from collections.abc import Iterator
from functools import cache

from store.reference import load_reference
from store.text import fold

# Lists whose entries are known under a full and a shortened name.
LISTS = ("organizations", "ministries", "provinces", "roles")
TOKEN = re.compile(r"[^\W_]+")


@cache
def load_abbreviations() -> tuple[tuple[str, str], ...]:
    """Return pairs of a short form and the words it stands for, each pair once, as written in the lists.

    An entry "Tổng LĐLĐ Việt Nam" beside "Tổng Liên đoàn Lao động Việt Nam" tells of LĐLĐ as well as a line of its own.
    """
    pairs = {}
    for entry in load_reference("abbreviations"):
        for short in entry.aliases:
            pairs[short.casefold(), entry.name.casefold()] = (short, entry.name)
    for name in LISTS:
        for entry in load_reference(name):
            for short in entry.names:
                for full in entry.names:
                    for pair in find_pairs(short, full):
                        pairs.setdefault((pair[0].casefold(), pair[1].casefold()), pair)
    return tuple(pairs.values())


def find_pairs(short: str, full: str) -> Iterator[tuple[str, str]]:
    """Yield what one name shortens of another: words that one group of capitals spells by their first letters.

    >>> list(find_pairs("Tổng LĐLĐ Việt Nam", "Tổng Liên đoàn Lao động Việt Nam"))
    [('LĐLĐ', 'Liên đoàn Lao động')]
    """
    left, right = TOKEN.findall(short), TOKEN.findall(full)
    head = 0
    while head < min(len(left), len(right)) and left[head].casefold() == right[head].casefold():
        head += 1
    tail = 0
    while tail < min(len(left), len(right)) - head and left[-1 - tail].casefold() == right[-1 - tail].casefold():
        tail += 1
    middle, words = left[head : len(left) - tail], right[head : len(right) - tail]
    if len(middle) != 1 or len(words) < 2 or any(len(word) == 1 for word in words):
        return
    letters = middle[0]
    # Two letters stand for too much ("CT": chủ tịch, công ty, chỉ thị) unless the list of abbreviations has them.
    initials = "".join(word[0] for word in words)
    if len(letters) > 2 and letters.isupper() and fold(letters) == fold(initials):
        yield letters, " ".join(words)
