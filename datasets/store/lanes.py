"""The search index in its two lanes, with marks and folded, and the one writer of its rows."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

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


def replace_search(db: Database, article_id: int, title: str, lead: str | None, body: str) -> None:
    """Put an article's search rows in place: never `insert or replace`, which leaves orphans in FTS5."""
    for lane in LANES:
        db.execute(f"delete from {lane.table} where rowid = ?", [article_id])
        db.execute(
            f"insert into {lane.table} (rowid, title, lead, body) values (?, ?, ?, ?)",
            [article_id, *(index_text(lane, text) for text in (title, lead, body))],
        )
