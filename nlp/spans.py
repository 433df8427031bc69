"""Stretches of a text, merged and searched by bisection, so that long texts cost no more per word than short ones."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Spans:
    """A set of stretches [start, end) that answers whether another touches it.

    >>> Spans([(0, 4), (10, 12)]).touch(3, 5), Spans([(0, 4)]).touch(4, 5)
    (True, False)
    """

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(spans):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            elif end > start:
                self.starts.append(start)
                self.ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        """Whether [start, end) shares a character with any stretch."""
        index = bisect_left(self.starts, end) - 1
        return index >= 0 and self.ends[index] > start


def last_before(positions: list[int], left: int, right: int) -> int | None:
    """Return the index of the last of the sorted positions in [left, right)."""
    index = bisect_left(positions, right) - 1
    return index if index >= 0 and positions[index] >= left else None


def first_after(positions: list[int], left: int, right: int) -> int | None:
    """Return the index of the first of the sorted positions in [left, right)."""
    index = bisect_left(positions, left)
    return index if index < len(positions) and positions[index] < right else None


def nearest(positions: list[int], at: int) -> int | None:
    """Return the index of the sorted position nearest to an offset, the earlier of two equally near."""
    if not positions:
        return None
    index = bisect_right(positions, at)
    around = [i for i in (index - 1, index) if 0 <= i < len(positions)]
    return min(around, key=lambda i: (abs(positions[i] - at), positions[i]))
