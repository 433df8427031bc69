"""Answer a search: articles lane by lane, ranked or by date, with filters, and counts of what else to filter by."""

import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from store.facets import count_facets
from store.filters import Filters
from store.lanes import LANES
from store.search import Asked, Clause, Question, ask, runs_of
from store.search_words import ask_clause, ask_in_title, ask_run, ask_words, is_held, is_long
from store.snippets import Piece, mark_hits

# Words that stand in every article are not ranked over all of them: so many are, first those that hold the words side
# by side, then in the title, then the newest; and the answer says so.
MOST = 100
# So many of them are weighed word by word; what comes after the sixth page stays in that order.
RANKED = 60
# A word in more articles than this tells no more than one in this many.
COMMON = 2000
TITLE, LEAD = 8, 3  # what a word weighs there, against one in the body
SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25
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
        ids = find_ids(conn, question, ask_words, filters, MOST + 1)
        full = len(ids) > MOST
        if full and not by_date:
            ids = likely_first(conn, question, filters, ids)
        fresh = [i for i in ids[:MOST] if i not in lanes]
        if not by_date:
            fresh = [*rank(conn, question, fresh[:RANKED]), *fresh[RANKED:]] if full else rank(conn, question, fresh)
        lanes |= dict.fromkeys(fresh, question)
        cut = cut or full
        if full:
            break
    ids = list(lanes)
    if by_date:
        ids = find_ids(conn, questions[-1], ask_words, filters, MOST, by_date=True) if cut else sort_by_date(conn, ids)
    listed = ids[offset : offset + limit]
    hits = [make_hit(row, lanes.get(row["id"]) or questions[-1]) for row in read_articles(conn, listed)]
    return Answer(asked, hits, len(ids), cut, count_facets(conn, ids) if count else {})


def likely_first(conn: sqlite3.Connection, question: Question, filters: Filters, ids: list[int]) -> list[int]:
    """Return articles that hold the words side by side, then in the title, then the newest, without repeating any."""
    for query in (ask_in_title, ask_run) if len(question.wanted) > 1 else (ask_in_title,):
        ids = list(dict.fromkeys([*find_ids(conn, question, query, filters, MOST), *ids]))
    return ids


def find_ids(
    conn: sqlite3.Connection,
    question: Question,
    query: Callable[[Question], str],
    filters: Filters,
    limit: int,
    *,
    by_date: bool = False,
) -> list[int]:
    """Return the articles a query of a question finds: the last stored first, or the last published first."""
    found = "select rowid from search_words where search_words match ?"
    condition, params = filters.condition("p" if by_date else "search_words")
    if by_date:
        # "+": through the index of dates until enough are found, not through the articles found.
        sql = f"select p.id from articles p where +p.id in ({found}){condition} order by p.published_at desc, p.id desc"
    else:
        sql = f"{found}{condition} order by rowid desc"
    cursor = conn.execute(sql, [query(question), *params])
    long = [*filter(is_long, question.wanted)], [*filter(is_long, question.unwanted)]
    if not any(long):
        return [row[0] for row in cursor.fetchmany(limit)]
    ids: list[int] = []
    while len(ids) < limit and (rows := cursor.fetchmany(limit)):
        ids += hold(conn, [row[0] for row in rows], *long)
    return ids[:limit]


def hold(conn: sqlite3.Connection, ids: list[int], wanted: list[Clause], unwanted: list[Clause]) -> list[int]:
    """Return the articles that hold wordings the index tells only the pairs of, and not those that must not stand."""
    for lane in LANES:
        clauses = [(c, c in wanted) for c in (*wanted, *unwanted) if c.lane == lane.table]
        if clauses:
            texts = {i: f" {title} | {lead} | {body} " for i, title, lead, body in read_texts(conn, lane.table, ids)}
            ids = [i for i in ids if i in texts and all(is_held(c, texts[i]) == held for c, held in clauses)]
    return ids


def read_texts(conn: sqlite3.Connection, table: str, ids: list[int]) -> list[tuple[int, str, str, str]]:
    """Return the title, lead and body of articles in the form of a lane."""
    return conn.execute(f"select rowid, title, lead, body from {table} where rowid in ({marks(ids)})", ids).fetchall()


def sort_by_date(conn: sqlite3.Connection, ids: list[int]) -> list[int]:
    """Return articles, the last published first."""
    sql = f"select id from articles where id in ({marks(ids)}) order by published_at desc nulls last, id desc"
    return [row[0] for row in conn.execute(sql, ids)]


def marks(values: Iterable[Any]) -> str:
    """Return as many question marks as there are values."""
    return ", ".join("?" for _ in values)


def rank(conn: sqlite3.Connection, question: Question, ids: list[int]) -> list[int]:
    """Return articles with the words as typed in the title, then elsewhere, then the others; each by BM25, then newest.

    FTS5's own bm25() counts every article that holds a word, at every search, and so is slow where words are common.
    """
    if not ids:
        return ids
    # A title that counts for eight is a title said eight times: one text to look through.
    rows = read_texts(conn, question.lane.table, ids)
    lengths = {number: len(body) for number, _, _, body in rows}
    titles = {number: f" {title} " for number, title, _, _ in rows}
    texts = {
        number: " ".join((f" {title} |" * TITLE, f" {lead} |" * LEAD, body, "")) for number, title, lead, body in rows
    }
    average = sum(lengths.values()) / max(1, len(lengths)) or 1
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
        said = any(words in text for words in whole)
        # Several words side by side in a title: that is the article whose title was typed.
        titled = said and len(question.wanted) > 1 and any(words in titles[number] for words in whole)
        scores[number] = (titled, said, score)
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
    sql = "select count(*) from (select 1 from search_words where search_words match ? limit ?)"
    (holding,) = conn.execute(sql, [ask_clause(clause), COMMON]).fetchone()
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
