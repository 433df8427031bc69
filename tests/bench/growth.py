"""Whether reading stays as fast and as small however large the archive: python tests/bench/growth.py ARTICLES FOLDER.

A folder that is there already is gone on with. Seconds of processor time are given beside those of the clock: other
programs on the machine slow the one, hardly the other.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets"), str(ROOT / "tests" / "bench")]

import archive  # noqa: E402

from nlp.read import find_unread, read_articles  # noqa: E402
from nlp.stories import link_stories  # noqa: E402
from store.db import open_news  # noqa: E402

MIB = 2**20
PARTS = 20


@dataclass(frozen=True, slots=True)
class Used:
    """What this process and those it started have used so far."""

    clock: float
    writer: float
    workers: float
    largest_worker: int
    own_memory: int
    stored: int


def use(here: psutil.Process, folder: Path) -> Used:
    """Look at what is used."""
    workers = [p for p in here.children(recursive=True) if "spawn_main" in " ".join(p.cmdline())]
    times = [sum(p.cpu_times()[:2]) for p in workers]
    memory = [p.memory_info().rss for p in workers]
    own = here.memory_info().rss
    stored = sum(p.stat().st_size for p in folder.glob("news.db*"))
    return Used(time.perf_counter(), sum(here.cpu_times()[:2]), sum(times), max(memory, default=0), own, stored)


@dataclass(slots=True)
class Growth:
    """A line of numbers for every part of the archive that was read."""

    folder: Path
    every: int
    here: psutil.Process = field(default_factory=psutil.Process)
    done: int = 0
    last: Used | None = None
    # Of every part: milliseconds of processor time an article, all processes together, and kB an article added.
    costs: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    memory: int = 0

    def start(self) -> None:
        """Print the heading."""
        print("articles  per s  ms worker  ms writer  MiB worker  MiB writer  kB an article added", flush=True)
        self.last = use(self.here, self.folder)

    def move(self, steps: int) -> None:
        """Count an article; print a line after each part."""
        self.done += steps
        if self.done % self.every or self.last is None:
            return
        now = use(self.here, self.folder)
        clock = now.clock - self.last.clock
        worker, writer = (now.workers - self.last.workers) / self.every, (now.writer - self.last.writer) / self.every
        size = (now.stored - self.last.stored) / self.every
        self.costs.append((worker + writer) * 1000)
        self.sizes.append(size / 1000)
        self.memory = max(self.memory, now.largest_worker, now.own_memory)
        memory = f"{now.largest_worker // MIB:11d} {now.own_memory // MIB:11d}"
        print(f"{self.done:8d} {self.every / clock:6.1f} {worker * 1000:10.1f} {writer * 1000:10.2f}"
              f" {memory} {size / 1000:10.1f}", flush=True)
        self.last = now


def timed(name: str, action: Callable[[], object]) -> None:
    """Run and print how long it took."""
    clock, own = time.perf_counter(), time.process_time()
    action()
    memory = psutil.Process().memory_info().rss // MIB
    took, used = time.perf_counter() - clock, time.process_time() - own
    print(f"{name}: {took:.1f} s, {used:.1f} s of processor, {memory} MiB", flush=True)


def compare_ends(parts: list[float]) -> float:
    """Return by what the last quarter differs from the first, as a share; the first part pays for the start."""
    parts = parts[1:]
    quarter = max(1, len(parts) // 4)
    return sum(parts[-quarter:]) / sum(parts[:quarter]) - 1


def run_extract(folder: Path) -> float:
    """Run the whole command over the folder, as a user does; return the seconds of the clock."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'datasets'}"}
    clock = time.perf_counter()
    process = psutil.Popen([sys.executable, "-m", "nlp.cli", "--data", str(folder), "extract"], env=environment)
    used = 0.0
    memory = 0
    while process.poll() is None:
        try:
            used, memory = sum(process.cpu_times()[:2]), max(memory, process.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(0.05)
    process.wait()
    took = time.perf_counter() - clock
    print(f"unionnews extract again: {took:.1f} s, {used:.1f} s of processor, {memory // MIB} MiB", flush=True)
    return took


def main() -> None:
    """Fill, read, link, and read again with nothing to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--paragraphs", type=int, default=archive.PARAGRAPHS, help="of an article, of two sentences")
    parser.add_argument("--at-once", type=int, help="read so many and leave the rest to the next run")
    options = parser.parse_args()
    if not options.folder.exists():
        timed("filling", lambda: archive.fill(options.folder, options.articles, paragraphs=options.paragraphs))
    db = open_news(options.folder)
    length = db.execute("select avg(length(body)) from articles").fetchone()[0]
    print(f"{options.articles} articles of {length:.0f} characters", flush=True)
    left = find_unread(db)
    unread = left[: options.at_once]
    if unread:
        growth = Growth(options.folder, max(1, min(options.articles // PARTS, len(unread))))
        growth.start()
        timed("reading", lambda: read_articles(db, unread, workers=options.workers, progress=growth.move))
        print(f"last quarter beside the first: {compare_ends(growth.costs):+.1%} processor time an article, "
              f"{compare_ends(growth.sizes):+.1%} bytes an article; at most {growth.memory // MIB} MiB a process")
    if len(unread) < len(left):
        return
    timed("stories", lambda: link_stories(db))
    db.conn.close()
    for _ in range(2):
        run_extract(options.folder)


if __name__ == "__main__":
    main()
