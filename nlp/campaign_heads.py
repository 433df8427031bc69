"""What the words before a name say it is: a campaign, a title of honour, a contest, a theme, a saying."""

import re
from collections.abc import Iterator
from enum import Enum, auto

UPPER = "A-ZĐ" + "".join(chr(c) for c in range(0xC0, 0x1EFA) if chr(c).isupper() and chr(c).isalpha())
LOWER = "a-zđ" + "".join(chr(c) for c in range(0xDF, 0x1EFA) if chr(c).islower())


class Decision(Enum):
    """What a quotation is by the noun before it."""

    NONE = auto()
    CAMPAIGN = auto()
    TITLE_OF_TEXT = auto()
    HONOUR = auto()
    MODEL = auto()
    OTHER = auto()


HEADS = (
    # "phát động phong trào thi đua với chủ đề “…”": the theme is its name.
    r"(?:phong trào|đợt) thi đua(?: đặc biệt)?(?: với| theo| mang)? (?:chủ đề|khẩu hiệu)|"
    r"phong trào(?: thi đua)?|cuộc vận động|chiến dịch|đợt(?: cao điểm)? thi đua|đợt cao điểm|chương trình|tuần lễ|"
    r"ngày hội|tháng hành động|tháng cao điểm|lễ hội|ngày vì|tháng|thi đua"
)
# A programme of a stage or a screen is no campaign.
STAGE = (
    r"chương trình (?:nghệ thuật|văn nghệ|ca nhạc|truyền hình|phát thanh|biểu diễn|talkshow|đối thoại|tọa đàm|giao lưu)"
)
STARTS = r"phát động|hưởng ứng|sơ kết|tổng kết|triển khai(?: thực hiện)?|thực hiện|tham gia"
TEXTS = (
    r"chỉ thị|nghị quyết|quyết định|kế hoạch|kết luận|công văn|thông tư|luật|nghị định|đề án|thông báo|hướng dẫn|"
    r"văn bản|pháp lệnh|quy chế|thông tri"
)
HONOURS = (
    r"danh hiệu(?: thi đua)?|giải thưởng|kỷ niệm chương|huy hiệu|huân chương|huy chương|bằng khen|giấy khen|cờ thi đua|"
    r"cờ|bằng"
)
OTHERS = (
    r"chủ đề|tinh thần|phương châm|khẩu hiệu|thông điệp|mục tiêu|tiêu chí|yêu cầu|lời dạy|câu nói|lời|nội dung|"
    r"nguyên tắc|"
    r"quan điểm|hội thi|cuộc thi|liên hoan|hội diễn|hội thao|hội chợ|giải(?= bóng| đấu| chạy| cầu| pháp)|quỹ|"
    r"hội nghị|hội thảo|"
    r"tọa đàm|toạ đàm|diễn đàn|triển lãm|phương án|phương pháp|cơ chế|lớp|"
    r"đề tài|dự án|công trình|bài viết|bài|tác phẩm|cuốn|(?<!chính )sách|phim|ca khúc|"
    r"vở|tham luận|"
    r"báo cáo|sáng kiến|câu lạc bộ|clb|(?<!quân )đội(?! ngũ| viên)|tổ(?! chức)|nhóm|mô hình|chuyên mục|chuyên trang|"
    r"trang(?! bị)|"
    r"ứng dụng|gọi là|thương hiệu|tủ sách|túi|(?<!năng )suất|phần quà|gói|chữ|nói(?! chung| riêng| không)|"
    r"dạy(?! tốt| học| nghề)|"
    r"khẳng định|cho rằng|chia sẻ|bày tỏ|nhấn mạnh|cho biết|vai trò|biển hiệu|cụm từ|tên gọi|ngôi nhà|nhà tình|"
    r"thư viện"
)
DECIDING = re.compile(
    rf"\b(?:(?P<other0>{STAGE})|(?P<campaign>{HEADS})|(?P<start>{STARTS})|(?P<text>{TEXTS})|(?P<honour>{HONOURS})|"
    rf"(?P<model>gương(?: [^\W\d_]+){{0,3}})|(?P<other>{OTHERS}))\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(rf"[.!?…]\s+(?=[{UPPER}])|\n")
BREAK = re.compile(r"[.;!?]")
NUMBER_BEFORE = re.compile(r"\d[\d.,]*\s*(?:\w+\s+){0,1}$")
REACH = 170
NEAR = 70
LIST_GAP = re.compile(
    r"(?:\s|[,;/…]|\.{2,}|v\.v|\b(?:và|cùng|hay|hoặc|với|rồi|đến|các|thành|sang|nay|được|đã|đổi|tên|chuyển)\b|"
    r"\(?\s*giai đoạn \d{4}\s*[-–]\s*\d{4}\)?)*",
    re.IGNORECASE,
)
HEAD_BEFORE = re.compile(
    rf"\b(?:{HEADS})(?:\s+(?:thi đua|chuyên đề|theo chuyên đề|quần chúng|về|trong \w+))?\s*[:“\"]?\s*$", re.IGNORECASE
)
# Words that open a quotation which names something else than a campaign.
OTHER_NAME = re.compile(
    r"(?:quỹ|hội thi|cuộc thi|giải thưởng|giải (?:bóng|đấu|chạy|nhất)|hội nghị|hội thảo|tọa đàm|lớp|liên hoan|"
    r"hội thao|hội diễn|chỉ thị|nghị quyết|"
    r"kế hoạch|danh hiệu|kỷ niệm chương|công đoàn|liên đoàn|lđlđ|bằng|cờ|huân chương|tập thể|chiến s[ĩỹ]|luật|"
    r"nghị định|ban|"
    r"đội(?! ngũ)|tổ(?! chức)|câu lạc bộ|đại hội|mục tiêu)\b",
    re.IGNORECASE,
)
GENERIC = re.compile(
    r"(?:phong trào\s+)?(?:thi đua(?: yêu nước| ái quốc)?|yêu nước|công nhân|văn nghệ|thể thao)", re.IGNORECASE
)
SENTENCE = re.compile(r"[.!?]\s+\S|[.!?]$|\b(?:chúng tôi|chúng ta|tôi|sẽ|thì|phải)\b", re.IGNORECASE)
LONGEST = 32
SHORT = 3
OWN_HEAD = re.compile(r"(?:phong trào|cuộc vận động|chương trình|đợt|hội)\b", re.IGNORECASE)

# Verbs that lead on from an unquoted name, and the comma inside "phòng, chống".
LEADS_ON = r"tổ chức|đưa tin|gồm|bao gồm|quy tụ|kết thúc|khai mạc|bế mạc|khép lại|bắt đầu|toàn thắng"
INNER_COMMA = r"(?:(?<=phòng), (?=chống\b)|(?<=an toàn), (?=vệ sinh\b))"
NAME_HEADS = re.compile(
    r"\b(?:[Pp]hong trào(?: thi đua)?|[Cc]uộc vận động|[Cc]hiến dịch|[Cc]hương trình)(?:: | )"
    rf"(?=[{UPPER}][{LOWER}]+ )"
    rf"(?P<name>[^\W\d_]+(?:(?: |{INNER_COMMA})(?!(?:{LEADS_ON}|do|của|năm|trong|tại|với|được|"
    r"nhằm|đã|cho|từ|đến|giai|lần|theo|trên|ở|là|để|có|sẽ|khi|này|gắn|đang|cũng|vào|về|luôn|tiếp|góp|hướng|bằng|"
    r"thu hút|phát|qua|không|vẫn|còn|ngày|"
    r"đợt)\b)"
    r"[\w\-–]+){2,13})"
)
# A week, a day or a month with a name of its own: the head word belongs to it.
EVENT_NAMES = re.compile(
    rf"\b(?P<name>(?:(?:Tuần(?: lễ)?|Ngày [Hh]ội|Lễ hội|Tháng(?: hành động| cao điểm)?) (?=[{UPPER}][{LOWER}])|"
    rf"(?<=[{LOWER},;:] )(?:Tuần lễ|Ngày hội|Tháng hành động|Tháng cao điểm) (?=[{LOWER}])|"
    rf"tuần lễ (?=[{UPPER}][{LOWER}]))"
    r"(?!Giêng|Hai|Ba|Tư|Năm|Sáu|Bảy|Tám|Chín|Mười|Một|Chạp)"
    rf"[^\W\d_]+(?:(?:[ \-–]+|{INNER_COMMA})(?!(?:{LEADS_ON}|do|của|năm|trong|tại|với|được|nhằm|"
    r"đã|cho|từ|đến|giai|lần|theo|trên|ở|là|để|có|sẽ|khi|"
    rf"này|và(?! [{UPPER}])|vào|diễn|được|đang|cũng|thu hút|mang|gắn)\b)[^\W\d_]+){{1,13}})"
)
# An unquoted name in small letters, where its first words are those of a slogan.
SLOGANS = re.compile(
    r"\b(?:[Pp]hong trào(?: thi đua)?|[Cc]uộc vận động|[Cc]hiến dịch|[Cc]hương trình)(?:: | )"
    r"(?P<name>(?:chung (?:tay|sức|lòng)|toàn dân|nói không với|vì (?!thế|vậy|sao|lý|có|đã|được|một)|tất cả vì|"
    r"mỗi (?:\w+ ){1,4}một)(?: (?!(?:do|của|năm|tại|với|được|đã|từ|đến|giai|lần|theo|là|để|có|sẽ|khi|này|gắn|đang|"
    r"cũng|luôn|tiếp|góp|hướng|đợt|nhằm|trong|ở|trên|và)\b)[\w\-–]+){1,10})"
)
# Closing marks where opening ones belong: phong trào ” Mỗi ca một sáng kiến ".
BROKEN_QUOTE = re.compile(
    r"\b(?:[Pp]hong trào(?: thi đua)?|[Cc]uộc vận động|[Cc]hương trình|[Cc]hiến dịch) ?”\s*"
    r"(?P<name>[^“”\"\n.;]{6,120}?)\s*[”\"“]"
)
# "điển hình là: A; B; C", "như: A; B": the items of a list behind the head word are names.
LIST_HEAD = re.compile(
    r"\b(?:phong trào|cuộc vận động)\b[^.;:“\"\n]{0,90}?\b(?:như|là|gồm|sau)\s*:\s*(?P<items>[^.“”\"\n:]{12,600})",
    re.IGNORECASE,
)
# "các cuộc vận động Dạy tốt - Học tốt; Trường đẹp, lớp sạch": the same without a colon.
NAMED_LIST = re.compile(
    rf"\b[Cc]ác (?:phong trào(?: thi đua)?|cuộc vận động) (?=[{UPPER}])(?P<items>[^.“”\"\n:]{{12,600}})"
)
LIST_ITEM = re.compile(rf"(?:^|;)\s*(?P<name>[{UPPER}][^;…]{{7,90}}?)\s*(?=;|…|$)")
# What a campaign is called, by the word before its name or at its beginning.
KINDS = (
    ("phong trào", "phong trào thi đua"), ("cuộc vận động", "cuộc vận động"), ("chương trình", "chương trình"),
    ("chiến dịch", "chiến dịch"), ("tháng", "tháng"), ("tuần", "tuần"), ("ngày hội", "ngày hội"),
    ("hội thi", "hội thi"), ("giải thưởng", "giải thưởng"), ("đợt", "phong trào thi đua"),
    ("thi đua", "phong trào thi đua"),
)  # fmt: skip
KIND_WORD = re.compile(rf"\b(?:{'|'.join(word for word, _ in KINDS)})\b", re.IGNORECASE)
KIND_REACH = 60
NOT_A_NAME = re.compile(
    r"(?:Công đoàn|Liên đoàn|Tổng|Đoàn|Hội|Ban|Ủy|Uỷ|Bộ|Sở|Đảng|Quốc|Chính phủ|Chủ tịch|Mặt trận|Thành|Tỉnh|Phụ nữ|"
    r"Thanh niên|"
    r"Nông dân|Cựu|Khối|Cụm|Khoa|Trường|Phòng|Công ty|Tập đoàn|Nhà máy|Việt Nam|Nghị|Chỉ thị|Thi đua|Mục tiêu|Số|"
    r"Đồng chí|Đại|Giáo dục phổ thông|Thời sự|Truyền hình|Hành động|Phối hợp|Đào tạo|Nghị sự|Điện Biên Phủ|Hồ Chí Minh|"
    r"Tây Nguyên)\b"
)


def decide(text: str, at: int, floor: int) -> Decision:
    """Return what the nearest deciding noun before `at` makes of the name there; nothing before `floor` counts."""
    window_start = max(floor, at - REACH)
    window = text[window_start:at]
    cut = max((m.end() for m in SENTENCE_END.finditer(window)), default=0)
    deciding = list(DECIDING.finditer(window, cut))
    # "các phong trào do công đoàn phát động như “…”": a verb decides only right before the name.
    while len(deciding) > 1 and deciding[-1].lastgroup == "start" and window[deciding[-1].end() :].strip(" :"):
        deciding.pop()
    if not deciding:
        return Decision.NONE
    nearest = deciding[-1]
    between = window[nearest.end() :]
    kind = nearest.lastgroup
    if kind == "campaign":
        if BREAK.search(between) or NUMBER_BEFORE.search(between):
            return Decision.NONE
        return Decision.CAMPAIGN if len(between) <= NEAR or is_long_head(between) else Decision.NONE
    if kind == "start":
        # "thực hiện “ba tại chỗ”": what is done is no campaign unless it is written as a name.
        named = text[at + 1 : at + 3].strip()[:1]
        return Decision.CAMPAIGN if not between.strip(" :") and not named.islower() else Decision.NONE
    if kind == "text":
        return Decision.TITLE_OF_TEXT
    if len(between) > NEAR or BREAK.search(between):
        return Decision.NONE
    if kind == "model":
        return Decision.MODEL
    return Decision.HONOUR if kind == "honour" else Decision.OTHER


def is_long_head(between: str) -> bool:
    """Whether a long stretch still belongs to the head: "xây dựng người …", "do … phát động", a colon."""
    stretch = between.strip()
    return stretch.startswith(("xây dựng", "do ", "trong ")) or stretch.endswith((":", "phát động", "như"))


def is_name(inner: str, size: int) -> bool:
    """Whether quoted words after a head word read as a name: no sentence, no other thing's name, no generic word."""
    if not 2 <= size <= LONGEST or SENTENCE.search(inner):
        return False
    if size < SHORT and inner[0].islower():
        return False  # “bám rễ”: a figure of speech
    return not OTHER_NAME.match(inner) and not GENERIC.fullmatch(inner)


def unquoted_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of names that follow a head word with a capital and no quotation marks."""
    for match in NAME_HEADS.finditer(text):
        name = match["name"]
        all_capitals = all(word[0].isupper() for word in name.split())
        if NOT_A_NAME.match(name) or OTHER_NAME.match(name) or all_capitals:
            continue
        yield match.start("name"), match.end("name")
    for pattern in (EVENT_NAMES, SLOGANS, BROKEN_QUOTE):
        for match in pattern.finditer(text):
            yield match.start("name"), match.end("name")
    for pattern in (LIST_HEAD, NAMED_LIST) if ";" in text else ():
        for listed in pattern.finditer(text):
            yield from listed_names(text, *listed.span("items"))


def listed_names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the items of a list with semicolons, where most of them read as names."""
    items = [match.span("name") for match in LIST_ITEM.finditer(text[start:end])]
    names = [(start + s, start + e) for s, e in items if is_item(text[start + s : start + e])]
    if len(names) >= 2 and len(names) * 2 > len(items):
        yield from names


def is_item(name: str) -> bool:
    """Whether an item of a list reads as a name of its own: no amounts, no head word, no body that acts."""
    if re.search(r"\d", name) or OWN_HEAD.match(name) or NOT_A_NAME.match(name):
        return False
    return is_name(name, len(name.split()))


def kind_of(text: str, start: int, end: int) -> str | None:
    """Return what a campaign is called by its own first word, else by the nearest head word before it.

    >>> kind_of("Hưởng ứng cuộc vận động “Mỗi ngày một việc”", 25, 42)
    'cuộc vận động'
    """
    kinds = dict(KINDS)
    own = KIND_WORD.match(text, start, end)
    if own:
        return kinds[own[0].casefold()]
    window = text[max(0, start - KIND_REACH) : start]
    heads = list(KIND_WORD.finditer(window, max((m.end() for m in SENTENCE_END.finditer(window)), default=0)))
    # "phong trào thi đua" is one head of two words.
    while len(heads) > 1 and heads[-1].start() - heads[-2].end() == 1:
        heads.pop()
    return kinds[heads[-1][0].casefold()] if heads else None
