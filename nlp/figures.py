"""Quantities with their nouns and bounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from nlp.attachment import Attachment
from nlp.bounds import read_bound
from nlp.elided import SHARED, money_meant, noun_before, noun_beyond, noun_listed
from nlp.exclusions import is_excluded
from nlp.layers import Word, all_findings, quotes, words
from nlp.numbers import Number, find_numbers
from nlp.rates import read_rate
from nlp.slogans import find_slogans
from nlp.spans import Spans
from nlp.units import Unit, noun_at, read_measure, read_noun, read_sign
from nlp.vocabulary import words_pattern
from store.records import Figure

# Between the two ends of a range: "1-3 triệu", "từ 500.000 đồng đến 1 triệu đồng", "13 đến trên 500 tỷ đồng".
# "50.000đ-100.000đ", "3kg-6kg", "VND1000-VND2000": the unit on both sides.
RANGE = re.compile(
    r"\s?[-–—]\s?|(?P<glued>[^\W\d]{1,3}[23²³]?|[$€₫%])?\s?[-–—]\s?(?:US|VN)?(?:[$€₫]|USD|VNĐ|VND|EUR)?|"
    r"(?P<unit>[%đk]| [^.;:,()\n\d]{1,30}?)?,? (?:đến|tới)(?: (?:trên|hơn|gần|dưới|khoảng))? "
)
BETWEEN = re.compile(r"giữa $")
AND = re.compile(r"(?: (?:đồng|triệu))? và ")
# "500.000/suất": so much money for each of these.
RATE = re.compile(rf" ?/ ?(?:1 )?(?:{words_pattern('money', 'each')})\b")
# "trong năm", "ba em Nam": not five, not three.
FIVE_AFTER = re.compile(rf"(?:{words_pattern('nouns_first', 'five_after')}|,|\n|[.:;]) $|^$", re.IGNORECASE)
NOT_FIVE = {"bản", "điểm", "việc", "khối", "phần", "đoàn", "hội"}
FATHER = {"em", "con", "cháu", "anh", "chị", "bà", "ông", "nữ", "nam"}
ARTICLE_LIST = re.compile(r"(?:,| và| cùng) (?:hơn |gần |trên )?$")
# "2/3 số lao động" is a share; "8/10 huyện" are eight of ten.
SMALLEST_WHOLE = 5


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number with its unit, before it is attached to anything."""

    number: Number
    start: int
    end: int
    value: int | float
    high: int | float | None
    qualifier: str
    unit: Unit
    bound_start: int


def find_figures(doc: Doc) -> Iterator[Figure]:
    """Yield the figures of a document: counts, money, shares, areas, lengths, weights."""
    text = doc.text  # spaCy puts it together anew each time it is asked
    quantities = list(_find_quantities(doc, text))
    attachment = Attachment(doc, [(q.start, q.end, q.unit) for q in quantities])
    for index, quantity in enumerate(quantities):
        period_start, period_end = attachment.period(index)
        yield Figure(
            start=quantity.start,
            end=quantity.end,
            text=text[quantity.start : quantity.end],
            rule=quantity.unit.kind if quantity.unit.end > quantity.start else "elided noun",
            value=quantity.value,
            value_high=quantity.high,
            qualifier=quantity.qualifier,
            unit=quantity.unit.name,
            unit_kind=quantity.unit.kind,
            counted=attachment.counted(index),
            predicate=attachment.predicate(index),
            subject=attachment.subject(index),
            campaign=attachment.campaign(index),
            place=attachment.place(index),
            period_start=period_start,
            period_end=period_end,
            cumulative=attachment.cumulative(index),
            per=read_rate(text, quantity.start, quantity.end) if quantity.unit.kind == "money" else None,
        )


def _find_quantities(doc: Doc, text: str) -> Iterator[_Quantity]:
    whole = [(f.start, f.end) for f in all_findings(doc, ["dates", "documents", "campaigns"])]
    # "63 công đoàn …": a name may begin after a number, never with one.
    inside = [(f.start + 1, f.end) for f in all_findings(doc, ["organizations", "awards", "places"])]
    blocked = Spans(whole + inside + find_slogans(text, quotes(doc)))
    numbers = [n for n in find_numbers(text) if not blocked.touch(n.start, n.end)]
    name_ends = frozenset(f.end for f in all_findings(doc, ["organizations", "places"]))
    reader = _Reader(text, words(doc), numbers, name_ends)
    index = 0
    while index < len(numbers):
        quantity, index = reader.read(index)
        if quantity is not None:
            reader.found.append(quantity)
            yield quantity


class _Reader:
    """Reads the numbers of one document in order, remembering what was counted last."""

    def __init__(self, text: str, found_words: list[Word], numbers: list[Number], name_ends: frozenset[int]) -> None:
        self.text = text
        self.words = found_words
        self.numbers = numbers
        self.by_start = {n.start: n for n in numbers}
        self.name_ends = name_ends
        self.found: list[_Quantity] = []

    def read(self, index: int) -> tuple[_Quantity | None, int]:
        """Return the quantity whose number stands at an index, and the index to go on from."""
        number = self.numbers[index]
        if is_excluded(self.text, number):
            return None, index + 1
        if index + 1 < len(self.numbers):
            quantity = self._range(number, self.numbers[index + 1])
            if quantity is not None:
                return quantity, index + 2
        unit = self._unit(number)
        if unit is None or not self._is_meant(index, number, unit):
            return None, index + 1
        return self._quantity(number, unit), index + 1

    def _quantity(self, number: Number, unit: Unit) -> _Quantity:
        value = _value(number, unit)
        start = min(number.start, unit.start) if unit.kind == "money" else number.start
        bound = read_bound(self.text, start, number.end, share=unit.kind == "share" and value < 100)
        return _Quantity(number, start, max(number.end, unit.end), value, None, bound.qualifier, unit, bound.start)

    def _range(self, low: Number, high: Number) -> _Quantity | None:
        """Return the quantity between two numbers: "1-3 triệu đồng", "từ 30 đến 50 suất quà"."""
        gap = self.text[low.end : high.start]
        match = RANGE.fullmatch(gap)
        if match is None and not (AND.fullmatch(gap) and BETWEEN.search(self.text, max(0, low.start - 5), low.start)):
            return None
        if is_excluded(self.text, high) or low.of or high.of:
            return None
        unit = self._unit(high)
        if unit is None or (unit.end <= high.end and unit.kind != "money"):
            return None
        sign = read_sign(self.text, low.start)
        own = self._unit(low) if match is not None and (match["unit"] or match["glued"]) else None
        if own is not None and own.name != unit.name:
            return None
        first, last = _value(low, unit), _value(high, unit)
        if own is None and high.scaled and not low.scaled and first < last:
            # "1-3 triệu": the scale stands once; "500.000 đến 1 triệu" has none to share.
            scale = _scale(self.text, high)
            first = first * scale if first * scale < last else first
        if first >= last:
            return None
        start = sign.start if sign else low.start
        return _Quantity(low, start, max(unit.end, high.end), first, last, "range", unit, start)

    def _unit(self, number: Number) -> Unit | None:
        """Return the unit of a number: a measure, money, a noun after it, a noun before it, the noun of the list."""
        text = self.text
        measure = read_measure(text, number.end)
        if number.of is not None and number.of <= SMALLEST_WHOLE and number.value < number.of:
            # "2/3 số lao động" is a share, "1/2 kg" half a kilogram.
            share = Unit("%", "share", number.end, number.end, number.end)
            return measure if measure is not None and measure.kind not in ("money", "share") else share
        if measure is not None:
            return measure
        if sign := read_sign(text, number.start):
            return sign
        if RATE.match(text, number.end) and (number.value >= 1000 or number.scaled):
            return Unit("đồng", "money", number.end, number.end, number.end)
        noun = read_noun(text, number.end, self.words)
        if noun is not None and (noun.known or not _follows_name(text, number)):
            return noun
        last = self.found[-1] if self.found else None
        return (
            noun_beyond(text, number, self.words)
            or noun_before(text, number)
            or self._shared(number)
            or money_meant(text, number)
            or (noun_listed(text, number, (last.start, last.end, last.unit), self.name_ends) if last else None)
        )

    def _shared(self, number: Number) -> Unit | None:
        """Return the noun that stands once, behind the next number: "giảm từ 52 xuống 30 tiêu chí"."""
        gap = SHARED.match(self.text, number.end)
        following = self.by_start.get(gap.end()) if gap else None
        if following is None or is_excluded(self.text, following):
            return None
        unit = read_measure(self.text, following.end) or read_noun(self.text, following.end, self.words)
        return replace(unit, end=number.end) if unit is not None and unit.known else None

    def _is_meant(self, index: int, number: Number, unit: Unit) -> bool:
        """Whether a number word is a number here: "hai tập thể", not "một đoàn viên", "năm học"."""
        if not number.words:
            return True
        word = self.text[number.start : number.end].lower()
        before = self.text[max(0, number.start - 12) : number.start]
        if unit.kind == "count" and not unit.known and unit.name not in ("%",):
            return False
        last = self.found[-1] if self.found else None
        if word == "một" and last is not None and last.unit.kind == "money" and number.start - last.end == 1:
            return False  # "12.000 đồng một ki lô gam": a rate
        if word == "một" and self.text.startswith(" số ", number.end):
            return False  # "một số cơ quan và 48 gia đình": some
        if word == "năm" and (FIVE_AFTER.search(before) is None or unit.name in NOT_FIVE or not self._is_lower(unit)):
            return False
        if word == "ba" and unit.name.split()[0] in FATHER:
            return False
        return word != "một" or unit.kind != "count" or self._in_list(index, number, unit)

    def _is_lower(self, unit: Unit) -> bool:
        return self.text[unit.start : unit.start + 1].islower()

    def _in_list(self, index: int, number: Number, unit: Unit) -> bool:
        """Whether "một" counts beside other numbers: "một tập thể và hai cá nhân"."""
        last = self.found[-1] if self.found else None
        if last is not None and last.unit.kind == "count" and number.start - last.end < 40:
            between = self.text[last.end : number.start]
            if ARTICLE_LIST.search(between) and "." not in between and last.unit.known and len(between) < 25:
                return True
        if index + 1 < len(self.numbers):
            following = self.numbers[index + 1]
            gap = self.text[unit.end : following.start]
            return (
                len(gap) < 25
                and ARTICLE_LIST.search(gap) is not None
                and noun_at(self.text, following.end + 1) is not None
            )
        return False


def _follows_name(text: str, number: Number) -> bool:
    """Whether a small number belongs to the name before it: "Truyền tải Điện 4", "Sông Đà 9"."""
    if number.value >= 100:
        return False
    before = re.search(r"(\w+) $", text[max(0, number.start - 20) : number.start])
    sentence_starts = re.search(r"(?:^|[.!?:;\n“] ?)\w+ $", text[max(0, number.start - 20) : number.start])
    return before is not None and before[1][0].isupper() and sentence_starts is None


def _value(number: Number, unit: Unit) -> int | float:
    """Return the value under the reading of the separator that the unit allows."""
    value, other = number.value, number.other
    if unit.kind == "share" and number.of:
        return round(100 * value / number.of, 2)
    if number.of and value < number.of <= SMALLEST_WHOLE:
        return value / number.of  # "1/2 kg"
    if other is None:
        return value
    if unit.kind == "share":
        return other if value >= 1000 else value
    if unit.kind == "count" or unit.name == "đồng":
        # Nobody counts 5,25 people; but "1,290 tỷ đồng" is little more than one.
        return max(value, other) if isinstance(other, int) and not number.scaled else value
    return value


def _scale(text: str, number: Number) -> int | float:
    """Return the scale written after the digits of a number."""
    digits = re.match(r"\d+(?:[.,]\d+)*", text[number.start : number.end])
    if digits is None:
        return 1
    bare = next(find_numbers(digits[0]), None)
    return round(number.value / bare.value) if bare is not None and bare.value else 1
