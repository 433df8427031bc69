"""The unit of a number that has none behind it: a noun before it, beyond a share, in its list, or money understood."""

import re
from collections.abc import Collection, Sequence

from nlp.bounds import read_bound
from nlp.layers import Word
from nlp.numbers import Number
from nlp.units import Unit, read_noun
from nlp.vocabulary import words_pattern

MONEY_WORDS = re.compile(rf"(?:{words_pattern('money', 'spoken_of')})\b", re.IGNORECASE)
# "số nghiệp đoàn mới là 41", "nâng tổng số đoàn viên lên 12.345", "số lượt người … là 26,2 triệu".
NOUN_FIRST = re.compile(rf"(?:{words_pattern('nouns_first', 'copulas')}|:) ?$")
NUMBER_OF = re.compile(r"(?<!\w)(?:tổng |con )?số(?: lượng)? (?=[^\W\d])", re.IGNORECASE)
CLAUSE = re.compile(r"[.;\n](?=\s|$)|, (?:trong đó|đạt|bằng)\b")
SHARE = re.compile(r" \((?:chiếm |đạt |tỷ lệ )?\d+(?:[.,]\d+)? ?%\)")
# "giảm từ 52 xuống 30 tiêu chí", "600 trong tổng số 1.900 công nhân": one noun behind both.
SHARED = re.compile(
    r" (?:lên|xuống|xuống còn|còn|thành|trong|trên)(?: (?:đến|tới|tổng số|số))?(?: (?:hơn|gần|trên|khoảng))? "
)
OWNED = re.compile(r" (?:của|ở|tại) ")
LISTED = re.compile(r"[^.;\n\d]{1,80}?")
AFTER_NAME = re.compile(r"[,;.)\n]|$| và ")
LONGEST_CLAUSE = 140
LONGEST_LIST = 90
# Below this a number behind a name is part of it: "Sông Đà 9", "Xí nghiệp 12".
SMALLEST_LISTED = 20


def noun_beyond(text: str, number: Number, words: Sequence[Word]) -> Unit | None:
    """Return the noun of "8/12 (66,7%) đơn vị", which stands behind the share."""
    share = SHARE.match(text, number.end)
    noun = read_noun(text, share.end(), words) if share else None
    if noun is None or not noun.known:
        return None
    return Unit(noun.name, "count", number.end, noun.counted_end, noun.start)


def noun_before(text: str, number: Number) -> Unit | None:
    """Return the noun of "số nghiệp đoàn mới là 41"."""
    start = read_bound(text, number.start, number.end).start
    clause_start = max(0, start - LONGEST_CLAUSE)
    for boundary in CLAUSE.finditer(text, clause_start, start):
        clause_start = boundary.end()
    if not NOUN_FIRST.search(text, clause_start, start):
        return None
    for match in reversed(list(NUMBER_OF.finditer(text, clause_start, start))):
        noun = read_noun(text, match.end())
        if noun is not None and noun.known and noun.end < start:
            return Unit(noun.name, "count", number.end, noun.counted_end, noun.start)
    return None


def money_meant(text: str, number: Number) -> Unit | None:
    """Return money for "trị giá 500 triệu", "150 tỷ": a scaled number without a noun, where money is spoken of."""
    if not number.scaled or (number.value < 100_000 and text[number.end - 1].lower() != "k"):
        return None
    spoken_of = MONEY_WORDS.search(text, max(0, number.start - 80), number.start)
    if number.value < 10**9 and not spoken_of:
        return None
    return Unit("đồng", "money", number.end, number.end, number.end)


def noun_listed(text: str, number: Number, last: tuple[int, int, Unit], name_ends: Collection[int]) -> Unit | None:
    """Return the noun a list leaves out after its first item: "Phú Thọ (74 sáng kiến), Nghệ An (39)".

    >>> unit = Unit("sáng kiến", "count", 13, 13, 4)
    >>> noun_listed("A: 23 sáng kiến của Chợ Rẫy, 19 của Huế", Number(29, 31, 19), (3, 15, unit), ()).name
    'sáng kiến'
    """
    start, end, unit = last
    if unit.kind != "count" or number.start - end > LONGEST_LIST:
        return None
    between = text[end : number.start]
    elided = Unit(unit.name, "count", number.end, number.end, number.end)
    bracketed = text[number.start - 1 : number.start] == "(" and text.startswith(")", number.end)
    was_bracketed = text[start - 1 : start] == "(" or between.startswith(")")
    named = re.fullmatch(r"(?:,|;| và) [A-ZĐ][^.;:()\n\d]{1,40} ?\(?", between) is not None
    if (bracketed and was_bracketed and "\n" not in between) or (
        named and text[number.end : number.end + 1] in (",", ")", ";", ".") and was_bracketed
    ):
        return elided
    if LISTED.fullmatch(between) is None or ("," not in between and " và " not in between):
        return None
    owned = OWNED.match(between)
    if owned and text.startswith(owned[0], number.end):
        return elided  # "23 sáng kiến của A, 19 của B"
    if number.value >= SMALLEST_LISTED and number.start - 1 in name_ends and AFTER_NAME.match(text, number.end):
        return elided  # "Công ty A có 18.400 công nhân, Công ty B 6.250"
    return None
