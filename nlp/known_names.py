"""Names of a reference list found in a text by syllables, whatever their case, punctuation and dashes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from store.reference import Entry
from store.text import name_key

SYLLABLE = re.compile(r"\w+")
# What may stand between two syllables of one name; an opening quotation mark begins another name.
GAP = re.compile(r"[\s,;:/&()\-–—.”\"’»…]{1,7}")
OPENING = re.compile(r"[“«‘„\n]")
MARKS = '”"’»'
# Before a slipped closing mark of a copied page; a shorter name ends at the mark.
LONG = 4
LONG_NAME = 7
SAME = 0.8
# Written for the same words inside otherwise unchanged names.
SHORT_FORMS = {
    "công đoàn": ("cđ",),
    "công nhân viên chức lao động": ("cnvclđ", "cnvc lđ"),
    "công nhân lao động": ("cnlđ",),
    "công nhân": ("cn",),
    "người lao động": ("nlđ",),
    "cán bộ công chức viên chức": ("cbccvc",),
    "an toàn vệ sinh lao động": ("atvslđ", "at vslđ"),
    "thành phố hồ chí minh": ("tp hồ chí minh", "tphcm", "tp hcm"),
}


class Piece(NamedTuple):
    """One syllable of a text: its offsets and the form it is compared by."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Known:
    """One name of a list in the text; `size` is its number of syllables."""

    start: int
    end: int
    size: int
    entry: Entry


@lru_cache(maxsize=65536)
def piece_key(syllable: str) -> str:
    """Return a syllable without case, with the tone mark in its old place."""
    return name_key(syllable)


@lru_cache(maxsize=16)
def pieces(text: str) -> list[Piece]:
    """Return the syllables of a text; several readers ask for those of one body."""
    return [Piece(m.start(), m.end(), piece_key(m[0])) for m in SYLLABLE.finditer(text)]


def keys_of(name: str) -> tuple[str, ...]:
    """Return a name as the syllables it is compared by."""
    return tuple(s.key for s in pieces(name))


def spellings(name: str) -> Iterator[tuple[str, ...]]:
    """Yield a name's syllables, and again with its well-known short forms.

    >>> list(spellings("Mái ấm Công đoàn"))
    [('mái', 'ấm', 'công', 'đoàn'), ('mái', 'ấm', 'cđ')]
    """
    keys = keys_of(name)
    yield keys
    plain = f" {' '.join(keys)} "
    for long, shorts in SHORT_FORMS.items():
        if f" {long} " in plain:
            for short in shorts:
                yield tuple(plain.replace(f" {long} ", f" {short} ").split())


class KnownNames:
    """The names of a list by their first two syllables, longest first."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.names: dict[tuple[str, ...], Entry] = {}
        for entry in entries:
            for name in entry.names:
                for keys in spellings(name):
                    self.names.setdefault(keys, entry)
        self.by_first: dict[str, dict[str, list[tuple[str, ...]]]] = {}
        for keys in sorted(self.names, key=lambda k: (-len(k), k)):
            self.by_first.setdefault(keys[0], {}).setdefault(keys[1] if keys[1:] else "", []).append(keys)

    def find(self, text: str) -> Iterator[Known]:
        """Yield the names in a text, the longest at each place, without overlaps."""
        found, at = pieces(text), 0
        while at < len(found):
            keys = self.longest_at(text, found, at)
            if keys is None:
                at += 1
                continue
            last = found[at + len(keys) - 1]
            yield Known(found[at].start, last.end, len(keys), self.names[keys])
            at += len(keys)

    def longest_at(self, text: str, found: list[Piece], at: int) -> tuple[str, ...] | None:
        """Return the longest name that stands here."""
        by_second = self.by_first.get(found[at].key)
        if by_second is None:
            return None
        second = found[at + 1].key if at + 1 < len(found) else ""
        some = (*by_second.get(second, ()), *by_second.get("", ()))
        return next((keys for keys in some if stands_at(text, found, at, keys)), None)

    def entry_of(self, name: str) -> Entry | None:
        """Return the entry a whole name stands for."""
        return self.names.get(keys_of(name))

    def close_entry(self, name: str) -> Entry | None:
        """Return the entry of a name that differs from this one in a word or two, if it is a long one.

        "ngày làm 8 giờ" and "ngày làm việc 8 giờ" are one; short names differ by what they mean.
        """
        keys = set(keys_of(name))
        close = [(len(keys & set(k)) / len(keys | set(k)), k) for k in self.names if len(k) >= LONG_NAME]
        share, best = max(close, default=(0.0, ()))
        return self.names[best] if len(keys) >= LONG_NAME and share >= SAME else None


def stands_at(text: str, found: list[Piece], at: int, keys: tuple[str, ...]) -> bool:
    """Whether the syllables from `at` on are these, with nothing between them that ends a name."""
    if at + len(keys) > len(found):
        return False
    for offset, key in enumerate(keys):
        if found[at + offset].key != key:
            return False
        if offset and not joins(text[found[at + offset - 1].end : found[at + offset].start], offset):
            return False
    return True


def joins(gap: str, before: int) -> bool:
    """Whether a name may go on over this gap after `before` syllables."""
    if gap in (" ", "."):
        return True
    if not GAP.fullmatch(gap) or OPENING.search(gap):
        return False
    marks = sum(gap.count(mark) for mark in MARKS)
    return (marks == 0 and "." not in gap) or (marks == 1 and before >= LONG)
