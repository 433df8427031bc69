"""Whether a number is exact, a bound or a guess: the words around it and how far they reach."""

import re
from dataclasses import dataclass

# The words directly before a number, nearest last; a longer phrase stands before a shorter one it ends with.
WORDS = {
    "over": "hơn|trên|vượt|vượt quá|vượt trên|quá|ít nhất|tối thiểu|không dưới|không ít hơn|không kém|chí ít|từ hơn|từ trên|có hơn|dôi hơn|ngoài",
    "under": "gần|dưới|chưa đến|chưa tới|chưa đầy|không quá|không đến|không tới|ngót|ngót nghét|suýt|suýt soát|tối đa|"
             "không vượt quá|không hơn|không cao hơn|ít hơn|kém hơn|chừng gần",
    "about": "khoảng|chừng|khoảng chừng|xấp xỉ|ước|ước tính|ước khoảng|ước đạt|ước chừng|tầm|tầm khoảng|độ|trung bình khoảng|bình quân khoảng|cỡ|"
             "ước đạt khoảng",
}
QUALIFIERS = {word: qualifier for qualifier, words in WORDS.items() for word in words.split("|")}
BEFORE = re.compile(rf"(?<!\w)({'|'.join(sorted(QUALIFIERS, key=lambda w: (-len(w), w)))}) (?:tổng số |đến |tới |là |từ )?$", re.IGNORECASE)
# "cao hơn 3 triệu đồng", "nhiều hơn 20 người": by so much, exactly.
COMPARED = re.compile(r"(?:cao|thấp|nhiều|lớn|nhỏ|tốt|sớm|muộn|dài|nhanh|đông|tăng|giảm) $", re.IGNORECASE)
# "đạt và vượt 17 chỉ tiêu", "vượt 12% kế hoạch": the verb; the number says how many or by how much.
TARGETS = re.compile(r"(?:chỉ tiêu|nhiệm vụ|mục tiêu|kế hoạch|nội dung|tiêu chí|bậc|khó)\b")
EXCEEDED = re.compile(r"(?:và|hoàn thành|đạt|,) $", re.IGNORECASE)
FROM = re.compile(r"(?<!\w)từ (?:đủ )?$", re.IGNORECASE)
UPWARDS = re.compile(r"[^.;:,\n\d]{0,60}? trở lên\b|\+(?!\w)")
DOWNWARDS = re.compile(r"[^.;:,\n\d]{0,60}? trở xuống\b")
AFTER = re.compile(r" (?:lẻ|có lẻ|có dư)\b")
REACH = 26


@dataclass(frozen=True, slots=True)
class Bound:
    """A qualifier, where its words begin, and whether it is "hơn" and the like rather than a trailing "trở lên"."""

    qualifier: str
    start: int


def read_bound(text: str, start: int, end: int, *, share: bool = False) -> Bound:
    """Return the qualifier of the number at [start, end).

    >>> read_bound("hơn 100 đồng chí", 4, 7).qualifier, read_bound("từ 20 lao động trở lên", 3, 5).qualifier
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
    if word == "vượt" and (share or EXCEEDED.search(earlier) or TARGETS.match(text[end:].lstrip(" "))):
        return Bound("exact", start)
    if word in ("trên", "dưới", "ngoài", "quá", "độ", "cỡ", "tầm") and _is_place(text, earlier, end):
        return Bound("exact", start)
    return Bound(QUALIFIERS[word], match.start())


def _is_place(text: str, earlier: str, end: int) -> bool:
    """Whether "trên" is "on": "trên 3 lĩnh vực", "diễn ra trên 63 tỉnh, thành"."""
    following = re.compile(r" (?:lĩnh vực|phương diện|mặt trận|mặt|địa bàn|tuyến|trang|kênh|nền tảng|tỉnh,? thành|phương tiện)\b").match(text, end)
    return following is not None or re.search(r"(?:diễn ra|triển khai|áp dụng|phát sóng|đăng tải|đăng|đi|đặt) $", earlier) is not None
