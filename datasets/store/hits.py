"""Answer a search: articles lane by lane, ranked or by date, with filters, and counts of what else to filter by."""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from store.filters import FINDINGS, Filters
from store.lanes import LANES
from store.reference import load_reference
from store.search import Asked, Clause, Question, ask, runs_of
from store.snippets import Piece, mark_hits

# Words that stand in every article are not ranked over all of them: so many are, first those that hold the words side
# by side, then in the title, then the newest; and the answer says so.
MOST = 100
# A word in more articles than this tells no more than one in this many.
COMMON = 2000
TITLE, LEAD = 8, 3  # what a word weighs there, against one in the body
SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25
SHOWN = 12
Marks = list[Piece]


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
        ids = newest(conn, question, question.fts(), filters, MOST + 1)
        full = len(ids) > MOST
        if full and not by_date:
            ids = likely_first(conn, question, filters, ids)
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


def likely_first(conn: sqlite3.Connection, question: Question, filters: Filters, ids: list[int]) -> list[int]:
    """Return articles that hold the words side by side, then in the title, then the newest, without repeating any."""
    for query in (question.in_title(), question.run()) if len(question.wanted) > 1 else (question.in_title(),):
        ids = list(dict.fromkeys([*newest(conn, question, query, filters, MOST), *ids]))
    return ids


def newest(conn: sqlite3.Connection, question: Question, query: str, filters: Filters, limit: int) -> list[int]:
    """Return the articles a query of a question's lane finds, the last stored first."""
    table = question.lane.table
    condition, params = narrow(question, filters)
    sql = f"select rowid from {table} where {table} match ?{condition} order by rowid desc limit ?"
    return [row[0] for row in conn.execute(sql, [query, *params, limit])]


def narrow(question: Question, filters: Filters) -> tuple[str, list[Any]]:
    """Return what every article found must fulfil beside the query of its lane: the filters, and other lanes' minus."""
    condition, params = filters.condition(question.lane.table)
    for lane in LANES:
        clauses = [clause.fts() for clause in question.unwanted if clause.lane == lane.table != question.lane.table]
        if clauses:
            there = f"select rowid from {lane.table} where {lane.table} match ?"
            condition += f" and +{question.lane.table}.rowid not in ({there})"
            params.append(" OR ".join(clauses))
    return condition, params


def newest_published(conn: sqlite3.Connection, question: Question, filters: Filters) -> list[int]:
    """Return the articles published last that a question finds, where there are too many to sort them all."""
    table = question.lane.table
    condition, params = narrow(question, filters)
    sql = f"""
        select p.id from articles p cross join {table} on {table}.rowid = p.id
        where {table} match ?{condition} order by p.published_at desc, p.id desc limit ?
    """
    return [row[0] for row in conn.execute(sql, [question.fts(), *params, 100])]


def sort_by_date(conn: sqlite3.Connection, ids: list[int]) -> list[int]:
    """Return articles, the last published first."""
    sql = f"select id from articles where id in ({marks(ids)}) order by published_at desc nulls last, id desc"
    return [row[0] for row in conn.execute(sql, ids)]


def marks(values: Iterable[Any]) -> str:
    """Return as many question marks as there are values."""
    return ", ".join("?" for _ in values)


def rank(conn: sqlite3.Connection, question: Question, ids: list[int]) -> list[int]:
    """Return articles that hold the words as typed, then the others, by BM25 over title, lead and body, then the newer.

    FTS5's own bm25() counts every article that holds a word, at every search, and so is slow where words are common.
    """
    sql = f"select rowid, title, lead, body from {question.lane.table} where rowid in ({marks(ids)})"
    # A title that counts for eight is a title said eight times: one text to look through.
    rows = conn.execute(sql, ids).fetchall()
    lengths = {number: len(body) for number, _, _, body in rows}
    texts = {
        number: " ".join((f" {title} |" * TITLE, f" {lead} |" * LEAD, body, "")) for number, title, lead, body in rows
    }
    average = sum(lengths.values()) / max(1, len(lengths))
    weights = [rarity(conn, question, clause) for clause in question.wanted]
    # Words that stand side by side as they were typed say more than the same words apart; all of them, most.
    pairs = [(padded(pair), sum(two)) for pair, two in zip(pairwise(question.wanted), pairwise(weights), strict=True)]
    whole = padded(question.wanted)
    scores = {}
    for number, text in texts.items():
        length = SATURATION * (1 - LENGTH + LENGTH * lengths[number] / average)
        score = 0.0
        for clause, weight in zip(question.wanted, weights, strict=True):
            often = occurrences(clause, text)
            score += weight * often * (SATURATION + 1) / (often + length)
        for run, weight in pairs:
            often = sum(map(text.count, run))
            score += weight * often * (SATURATION + 1) / (often + length)
        scores[number] = (any(words in text for words in whole), score)
    return sorted(ids, key=lambda i: (*scores[i], i), reverse=True)


def occurrences(clause: Clause, text: str) -> float:
    """Return how often a clause stands in a text; of words typed apart that share a clause, each is a part of it."""
    end = "" if clause.prefix else " "
    return sum(
        text.count(f" {' '.join(wording)}{end}") / len(alternative)
        for alternative in clause.alternatives
        for wording in alternative
    )


def padded(clauses: tuple[Clause, ...]) -> list[str]:
    """Return the runs of clauses as they stand in an index text, whole words."""
    end = "" if clauses[-1].prefix else " "
    return [f" {words}{end}" for words in runs_of(clauses)]


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
    sql = f"select site, count(*) from articles where id in {among} group by 1 order by 2 desc, 1 limit {SHOWN}"
    counts["site"] = [{"value": v, "label": v, "n": n} for v, n in conn.execute(sql, ids)]
    # The province an article speaks for, or names.
    sql = f"""
        select code, count(distinct id) from (
            select province as code, id from articles where id in {among} and province <> ''
            union all select e.code, x.article_id from entity_articles x join entities e on e.id = x.entity_id
            where x.article_id in {among} and x.kind = 'place' and e.parent_id is null and e.code <> ''
        ) group by 1 order by 2 desc, 1 limit {SHOWN}
    """
    names = {entry.code: entry.name for entry in load_reference("provinces")}
    found = conn.execute(sql, [*ids, *ids])
    counts["province"] = [{"value": v, "label": names.get(v, v), "n": n} for v, n in found]
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
    sql = f"""
        select kind, count(distinct article_id) as n from mentions
        where article_id in {among} group by kind order by n desc, kind
    """
    kinds = conn.execute(sql, ids).fetchall()
    for kind, table in FINDINGS.items():
        sql = f"select ?, count(distinct article_id) from {table} where article_id in {among}"
        kinds += conn.execute(sql, [kind, *ids]).fetchall()
    counts["kind"] = [{"value": kind, "label": kind, "n": n} for kind, n in kinds if n]
    return counts
