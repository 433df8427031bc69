"""Stretches of a text, merged and searched by bisection, so that long texts cost no more per word than short ones."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar


class Placed(Protocol):
    """What has a place in a text."""

    @property
    def start(self) -> int:
        """Return where it begins."""


PLACED = TypeVar("PLACED", bound=Placed)


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

    def add(self, start: int, end: int) -> None:
        """Add a stretch, merged with those it meets."""
        first, last = bisect_left(self.ends, start), bisect_right(self.starts, end)
        if first < last:
            start, end = min(start, self.starts[first]), max(end, self.ends[last - 1])
        self.starts[first:last], self.ends[first:last] = [start], [end]

    def hold(self, start: int, end: int) -> bool:
        """Whether [start, end) lies inside one stretch."""
        index = bisect_right(self.starts, start) - 1
        return index >= 0 and end <= self.ends[index]

    def end_before(self, at: int) -> int | None:
        """Return the end of the last stretch that ends by `at`."""
        index = bisect_right(self.ends, at) - 1
        return self.ends[index] if index >= 0 else None

    def touch(self, start: int, end: int) -> bool:
        """Whether [start, end) shares a character with any stretch."""
        index = bisect_left(self.starts, end) - 1
        return index >= 0 and self.ends[index] > start


def inside(spans: Iterable[tuple[int, int]], starts: list[int], ends: list[int]) -> Iterator[int]:
    """Yield the index of every part, given by sorted starts and ends, that lies inside one of the spans.

    >>> sorted(inside([(3, 9)], [0, 3, 6, 8], [2, 5, 8, 10]))
    [1, 2]
    """
    for start, end in spans:
        yield from range(bisect_left(starts, start), bisect_right(ends, end))


def start_of(placed: Placed) -> int:
    """Return where something begins."""
    return placed.start


def within(placed: list[PLACED], start: int, end: int) -> list[PLACED]:
    """Return those, sorted by start, that begin inside [start, end)."""
    return placed[bisect_left(placed, start, key=start_of) : bisect_left(placed, end, key=start_of)]


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
