"""Texts that may be copies of each other: MinHash signatures over runs of syllables, and candidates by their bands."""

import re
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from store.text import fold

Hashes: TypeAlias = npt.NDArray[np.uint32]

# Written here in numpy, which spaCy brings: the well-known library for it brings scipy (over 100 MB) and keeps its
# index in memory, where ours is a column of the store.

TOKEN = re.compile(r"\w+")
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
# Thousands made from one form fill a band; the neighbours in the order of the archive stand for them.
MOST_IN_BAND = 60


def find_shingles(text: str) -> Hashes:
    """Return the hashes of every three syllables in a row, marks and case aside; sorted, each once."""
    tokens = TOKEN.findall(fold(text))
    runs = zip(*(tokens[k:] for k in range(WIDTH)), strict=False)
    return np.unique(np.fromiter((crc32(" ".join(run).encode()) for run in runs), dtype=np.uint32))


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
    smallest = ((multiplier * shingles.astype(np.uint64) + summand) >> np.uint64(32)).min(axis=1)
    # Half of each hash is kept: three of them still meet by chance once in 10^14.
    return bytes((smallest & np.uint64(0xFFFF)).astype(STORED).tobytes())


def find_candidates(signatures: Sequence[bytes], new: Sequence[int]) -> list[tuple[int, int]]:
    """Return pairs of positions whose signatures are alike, one of each pair among `new`; in order."""
    if not signatures or not new:
        return []
    matrix = np.frombuffer(b"".join(signatures), dtype=STORED).reshape(len(signatures), BANDS * ROWS)
    asking = np.asarray(sorted(new), dtype=np.int64)
    near: dict[int, set[int]] = {}
    for band in range(BANDS):
        collect_band(matrix[:, band * ROWS : (band + 1) * ROWS], asking, near)
    pairs = set()
    for one in sorted(near):
        others = np.asarray(sorted(near[one]), dtype=np.int64)
        shared = (matrix[others] == matrix[one]).mean(axis=1)
        # The most alike first, the earlier of equals: the same archive gives the same pairs.
        for at in np.lexsort((others, -shared))[:MOST_CANDIDATES]:
            if shared[at] >= LEAST_SHARED:
                other = int(others[at])
                pairs.add((min(one, other), max(one, other)))
    return sorted(pairs)


def collect_band(rows: npt.NDArray[np.uint16], asking: npt.NDArray[np.int64], near: dict[int, set[int]]) -> None:
    """Add to `near` those that agree in one band with those asking."""
    primes = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
    keys = (rows.astype(np.uint64) * primes).sum(axis=1, dtype=np.uint64)
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    starts = np.searchsorted(ranked, keys[asking], side="left")
    ends = np.searchsorted(ranked, keys[asking], side="right")
    for at in np.flatnonzero(ends - starts > 1):
        one, start, end = int(asking[at]), int(starts[at]), int(ends[at])
        if end - start > MOST_IN_BAND:
            middle = start + int(np.searchsorted(order[start:end], one))
            start = max(start, min(middle - MOST_IN_BAND // 2, end - MOST_IN_BAND))
            end = start + MOST_IN_BAND
        near.setdefault(one, set()).update(int(other) for other in order[start:end] if other != one)
