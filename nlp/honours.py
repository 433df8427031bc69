"""How titles and prizes are introduced: "danh hiệu", "giải thưởng", a commending verb before a quotation."""

import re
from collections.abc import Iterator

from nlp.layers import Quote
from nlp.spans import within

COMMENDING = (
    r"khen thưởng|tuyên dương|biểu dương|tôn vinh|vinh danh|suy tôn|trao tặng|phong tặng|công nhận(?: là)?|đạt|nhận"
)
TITLE_BEFORE = re.compile(
    r"(?:\bdanh hiệu(?: thi đua)?(?: là)?|\bđạt(?: được)?|\b(?:xếp )?loại|\bcông nhận(?: là| đạt)?(?: danh hiệu)?|"
    r"\bsuy tôn(?: là)?|"
    r"\bphong tặng)\s*[:“\"‘]?\s*$",
    re.IGNORECASE,
)
TITLE_QUOTE = re.compile(r"\b(?:danh hiệu|huy hiệu|danh hiệu thi đua)(?:\s[^“”\".;,]{0,25})?\s*:?\s*$", re.IGNORECASE)
PRIZE_BEFORE = re.compile(r"\bgiải thưởng(?:\s+mang tên)?\s*:?\s*$", re.IGNORECASE)
COMMEND_BEFORE = re.compile(rf"\b(?:{COMMENDING})(?:\s+(?:các|những|\d+))?\s*:?\s*$", re.IGNORECASE)
HONOUR_WORD = re.compile(
    r"\b(?:tiêu biểu|xuất sắc|giỏi|tiên tiến|ưu tú|gương mặt|tài năng|của năm|bàn tay vàng|gương sáng|vững mạnh|"
    r"điển hình)\b",
    re.IGNORECASE,
)
PRIZE_QUOTE = re.compile(
    r"(?:giải thưởng|kỷ niệm chương|huân chương|bằng khen|cờ thi đua|bằng lao động)\b", re.IGNORECASE
)
# A bare "Cờ" or "Huân chương" is an award only where somebody gives it.
GIVING_BEFORE = re.compile(
    r"\b(?:tặng(?: thưởng)?|trao(?: tặng)?|nhận|đón nhận|cấp|khen thưởng|và|thưởng)\s+(?:\d[\d.]*\s+|các\s+|"
    r"hai lá\s+)?(?:lá\s+)?$",
    re.IGNORECASE,
)
BARE_FLAG = re.compile(r"\s*(?:,|;|\.|cho\b|của\b|và\b|các loại|$|\n)")
LIST_GAP = re.compile(
    r"\s*(?:,|;|và|hoặc|cùng)?\s*(?:(?:cho )?\d[\d.]* (?:đ/c|đồng chí|người|cá nhân|tập thể|công nhân|đoàn viên)\s*)?"
    r"(?:danh hiệu)?\s*",
    re.IGNORECASE,
)
OCCASION = re.compile(
    r"[,\s(]*(?:\blần (?:thứ\s+)?[\dIVXa-zà-ỹ]+\b|[-–]?\s*\bnăm (?:học )?\d{4}|\bgiai đoạn \d{4}).*$", re.DOTALL
)
STOP = (
    r"do|của|năm|trong|tại|với|được|nhằm|đã|cho|từ|đến|giai|lần|theo|trên|ở|là|để|có|sẽ|khi|này|và|vào|về|ghi|vì|mỗi|"
    r"tôn|vinh|nhận|dành|ra|đang|sẽ được|hằng|hàng|không|cũng|còn|bởi|cùng"
)
WORD = r"[^\W\d_]+(?:[-.][^\W\d_]+)*"
PRIZE = re.compile(rf"\b[Gg]iải thưởng (?=(?P<first>{WORD}))(?P<name>{WORD}(?: (?!(?:{STOP})\b)(?:{WORD}|&))*)")
# Memorial medals and badges are named by what they are for: Kỷ niệm chương Vì sự nghiệp …, Huy hiệu Tuổi trẻ ….
BADGE = re.compile(
    r"\b(?:[Kk]ỷ niệm chương (?=Vì\b)|[Hh]uy hiệu (?=(?:Vì|Tuổi trẻ|Bác Hồ|Thanh niên|Lao động)\b)|"
    rf"[Bb]ằng (?=Tuổi trẻ\b)){WORD}(?: (?!(?:{STOP})\b){WORD}){{1,9}}"
)
TITLE = re.compile(rf"\bdanh hiệu (?=(?P<first>{WORD}))(?P<name>{WORD}(?: (?!(?:{STOP}|cấp)\b){WORD}){{1,8}})")
# In small letters a title is known by its last word: "danh hiệu tập thể công đoàn xuất sắc".
SMALL_TITLE = re.compile(
    rf"\bdanh hiệu (?P<name>(?:(?!(?:{STOP}|cấp|thi|cao)\b){WORD} ){{1,6}}"
    r"(?:tiêu biểu|vững mạnh xuất sắc|xuất sắc|giỏi|tiên tiến|ưu tú|vững mạnh|tài năng))\b"
)


def quote_after(text: str, at: int, marked: list[Quote]) -> Quote | None:
    """Return the quotation that begins right after `at`."""
    near = within(marked, at, at + 3)
    return next((q for q in near if not text[at : q.start].strip(" :")), None)


def is_title(text: str, at: int, inner: str, is_campaign: bool) -> bool:
    """Whether the quotation at `at` is a title of honour or the name of a prize."""
    if len(inner) > 120:
        return False
    before = text[max(0, at - 60) : at].rpartition("\n")[2]
    if TITLE_QUOTE.search(before):
        return True
    if PRIZE_BEFORE.search(before):
        return not is_person(inner)
    return bool(not is_campaign and COMMEND_BEFORE.search(before) and HONOUR_WORD.search(inner))


def is_person(name: str) -> bool:
    """Whether a name is only capitalised syllables: "Nguyễn Đức Cảnh"."""
    words = name.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)


def trimmed(text: str, start: int, end: int) -> int:
    """Return the end of a name without its occasion: "lần thứ nhất, năm 2014"."""
    occasion = OCCASION.search(text, start, end)
    return occasion.start() if occasion and occasion.start() > start else end


def unlisted_prizes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of "Giải thưởng" with the capitalised name after it, quoted persons' names too."""
    for match in PRIZE.finditer(text):
        if match["first"][0].isupper():
            yield match.start(), trimmed(text, match.start(), match.end())
    for match in BADGE.finditer(text):
        yield match.start(), trimmed(text, match.start(), match.end())
    for match in re.finditer(r"\b[Gg]iải thưởng [“\"](?P<name>[^”\"\n]{3,40})[”\"]", text):
        if is_person(match["name"]) or match["name"][0].isdigit():
            yield match.start(), match.end()


def unlisted_titles(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of capitalised titles after "danh hiệu"."""
    for match in TITLE.finditer(text):
        if match["first"][0].isupper() and not match["first"].isupper():
            yield match.start("name"), trimmed(text, match.start("name"), match.end())
    for match in SMALL_TITLE.finditer(text):
        yield match.span("name")
