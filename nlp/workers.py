"""Who reads the batches: this process, several, or a Dask cluster; in order, and whatever becomes of a worker."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeAlias

from nlp.batches import Item, Outcome, fail, read_batch

# Enough to outweigh the hand-over to a process, few enough that a killed worker loses little.
BATCH = 16
# Batches handed out ahead of the writer, per worker: memory stays flat however large the archive.
AHEAD = 3

# Takes a batch and returns what waits for its outcomes.
Wait: TypeAlias = Callable[[], list[Outcome]]
Submit: TypeAlias = Callable[[list[Item]], Wait]


class LostError(RuntimeError):
    """A worker died over a batch."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who read: how a batch is handed to them, how many they are, and how large a batch may be."""

    submit: Submit
    workers: int = 1
    largest: int = BATCH

    def size(self, articles: int) -> int:
        """Return how many articles make a batch, so that none of the crew waits for the others at the end."""
        return max(BATCH, min(self.largest, articles // (self.workers * AHEAD)))

    def read(self, batches: Iterable[list[Item]]) -> Iterator[Outcome]:
        """Yield outcomes in the order of the batches, with so many under way that nobody waits."""
        waiting: deque[tuple[list[Item], Wait]] = deque()
        rest = iter(batches)
        room = AHEAD * self.workers
        while True:
            waiting.extend((batch, self.submit(batch)) for batch in islice(rest, room))
            if not waiting:
                return
            batch, wait = waiting.popleft()
            room = 1
            try:
                outcomes = wait()
            except LostError:
                # First what else is under way: an article is blamed for a death only where it was read alone.
                settled = [(batch, None), *((other, settle(pending)) for other, pending in waiting)]
                waiting.clear()
                room = AHEAD * self.workers
                for other, found in settled:
                    yield from self.read_apart(other) if found is None else found
            else:
                yield from outcomes

    def read_apart(self, batch: list[Item]) -> Iterator[Outcome]:
        """Read the articles of a batch that cost a worker one by one: the one that does it again costs itself."""
        for item in batch:
            try:
                yield from self.submit([item])()
            except LostError as error:
                yield fail(item, f"cost its reader: {error}")


def settle(wait: Wait) -> list[Outcome] | None:
    """Return what was read of a batch; None when its reader died."""
    try:
        return wait()
    except LostError:
        return None


class Pool:
    """Processes that read; new ones where one died."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.pool = self.start()

    def start(self) -> ProcessPoolExecutor:
        """Return fresh processes."""
        # spawn: a fork would copy the writer's open database.
        return ProcessPoolExecutor(self.workers, mp_context=multiprocessing.get_context("spawn"))

    def submit(self, batch: list[Item]) -> Wait:
        """Hand out a batch."""
        try:
            future = self.pool.submit(read_batch, batch)
        except BrokenProcessPool:
            self.stop()
            self.pool = self.start()
            future = self.pool.submit(read_batch, batch)
        return partial(wait_for, future)

    def stop(self) -> None:
        """End the processes; batches that nobody has begun are not read."""
        self.pool.shutdown(cancel_futures=True)


def wait_for(future: Future[list[Outcome]]) -> list[Outcome]:
    """Return what a process read. Raises LostError when one died."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise LostError("a process ended abruptly") from None


@contextmanager
def gather(workers: int, scheduler: str | None) -> Iterator[Crew]:
    """Give those who read: this process, several, or a cluster."""
    if scheduler:
        from nlp.cluster import connect

        with connect(scheduler) as cluster:
            yield Crew(cluster.submit, cluster.workers, cluster.LARGEST)
    elif workers > 1:
        pool = Pool(workers)
        try:
            yield Crew(pool.submit, workers)
        finally:
            pool.stop()
    else:
        yield Crew(lambda batch: partial(read_batch, batch))
