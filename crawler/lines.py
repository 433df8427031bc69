"""A page as lines: what each line is, judged by its own words and shape."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from crawler.bylines import Byline, is_label, read_byline, split_signature
from crawler.furniture import find_furniture, is_caption
from crawler.page_dates import Stamp, find_stamps, is_stamp_label, strip_stamps
from store.text import fold, normalize

SENTENCE_END = re.compile(r"(?:[.…:;]|\.\s?[”\"’»)]|/\.?-?|[!?][”\"’»)]?|[.…/]\s?\([^()]{2,60}\)\.?)$")
LIST_ITEM = re.compile(r"^(?:[-–—+*•▪●]\s*\S|\(?\d{1,3}[.)/]\s*\S|[a-zđ][.)]\s+\S)")
# "... trao quà. Ảnh: Minh Anh", "(Ảnh: Minh Anh)": a sentence under a picture.
CREDIT = re.compile(r"\(?\b(?:nguồn )?ảnh\s*:[^.]{2,50}\)?\.?$", re.I)
LONGEST_CREDITED = 60
# Cells and pictures of a text made from tables or Markdown.
BARS = re.compile(r"!\[[^\]\n]{0,100}\]\([^)\n]{0,200}\)|^[\s|]+|[\s|]+$")
# Between a headline and its date stand only these.
SMALL = ("marks", "views", "share", "tools", "byline", "rate")
PARTINGS = re.compile(r"[|•·]|\s[-–]\s")
# "Từ 1/5/2020 đến nay" speaks of a time; it does not date the page.
PERIOD_WORD = re.compile(r"(?:từ|đến|tính|trong|năm|tháng|ngày|sau|trước)\b", re.I)
LEAST_PROSE = 9
LONGEST_NAME = 6
# A headline of 45 words has not been seen; a paragraph without its full stop has.
LONGEST_TITLE = 45
# Headlines set in capitals run longer.
LONGEST_CAPITALS = 70
# A paragraph that ends in a question or a cry; shorter ones are headlines as well.
LOUD_PROSE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `kind` is prose, text, date, byline, or a kind of furniture; `ends` where the article cannot go on."""

    text: str
    kind: str
    ends: bool = False
    stamps: tuple[Stamp, ...] = ()
    rest: str = ""
    byline: Byline | None = None
    role: str = ""

    @property
    def words(self) -> int:
        """How many words the line has."""
        return len(self.text.split())

    @property
    def content(self) -> bool:
        """Whether the line may belong to an article."""
        return self.kind in ("prose", "text")


def read_lines(text: str, latest: datetime | None = None) -> list[Line]:
    """Return the lines of a text, each with its kind; empty ones are left out."""
    return classify_all(join_labels([(BARS.sub("", line), "") for line in normalize(text).split("\n")]), latest)


def join_labels(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (text, role) lines, each label that stands alone in one line with the name or date in the next."""
    joined: list[tuple[str, str]] = []
    for text, role in parts:
        if joined and is_open(joined[-1][0]) and 0 < len(text.split()) <= LONGEST_NAME:
            joined[-1] = (f"{joined[-1][0].strip()} {text.strip()}", role)
        else:
            joined.append((text, role))
    return joined


def is_open(text: str) -> bool:
    """Whether a line is a label whose name or date stands in the next line."""
    return is_label(text) or is_stamp_label(text)


def classify_all(parts: Iterable[tuple[str, str]], latest: datetime | None = None) -> list[Line]:
    """Return a classified line for every (text, role) that holds anything."""
    return [classify(text, role, latest) for text, role in parts if text.strip()]


def classify(text: str, role: str = "", latest: datetime | None = None) -> Line:
    """Return one line with its kind. `role` is what markup says of it: heading, caption, item, or nothing."""
    text = text.strip()
    if role == "caption" and find_furniture(text) is None:
        return Line(text, "text", role=role)
    furniture = find_furniture(text)
    if furniture is not None:
        kind, ends = furniture
        return Line(text, kind, ends=ends, role=role)
    stamps = tuple(find_stamps(text, latest)) if len(text) < 160 else ()
    if stamps:
        rest = strip_stamps(text, list(stamps))
        if is_date_rest(rest):
            return Line(text, "date", stamps=stamps, rest=rest, byline=read_byline(rest) if rest else None, role=role)
    byline = read_byline(text)
    if byline is not None:
        return Line(text, "byline", byline=byline, role=role)
    if role == "pictured":
        return Line(text, "text", role="caption")
    # "... vững mạnh./. Minh Anh" is a paragraph with a name behind it.
    told = split_signature(text)[0] if "/. " in text else text
    return Line(text, "prose" if is_prose(told) else "text", role=role)


def is_date_rest(rest: str) -> bool:
    """Whether what stands beside a date is small enough for the line to be a date line."""
    return all(is_beside_date(part.strip()) for part in (rest, *PARTINGS.split(rest))[bool(PARTINGS.search(rest)) :])


def is_beside_date(part: str) -> bool:
    """Whether a part of a date line is a counter, a name, a section: anything but a sentence or a headline."""
    if len(part) <= 4 or find_furniture(part) is not None or read_byline(part) is not None:
        return True
    return len(part.split()) <= 5 and not SENTENCE_END.search(part) and not PERIOD_WORD.match(part)


def is_prose(text: str) -> bool:
    """Whether a line has the shape of a paragraph rather than of a headline, a menu entry or a caption."""
    count = len(text.split())
    if text.isupper() and count <= LONGEST_CAPITALS:
        return False
    if count < LONGEST_CREDITED and CREDIT.search(text):
        return False
    if count > LONGEST_TITLE:
        return True
    end = SENTENCE_END.search(text)
    if end is None or count < LEAST_PROSE:
        return False
    if end[0] == ":" and is_caption(text):
        # "Một số hình ảnh tại Hội nghị:" stands over pictures, not over a list.
        return False
    return end[0][0] not in "!?" or count >= LOUD_PROSE


def is_item(text: str) -> bool:
    """Whether a line is an item of a list."""
    return LIST_ITEM.match(text) is not None


def syllables(text: str) -> list[str]:
    """Return the folded words of a text, for comparing one line with others."""
    return re.findall(r"[a-z0-9]+", fold(text))


def overlap(text: str, pairs: set[tuple[str, str]]) -> float:
    """Return the share of a line's word pairs that are among `pairs`."""
    own = word_pairs(text)
    return len(own & pairs) / len(own) if own else 0.0


def word_pairs(text: str) -> set[tuple[str, str]]:
    """Return the pairs of neighbouring words in a text."""
    found = syllables(text)
    return set(pairwise(found))
