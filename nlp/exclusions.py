"""Numbers that count nothing: ordinals, labels, durations, ages, times, addresses, vague amounts."""

import re

from nlp.numbers import Number
from nlp.units import noun_at

# Directly before a number these make it a name or a rank, whatever follows.
LABELS = (
    "thứ|lần thứ|số hiệu|mã số|quận|khóa|khoá|kỳ họp thứ|phiên họp thứ|điều|khoản|chương|quốc lộ|tỉnh lộ|ngõ|ngách|hẻm|kiệt|nhà số|số nhà|"
    "tầng|lô|covid|top|hotline|đt|điện thoại|sđt|fax|tel|mst|iso|vtv|htv|vov|nghị quyết|quyết định|chỉ thị|nghị định|thông tư|tháng|năm|ngày|"
    "quý|tuần|mùng|mồng|lúc|sinh năm|hồi|vào lúc|khối thi đua|cụm thi đua|khối thi đua số|trung đoàn|sư đoàn|lữ đoàn|tiểu đoàn|binh đoàn|quân khu|quân đoàn|"
    "vùng|khóa họp|ga|cây số|loại|hạng|bậc|size|phiên bản|windows|mục|trang|hình|ảnh|bảng|phụ lục|giai đoạn|xã hội|công nghiệp|nghề số"
)
# Before a number without a noun of its own: "đợt 1", "Tổ 5", "cấp 3"; but "cấp 13 Bằng khen", "tổ 5 người".
SOFT_LABELS = (
    "số|cấp|đường|lớp|tổ|đội|nhóm|đợt|vòng|phần|khối|cụm|phòng|phường|khu|khu phố|ấp|thôn|bản|ca|bài|mức|kỳ|câu|bước|ý|vị trí|lần|trường|công ty|xí nghiệp|nhà máy|bệnh viện|điện|"
    "may|sông đà|phú mỹ|xây dựng|chi nhánh|cảng|đoàn|tập|giải|hội nghị lần|đại hội|chi bộ|nhà thầu|gói thầu|dự án|quy hoạch|cung đường|hội trường|cổng|máy|xe|xe số|tổ máy|chung cư|tòa|toà|block"
)
LABEL = re.compile(rf"(?<!\w)(?:{LABELS})[ .:]?\s?(?:số )?$", re.IGNORECASE)
SOFT_LABEL = re.compile(rf"(?<!\w)(?:{SOFT_LABELS}) (?:số )?$", re.IGNORECASE)
OF_NUMBER = re.compile(r"(?:tổng|trong|trên|với|cho|là|và|có|được|tặng|về|,) số $", re.IGNORECASE)
NUMBERING = re.compile(r"(?<!\w)số $", re.IGNORECASE)
VAGUE = re.compile(r"(?<!\w)(?:hàng|vài|mấy|đôi|dăm|nhiều|bao|từng) $", re.IGNORECASE)
# "một tập thể" is an article, "hai bên" both sides; "Một là", "hai cấp" count nothing a reader asks for.
SET_PHRASES = re.compile(
    r"-? ?(?:là\b|bên\b|chiều\b|phía\b|miền\b|phương\b|châu\b|mặt\b|cấp\b|đầu\b(?! mối)|tay\b|chân\b|mắt\b|vai\b|con mắt|mục tiêu kép|không\b|có\b|tại chỗ\b|nhất\b|tốt\b|sạch\b|biết\b|dám\b|"
    r"bám\b|cùng\b|hơn\b|ít\b|quản\b|rõ\b|trụ cột\b|đỏ\b|sao\b|xanh\b|giỏi\b|chống\b|xây\b|lá chắn|thứ tiếng|bề\b|giới\b)",
    re.IGNORECASE)
# What follows a number and makes it a time, an age, a date, an occasion.
DURATIONS = re.compile(
    r"[ -]?(?:(?:năm|tháng|ngày|tuần|giờ|phút|giây|tiếng|thập kỷ|thập niên|thế kỷ|thế kỉ|nhiệm kỳ|niên khóa|niên khoá|mùa|kỳ|khóa|khoá|tuổi|lần|quý|ngày đêm|đêm|hôm|độ|độ c|năm học|ngày làm việc|tháng đầu|"
    r"năm tuổi|đời|thế hệ|tháng tuổi|học kỳ|phút truyền hình|chữ số|màu|chiều|mùa tết|mùa giải|mùa xuân|kỳ đại hội|điểm phần trăm|dặm|sao|đầu năm|cuối năm)(?![\w])|h\d{0,2}(?!\w)|g\d{0,2}(?!\w)|:\d\d|°)",
    re.IGNORECASE)
# Yet these are things: days of work, courses, a month's pay.
WORKDAYS = re.compile(
    r" (?:ngày công|ngày lương|tháng lương|giờ công|giờ làm thêm|giờ phép|khóa học|khóa tập huấn|khóa bồi dưỡng|khóa đào tạo|khóa huấn luyện|khoá học|khoá tập huấn|khoá đào tạo|"
    r"khoá bồi dưỡng|tháng thu nhập|lần hiến|mùa vụ|giờ giảng|lần tiền lương)\b", re.IGNORECASE)
SCORE = re.compile(r"(?:tỷ số|tỉ số|hòa|thắng|thua|kết quả) (?:\w+ )?$", re.IGNORECASE)
POINTS = re.compile(r" điểm(?! (?:cầu|trường|trực|bán|sinh hoạt|tiếp nhận|hiến|tuyên truyền|đến|nóng|chốt|dừng|thi|phát|chợ|tổ chức|khám|tiêm|mới|nhấn|cấp|hỗ trợ|vui|truy cập))(?!\w)", re.IGNORECASE)
REACH = 24
SMALL = 40


def is_excluded(text: str, number: Number) -> bool:
    """Whether a number counts nothing, by the words on its two sides."""
    before = text[max(0, number.start - REACH) : number.start]
    if VAGUE.search(before) or (SCORE.search(before) and re.match(r"\s?[-–]\s?\d", text[number.end :][:4])):
        return True
    if number.value == 0 and re.match(r" ?(?:đồng|đ)\b", text[number.end :][:6]):
        return True  # "gian hàng 0 đồng"
    written = text[number.start : number.end]
    if written.startswith("0") and written.isdigit() and len(written) > 3:
        return True  # a telephone
    if WORKDAYS.match(text, number.end):
        return False
    if DURATIONS.match(text, number.end) or POINTS.match(text, number.end):
        return not text[number.end :].lstrip(" ").lower().startswith("năm tốt")
    if number.value < SMALL and not number.scaled and SET_PHRASES.match(text[number.end :].lstrip(" ")):
        return not text[number.end :].lstrip(" ").startswith(("trong tổng", "trong số", "nhất trí"))
    if LABEL.search(before):
        return not _counts_on(before)
    if NUMBERING.search(before):
        return not OF_NUMBER.search(before)
    return SOFT_LABEL.search(before) is not None and not _has_noun(text, number)


def _counts_on(before: str) -> bool:
    """Whether what looks like a label is a word before a count: "trong năm 25 tập thể", "đến nay, tháng"."""
    return re.search(r"(?<!\w)(?:trong năm|trong tháng|trong quý|trong tuần|mỗi năm|mỗi tháng|hằng năm|hàng năm|mỗi ngày|cả năm|trong ngày|bình quân tháng|đầu năm|cuối năm|"
                     r"cùng ngày|mỗi quý|mỗi tuần|các loại|đủ loại|mọi loại|nhận định) $", before, re.IGNORECASE) is not None


def _has_noun(text: str, number: Number) -> bool:
    """Whether a number that follows a soft label has a noun or a measure of its own."""
    at = number.end
    if number.scaled or text[at : at + 1] == "%":
        return True
    at += text[at : at + 1] == " "
    return re.match(r"(?:đồng|đ\b|vnđ|vnd|m2|ha|kg|tấn)", text[at : at + 5], re.IGNORECASE) is not None or noun_at(text, at) is not None
