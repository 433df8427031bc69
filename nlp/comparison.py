"""What another extractor would change: it reads into a shadow copy, and the facts of both are compared."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from nlp.evaluate import below_floor, evaluate, find_absent, load_floors
from nlp.read import find_unread, read_articles
from nlp.refresh import Bar
from nlp.stories import link_stories
from store.backup import copy_database, swap_in
from store.db import open_news, read_news
from store.findings import FINDING_TABLES
from store.lock import hold_lock

Progress = Callable[[int], None]
Fact = tuple[object, ...]
# Where a row stands in its table, which rule found it and why it was linked is no part of the fact.
UNCOMPARED = {"id", "article_id", "sentence_id", "rule", "reason"}
QUOTES = 5
QUOTED = 160


@dataclass(slots=True)
class Comparison:
    """Facts gained and lost by kind, with the first few quotes of each; `failed`: articles that could not be read."""

    articles: int = 0
    failed: int = 0
    changed: int = 0
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    quotes: dict[str, list[str]] = field(default_factory=dict)
    below: list[str] = field(default_factory=list)
    swapped: bool = False

    def lines(self) -> Iterator[str]:
        """Say it to a person."""
        yield f"{self.articles} articles read by the new extractor, {self.changed} with other facts"
        if self.failed:
            yield f"{self.failed} articles could not be read"
        for kind in sorted(self.gained | self.lost):
            yield f"{kind}: {self.gained[kind]} gained, {self.lost[kind]} lost"
            yield from (f"  {quote}" for sign in "+-" for quote in self.quotes.get(sign + kind, ()))
        yield from (f"not published: {line}" for line in self.below)
        yield "news.db holds them now" if self.swapped else "news.db is as it was"


def compare_extractors(
    data: Path,
    *,
    everything: bool = False,
    where: str | None = None,
    workers: int = 1,
    gate: Callable[[Path], list[str]] | None = None,
    swap: bool = False,
    bar: Bar,
) -> Comparison:
    """Read into a shadow copy of news.db what this extractor would read, and return what would change.

    Only when `swap` is wanted and `gate` says nothing does the shadow take the place of news.db, in one transaction.
    Whatever happens before that, news.db stays as it was. Nobody else may write to it meanwhile.
    """
    before, shadow = read_news(data), data / ".shadow"
    with hold_lock(data / "refresh.lock"), hold_lock(data / "extract.lock"), hold_lock(data / "crawl.lock"):
        try:
            shadow.mkdir(exist_ok=True)
            copy_database(data / "news.db", shadow / "news.db")
            after = open_news(shadow)
            unread = find_unread(after, everything=everything, where=where)
            with bar("read", len(unread)) as move:
                summary = read_articles(after, unread, workers=workers, progress=move)
            link_stories(after)
            with bar("compare", len(unread)) as move:
                found = compare(before, after, unread, move)
            after.close()
            found.failed = summary.failed
            found.below = gate(shadow / "news.db") if gate else []
            found.swapped = swap and not found.below
            if found.swapped:
                swap_in(shadow / "news.db", data / "news.db")
        finally:
            before.close()
            shutil.rmtree(shadow, ignore_errors=True)
    return found


def floors_gate(keys: Path, floors: Path) -> Callable[[Path], list[str]]:
    """Return a function that says of a database what stands below its floor."""
    wanted = load_floors(floors, keys)

    def gate(database: Path) -> list[str]:
        absent = [f"article {name} of {keys.name} is not stored" for name in find_absent(database, keys)]
        return absent + below_floor(evaluate(database, keys), wanted)

    return gate


def compare(before: Database, after: Database, article_ids: Iterable[int], progress: Progress) -> Comparison:
    """Compare the facts of these articles."""
    found = Comparison()
    names_before, names_after = entity_names(before), entity_names(after)
    columns = {table: [c.name for c in after[table].columns if c.name not in UNCOMPARED] for table in FINDING_TABLES}
    for article_id in article_ids:
        found.articles += 1
        changed = False
        for table, compared in columns.items():
            old = Counter(find_facts(before, table, compared, article_id, names_before))
            new = Counter(find_facts(after, table, compared, article_id, names_after))
            for sign, counts, facts in (("+", found.gained, new - old), ("-", found.lost, old - new)):
                for fact in sorted(facts.elements(), key=lambda fact: [str(part) for part in fact]):
                    changed = True
                    told = dict(zip(compared, fact, strict=True))
                    kind = str(told["kind"]) if table == "mentions" else table
                    counts[kind] += 1
                    quotes = found.quotes.setdefault(sign + kind, [])
                    if len(quotes) < QUOTES:
                        quotes.append(quote(sign, after, article_id, told))
        found.changed += changed
        progress(1)
    return found


def entity_names(db: Database) -> dict[int, str]:
    """Return the names of entities by id: two databases may number the same one differently."""
    return dict(db.execute("select id, name from entities").fetchall())


def find_facts(
    db: Database, table: str, columns: list[str], article_id: int, names: dict[int, str]
) -> Iterator[Fact]:
    """Yield the facts of one article, entities by name."""
    there = {column.name for column in db[table].columns}
    # A column that this release added is empty in the rows of the one before.
    listed = ", ".join(column if column in there else "null" for column in columns)
    for row in db.execute(f"select {listed} from {table} where article_id = ?", [article_id]):
        yield tuple(names.get(value, value) if column.endswith("_id") else value
                    for column, value in zip(columns, row, strict=True))


def quote(sign: str, db: Database, article_id: int, told: dict[str, object]) -> str:
    """Return one fact in its words, with what stands around them and where."""
    start, end = int(str(told["start"])), int(str(told["end"]))
    url, body = db.execute("select url, body from articles where id = ?", [article_id]).fetchone()
    margin = max(0, (QUOTED - (end - start)) // 2)
    around = body[max(0, start - margin) : start] + "[" + body[start:end] + "]" + body[end : end + margin]
    skipped = ("start", "end", "text", "kind")
    values = ", ".join(f"{name}={value}" for name, value in told.items() if name not in skipped and value is not None)
    return f"{sign} {' '.join(around.split())}{f' ({values})' if values else ''} <{url}>"
