"""The words of a clause that make a grant: givers, giving and receiving verbs, awards, counted recipients."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from spacy.tokens import Doc

from nlp.honours import PRIZE_BEFORE
from nlp.layers import findings
from nlp.spans import Spans, within
from store.records import Figure, Finding, Mention


class Part(Enum):
    """What one item does in its clause."""

    GIVER = auto()
    GIVE = auto()
    RECEIVE = auto()
    COMMEND = auto()
    PASSIVE = auto()
    FOR = auto()
    OF = auto()
    AWARD = auto()
    COUNTED_AWARD = auto()
    RECIPIENT = auto()
    GIFT = auto()
    PROPOSE = auto()
    DECIDE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its offsets, its words, and for counts the number with its qualifier."""

    part: Part
    start: int
    end: int
    text: str
    count: int | float = 0
    qualifier: str = "exact"
    is_title: bool = False


WORDS = (
    (
        Part.PROPOSE,
        r"(?<!theo )(?<!Theo )đề nghị|đề xuất|(?<!\d )đề cử|(?<!được )(?<!Được )xét tặng|"
        r"xét đề nghị|dự kiến|giới thiệu(?= \d| các)|phấn đấu|"
        # The verb, not the end of "chương trình", "quá trình", "công trình".
        r"(?<!hương )(?<!uá )(?<!ông )(?<!uy )(?<!iến )(?<!ộ )trình(?= (?:lên |các )?(?:Chính phủ|Thủ tướng|Chủ tịch|"
        r"UBND|Ủy ban|Uỷ ban|Tổng|TLĐ|LĐLĐ|Liên đoàn|Công đoàn|Hội đồng|Bộ|cấp|xét|đề nghị|khen|tặng))",
    ),
    (Part.DECIDE, r"quyết định|(?:xét|bình|lựa) chọn"),
    (
        Part.GIVE,
        r"trao tặng thưởng|tặng thưởng|t[ăặ]ng thưởng|trao tặng|phong tặng|truy tặng|trao(?! thưởng)|tặng|gắn|"
        # "được tăng Bằng khen": a common slip.
        r"tăng(?= (?:bằng|giấy) khen| bằng lao động| cờ thi đua| kỷ niệm chương| huân chương)|"
        r"cấp(?= \d| bằng| Bằng|"
        r" giấy| Giấy)|công nhận(?: đạt)?(?: danh hiệu)?|thưởng(?= \d| cờ| Cờ| bằng| Bằng| giấy| Giấy)|nhận",
    ),
    (
        Part.RECEIVE,
        r"(?:vinh dự )?(?:được )?(?:đón )?nhận|đạt|đoạt|giành|"
        r"có(?=(?: \d[\d.]*)? (?:[Bb]ằng|[Gg]iấy khen|[Kk]ỷ niệm chương|[Hh]uân chương))",
    ),
    (
        Part.COMMEND,
        r"khen thưởng|khen tặng|trao thưởng|tuyên dương|biểu dương|tôn vinh|vinh danh|khen(?= \d| thêm \d)|"
        r"(?<!tiền )thưởng(?= cho \d)",
    ),
    # Money given is no award: "và hỗ trợ 5 triệu đồng cho 1 đoàn viên".
    (Part.GIFT, r"(?:hỗ trợ|ủng hộ)(?= (?:số tiền |kinh phí |hơn |trên |gần |khoảng )*\d)"),
    (Part.PASSIVE, r"được"),
    (Part.FOR, r"(?<!đại diện )(?<!dành )cho|tới|đến|với"),
    (Part.OF, r"của"),
    (Part.END, r"[;\n]|\.(?=\s+\S|$)"),
)
# The commending verb as part of a noun: a conference, a council, the field of work.
NOUN_BEFORE = re.compile(
    r"(?:hội nghị|buổi lễ|lễ|công tác|hội đồng|thi đua|ban|luật|hình thức|quy chế|chương trình|về|mức|"
    r"hội đồng thi đua|buổi|"
    r"tiêu chuẩn|việc|số|thành tích|phần)[\s,\-–]*(?:tuyên dương|biểu dương|tôn vinh|vinh danh)?[\s,\-–]*(?:và\s+)?$",
    re.IGNORECASE,
)
OFFICES = re.compile(
    r"\b(?:Chủ tịch nước|Thủ tướng(?: Chính phủ)?|Chính phủ|Chủ tịch (?:UBND|Ủy ban nhân dân|"
    r"Uỷ ban nhân dân) (?:tỉnh|thành phố|TP)|"
    r"[Cc]ác [Bb]ộ, ngành(?: Trung ương)?|[Bb]ộ, ngành(?: Trung ương)?)"
)
GIFTS = re.compile(
    r"\b(?:suất|phần|quà|nhà(?! giáo| khoa| báo| máy| trường| văn| nông)|căn|xe|vé|chiếc|thẻ|sổ|máy|bộ(?! phận|"
    r" đội)|thùng|gói|túi|học bổng|giải|tấn|kg|lít|phiếu|lượt quà|"
    r"xuất|giải pháp|"
    r"công trình|hộp|con giống|cuốn|bản|tiết mục)\b",
    re.IGNORECASE,
)
NO_RECIPIENT = re.compile(
    r"(?:năm|tháng|ngày|tuần|giờ|lần|kỳ|khóa|khoá|quý|đợt|hội nghị|lớp|cuộc|nội dung|chỉ tiêu|nhiệm vụ|tiêu chí|"
    r"phong trào|chiến dịch|văn bản|"
    r"dự án|km|ha|tuổi|đại biểu|điểm cầu|mô hình|điểm|buổi|đề cử|hồ sơ|lượt ý kiến|ý kiến)\b",
    re.IGNORECASE,
)
NUMBER_BEFORE = re.compile(
    r"(?:\b(?P<over>hơn|trên)\s+|\b(?P<under>gần)\s+|\b(?P<about>khoảng)\s+)?\b(?P<number>\d{1,3}(?:\.\d{3})+|"
    r"\d+)\s+(?:lá\s+|chiếc\s+)?[“\"]?$"
)
TITLES = re.compile(r"(?:bằng|cờ|giấy|huân|huy|kỷ|giải)", re.IGNORECASE)
PATTERN = re.compile(
    "|".join(
        rf"(?P<{part.name}>{words})" if part is Part.END else rf"\b(?P<{part.name}>{words})\b" for part, words in WORDS
    ),
    re.IGNORECASE,
)
# A capital begins a clause; elsewhere "Đạt", "Nhận" and "Cho" are people and names.
CLAUSE_START = re.compile(r"(?:^|[.:;\n“\"(\-–•+])\s*$")
# Behind "lễ" and "hội nghị" the verb is a verb again when a number follows: "hội nghị tuyên dương 30 tập thể".
COUNT_AFTER = re.compile(r"\s+(?:cho\s+)?(?:(?:các|những|thêm|hơn|trên|gần|khoảng)\s+)*\d")
# "nhận giải thưởng này", "đạt danh hiệu cấp tỉnh": a prize or title named before.
PRIZE_AGAIN = re.compile(r"\bgiải thưởng(?= này\b|\s*[.,;]| cho\b| lần này\b)", re.IGNORECASE)
TITLE_AGAIN = re.compile(
    r"\bdanh hiệu (?:này|trên|(?:thi đua )?cấp (?:trên(?: trực tiếp)? cơ sở|trên|"
    r"cơ sở|huyện|quận|thị xã|tỉnh|thành phố|TP|ngành|bộ|toàn quốc))\b",
    re.IGNORECASE,
)
# "tặng 32 cờ cho tập thể": the short form of a flag named before.
FLAG_AGAIN = re.compile(
    r"\b(?:tặng|trao|cấp|nhận|thưởng) (?:(?P<number>\d[\d.]*) )?(?:lá )?(?P<flag>cờ)(?= cho\b| của\b|,|;|\.| và\b)"
)
NAMED_BEFORE = 600
JOINED = re.compile(
    r"(?:,| và| /|/| hoặc|, và) (?P<noun>tập thể|cá nhân|gia đình|cán bộ|đoàn viên|công nhân|viên chức|"
    r"người lao động|lao động|"
    r"CNVCLĐ|công chức|đơn vị|doanh nghiệp|sáng kiến)(?! \d)\b"
)


def items_of(doc: Doc) -> list[Item]:
    """Return the items of a document in reading order; a later one never begins inside an earlier one."""
    text = doc.text
    awards = [f for f in findings(doc, "awards") if isinstance(f, Mention)]
    figures = [f for f in findings(doc, "figures") if isinstance(f, Figure)]
    fixed = [*award_items(text, awards, figures), *named_again(text, awards), *giver_items(doc)]
    taken = Spans((item.start, item.end) for item in fixed if item.part in (Part.AWARD, Part.COUNTED_AWARD))
    fixed.extend(item for item in figure_items(text, figures) if not taken.touch(item.start, item.end))
    fixed.extend(word_items(text))
    # The longest at one place first; names before the words inside them.
    fixed.sort(key=lambda item: (item.start, -item.end, item.part.value))
    kept: list[Item] = []
    for item in fixed:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def award_items(text: str, awards: list[Mention], figures: list[Figure]) -> Iterator[Item]:
    """Yield the awards, counted or not; "Cờ và Bằng khen" is one."""
    at = 0
    while at < len(awards):
        first = last = awards[at]
        while at + 1 < len(awards) and re.fullmatch(r",? (?:và|kèm) ", text[last.end : awards[at + 1].start]):
            at += 1
            last = awards[at]
        at += 1
        is_title = TITLES.match(first.text) is None
        number = NUMBER_BEFORE.search(text, max(0, first.start - 40), first.start)
        if number is None:
            yield Item(Part.AWARD, first.start, last.end, text[first.start : last.end], is_title=is_title)
            continue
        start = number.start("number")
        figure = next((f for f in within(figures, start - NAMED_BEFORE, start + 1) if start < f.end), None)
        count = figure.value if figure else int(number["number"].replace(".", ""))
        qualifier = next((name for name in ("over", "under", "about") if number[name]), "exact")
        yield Item(Part.COUNTED_AWARD, start, last.end, text[first.start : last.end], count, qualifier, is_title)


def named_again(text: str, awards: list[Mention]) -> Iterator[Item]:
    """Yield the mentions of a prize or a title that was named before and is not named again."""
    prizes = [a for a in awards if a.text.casefold().startswith("giải thưởng") or is_prize(text, a.start)]
    titles = [a for a in awards if not TITLES.match(a.text)]
    for pattern, named in ((PRIZE_AGAIN, prizes), (TITLE_AGAIN, titles)):
        for match in pattern.finditer(text) if named else ():
            near = within(named, match.start() - 2 * NAMED_BEFORE, match.start())
            before = [a for a in near if a.end <= match.start()]
            if before and match.start() - before[-1].end <= NAMED_BEFORE:
                yield Item(Part.AWARD, match.start(), match.end(), before[-1].text, is_title=pattern is TITLE_AGAIN)
    flags = [a for a in awards if a.text.casefold().startswith("cờ ")]
    taken = Spans((a.start, a.end) for a in awards)
    for match in FLAG_AGAIN.finditer(text) if flags else ():
        named = [a for a in flags if 0 <= match.start() - a.end <= NAMED_BEFORE]
        if named and not taken.touch(*match.span("flag")):
            start = match.start("number") if match["number"] else match.start("flag")
            part = Part.COUNTED_AWARD if match["number"] else Part.AWARD
            count = int((match["number"] or "0").replace(".", ""))
            yield Item(part, start, match.end(), named[-1].text, count)


def is_prize(text: str, at: int) -> bool:
    """Whether "giải thưởng" stands before the quoted name at `at`."""
    return PRIZE_BEFORE.search(text[max(0, at - 40) : at].rstrip("“\"‘' ")) is not None


def giver_items(doc: Doc) -> Iterator[Item]:
    """Yield the bodies and offices that may give."""
    text = doc.text
    bodies: list[Finding] = [f for f in findings(doc, "organizations") if isinstance(f, Mention)]
    for body in bodies:
        # The issuer inside the number of a document gives nothing.
        if text[max(0, body.start - 1) : body.start] not in ("-", "/"):
            yield Item(Part.GIVER, body.start, body.end, body.text)
    for office in OFFICES.finditer(text):
        yield Item(Part.GIVER, office.start(), office.end(), office[0])


def figure_items(text: str, figures: list[Figure]) -> Iterator[Item]:
    """Yield counted recipients, and counted gifts, which end the reach of an award."""
    for figure in figures:
        if figure.unit_kind != "count" or NO_RECIPIENT.match(figure.unit):
            continue
        unit = figure.unit.removeprefix("lượt ")
        if GIFTS.match(unit):
            yield Item(Part.GIFT, figure.start, figure.end, unit)
            continue
        written = re.compile(re.escape(unit), re.IGNORECASE).search(text, figure.start, figure.end)
        at = written.start() if written else -1
        noun = text[at : at + len(unit)] if at >= 0 else unit.partition(",")[0]
        joined = JOINED.match(text, figure.end)
        end = figure.end
        if joined and at >= 0 and at + len(unit) == figure.end:
            noun, end = text[at : joined.end()], joined.end()
        yield Item(Part.RECIPIENT, figure.start, end, noun, figure.value, figure.qualifier)


def word_items(text: str) -> Iterator[Item]:
    """Yield verbs, prepositions and clause ends."""
    for match in PATTERN.finditer(text):
        part = Part[match.lastgroup or "END"]
        before = text[max(0, match.start() - 40) : match.start()]
        if match[0][0].isupper() and " " not in match[0] and not CLAUSE_START.search(before):
            continue
        if part is Part.GIVE and match[0].casefold() == "nhận":
            part = Part.RECEIVE
        if part is Part.COMMEND and NOUN_BEFORE.search(before) and not COUNT_AFTER.match(text, match.end()):
            continue
        yield Item(part, match.start(), match.end(), match[0])
