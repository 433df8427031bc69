"""One grammar of Vietnamese numbers: digits in both styles, scales, words, fractions; pure functions over text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from nlp.digits import RUN, plain, read_digits
from nlp.number_words import DIGIT_WORDS, LARGEST, SCALES, TEN, Stack, push_word, read_rest, word_at

# Glued to digits only: "10k", "1tr5", "2t3".
SHORT_SCALES = {"k": 10**3, "tr": 10**6, "t": 10**9}
SHORT = re.compile(r"(k|K|tr|Tr|TR|t(?=\d|\Z|-| đồng))(\d{1,3})?(?![\w])")
OF = re.compile(r"/(\d{1,3}(?:\.\d{3})+|\d+)(?![\d/.-]|,\d)")
# "1/2kg": half of one, but "12/3A" is an address.
MEASURED = re.compile(r"(?:kg|g|m|km|ha|l)(?!\w)")
PART_OF = re.compile(r" phần (?!trăm|nghìn|vạn|triệu)", re.IGNORECASE)
START_WORDS = "|".join(w for word in (*DIGIT_WORDS, TEN) for w in (word, word.capitalize()))
START = re.compile(rf"\d+|(?<![\w/])(?:{START_WORDS})(?!\w)")
GLUED = re.compile(r"\d ?(?:k|tr|t|đ|vnđ|usd|kg|g|tấn|tạ|m|cm|mm|km|m2|m²|ha|lít|l)[-–]$", re.IGNORECASE)
ANY_GLUED = re.compile(r"\d([^\W\d]{1,4})[-–]$")
# "USD1,23", and words whose space was lost: "Hơn100 đoàn viên", "trao1 tỉ đồng".
BEFORE_GLUED = re.compile(r"(?<!\w)(?:USD|EUR|VNĐ|VND|(?i:hơn|trên|gần|khoảng|trao|tặng))$")
# A capital number word is one only where a sentence may begin; elsewhere it is a name: "Kha Văn Tám".
BEGINNING = re.compile(r"(?:^|[\n.!?:;…“\"(•+-]\s?)$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at [start, end). `of` is the whole of "134/220" and "ba phần tư"; `other` is the value under
    the other reading of a lone separator ("1.290", "5,000"); `scaled` says that a scale word belongs to it.
    """

    start: int
    end: int
    value: int | float
    of: int | None = None
    other: int | float | None = None
    scaled: bool = False
    words: bool = False


def read_number(text: str, at: int) -> Number | None:
    """Return the longest number that begins at an offset.

    >>> read_number("2 tỷ 300 triệu đồng", 0)
    Number(start=0, end=14, value=2300000000, of=None, other=None, scaled=True, words=False)
    >>> read_number("hai mươi mốt nghìn không trăm lẻ năm", 0).value
    21005
    """
    stack = Stack()
    other: Decimal | None = None
    if run := RUN.match(text, at):
        read = read_digits(run[0])
        if read is None:
            return None
        end = run.end()
        stack.push(read[0], 1)
        other = read[1]
        if short := SHORT.match(text, end):
            by = SHORT_SCALES[short[1].lower()]
            value = (read[0] + Decimal(f"0.{short[2] or 0}")) * by
            return Number(at, short.end(), plain(value), scaled=True)
        words = False
    else:
        word, end = word_at(text, at)
        if not push_word(stack, word, text, end, odd=False):
            return None
        words = True
    end, scaled, other = read_rest(stack, text, end, other)
    number = Number(at, end, plain(stack.total()), None, None if other is None else plain(other), scaled, words)
    return _with_whole(number, text)


def _with_whole(number: Number, text: str) -> Number:
    """Add the whole of "134/220" and "ba phần tư"."""
    if not number.words and (match := OF.match(text, number.end)):
        whole = read_digits(match[1])
        assert whole is not None
        following = text[match.end() : match.end() + 1]
        if whole[0] > 0 and (not following.isalpha() or MEASURED.match(text, match.end())):
            return replace(number, end=match.end(), of=int(whole[0]))
    if not number.scaled and (match := PART_OF.match(text, number.end)):
        word, end = word_at(text, match.end())
        if word == "tư":
            return replace(number, end=end, of=4)
        if word in DIGIT_WORDS or word == TEN:
            whole_number = read_number(text, match.end())
            if whole_number is not None and whole_number.value > 1:
                return replace(number, end=whole_number.end, of=int(whole_number.value))
    return number


def find_numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of a text in order, without overlaps.

    >>> [n.value for n in find_numbers("Có 25 tập thể, hai mươi cá nhân; Covid-19; ngày 24.6.2019")]
    [25, 20]
    """
    at = 0
    while match := START.search(text, at):
        at = match.end()
        start = match.start()
        if match[0][0].isdecimal():
            run = RUN.match(text, start)
            at = run.end() if run else at
            if start and not _may_begin(text, start):
                continue
        elif match[0][0].isupper() and not BEGINNING.search(text, max(0, start - 3), start):
            continue
        number = read_number(text, start)
        if number is not None and max(number.value, number.other or 0, number.of or 0) <= LARGEST:
            at = max(at, number.end)
            yield number


def _may_begin(text: str, start: int) -> bool:
    """Whether digits at an offset may begin a number: not inside "F0", "Covid-19", "Q.5", "05/CT"."""
    before = text[start - 1]
    if before.isalnum() or before == "_":
        return BEFORE_GLUED.search(text, max(0, start - 6), start) is not None
    if before in "-–/.," and start > 1:
        if before == "/":
            return False
        # "50.000đ-100.000đ", "2tr-5tr": letters that are a unit part two numbers, those of "Covid-19" do not.
        return not text[start - 2].isalpha() or GLUED.search(text, max(0, start - 8), start) is not None or (
            (own := ANY_GLUED.search(text, max(0, start - 8), start)) is not None
            and re.match(rf"[\d.,]+{own[1]}(?!\w)", text[start : start + 24]) is not None
        )
    return True


def parse_number(text: str) -> int | float | None:
    """Return the value of a text that is a number and nothing else; signs and fractions count.

    >>> parse_number("âm hai mươi"), parse_number("ba phần tư"), parse_number("1tr5"), parse_number("tập thể")
    (-20, 0.75, 1500000, None)
    """
    text = text.strip()
    sign = 1
    for minus in ("-", "–", "âm "):
        if text.startswith(minus):
            text, sign = text[len(minus) :].lstrip(), -1
            break
    if mixed := re.fullmatch(r"(.+?)(?: và | (?=\d+/))(.+)", text):
        whole, part = parse_number(mixed[1]), parse_number(mixed[2])
        if whole is not None and part is not None and 0 < part < 1:
            return sign * (whole + part)
    if word_at(text, 0)[0] in SCALES and not text.lower().startswith("mươi"):
        text = f"một {text}"
    number = read_number(text, 0) if text else None
    if number is None or number.end != len(text):
        return None
    value = number.value if number.of is None else number.value / number.of
    return sign * value
