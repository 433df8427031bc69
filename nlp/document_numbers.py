"""Documents written with their number: "Quyết định số 8572/QĐ-TLĐ ngày 24/11/2023"; pure functions over text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.units import noun_at

# Kinds whose name before a bare number is enough: "Chỉ thị 05", "Nghị định 145".
BINDING = [
    "bộ luật",
    "luật",
    "pháp lệnh",
    "nghị quyết liên tịch",
    "nghị quyết",
    "nghị định",
    "thông tư liên tịch",
    "thông tư",
    "chỉ thị",
    "quyết định",
    "kết luận",
    "quy định",
    "công văn",
    "công điện",
    "hướng dẫn",
]
OTHER = [
    "kế hoạch liên tịch",
    "kế hoạch",
    "thông báo",
    "thông tri",
    "chương trình phối hợp",
    "chương trình hành động",
    "chương trình",
    "đề án",
    "quy chế phối hợp",
    "quy chế",
    "điều lệ",
    "tờ trình",
    "báo cáo",
    "văn bản",
    "giao ước",
    "giấy mời",
    "lệnh",
]
KIND = "|".join([*BINDING, *OTHER])

# "05/CT-TW" "34-CT/TW" "43/2019/QH14" "6a/NQ-TLĐ" "07 /KH-LĐLĐ"
LETTERS = r"[A-ZĐ][A-ZĐƯa-zđ]*(?:&[A-ZĐ]+)*\d{0,2}"
# A lost mark before the letters of a kind: "05 CT/TW".
INITIALS = r"(?:CT|NQ|QĐ|KL|TB|HD|KH|TT|NĐ|QĐi|CV)[-–/]"
SIGNED = (
    rf"\d{{1,5}}[a-zđA-Z]?(?:/(?:19|20)\d\d)?(?: ?[-–/] ?| (?={INITIALS})){LETTERS}"
    rf"(?: ?[-–/.] ?{LETTERS}|/(?:19|20)\d\d(?=/{LETTERS})){{0,4}}"
)
BARE = r"\d{1,5}[a-z]?(?:/(?:19|20)\d\d)?"
DAY = r"(?P<d>\d{1,2})(?:[/.-]|,? tháng )(?P<m>\d{1,2})(?:[/.-]|,? năm )(?P<y>(?:19|20)\d\d)"
WRITTEN_DATE = re.compile(rf",? ?\(?(?:ban hành |ký |ký ban hành |ra )?(?:ngày )?{DAY}(?!\d)")
# "của Bộ Chính trị ngày 12/6/2021": the issuer may stand before the date.
LATER_DATE = re.compile(rf",? của [^.;:\n“\"(]{{3,90}}?,? ngày {DAY}(?!\d)")
# "số 02-NQ/TW (gọi tắt là Nghị quyết số 02), ngày 12/6/2021": a remark between.
AFTER_REMARK = re.compile(rf" \([^()\n]{{1,80}}\),? ngày {DAY}(?!\d)")
NUMBERED = re.compile(
    rf"(?<!\w)(?P<kind>{KIND}) (?:(?:sửa đổi, bổ sung|sửa đổi|bổ sung) (?=số))?"
    rf"(?:(?P<signed>(?:số:? ?)?{SIGNED})|số:? ?(?P<number>{BARE})|"
    r"(?P<bare>\d{1,4}[a-z]?))(?![\w/])",
    re.IGNORECASE,
)
ALSO = re.compile(rf"(?:,| và| hoặc|;) (?:số )?(?P<signed>{SIGNED})(?![\w/])")
YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document at [start, end); `whole_end` also covers a date that stands after its issuer."""

    start: int
    end: int
    whole_end: int
    kind: str
    number: str
    date: str | None


def iso_date(match: re.Match[str]) -> str | None:
    """Return the ISO date of the groups d, m, y."""
    day, month = int(match["d"]), int(match["m"])
    return f"{match['y']}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def find_numbered(text: str) -> list[Numbered]:
    """Return the numbered documents of a text in order.

    >>> [(n.number, n.date) for n in find_numbered("Chỉ thị 41-CT/TW ngày 09/5/2016 của Ban Bí thư")]
    [('41-CT/TW', '2016-05-09')]
    """
    return list(_find(text))


def _find(text: str) -> Iterator[Numbered]:
    for match in NUMBERED.finditer(text):
        signed = match["signed"]
        if signed is None and not _is_bare_number(text, match):
            continue
        if signed is not None and signed == signed.lower():
            continue  # letters in the pattern are capitals; the rest of it does not mind case
        number = re.sub(r"^số:? ?", "", signed, flags=re.IGNORECASE) if signed else match["number"] or match["bare"]
        document = _dated(text, match.start(), match.end(), match["kind"].lower(), number)
        yield document
        end = document.end
        while also := ALSO.match(text, end):
            following = _dated(text, also.start("signed"), also.end(), document.kind, also["signed"])
            yield following
            end = following.end


def _is_bare_number(text: str, match: re.Match[str]) -> bool:
    """Whether "Chỉ thị 05" is meant rather than "kế hoạch 5 năm", "báo cáo 7 nội dung"."""
    if match["number"]:
        return True
    kind = match["kind"]
    if kind.lower() not in BINDING or (not kind[0].isupper() and int(re.sub(r"\D", "", match["bare"])) < 3):
        return False
    if YEAR.match(match["bare"]) or (
        text[match.end() : match.end() + 1] in (".", ",") and text[match.end() + 1 : match.end() + 2].isdigit()
    ):
        return False
    after = text[match.end() : match.end() + 8]
    if re.match(r" (?:năm|tháng|ngày|giờ|lần|triệu|tỷ|tỉ|nghìn)\b|%|/\d", after):
        return False
    return text[match.end() : match.end() + 1] != " " or noun_at(text, match.end() + 1) is None


def _dated(text: str, start: int, end: int, kind: str, number: str) -> Numbered:
    if (match := WRITTEN_DATE.match(text, end)) and (date := iso_date(match)):
        whole_end = match.end() + (text[match.end() : match.end() + 1] == ")")
        return Numbered(start, end if "(" in match[0] else match.end(), whole_end, kind, number, date)
    if (match := AFTER_REMARK.match(text, end) or LATER_DATE.match(text, end)) and (date := iso_date(match)):
        return Numbered(start, end, match.end(), kind, number, date)
    return Numbered(start, end, end, kind, number, None)
