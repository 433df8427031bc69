"""A batch of articles and what became of each: all that goes to a worker, and all that comes back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlite_utils import Database

from store.records import Reading

# Id, title, body, day of publication, province.
Item: TypeAlias = tuple[int, str, str, str | None, str | None]
LONGEST_FAILURE = 500


class ReadError(ValueError):
    """The articles asked for cannot be read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: a reading, or the reason why there is none."""

    article_id: int
    province: str | None
    reading: Reading | None
    failure: str | None = None


def find_batches(db: Database, ids: Sequence[int], size: int) -> Iterator[list[Item]]:
    """Yield batches of articles, read from the database only as they are asked for."""
    for at in range(0, len(ids), size):
        some = ids[at : at + size]
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
        return fail(item, f"{type(error).__name__}: {error}")


def fail(item: Item, reason: str) -> Outcome:
    """Return that an article could not be read, and why."""
    return Outcome(item[0], item[4], None, reason[:LONGEST_FAILURE])
