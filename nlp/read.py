"""Articles -> findings: what is unread is read in batches, here, in processes or on a Dask cluster; one writer."""

import multiprocessing
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlite_utils import Database

from nlp.version import extractor_version
from store.entities import count_entities, load_entities
from store.findings import FINDING_TABLES, replace_findings, save_failure
from store.records import Reading

# Enough to outweigh the hand-over to a process, few enough that a killed worker loses little.
BATCH = 16
# Batches handed out ahead of the writer, per worker: memory stays flat however large the archive.
AHEAD = 3

Progress = Callable[[int], None]
Item = tuple[int, str, str, str | None, str | None]


class ReadError(ValueError):
    """The articles asked for cannot be read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: a reading, or the reason why there is none."""

    article_id: int
    province: str | None
    reading: Reading | None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """What a run read."""

    articles: int = 0
    findings: int = 0
    failed: int = 0


def find_unread(db: Database, *, everything: bool = False, where: str | None = None) -> list[int]:
    """Return the ids of the articles to read, in order.

    Raises ReadError when `where` is no condition over the columns of articles.
    """
    conditions = ["1" if everything else "extractor is not :version", f"({where})" if where else "1"]
    sql = f"select id from articles where {' and '.join(conditions)} order by id"
    try:
        return [row[0] for row in db.conn.execute(sql, {"version": extractor_version()})]
    except sqlite3.Error as error:
        raise ReadError(f"--where {where!r}: {error}; write a condition such as \"site = 'laodong'\"") from None


def read_articles(
    db: Database,
    ids: list[int],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> ReadSummary:
    """Read these articles and write their findings, in the order given; then count the entities.

    The order does not depend on the number of workers, so neither do the rows. When `is_over`, the rest stays unread.
    """
    load_entities(db)
    articles = findings = failed = 0
    with reader_of(workers, scheduler) as read:
        for outcome in read(find_batches(db, ids)):
            found = save_outcome(db, outcome)
            articles += 1
            findings += found or 0
            failed += found is None
            if progress:
                progress(1)
            if is_over():
                break
    count_entities(db)
    return ReadSummary(articles, findings, failed)


def find_batches(db: Database, ids: list[int]) -> Iterator[list[Item]]:
    """Yield batches of articles, read from the database only as they are asked for."""
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        marks = ", ".join("?" * len(some))
        sql = f"select id, title, body, published_at, province from articles where id in ({marks}) order by id"
        yield [(i, title, body, published, province) for i, title, body, published, province in db.execute(sql, some)]


def read_batch(batch: list[Item]) -> list[Outcome]:
    """Read a batch; an article that cannot be read costs itself alone."""
    return [read_item(item) for item in batch]


def read_item(item: Item) -> Outcome:
    """Read one article."""
    from nlp.frame import find_province
    from nlp.language import read_text
    from nlp.layers import Context

    article_id, title, body, published, province = item
    try:
        province = province or find_province(title, body)
        return Outcome(article_id, province, read_text(body, Context(title, published, province)))
    except Exception as error:
        # Whatever it is: the row says so, `unionnews extract` counts it, and the other articles go on.
        return Outcome(article_id, province, None, f"{type(error).__name__}: {error}"[:500])


def save_outcome(db: Database, outcome: Outcome) -> int | None:
    """Resolve and write one article in one transaction; return its number of findings, or None if it failed."""
    from nlp.resolve import Resolver

    version = extractor_version()
    if outcome.reading is None:
        save_failure(db, outcome.article_id, version, outcome.failure or "unreadable")
        return None
    with db.atomic():
        links = Resolver(db, outcome.article_id, outcome.province).resolve(outcome.reading)
        replace_findings(db, outcome.article_id, outcome.reading, links, version)
    return len(outcome.reading.findings)


Read = Callable[[Iterable[list[Item]]], Iterator[Outcome]]


@contextmanager
def reader_of(workers: int, scheduler: str | None) -> Iterator[Read]:
    """Give a function that reads batches in order: in this process, in several, or on a cluster."""
    if scheduler:
        from nlp.cluster import connect

        with connect(scheduler) as client:
            workers = len(client.scheduler_info()["workers"])
            yield lambda batches: in_order(lambda b: client.submit(read_batch, b, pure=False), batches, AHEAD * workers)
    elif workers > 1:
        # spawn: a fork would copy the writer's open database.
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            yield lambda batches: in_order(lambda batch: pool.submit(read_batch, batch), batches, AHEAD * workers)
    else:
        yield lambda batches: (outcome for batch in batches for outcome in read_batch(batch))


def in_order(
    submit: Callable[[list[Item]], Future[list[Outcome]]], batches: Iterable[list[Item]], ahead: int
) -> Iterator[Outcome]:
    """Yield outcomes in the order of the batches, with at most `ahead` batches under way."""
    waiting: deque[Any] = deque()
    rest = iter(batches)
    waiting.extend(submit(batch) for batch in islice(rest, ahead))
    while waiting:
        yield from waiting.popleft().result()
        waiting.extend(submit(batch) for batch in islice(rest, 1))


def count_findings(db: Database) -> dict[str, int]:
    """Return the number of rows by kind: mentions by their own kind, then each finding table."""
    counts = dict(db.execute("select kind, count(*) from mentions group by kind order by kind").fetchall())
    for table in FINDING_TABLES:
        if table != "mentions":
            counts[table] = db.execute(f"select count(*) from {table}").fetchone()[0]
    return counts
