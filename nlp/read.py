"""Articles -> findings: what is unread is read in batches, by whoever reads; one writer."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.batches import Outcome, ReadError, find_batches
from nlp.version import extractor_version
from nlp.workers import gather
from store.entities import count_entities, load_entities
from store.findings import FINDING_TABLES, replace_findings, save_failure

__all__ = ["ReadError", "ReadSummary", "count_findings", "find_unread", "read_articles"]

Progress = Callable[[int], None]


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
    # +id: sorted afterwards, so that an index answers, and no article is looked at when all are read.
    sql = f"select id from articles where {' and '.join(conditions)} order by +id"
    try:
        return [row[0] for row in db.conn.execute(sql, {"version": extractor_version()})]
    except sqlite3.Error as error:
        reason = str(error).rstrip(".")
        raise ReadError(f"--where {where!r}: {reason}; write a condition such as \"site = 'laodong'\"") from None


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
    with gather(workers, scheduler) as crew:
        for outcome in crew.read(find_batches(db, ids, crew.size(len(ids)))):
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


def count_findings(db: Database) -> dict[str, int]:
    """Return the number of rows by kind: mentions by their own kind, then each finding table."""
    counts = dict(db.execute("select kind, count(*) from mentions group by kind order by kind").fetchall())
    for table in FINDING_TABLES:
        if table != "mentions":
            counts[table] = db.execute(f"select count(*) from {table}").fetchone()[0]
    return counts
