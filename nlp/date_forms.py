"""How dates, months, years and periods are written: a pure grammar over text, years left open where none stands."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nlp.moments import Moment, Written
from nlp.number_words import DIGIT_WORDS, ODD, SCALES, TAIL_WORDS, TEN, ZERO
from nlp.numbers import parse_number
from nlp.units import noun_at

LUNAR_MONTHS = ("giêng", "chạp")

# Named parts the patterns are put together from.
D = r"(?:0?[1-9]|[12]\d|3[01])"
M = r"(?:0?[1-9]|1[0-2])"
Y = r"(?:1[89]\d\d|20\d\d)"
DASH = r"\s?[-–—−]\s?"
UNTIL = rf"(?:{DASH}|\s(?:đến|tới)(?:\s(?:hết|cuối|đầu))?\s)"
ALSO = rf"(?:{DASH}|\s(?:đến|tới|và)(?:\s(?:hết|ngày))?\s|,\s?)"
# What may come first is looked at before anything else: most places of a text are passed over by that alone.
DAYS = r"(?=[TtNn\d])(?:[Tt]ừ )?(?:[Nn]gày )?"
OF_DAY = r"(?:ngày )?"
LEFT_OF_WORD = r"(?<![\w/])(?<!\w[.,/–-])"
LEFT = rf"(?=\d){LEFT_OF_WORD}"
RIGHT = r"(?![\w%]|[/.,–-]\d|[/-][A-ZĐ])"
FRAME = r"(?i:giai đo[ạaà]n|nhiệm k[ỳì]|năm học|niên kh[óo][aá]|niên độ|khóa|khoá)"
MONTH_WORDS = r"(?:mười(?: (?:một|hai))?|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|giêng|chạp)"
ANY_MONTH = rf"(?:{M}|{MONTH_WORDS})(?!\w)"
NUMERAL = "|".join([*DIGIT_WORDS, *TAIL_WORDS, ZERO, TEN, *sorted(ODD), "mươi", "trăm"])
ANY_YEAR = rf"(?:{Y}|(?:một|hai) (?:nghìn|ngàn)(?: (?:{NUMERAL})\b){{0,6}})"
WORDS = r"[^\W\d_]+(?: [^\W\d_]+){0,6}?"
LUNAR = (
    r"(?: (?:Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Canh|Tân|Nhâm|Quý) (?:Tý|Sửu|Dần|Mão|Mẹo|Thìn|Tỵ|Tị|Ngọ|Mùi|Thân|Dậu|Tuất|Hợi))"
)
TET = rf"(?:(?:Tết|tết)(?: [Nn]guyên [đĐ]án)?|[Xx]uân){LUNAR}?"

# A day and month with a dot or a dash is a date only after one of these: "19.5", "24-6" are numbers elsewhere.
AWAITING = re.compile(
    r"(?:ngày|sáng|chiều|tối|trưa|đêm|sớm|khuya|hôm|vào|dịp|từ|đến|tới|trước|sau|hết|lễ|nay|qua|tính|niệm|mừng|cuối|đầu|và|"
    r"thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|đông|việt nam|phụ nữ|lao động|quốc khánh|quốc tế)[ ,(]+$",
    re.IGNORECASE,
)
# No date stands in the name of a street, a school, a company: "đường 3/2", "Công ty Dệt may 29/3".
NAMED = re.compile(
    r"(?:đường|phố|công ty|trường|công viên|bệnh viện|may|giải thưởng|"
    r"hội trường|nhà máy|quảng trường|số|bậc|quốc lộ|điều|phòng|tổ|kiệt|hẻm|ngõ|"
    r"tỷ lệ|tỉ lệ|khoảng|được|đạt|hơn|trên|gần)(?: [A-ZĐ]\w*)? $",
    re.IGNORECASE,
)
# "từ 1-3 triệu đồng", "từ 10-15%": numbers between which an amount lies.
BETWEEN = re.compile(r"(?:từ|đến|tới|và|trước|sau|hết|qua) $", re.IGNORECASE)
AMOUNT = re.compile(rf" ?(?:%|(?:{'|'.join(SCALES)}|đồng(?! (?:chí|loạt|thời|hành)))(?!\w))")
# A day of the moon's calendar is another one of the sun's.
MOON = re.compile(r"[ ,]*\(?(?:theo )?âm lịch|[ ,]*\(?ÂL\b")
FRACTION = re.compile(r" (?:tổng )?(?:số |các )| \(\d[\d.,]* ?%")


Parts = re.Match[str]
Reading = tuple[Moment, Moment | None]


def _moment(match: Parts, suffix: str = "") -> Moment:
    """Return the moment in the groups y, m, d with a suffix; what a pattern lacks is open."""
    groups = match.groupdict()
    year, month, day = (int(v) if (v := groups.get(f"{part}{suffix}")) else None for part in "ymd")
    return Moment(year, month, day)


def _single(match: Parts) -> Reading:
    return _moment(match), None


def _between(match: Parts) -> Reading:
    """A period whose first day borrows from the last the month and year it leaves out."""
    first, last = _moment(match, "1"), _moment(match, "2")
    year = first.year or last.year
    if not first.year and last.year and (first.month or 0) > (last.month or 0) > 0:
        year = last.year - 1  # "từ 15/11 đến 15/1/2021"
    return Moment(year, first.month or (last.month if first.day else None), first.day), last


def _short_years(match: Parts) -> Reading:
    return Moment(int(match["y"])), Moment(int(match["y"][:2] + match["short"]))


def _quarter(match: Parts) -> Reading:
    year = int(match["y"]) if match["y"] else None
    quarter = {"I": 1, "II": 2, "III": 3, "IV": 4}.get(match["q"]) or int(match["q"])
    return Moment(year, 3 * quarter - 2), Moment(year, 3 * quarter)


def _months(match: Parts) -> Reading:
    """The first or last months of a year: "6 tháng đầu năm 2022", "nửa cuối năm"."""
    year = int(match["y"]) if match["y"] else None
    count = 6 if match["n"].lower() == "nửa" else int(parse_number(match["n"]) or 0)
    if not 1 < count < 12:
        return Moment(), None
    if match["side"] == "cuối":
        return Moment(year, 13 - count), Moment(year, 12)
    return Moment(year, 1), Moment(year, count)


def _spoken(match: Parts) -> Reading:
    """Day, month and year in words or digits: "mùng ba tháng giêng", "tháng mười năm hai nghìn hai mươi tư"."""
    groups = match.groupdict()
    month_word = match["m"].lower()
    month = {"giêng": 1, "chạp": 12, "tư": 4}.get(month_word) or parse_number(month_word)
    day = parse_number(groups["d"]) if groups.get("d") else None
    year = parse_number(match["y"]) if match["y"] else None
    # "mùng sáu tháng giêng" is a day of the moon's calendar.
    lunar = month_word in LUNAR_MONTHS and not year
    if not month or lunar or (groups.get("d") and not (day and 1 <= day <= 31)) or (match["y"] and not year):
        return Moment(), None
    return Moment(int(year) if year else None, int(month), int(day) if day else None), None


def _two_digit_year(match: Parts) -> Reading:
    """A year of two digits, of this century up to the forties."""
    year = int(match["short"])
    return Moment(year + (2000 if year < 40 else 1900), int(match["m"]), int(match["d"])), None


def numeric(suffix: str = "", *, year: bool | None = None) -> str:
    """Return the pattern of a numeric day and month with its year, without (False), or either (None)."""
    mark = rf"(?P<s{suffix}>[/.-])"
    with_year = rf"(?P=s{suffix})\s?(?P<y{suffix}>{Y})"
    tail = {True: with_year, False: "", None: f"(?:{with_year})?"}[year]
    return rf"(?P<d{suffix}>{D}){mark}(?P<m{suffix}>{M}){tail}"


def _year(suffix: str = "") -> str:
    return rf"(?P<y{suffix}>{Y})"


@dataclass(frozen=True, slots=True)
class _Form:
    """A way of writing; `awaits` names the marks that need a word that awaits a date before them."""

    rule: str
    pattern: re.Pattern[str]
    read: Callable[[Parts], Reading]
    awaits: str = ""


def _form(rule: str, pattern: str, read: Callable[[Parts], Reading], awaits: str = "") -> _Form:
    return _Form(rule, re.compile(pattern + RIGHT), read, awaits)


FORMS = [
    _form(
        "period of days", rf"{DAYS}{LEFT}{numeric('1', year=True)}{UNTIL}{OF_DAY}{numeric('2', year=True)}", _between
    ),
    _form(
        "period of days",
        rf"[Tt]ừ (?:ngày )?{numeric('1', year=None)}{UNTIL}{OF_DAY}{numeric('2', year=None)}",
        _between,
    ),
    _form(
        "period of days", rf"{LEFT}{numeric('1', year=False)}{UNTIL}{OF_DAY}{numeric('2', year=None)}", _between, "/.-"
    ),
    _form("days of a month", rf"{DAYS}{LEFT}(?P<d1>{D}){ALSO}{OF_DAY}{numeric('2', year=True)}", _between),
    _form(
        "days of a month",
        rf"(?:[Tt]ừ (?:ngày )?|(?<=gày )){LEFT}(?P<d1>{D}){ALSO}{OF_DAY}{numeric('2', year=False)}",
        _between,
    ),
    _form(
        "days of a month",
        rf"{DAYS}{LEFT}(?P<d1>{D}){ALSO}{OF_DAY}(?P<d2>{D}) tháng (?P<m2>{M})(?:(?:,? năm |/){_year('2')})?",
        _between,
    ),
    _form(
        "period to a day",
        rf"[Tt]ừ tháng (?P<m1>{M})(?:/{_year('1')})?{UNTIL}{OF_DAY}{numeric('2', year=None)}",
        _between,
    ),
    _form(
        "period of months",
        rf"(?:[Tt]ừ )?(?i:\btháng )(?P<m1>{M})(?:(?:/|,? năm ){_year('1')})?{UNTIL}(?:tháng )?(?P<m2>{M})"
        rf"(?:/|-|,? năm ){_year('2')}",
        _between,
    ),
    _form("period of months", rf"[Tt]ừ {LEFT}(?P<m1>{M})/{_year('1')}{UNTIL}(?P<m2>{M})/{_year('2')}", _between),
    _form(
        "period to a month",
        rf"[Tt]ừ (?:năm )?{_year('1')}{UNTIL}tháng (?P<m2>{M})(?:/|-|,? năm ){_year('2')}",
        _between,
    ),
    _form(
        "period of years",
        rf"(?=[GgNnKkTt\d])"
        rf"(?:{FRAME} (?:từ )?(?:năm )?\(?|\b[Tt]ừ (?:năm )?|\b[Nn]ăm |){LEFT}{_year('1')}{UNTIL}(?:năm )?{_year('2')}",
        _between,
    ),
    _form("period of years", rf"{FRAME} {_year()}{DASH}(?P<short>\d\d)", _short_years),
    _form("quarter", rf"\b[Qq]uý (?P<q>IV|III|II|I|[1-4])(?:(?:/|-|,? (?:của )?năm ){_year()})?", _quarter),
    _form(
        "months of a year",
        rf"{LEFT_OF_WORD}(?P<n>\d\d?|(?i:hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|nửa)) ?(?:tháng )?(?P<side>đầu|cuối) năm"
        rf"(?: {_year()})?",
        _months,
    ),
    _form("day", rf"{LEFT}{numeric(year=True)}", _single),
    _form("day", rf"(?<=gày ){LEFT}(?P<d>{D}),? tháng (?P<m>{M})(?:(?:,? năm |/|\.|-){_year()})?", _single),
    _form("day", rf"{LEFT}{numeric(year=False)}", _single, ".-"),
    _form(
        "spoken day",
        rf"(?:(?<=gày )(?:mùng |mồng )?|\b[Mm][ùồ]ng )(?P<d>{D}|{WORDS}) tháng (?P<m>{ANY_MONTH})"
        rf"(?:,? năm (?P<y>{ANY_YEAR}))?",
        _spoken,
    ),
    _form("day", rf"{LEFT}(?P<d>{D}) tháng (?P<m>{M})(?:,? năm |/){_year()}", _single),
    _form("spoken month", rf"(?i:\btháng )(?P<m>{MONTH_WORDS}),? năm (?P<y>{ANY_YEAR})", _spoken),
    _form("day", rf"{LEFT}(?P<d>{D})/(?P<m>{M})/(?P<short>\d\d)", _two_digit_year),
    _form("month", rf"(?i:\btháng )(?P<m>{M})(?:\s?[/.-]\s?|,? năm | ){_year()}", _single),
    _form("month", rf"(?<=(?:đầu|uối|ong|hết|đến|ước|sau) ){LEFT}(?P<m>{M})/{_year()}", _single),
    _form("year", rf"(?i:\bnăm ){_year()}", _single),
    _form("year", rf"{TET}(?: năm)?(?: |{DASH}){_year()}", _single),
]
# "năm 2018, 2019 và 2020", "so với 2015", "đầu 2021": years after a year, or after a word that dates.
MORE_YEARS = re.compile(rf"(?:,| và| hoặc|;) (?:năm )?({Y}){RIGHT}")
DATING = re.compile(
    rf"(?i:\b(?:đầu|cuối|giữa|so với|trong|từ|đến|tới|hết|trước|sau) )({Y})(?!\.\d{{3}})"
    r"(?=[,.;:)\n]|$| (?:đến|tới|và|là|toàn|cả|so))"
)


# "triển khai kế hoạch công tác Công đoàn 2012": the year of what is planned, at the end of its clause.
PLANNED = re.compile(
    rf"(?i:\b(?:kế hoạch|nhiệm vụ|phương hướng|công tác|hoạt động|phong trào))(?: [^\W\d_]+){{0,7}} ({Y})"
    r"(?=[,.;)\n]|$| và )"
)
# "Tháng Công nhân 2018", "Giải thưởng … 2012": the year of a named occasion.
OCCASION = re.compile(
    rf"\b(?:Tháng|Tuần lễ|Ngày hội|Hội thi|Hội thao|Giải thưởng)(?:,? [^\W\d_]+){{1,10}} ({Y})"
    r"(?=[,.;)\n]|$| (?:và|của|tại|được|do|là|đã|với|cho|diễn)\b)"
)


def _stands(text: str, match: Parts, form: _Form) -> bool:
    """Whether the surroundings of a match let it be a date."""
    groups = match.groupdict()
    if MOON.match(text, match.end()):
        return False
    before = text[max(0, match.start() - 24) : match.start()]
    mark = groups.get("s") or groups.get("s1") or ""
    awaited = AWAITING.search(before) is not None
    if form.awaits and mark in form.awaits and not awaited:
        return False
    if groups.get("y") is None and mark and BETWEEN.search(before) and AMOUNT.match(text, match.end()):
        return False
    if form.rule == "day" and groups.get("y") is None and mark and not awaited:
        after = FRACTION.match(text, match.end())
        if after or NAMED.search(before):
            return False
        return text[match.end() : match.end() + 1] != " " or noun_at(text, match.end() + 1) is None
    return True


def find_written(text: str) -> list[Written]:
    """Return the written dates of a text in order, without overlaps; the longest reading that begins first wins.

    >>> [(text.first.iso(), text.last and text.last.iso()) for text in find_written("giai đoạn 2016 - 2020")]
    [('2016', '2020')]
    """
    candidates = [w for form in FORMS for w in _read_form(form, text)]
    for bare in (DATING, PLANNED, OCCASION):
        candidates += [Written(m.start(1), m.end(1), Moment(int(m[1])), None, "year") for m in bare.finditer(text)]
    found: list[Written] = []
    for written in sorted(candidates, key=lambda w: (w.start, -w.end)):
        if not found or written.start >= found[-1].end:
            found.append(written)
            found.extend(_more_years(text, written))
    return found


def _read_form(form: _Form, text: str) -> Iterator[Written]:
    for match in form.pattern.finditer(text):
        first, last = form.read(match)
        if not first.is_real() or (last is not None and not last.is_real()) or not _stands(text, match, form):
            continue
        if last is not None and first.year and last.year and first.year > last.year:
            continue
        yield Written(match.start(), match.end(), first, last, form.rule)


def _more_years(text: str, written: Written) -> Iterator[Written]:
    """Yield the years listed after a year."""
    if written.rule != "year" or written.first.month:
        return
    end = written.end
    while match := MORE_YEARS.match(text, end):
        yield Written(match.start(1), match.end(1), Moment(int(match[1])), None, "year")
        end = match.end()
