"""The search index: texts in two lanes, with marks and folded, what stands in each article, and the one writer."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlite_utils import Database

from store.text import NEW_TONE, NEW_TONES, fold

TOKEN = re.compile(r"[^\W_]+")


def mark_form(text: str) -> str:
    """Return text as the first lane compares it: marks count; case, tone placement and composition do not.

    >>> mark_form("HOÀ Bình") == mark_form("Hòa bình")
    True
    """
    text = unicodedata.normalize("NFC", text).casefold()
    return NEW_TONE.sub(lambda m: NEW_TONES[m[1]], text)


@dataclass(frozen=True)
class Lane:
    """One way of comparing: its index table and the form its text has."""

    table: str
    form: Callable[[str], str]

    def tokens(self, text: str) -> list[str]:
        """Return the words of a text in this lane's form."""
        return TOKEN.findall(self.form(text))


class Folding(dict[int, str]):
    """What each character is folded to, noted the first time it is met: texts are folded at every search."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, fold(chr(code)))


FOLDING = Folding()


def fold_form(text: str) -> str:
    """Return text as the second lane compares it: fold(), character by character.

    >>> fold_form("Liên đoàn") == fold("Liên đoàn")
    True
    """
    return unicodedata.normalize("NFC", text).translate(FOLDING)


MARKED = Lane("search_marked", mark_form)
FOLDED = Lane("search", fold_form)
LANES = (MARKED, FOLDED)


def index_text(lane: Lane, text: str | None) -> str:
    """Return what the index holds of a text: its words, one space between them.

    >>> index_text(FOLDED, "Hơn 2.496 đoàn viên!")
    'hon 2 496 doan vien'
    """
    return " ".join(lane.tokens(text or ""))


# Which article holds which word, pair of words and title word, and no places: words that stand in every article but
# side by side in few are found by their pair, without a walk through all their places.
WORD, PAIR, TITLE = "w", "p", "t"
LETTERS = {MARKED.table: "m", FOLDED.table: "f"}
Rows = dict[str, list[str]]


def entries_of(table: str, texts: Iterable[str]) -> Iterator[str]:
    """Yield what search_words holds of an article in one lane; texts are those of the lane's table, the title first.

    >>> list(entries_of("search", ["tin moi", "", "ca"]))
    ['fwtin', 'fwmoi', 'fptin_moi', 'fttin', 'ftmoi', 'fwca']
    """
    letter = LETTERS[table]
    for place, text in enumerate(texts):
        words = text.split()
        yield from (f"{letter}{WORD}{word}" for word in words)
        yield from (f"{letter}{PAIR}{a}_{b}" for a, b in pairwise(words))
        if place == 0:
            yield from (f"{letter}{TITLE}{word}" for word in words)


def write_entries(rows: Rows) -> str:
    """Return an article's row of search_words; rows are its texts by lane."""
    return " ".join(dict.fromkeys(entry for table, texts in rows.items() for entry in entries_of(table, texts)))


def read_lanes(db: Database, article_id: int) -> Rows:
    """Return an article's texts as the lanes hold them."""
    sql = "select title, lead, body from {} where rowid = ?"
    found = {lane.table: db.execute(sql.format(lane.table), [article_id]).fetchone() for lane in LANES}
    return {table: list(row) for table, row in found.items() if row}


def replace_lanes(db: Database, article_id: int, title: str, lead: str | None, body: str) -> Rows:
    """Put an article's text in place in both lanes: never `insert or replace`, which leaves orphans in FTS5."""
    rows = {lane.table: [index_text(lane, text) for text in (title, lead, body)] for lane in LANES}
    for table, texts in rows.items():
        db.execute(f"delete from {table} where rowid = ?", [article_id])
        db.execute(f"insert into {table} (rowid, title, lead, body) values (?, ?, ?, ?)", [article_id, *texts])
    return rows


def replace_search(db: Database, article_id: int, title: str, lead: str | None, body: str) -> None:
    """Put an article's rows of the whole search index in place."""
    before = read_lanes(db, article_id)
    # A table without content forgets a row only when it is told what the row held.
    if before:
        sql = "insert into search_words (search_words, rowid, words) values ('delete', ?, ?)"
        db.execute(sql, [article_id, write_entries(before)])
    rows = replace_lanes(db, article_id, title, lead, body)
    db.execute("insert into search_words (rowid, words) values (?, ?)", [article_id, write_entries(rows)])


def read_entries(db: Database) -> Iterator[tuple[int, str]]:
    """Yield every article's id and its row of search_words, as the lanes have it."""
    sql = f"""
        select a.rowid, a.title, a.lead, a.body, b.title, b.lead, b.body
        from {MARKED.table} a join {FOLDED.table} b on b.rowid = a.rowid where a.rowid > ? order by a.rowid limit 500
    """
    last = -1
    # In parts: what is read may be written to.
    while rows := db.execute(sql, [last]).fetchall():
        for row, *texts in rows:
            yield row, write_entries({MARKED.table: texts[:3], FOLDED.table: texts[3:]})
        last = rows[-1][0]


def fill_search_words(db: Database) -> None:
    """Put the empty table search_words in step with the lanes."""
    for row in read_entries(db):
        db.execute("insert into search_words (rowid, words) values (?, ?)", row)


def count_entries(db: Database) -> tuple[int, int]:
    """Return how many entries search_words holds, and how many the lanes ask for."""
    db.execute("create virtual table temp.search_terms using fts5vocab(main, search_words, row)")
    try:
        (held,) = db.execute("select coalesce(sum(doc), 0) from temp.search_terms").fetchone()
    finally:
        db.execute("drop table temp.search_terms")
    return held, sum(len(entries.split()) for _, entries in read_entries(db))
