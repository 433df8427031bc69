"""A text as a row of syllables and marks with their case, and phrases looked up in it syllable by syllable."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from spacy.tokens import Doc

from store.text import NEW_TONE, NEW_TONES

# "H'Hen", "H' Yim", "M’Đrắk" and "Bh'riu" are one syllable; so are "TNHH" and "3".
PIECE = re.compile(r"(?<!\w)[HK]['’`] [^\W\d_]+|[^\W_]+(?:['’`][^\W_]+)*|\n|[^\w\s]|_")

LOWER, CAPITAL, UPPER, NUMBER, MARK, LINE = "lower", "capital", "upper", "number", "mark", "line"
VALUE = TypeVar("VALUE")


class Syllable(NamedTuple):
    """One syllable or mark: its offsets, its text, the key it is compared by, what it looks like, and whether that is
    with a capital.
    """

    start: int
    end: int
    text: str
    key: str
    look: str
    proper: bool


@lru_cache(maxsize=65536)
def look_at(text: str) -> tuple[str, str, bool]:
    """Return the form a syllable is compared by (case and place of the tone mark do not count), its look, and whether
    it begins with a capital.
    """
    key = NEW_TONE.sub(lambda m: NEW_TONES[m[1]], text.casefold()).replace("’", "'").replace("`", "'").replace("ð", "đ")
    if text == "\n":
        return key, LINE, False
    if not text[0].isalnum():
        return "-" if text in "–—" else key, MARK, False
    if text[0].isdigit():
        return key, NUMBER, False
    if text[0].isupper():
        return key, UPPER if len(text) > 1 and text.isupper() else CAPITAL, True
    return key, LOWER, False


def split_syllables(text: str) -> list[Syllable]:
    """Return the syllables, numbers, marks and line ends of a text in order."""
    return [Syllable(m.start(), m.end(), m[0], *look_at(m[0])) for m in PIECE.finditer(text)]


def syllables(doc: Doc) -> list[Syllable]:
    """Return a document's syllables, split once."""
    found: list[Syllable] | None = doc.user_data.get("syllables")
    if found is None:
        found = doc.user_data["syllables"] = split_syllables(doc.text)
    return found


class Node(Generic[VALUE]):
    """What may follow a beginning of phrases; `values` holds the value of the phrase that ends here, if one does."""

    __slots__ = ("following", "values")

    def __init__(self) -> None:
        self.following: dict[str, Node[VALUE]] = {}
        self.values: list[VALUE] = []


class Phrases(Generic[VALUE]):
    """Phrases as a tree of syllables; finds the longest that begins at a place, however many there are."""

    def __init__(self, phrases: Iterable[tuple[str, VALUE]] = ()) -> None:
        self.root: Node[VALUE] = Node()
        for text, value in phrases:
            node = self.root
            for syllable in split_syllables(text):
                node = node.following.setdefault(syllable.key, Node())
            # The first of two with the same syllables counts.
            if node is not self.root and not node.values:
                node.values.append(value)

    def match(self, row: Sequence[Syllable], at: int) -> tuple[int, VALUE] | None:
        """Return the end and the value of the longest phrase at this place."""
        length = len(row)
        node = self.root.following.get(row[at].key) if at < length else None
        found = None
        while node is not None:
            at += 1
            if node.values:
                found = at, node.values[0]
            node = node.following.get(row[at].key) if at < length else None
        return found


def adjacent(row: Sequence[Syllable], at: int) -> bool:
    """Whether no space stands between this syllable and the one before."""
    return at > 0 and row[at - 1].end == row[at].start
