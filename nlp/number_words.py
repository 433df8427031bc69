"""Number words and scales, put together part by part: "hai mươi mốt nghìn", "2 tỷ 300 triệu"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from nlp.digits import RUN, read_digits

DIGIT_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9}
# Only after "mươi", "mười", "lẻ" or "linh" do these count: "tư nhân" and "một" alone are other words.
TAIL_WORDS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
SCALES = {
    "mươi": 10,
    "chục": 10,
    "trăm": 100,
    "nghìn": 10**3,
    "ngàn": 10**3,
    "vạn": 10**4,
    "triệu": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
}
ZERO, TEN, HALF, POINT = "không", "mười", "rưỡi", "phẩy"
ODD = {"lẻ", "linh"}
# SQLite keeps whole numbers below 2**63; nobody counts anything beyond.
LARGEST = 10**18
WORD = re.compile(r" ?([^\W\d_]+)")


class Stack:
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
        if len(self.parts) == 1 and self.last == 1 and self.parts[0]:
            below = self.parts.pop()  # digits stand for themselves: "1.000 nghìn"
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


def push_word(stack: Stack, word: str, text: str, end: int, *, odd: bool) -> bool:
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
            if (word in ("năm", "một") and stack.parts[-1] > 10) or word == "năm":
                return False
        elif stack.last < 100 or SCALES.get(following, 0) >= stack.last or following not in SCALES:
            # "hai lăm", "ba mốt": tens without "mươi" are read below; "một trăm năm" is a hundred years.
            return False
    stack.push(Decimal(DIGIT_WORDS[word]), 1)
    return True


def read_rest(stack: Stack, text: str, end: int, other: Decimal | None) -> tuple[int, bool, Decimal | None]:
    """Read scales and further parts; return the end, whether a scale was read, and the other reading."""
    scaled = False
    while True:
        word, after = word_at(text, end)
        glued = after - end == len(word)
        if word in SCALES and not (glued and not text[end - 1 : end].isdigit()):
            if not stack.parts:
                break  # "không trăm trăm"
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
        elif word == HALF and stack.parts and stack.last >= 10:
            stack.parts[-1] += stack.last / 2
            return after, True, None
        elif word in ODD and stack.last >= 100:
            digit, later = word_at(text, after)
            if not push_word(stack, digit, text, later, odd=True):
                break
            after = later
        elif word == POINT and stack.parts:
            read = _read_point(text, after)
            if read is None:
                break
            stack.parts[-1] += read[0]
            after = read[1]
        elif word and push_word(stack, word, text, after, odd=False):
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


def _read_chained(stack: Stack, text: str, end: int) -> int | None:
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
