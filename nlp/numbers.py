"""One grammar of Vietnamese numbers: digits in both styles, scales, words, fractions; pure functions over text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

DIGIT_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9}
# Only after "mươi", "mười", "lẻ" or "linh" do these count: "tư nhân" and "một" alone are other words.
TAIL_WORDS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
SCALES = {"mươi": 10, "chục": 10, "trăm": 100, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6,
          "tỷ": 10**9, "tỉ": 10**9}
# Glued to digits only: "10k", "1tr5", "2t3".
SHORT_SCALES = {"k": 10**3, "tr": 10**6, "t": 10**9}
ZERO, TEN, HALF, POINT = "không", "mười", "rưỡi", "phẩy"
ODD = {"lẻ", "linh"}
LONGEST_RUN = 40
# SQLite keeps whole numbers below 2**63; nobody counts anything beyond.
LARGEST = 10**18

RUN = re.compile(r"\d+(?:[.,]\d+)*")
SHORT = re.compile(r"(k|K|tr|Tr|TR|t(?=\d|\Z|-| đồng))(\d{1,3})?(?![\w])")
WORD = re.compile(r" ?([^\W\d_]+)")
OF = re.compile(r"/(\d{1,3}(?:\.\d{3})+|\d+)(?![\d/.-]|,\d)")
PART_OF = re.compile(r" phần (?!trăm|nghìn|vạn|triệu)", re.IGNORECASE)
START = re.compile(
    r"\d+|(?<![\w/])(?:{0})(?!\w)".format("|".join(w for d in (*DIGIT_WORDS, TEN) for w in (d, d.capitalize())))
)
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


def plain(value: Decimal) -> int | float:
    """Return an int where the value is whole, else a float."""
    return int(value) if value == value.to_integral_value() else float(value)


def read_digits(run: str) -> tuple[Decimal, Decimal | None] | None:
    """Return the value of a run of digits and separators, and its other reading; None if it is no number.

    >>> read_digits("2.496"), read_digits("8,3"), read_digits("24.6.2019")
    ((Decimal('2496'), Decimal('2.496')), (Decimal('8.3'), None), None)
    """
    if len(run) > LONGEST_RUN:
        return None
    if run.isdigit():
        return Decimal(run), None
    first, *rest = re.split(r"[.,]", run)
    marks = [c for c in run if c in ".,"]
    groups = 1 <= len(first) <= 3 and not (first.startswith("0") and len(rest) == 1)
    if len(marks) == 1:
        decimal = Decimal(f"{first}.{rest[0]}")
        if not groups or len(rest[0]) != 3:
            return decimal, None
        grouped = Decimal(first + rest[0])
        return (grouped, decimal) if marks[0] == "." else (decimal, grouped)
    if not groups:
        return None
    if all(len(g) == 3 for g in rest):
        return Decimal(first + "".join(rest)), None
    if len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and all(len(g) == 3 for g in rest[:-1]):
        return Decimal(f"{first}{''.join(rest[:-1])}.{rest[-1]}"), None
    return None


class _Stack:
    """The parts of a number read so far, falling in size: [2*10**9, 300*10**6]."""

    def __init__(self) -> None:
        self.parts: list[Decimal] = []
        self.last = Decimal(0)  # the size of the place read last; the next must be below it

    def push(self, value: Decimal, place: int) -> None:
        self.parts.append(value)
        self.last = Decimal(place)

    def scale(self, by: int) -> bool:
        """Multiply everything below the scale by it; False when nothing stands below."""
        below = Decimal(0)
        while self.parts and self.parts[-1] < by:
            below += self.parts.pop()
        if not below:
            return False
        self.push(below * by, by)
        return True

    def total(self) -> Decimal:
        return sum(self.parts, Decimal(0))


def words_at(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the words from an offset on, lower case, with their ends; one space or none between."""
    while match := WORD.match(text, at):
        yield match[1].lower(), match.end()
        at = match.end()


def word_at(text: str, at: int) -> tuple[str, int]:
    """Return the word at an offset and its end; an empty word where none stands."""
    return next(words_at(text, at), ("", at))


def read_number(text: str, at: int) -> Number | None:
    """Return the longest number that begins at an offset.

    >>> read_number("2 tỷ 300 triệu đồng", 0)
    Number(start=0, end=14, value=2300000000, of=None, other=None, scaled=True, words=False)
    >>> read_number("hai mươi mốt nghìn không trăm lẻ năm", 0).value
    21005
    """
    stack = _Stack()
    other: Decimal | None = None
    if text[at : at + 1].isdigit():
        run = RUN.match(text, at)
        assert run is not None
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
        if not _push_word(stack, word, text, end, odd=False):
            return None
        words = True
    end, scaled, other = _read_rest(stack, text, end, other)
    number = Number(at, end, plain(stack.total()), None, None if other is None else plain(other), scaled, words)
    return _with_whole(number, text)


def _push_word(stack: _Stack, word: str, text: str, end: int, *, odd: bool) -> bool:
    """Push a digit word or "mười" where the grammar allows it."""
    if word == TEN:
        if stack.parts and stack.last < 100:
            return False
        stack.push(Decimal(10), 10)
        return True
    if word in TAIL_WORDS and (odd or stack.last == 10) and stack.parts:
        stack.push(Decimal(TAIL_WORDS[word]), 1)
        return True
    if word == ZERO and (not stack.parts or (stack.last >= 1000 and word_at(text, end)[0] == "trăm")):
        stack.push(Decimal(0), 1)
        return True
    if word not in DIGIT_WORDS:
        return False
    if stack.parts and not odd:
        following = word_at(text, end)[0]
        if stack.last == 10:
            # "hai mươi năm" is twenty years; five after tens is "lăm".
            if word in ("năm", "một") and stack.parts[-1] > 10 or word == "năm":
                return False
        elif stack.last < 100 or SCALES.get(following, 0) >= stack.last or following not in SCALES:
            # "hai lăm", "ba mốt": tens without "mươi" are read below; "một trăm năm" is a hundred years.
            return False
    stack.push(Decimal(DIGIT_WORDS[word]), 1)
    return True


def _read_rest(stack: _Stack, text: str, end: int, other: Decimal | None) -> tuple[int, bool, Decimal | None]:
    """Read scales and further parts; return the end, whether a scale was read, and the other reading."""
    scaled = False
    while True:
        word, after = word_at(text, end)
        glued = after - end == len(word)
        if word in SCALES and not (glued and not text[end - 1 : end].isdigit()):
            if word == "mươi" and not 2 <= stack.parts[-1] <= 9:
                break
            if stack.last == 0 or (stack.parts[-1] == 0 and word != "trăm"):
                break
            if stack.parts[-1] == 0:  # "không trăm"
                stack.parts.pop()
                stack.last = Decimal(100)
            elif not stack.scale(SCALES[word]):
                if SCALES[word] != stack.last or stack.total() > LARGEST:
                    break
                stack.parts[-1] *= SCALES[word]  # "một tỷ tỷ"
            other = None if other is None else other * SCALES[word]
            scaled = scaled or SCALES[word] > 10
        elif word == HALF and stack.last >= 10:
            stack.parts[-1] += stack.last / 2
            return after, True, None
        elif word in ODD and stack.last >= 100:
            digit, later = word_at(text, after)
            if not _push_word(stack, digit, text, later, odd=True):
                break
            after = later
        elif word == POINT and stack.last < 1000:
            read = _read_point(text, after)
            if read is None:
                break
            stack.parts[-1] += read[0]
            after = read[1]
        elif word and _push_word(stack, word, text, after, odd=False):
            pass
        elif word in ("mốt", "tư", "lăm") and stack.last == 1 and len(stack.parts) == 1 and 2 <= stack.parts[0] <= 9:
            # "hai lăm", "ba tư"
            stack.parts = [stack.parts[0] * 10 + TAIL_WORDS[word]]
        elif chained := _read_chained(stack, text, end):
            after, scaled, other = chained, True, None
        else:
            break
        end = after
    return end, scaled, other


def _read_point(text: str, at: int) -> tuple[Decimal, int] | None:
    """Return the decimals after "phẩy", read word by word, and their end."""
    digits = ""
    end = at
    for word, after in words_at(text, at):
        value = 0 if word == ZERO else DIGIT_WORDS.get(word, TAIL_WORDS.get(word))
        if value is None:
            break
        digits += str(value)
        end = after
    return (Decimal(f"0.{digits}"), end) if digits else None


def _read_chained(stack: _Stack, text: str, end: int) -> int | None:
    """Read " 300 triệu" after "2 tỷ": digits go on only when a smaller scale follows them."""
    run = RUN.match(text, end + 1) if text[end : end + 1] == " " else None
    read = read_digits(run[0]) if run else None
    if run is None or read is None or stack.last < 1000:
        return None
    word, after = word_at(text, run.end())
    if not 100 <= SCALES.get(word, 0) < stack.last:
        return None
    stack.push(read[0] * SCALES[word], SCALES[word])
    return after


def _with_whole(number: Number, text: str) -> Number:
    """Add the whole of "134/220" and "ba phần tư"."""
    if not number.words and (match := OF.match(text, number.end)):
        whole = read_digits(match[1])
        assert whole is not None
        if whole[0] > 0 and not text[match.end() : match.end() + 1].isalpha():
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
        if match[0][0].isdigit():
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
        return False
    if before in "-–/.," and start > 1:
        earlier = text[start - 2]
        return not earlier.isalpha() if before != "/" else False
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
