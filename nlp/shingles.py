"""Texts that may be copies of each other: MinHash signatures over runs of syllables, and candidates by their bands."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from random import Random
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from store.text import fold

Hashes: TypeAlias = npt.NDArray[np.uint32]
Keys: TypeAlias = npt.NDArray[np.uint64]

# In numpy, which spaCy brings: datasketch, the well-kept library for this, brings scipy (over 100 MB installed) and
# keeps its index in memory, where ours is a column of the store.

# A letter keeps the marks that no single character holds with it.
TOKEN = re.compile(r"\w[\w\u0300-\u036f]*")
# More than twice the syllables of the language, as they are written.
FOLDED_WORDS = 20_000
# Three syllables: two are any text's in this trade, four leave too little of a sentence that was reworded.
WIDTH = 3
# Bands of three rows find all pairs that share half their shingles, 9 of 10 that share a third, and one unrelated
# pair (a fiftieth) in two thousand.
BANDS, ROWS = 60, 3
STORED = "<u2"
# A notice of two lines says too little to be recognised by.
FEWEST = 25
# What a signature must share with another before the texts are compared, and with how many they are.
LEAST_SHARED = 0.2
MOST_CANDIDATES = 20
# Thousands made from one form fill a band; those next to an article in the order of the archive stand for them.
MOST_IN_BAND = 60
ASKED_AT_ONCE = 500
# A page of a book must not take the memory of a shelf.
HASHED_AT_ONCE = 2000
# Odd numbers without a pattern: the rows of a band become one key.
MIXERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


@lru_cache(FOLDED_WORDS)
def fold_word(word: str) -> str:
    """Return a word without marks and case."""
    return fold(word)


def find_shingles(text: str) -> Hashes:
    """Return the hashes of every three syllables in a row, marks and case aside; sorted, each once."""
    tokens = [fold_word(token) for token in TOKEN.findall(unicodedata.normalize("NFC", text))]
    runs = zip(*(tokens[k:] for k in range(WIDTH)), strict=False)
    return np.unique(np.array([crc32(" ".join(run).encode()) for run in runs], dtype=np.uint32))


@cache
def permutations() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the multipliers and summands of the hash functions; always the same ones."""
    dice = Random(20)
    count = BANDS * ROWS
    odd = np.array([dice.getrandbits(64) | 1 for _ in range(count)], dtype=np.uint64)
    return odd[:, None], np.array([dice.getrandbits(64) for _ in range(count)], dtype=np.uint64)[:, None]


def sign(text: str) -> bytes | None:
    """Return the signature of a text; None for one too short to be recognised."""
    shingles = find_shingles(text)
    if len(shingles) < FEWEST:
        return None
    multiplier, summand = permutations()
    smallest = np.full(BANDS * ROWS, 2**64 - 1, dtype=np.uint64)
    for at in range(0, len(shingles), HASHED_AT_ONCE):
        some = shingles[at : at + HASHED_AT_ONCE].astype(np.uint64)
        smallest = np.minimum(smallest, (multiplier * some + summand).min(axis=1))
    # A part of each hash is kept: three of them still meet by chance once in 10^14.
    return bytes((smallest >> np.uint64(32) & np.uint64(0xFFFF)).astype(STORED).tobytes())


class Bands:
    """The signatures of an archive, sorted by each of their bands."""

    def __init__(self, signatures: Sequence[bytes]) -> None:
        self.matrix = np.frombuffer(b"".join(signatures), dtype=STORED).reshape(len(signatures), BANDS * ROWS)
        self.bands: list[tuple[Keys, Keys, npt.NDArray[np.int64]]] = []
        for at in range(0, BANDS * ROWS, ROWS):
            keys = (self.matrix[:, at : at + ROWS].astype(np.uint64) * MIXERS).sum(axis=1, dtype=np.uint64)
            order = np.argsort(keys, kind="stable")
            self.bands.append((keys, keys[order], order))

    def find_candidates(self, asking: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield pairs of positions whose signatures are alike, the first of each pair among those asking."""
        for at in range(0, len(asking), ASKED_AT_ONCE):
            near: dict[int, set[int]] = {one: set() for one in asking[at : at + ASKED_AT_ONCE]}
            for band in self.bands:
                collect(*band, near)
            pairs = ((one, other) for one, others in near.items() for other in self.most_alike(one, others))
            # By the other of a pair: each text is made ready once for all that ask at once.
            yield from sorted(pairs, key=lambda pair: (pair[1], pair[0]))

    def most_alike(self, one: int, others: set[int]) -> list[int]:
        """Return the others whose signatures share most with this one; the earlier of equals first."""
        if not others:
            return []
        ranked = np.asarray(sorted(others), dtype=np.int64)
        shared = (self.matrix[ranked] == self.matrix[one]).mean(axis=1)
        best = np.argsort(-shared, kind="stable")[:MOST_CANDIDATES]
        return [int(ranked[at]) for at in best if shared[at] >= LEAST_SHARED]


def collect(keys: Keys, ranked: Keys, order: npt.NDArray[np.int64], near: dict[int, set[int]]) -> None:
    """Add to `near` those that agree in one band with those asking."""
    asking = np.fromiter(near, dtype=np.int64)
    starts = np.searchsorted(ranked, keys[asking], side="left")
    ends = np.searchsorted(ranked, keys[asking], side="right")
    for at in np.flatnonzero(ends - starts > 1):
        one, start, end = int(asking[at]), int(starts[at]), int(ends[at])
        if end - start > MOST_IN_BAND:
            middle = start + int(np.searchsorted(order[start:end], one))
            start = max(start, min(middle - MOST_IN_BAND // 2, end - MOST_IN_BAND))
            end = start + MOST_IN_BAND
        near[one].update(order[start:end].tolist())
        near[one].discard(one)
