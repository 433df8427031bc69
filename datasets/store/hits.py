"""Answer a search: articles lane by lane, ranked or by date, with filters, and counts of what else to filter by."""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from store.search import Asked, Clause, Question, ask
from store.snippets import Piece, mark_hits

# Words that stand in every article are not ranked over all of them: the newest so many are, and the answer says so.
MOST = 500
# A word in more articles than this tells no more than one in this many.
COMMON = 5000
WEIGHTS = (8.0, 3.0, 1.0)  # title, lead, body
SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25
# Which table tells that an article has findings of a kind.
FINDINGS = {"figure": "figures", "position": "positions", "grant": "grants", "event": "campaign_events"}
ENTITIES = ("person", "organization", "campaign", "award", "document", "place")
SHOWN = 12
Marks = list[Piece]


@dataclass(frozen=True)
class Filters:
    """What the articles are narrowed to; None is no limit. Days are ISO, as precise as given."""

    kind: str | None = None
    campaign: int | None = None
    organization: int | None = None
    province: str | None = None
    site: str | None = None
    since: str | None = None
    until: str | None = None

    def condition(self, table: str) -> tuple[str, list[Any]]:
        """Return the SQL every article found must fulfil, and its parameters."""
        told, params = [], []
        for column, sign, value in (
            ("site", "=", self.site),
            ("province", "=", self.province),
            ("published_at", ">=", self.since),
            # "2023-05" ends with the last moment of May.
            ("published_at", "<=", self.until and f"{self.until}~"),
        ):
            if value:
                told.append(f"a.{column} {sign} ?")
                params.append(value)
        sql = f" and exists (select 1 from articles a where a.id = {table}.rowid and {' and '.join(told)})" if told else ""
        for entity in (self.campaign, self.organization):
            if entity is not None:
                # "+": compared row by row, or SQLite would ask the index anew for every article of the entity.
                sql += f" and +{table}.rowid in (select article_id from entity_articles where entity_id = ?)"
                params.append(entity)
        if self.kind in FINDINGS:
            sql += f" and exists (select 1 from {FINDINGS[self.kind]} f where f.article_id = {table}.rowid)"
        elif self.kind in ENTITIES:
            sql += f" and exists (select 1 from mentions m where m.article_id = {table}.rowid and m.kind = ?)"
            params.append(self.kind)
        return sql, params


@dataclass(frozen=True)
class Hit:
    """One article found: its facts, the lane it was found in, and its title and a part of its text with marks."""

    article: dict[str, Any]
    lane: str
    title: Marks
    snippet: Marks


@dataclass(frozen=True)
class Answer:
    """A page of hits, how many there are in all, whether there are more than were looked at, and counts."""

    asked: Asked
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    cut: bool = False
    counts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def find_articles(
    conn: sqlite3.Connection,
    typed: str,
    filters: Filters,
    *,
    by_date: bool = False,
    offset: int = 0,
    limit: int = 20,
    count: bool = True,
) -> Answer:
    """Answer a search. What was typed with its marks comes first, then what is the same without marks."""
    asked = ask(typed)
    questions = [question for question in asked.questions if question.wanted]
    lanes: dict[int, Question] = {}
    cut = False
    for question in questions:
        ids = newest(conn, question, filters, MOST + 1)
        full = len(ids) > MOST
        fresh = [i for i in ids[:MOST] if i not in lanes]
        if not by_date:
            fresh = rank(conn, question, fresh)
        lanes |= dict.fromkeys(fresh, question)
        cut = cut or full
        if full:
            break
    ids = list(lanes)
    if by_date:
        ids = newest_published(conn, questions[-1], filters) if cut else sort_by_date(conn, ids)
    listed = ids[offset : offset + limit]
    hits = [make_hit(row, lanes.get(row["id"]) or questions[-1]) for row in read_articles(conn, listed)]
    return Answer(asked, hits, len(ids), cut, count_facets(conn, ids) if count else {})


def newest(conn: sqlite3.Connection, question: Question, filters: Filters, limit: int) -> list[int]:
    """Return the articles a question finds, the last stored first."""
    table = question.lane.table
    condition, params = filters.condition(table)
    sql = f"select rowid from {table} where {table} match ?{condition} order by rowid desc limit ?"
    return [row[0] for row in conn.execute(sql, [question.fts(), *params, limit])]


def newest_published(conn: sqlite3.Connection, question: Question, filters: Filters) -> list[int]:
    """Return the articles published last that a question finds, where there are too many to sort them all."""
    table = question.lane.table
    condition, params = filters.condition(table)
    sql = f"""
        select p.id from articles p cross join {table} on {table}.rowid = p.id
        where {table} match ?{condition} order by p.published_at desc, p.id desc limit ?
    """
    return [row[0] for row in conn.execute(sql, [question.fts(), *params, 100])]


def sort_by_date(conn: sqlite3.Connection, ids: list[int]) -> list[int]:
    """Return articles, the last published first."""
    sql = f"select id from articles where id in ({marks(ids)}) order by published_at is null, published_at desc, id desc"
    return [row[0] for row in conn.execute(sql, ids)]


def marks(values: Iterable[Any]) -> str:
    """Return as many question marks as there are values."""
    return ", ".join("?" for _ in values)


def rank(conn: sqlite3.Connection, question: Question, ids: list[int]) -> list[int]:
    """Return articles by BM25 over title, lead and body, the weightier first, then the newer.

    FTS5's own bm25() counts every article that holds a word, at every search, and so is slow where words are common.
    """
    sql = f"select rowid, title, lead, body from {question.lane.table} where rowid in ({marks(ids)})"
    texts = {row[0]: [f" {text} " for text in row[1:]] for row in conn.execute(sql, ids)}
    average = sum(len(body) for _, _, body in texts.values()) / max(1, len(texts))
    weights = [rarity(conn, question, clause) for clause in question.wanted]
    scores = {}
    for number, fields in texts.items():
        length = SATURATION * (1 - LENGTH + LENGTH * len(fields[2]) / average)
        score = 0.0
        for clause, weight in zip(question.wanted, weights, strict=True):
            often = occurrences(clause, fields)
            score += weight * often * (SATURATION + 1) / (often + length)
        scores[number] = score
    return sorted(ids, key=lambda i: (-scores.get(i, 0.0), -i))


def occurrences(clause: Clause, fields: list[str]) -> float:
    """Return how often a clause stands in an article's fields, a title counting for more than a body."""
    end = "" if clause.prefix else " "
    found = 0.0
    for alternative in clause.alternatives:
        for wording in alternative:
            looked_for = f" {' '.join(wording)}{end}"
            # Words typed one by one share one clause when they have a short form: each is a part of it.
            found += sum(w * t.count(looked_for) for w, t in zip(WEIGHTS, fields, strict=True)) / len(alternative)
    return found


def rarity(conn: sqlite3.Connection, question: Question, clause: Clause) -> float:
    """Return what a clause weighs: the rarer the more, as in BM25."""
    if len(question.wanted) == 1:
        return 1.0
    table = question.lane.table
    sql = f"select count(*) from (select 1 from {table} where {table} match ? limit {COMMON})"
    (holding,) = conn.execute(sql, [clause.fts()]).fetchone()
    (most,) = conn.execute("select coalesce(max(id), 1) from articles").fetchone()
    return math.log(1 + (max(most, holding) - holding + 0.5) / (holding + 0.5))


def read_articles(conn: sqlite3.Connection, ids: list[int]) -> Iterator[dict[str, Any]]:
    """Yield what is shown of articles, in the order of their ids."""
    columns = ("id", "url", "title", "site", "province", "author", "published_at", "body")
    sql = f"select {', '.join(columns)} from articles where id in ({marks(ids)})"
    rows = {row[0]: dict(zip(columns, row, strict=True)) for row in conn.execute(sql, ids)}
    yield from (rows[i] for i in ids if i in rows)


def make_hit(article: dict[str, Any], question: Question) -> Hit:
    """Mark an article's title and cut its snippet, line breaks shown as spaces."""
    body = article["body"].replace("\n", " ")
    facts = {name: value for name, value in article.items() if name != "body"}
    title = mark_hits(article["title"], question, whole=True)
    return Hit(facts, question.lane.table, title, mark_hits(body, question, whole=False))


def count_facets(conn: sqlite3.Connection, ids: list[int]) -> dict[str, list[dict[str, Any]]]:
    """Count the articles found by kind of finding, campaign, organisation, province, site and year."""
    among = f"({marks(ids)})"
    counts: dict[str, list[dict[str, Any]]] = {}
    for name in ("province", "site"):
        sql = f"select {name}, count(*) from articles where id in {among} and {name} <> '' group by 1 order by 2 desc, 1"
        counts[name] = [{"value": v, "label": v, "n": n} for v, n in conn.execute(f"{sql} limit {SHOWN}", ids)]
    sql = f"""
        select substr(published_at, 1, 4), count(*) from articles
        where id in {among} and published_at <> '' group by 1 order by 1 desc limit {SHOWN}
    """
    counts["year"] = [{"value": v, "label": v, "n": n} for v, n in conn.execute(sql, ids)]
    for kind in ("campaign", "organization"):
        sql = f"""
            select t.n, e.id, e.name from (
                select entity_id, count(*) as n from entity_articles where article_id in {among} and kind = ?
                group by entity_id order by n desc, entity_id limit {SHOWN}
            ) t join entities e on e.id = t.entity_id order by t.n desc, e.id
        """
        counts[kind] = [{"value": i, "label": name, "n": n} for n, i, name in conn.execute(sql, [*ids, kind])]
    sql = f"select kind, count(distinct article_id) from mentions where article_id in {among} group by kind order by 2 desc"
    kinds = conn.execute(sql, ids).fetchall()
    for kind, table in FINDINGS.items():
        sql = f"select ?, count(distinct article_id) from {table} where article_id in {among}"
        kinds += conn.execute(sql, [kind, *ids]).fetchall()
    counts["kind"] = [{"value": kind, "label": kind, "n": n} for kind, n in kinds if n]
    return counts
