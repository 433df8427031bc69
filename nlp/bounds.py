"""Whether a number is exact, a bound or a guess: the words around it and how far they reach."""

import re
from dataclasses import dataclass

from nlp.vocabulary import alternation, entries, words_pattern

QUALIFIERS = {word: name for name in ("over", "under", "about") for word in entries("figures", "bounds", name)}
# The space may be missing: "Hơn100 đoàn viên".
BEFORE = re.compile(rf"(?<!\w)({alternation(list(QUALIFIERS))}) ?(?:tổng số |đến |tới |là |từ )?$", re.IGNORECASE)
# "cao hơn 3 triệu đồng", "nhiều hơn 20 người": by so much, exactly.
COMPARED = re.compile(r"(?:cao|thấp|nhiều|lớn|nhỏ|tốt|sớm|muộn|dài|nhanh|đông|tăng|giảm) $", re.IGNORECASE)
# "đạt và vượt 19 chỉ tiêu", "vượt 12% kế hoạch": the verb; the number says how many or by how much.
TARGETS = re.compile(rf"(?:{words_pattern('bounds', 'targets')})\b")
EXCEEDED = re.compile(r"(?:và|hoàn thành|đạt|,) $", re.IGNORECASE)
UPWARDS = re.compile(r"[^.;:,\n\d]{0,60}? trở lên\b|\+(?!\w)")
DOWNWARDS = re.compile(r"[^.;:,\n\d]{0,60}? trở xuống\b")
AFTER = re.compile(r" (?:lẻ|có lẻ|có dư)\b")
GROUNDS = re.compile(rf" (?:{words_pattern('bounds', 'grounds')})\b")
PLACED = re.compile(rf"(?:{words_pattern('bounds', 'placed')}) $")
REACH = 26


@dataclass(frozen=True, slots=True)
class Bound:
    """A qualifier, where its words begin, and whether it is "hơn" and the like rather than a trailing "trở lên"."""

    qualifier: str
    start: int


def read_bound(text: str, start: int, end: int, *, share: bool = False) -> Bound:
    """Return the qualifier of the number at [start, end).

    >>> read_bound("hơn 100 đồng chí", 4, 7).qualifier, read_bound("từ 15 lao động trở lên", 3, 5).qualifier
    ('over', 'over')
    """
    if UPWARDS.match(text, end):
        return Bound("over", start)
    if DOWNWARDS.match(text, end):
        return Bound("under", start)
    match = BEFORE.search(text, max(0, start - REACH), start)
    if match is None:
        return Bound("over" if AFTER.match(text, end) else "exact", start)
    word = match[1].lower()
    earlier = text[max(0, match.start() - 12) : match.start()]
    if word == "hơn" and COMPARED.search(earlier):
        return Bound("exact", start)
    if word == "vượt" and (share or EXCEEDED.search(earlier) or TARGETS.match(text[end : end + REACH].lstrip(" "))):
        return Bound("exact", start)
    if word in ("trên", "dưới", "ngoài", "quá", "độ", "cỡ", "tầm") and _is_place(text, earlier, end):
        return Bound("exact", start)
    return Bound(QUALIFIERS[word], match.start())


def _is_place(text: str, earlier: str, end: int) -> bool:
    """Whether "trên" is "on": "trên 3 lĩnh vực", "diễn ra trên 63 tỉnh, thành"."""
    return GROUNDS.match(text, end) is not None or PLACED.search(earlier) is not None
