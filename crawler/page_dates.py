"""When a page says it was published: every header form of Vietnamese sites, and machine stamps, as ISO."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from html import unescape

VIETNAM = timezone(timedelta(hours=7))
# A clock an hour or a zone ahead of ours is no future; a day is.
SLACK = timedelta(days=1)
# What a page's own clock may differ from the moment of fetching.
CLOCK_SLACK = timedelta(minutes=3)
OLDEST = 1990

MONTH_WORDS = {
    "giêng": 1,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
    "chạp": 12,
}
ENGLISH_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_words = "|".join(sorted(MONTH_WORDS, key=len, reverse=True)).replace(" ", r"\s")
_english = "|".join(ENGLISH_MONTHS)

DATE = re.compile(
    rf"""(?<![\d/.-])(?:
      (?P<y1>(?:19|20)\d\d)\s?[-/.]\s?(?P<m1>\d{{1,2}})\s?[-/.]\s?(?P<d1>\d{{1,2}})(?![\d/])
    | (?P<d2>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<m2>\d{{1,2}})\s?(?P=sep)\s?(?P<y2>(?:19|20)\d\d|\d\d)(?!\d|[-/.]\d)
    | (?:ngày\s+)?(?P<d3>\d{{1,2}})\s*(?:tháng\s+|th(?=\d))(?P<m3>\d{{1,2}}|{_words})\b
      \s*(?:,|/|năm|-|\s)\s*(?P<y3>(?:19|20)\d\d)
    | (?:tháng\s+)(?P<m4>\d{{1,2}}|{_words})\s+(?P<d4>\d{{1,2}})\s*,\s*(?P<y4>(?:19|20)\d\d)
    | (?P<m5>{_english})[a-z]*\.?\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y5>(?:19|20)\d\d)
    | (?P<d6>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<m6>{_english})[a-z]*\.?[\s,-]+(?P<y6>(?:19|20)\d\d)
    )""",
    re.I | re.X,
)
TIME = re.compile(
    r"""(?<![\d:/.])(?P<h>[01]?\d|2[0-3])(?:\s?[:h]\s?|g|\s?giờ\s?)(?P<m>[0-5]?\d)(?:\s?phút)?
        (?:\s?:\s?(?P<s>[0-5]\d)(?:[.,]\d+)?)?
        \s*(?P<half>\b[ap]\.?m\b\.?|\bSA\b|\bCH\b)?(?![\d/])""",
    re.I | re.X,
)
ZONE = re.compile(r"\(?\s*\b(?:GMT|UTC)\s*[+-]?\s*\d{0,2}(?::?\d\d)?\s*\)?|(?<=\d)\s*\+0?7(?::?00)?\b", re.I)
WEEKDAY = re.compile(
    r"\b(?:thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật|CN|T[2-7]|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    # "Thu Hà" and "Hoài Thu" are names.
    r"(?<![^\W\d_]\s)(?:mon|tue|wed|thu|fri|sat|sun)(?=\.?,?\s*\d|[.,]\s))\b",
    re.I,
)
# Between a date and its time stand only these: "11:02 ngày 01/07/2020", "28.04.2025 | 17:05 PM".
BETWEEN = re.compile(r"[\s,|;•·@'()\[\]/–—-]*(?:(?:lúc|vào lúc|ngày|hồi|at|T)\b)?[\s,|;:•·@()/–—-]*", re.I)

PUBLISHED = re.compile(
    r"(?:ngày|thời gian|giờ)\s+(?:đăng(?:\s+(?:tin|bài|tải))?|xuất bản|đưa tin|phát hành|tạo|gửi|viết|ban hành)|"
    r"(?:đã\s+)?(?:được\s+)?đăng\s+(?:lúc|ngày|vào(?:\s+(?:lúc|ngày))?|tải)|xuất bản(?:\s+(?:lúc|ngày))?|đăng(?=\s*:)|"
    r"posted(?:\s+on)?|published(?:\s+on)?|publish date|created(?:\s+on)?|"
    r"\bdate(?=\s*:)|thời gian(?=\s*:)|ngày(?=\s*:)|on\b",
    re.I,
)
UPDATED = re.compile(
    r"(?:lần\s+)?(?:cập nhật|chỉnh sửa|sửa(?:\s+đổi)?)(?:\s+(?:lần cuối|mới nhất|gần nhất|lúc|ngày|vào))*|"
    r"(?:last\s+)?(?:updated|modified)(?:\s+on)?",
    re.I,
)
LAST_EDIT = re.compile(r"lần cuối|gần nhất|chỉnh sửa|\bsửa\b|last|modified", re.I)
CLOCK = re.compile(r"hôm nay|bây giờ|giờ hiện tại|today|ngày hiện tại", re.I)
FILLER = re.compile(r"\b(?:ngày|lúc|vào|hồi|on|at|giờ|phút|năm)\b|[\W_]+|\b\d+\b", re.I)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One date on a page: ISO, its role (published updated edited clock today, or none), its span in its line."""

    iso: str
    role: str
    start: int
    end: int

    @property
    def day(self) -> str:
        """The calendar day alone."""
        return self.iso[:10]

    @property
    def timed(self) -> bool:
        """Whether the page gives the time of day."""
        return len(self.iso) > 10


def find_stamps(text: str, latest: datetime | None = None) -> list[Stamp]:
    """Return the dates of a line in order, each with the time beside it; what is later than `latest` is none.

    >>> [(s.iso, s.role) for s in find_stamps("Ngày đăng: 24/06/2019 - Lượt xem: 81")]
    [('2019-06-24', 'published')]
    """
    found: list[Stamp] = []
    times = list(TIME.finditer(text))
    at = 0
    for match in DATE.finditer(text):
        day = read_day(match)
        if day is None:
            continue
        start, end = match.span()
        time = next((t for t in times if t.start() >= end and is_between(text, end, t.start())), None)
        if time is None:
            time = next(
                (
                    t
                    for t in reversed(times)
                    if at <= t.start() and t.end() <= start and is_between(text, t.end(), start)
                ),
                None,
            )
        label = text[at : min(start, time.start()) if time else start]
        if time is not None:
            start, end = min(start, time.start()), max(end, time.end())
        iso = compose(day, time)
        if not is_future(iso, latest):
            found.append(Stamp(iso, role_of(label) or role_by_moment(iso, latest), start, end))
        at = end
    return found


def is_between(text: str, start: int, end: int) -> bool:
    """Whether only what may part a date from its time stands in text[start:end]."""
    return BETWEEN.fullmatch(WEEKDAY.sub("", ZONE.sub("", text[start:end]))) is not None


def role_of(label: str) -> str:
    """Name the role that the words before a date give it; empty when none."""
    if CLOCK.search(label):
        return "clock"
    if UPDATED.search(label):
        return "edited" if LAST_EDIT.search(label) else "updated"
    return "published" if PUBLISHED.search(label) else ""


def role_by_moment(iso: str, latest: datetime | None) -> str:
    """Name the role of an unlabelled date by when its page was fetched: clock for that minute, today for that day."""
    if latest is None:
        return ""
    here = latest.astimezone(VIETNAM)
    if len(iso) == 10:
        return "today" if iso == here.date().isoformat() else ""
    return "clock" if abs(datetime.fromisoformat(iso) - here) <= CLOCK_SLACK else ""


def is_stamp_label(text: str) -> bool:
    """Whether a line is a date's label alone, the date standing in the next one."""
    line = text.strip(" :：|-–")
    return PUBLISHED.fullmatch(line) is not None or UPDATED.fullmatch(line) is not None


def read_day(match: re.Match[str]) -> date | None:
    """Return the day a match of DATE names, or None when the calendar has no such day."""
    parts = match.groupdict()
    form = next(n for n in "123456" if parts[f"y{n}"])
    year, month, day = int(parts[f"y{form}"]), month_number(parts[f"m{form}"]), int(parts[f"d{form}"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    if form == "2" and month > 12 >= day:
        # Windows servers with an American locale print 9/24/2019.
        month, day = day, month
    if year < OLDEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_number(text: str) -> int:
    """Return 1 to 12 for a month written in figures, Vietnamese or English; 0 for none."""
    if text.isdigit():
        return int(text)
    word = re.sub(r"\s+", " ", text.casefold())
    return MONTH_WORDS.get(word) or ENGLISH_MONTHS.index(word[:3]) + 1


def compose(day: date, time: re.Match[str] | None) -> str:
    """Return ISO text: the bare day, or the day with its time in Vietnam."""
    if time is None:
        return day.isoformat()
    hour, minute, second = int(time["h"]), int(time["m"]), int(time["s"] or 0)
    half = (time["half"] or "").casefold().replace(".", "")
    # "17:05 PM" is printed too: the hour already says it.
    if half in ("pm", "ch") and hour < 12:
        hour += 12
    elif half in ("am", "sa") and hour == 12:
        hour = 0
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=VIETNAM).isoformat()


def is_future(iso: str, latest: datetime | None) -> bool:
    """Whether a date lies after the moment its page was fetched."""
    if latest is None:
        return False
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    return moment > latest + SLACK


def read_moment(text: str | None) -> datetime | None:
    """Return a stored ISO time as an aware datetime, or None where it is none."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def read_stamp(text: str | None, latest: datetime | None = None) -> str | None:
    """Return a machine's stamp (JSON-LD, meta, datetime="") as ISO in Vietnamese time; None when it is none or future.

    >>> read_stamp("2020-09-10T08:52:00Z"), read_stamp("2020-09-10T00:00:00+07:00"), read_stamp("soon")
    ('2020-09-10T15:52:00+07:00', '2020-09-10', None)
    """
    cleaned = unescape(unescape(text or "")).strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", cleaned):
        moment = read_moment(re.sub(r"\s+(?=[+-]\d)", "", cleaned))
        if moment is not None:
            moment = moment.astimezone(VIETNAM).replace(microsecond=0)
            # Midnight to the second is how a CMS without a clock fills the field.
            iso = moment.isoformat() if moment.time() != moment.time().min else moment.date().isoformat()
            return None if moment.year < OLDEST or is_future(iso, latest) else iso
    stamps = find_stamps(cleaned, latest)
    return stamps[0].iso if stamps else None


def choose_stamp(stamps: list[Stamp]) -> tuple[str | None, str | None]:
    """Return (published, updated) from the stamps of a page's header."""
    published = next((s for s in stamps if s.role == "published"), None) or next(
        (s for s in stamps if s.role in ("", "today")), None
    )
    updated = next((s for s in stamps if s.role in ("updated", "edited")), None)
    if published is None and updated is not None and updated.role == "updated":
        # Many portals print their only date as "Cập nhật: ...".
        return updated.iso, None
    return (published.iso if published else None), (updated.iso if updated else None)


def strip_stamps(text: str, stamps: list[Stamp]) -> str:
    """Return what a line says beside its dates, their labels, weekdays, zones and counters."""
    for stamp in reversed(stamps):
        text = f"{text[: stamp.start]} | {text[stamp.end :]}"
    for pattern in (ZONE, WEEKDAY, PUBLISHED, UPDATED, CLOCK):
        text = pattern.sub(" ", text)
    return "" if not FILLER.sub("", text) else re.sub(r"\s+", " ", text).strip(" |-–—,;:.()•·[]")
