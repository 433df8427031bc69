"""Who wrote an article: labelled bylines, names and initials standing alone, sources of reprints."""

import re
from dataclasses import dataclass

from crawler.furniture import find_furniture

# Labels that name a writer; a colon must follow, for "Tin vui đến" is a headline.
WRITER = (
    r"tác giả(?: bài viết)?|người viết|người đăng|người gửi|người đưa tin|người thực hiện|thực hiện|biên tập|"
    r"(?:bài|tin|ảnh|video|clip|hình|hình ảnh|tin bài)"
    r"(?:\s*(?:,|và|&|-|–|/|\+)\s*(?:bài|tin|ảnh|video|clip|hình ảnh|hình|thiết kế|đồ họa))+|"
    r"bài viết|tin bài|bài|tin|nhóm (?:pv|phóng viên|tác giả)|phóng viên|cộng tác viên|ctv|"
    r"(?:được )?(?:viết|đăng|gửi|thực hiện) bởi|bởi|written by|posted by|author|by"
)
PHOTOGRAPHER = r"(?:nguồn )?(?:ảnh|hình|hình ảnh|photo|video|clip|đồ họa|thiết kế)"
SOURCE = (
    r"nguồn [^:]{2,30}(?=\s*:\s*https?://)|"
    r"nguồn(?: tin| bài| trích dẫn| bài viết)?|source|theo nguồn|trích nguồn|link gốc|nguồn dẫn"
)
COUNTER = r"(?:số )?(?:lượt|lần)(?: được)? (?:xem|đọc|truy cập)|lượt tải|ngày đăng|đã xem|ngày (?:tạo|gửi)"
LABEL = re.compile(
    rf"(?:^|(?<=[-–|;,(.\s]))(?:(?P<writer>{WRITER})|(?P<photo>{PHOTOGRAPHER})"
    rf"|(?P<source>{SOURCE})|(?P<counter>{COUNTER}))\s*[:：]",
    re.I,
)
# "Đăng bởi admin", "By Minh Anh" stand without a colon at the head of a page.
BARE = re.compile(r"(?:đăng bởi|viết bởi|gửi bởi|posted by|written by|by|bởi)\s+(?P<name>.{2,50})", re.I)
THEO = re.compile(r"\(?\s*(?:theo|nguồn|trích từ|tin từ)\b\s*[:：]?\s*(?P<source>[^.()]{2,70}?)\s*\)?[.\s]*", re.I)
BY = re.compile(r"^(?:by|(?:được )?(?:đăng|viết|gửi) bởi)\s+(?=\S)", re.I)
LABEL_ALONE = re.compile(
    rf"by|bởi|(?:đăng|viết|gửi) bởi|posted by|written by|(?:{WRITER})\s*[:：]", re.I
)
ROBOTS = re.compile(
    r"(?:admin(?:istrator)?\d*|quản trị(?: viên| hệ thống| web\w*)?|"
    r"webmaster|editor|user|root|superuser|host|n/?a|không rõ|đang cập nhật|unknown)",
    re.I,
)

UPPER = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ"
LOWER = "a-zà-ÿăđĩũơưạ-ỹ"
INITIALS = (
    rf"(?:(?:[{UPPER}]{{1,4}}|[{UPPER}][{LOWER}]{{1,2}})\.)+\s?(?:[{UPPER}][{LOWER}]*)?|"
    rf"[{UPPER}]{{1,7}}(?:[-.][{UPPER}]{{1,4}})*"
)
NAME_WORD = rf"(?:{INITIALS}|[{UPPER}][{LOWER}]+(?:[{UPPER}][{LOWER}]+)?)"
NAME = rf"{NAME_WORD}(?:\s+{NAME_WORD}){{0,4}}"
NAMES = re.compile(rf"\(?\s*{NAME}(?:\s*(?:-|–|,|&|/|và|\+)\s*{NAME}){{0,3}}\s*\)?[./\s]*")
OFFICE = (
    r"(?:Ban|CĐ|CĐCS|CĐVC|LĐLĐ|Công đoàn|Liên đoàn|Văn phòng|VP|Tổ|Phòng|Đoàn|Hội|Trung tâm|TT|Báo|Tạp chí|Cụm|"
    r"Nhà máy|Trường|Bệnh viện|Công ty|Sở|Chi|UBKT|PV|CTV|BBT|BTG|Nhóm)"
)
NAME_AND_OFFICE = re.compile(rf"\(?\s*{NAME}\s*[-–,(]\s*{OFFICE}\b[^.:;!?]{{0,70}}\)?[./\s]*")
POST = (
    r"(?:nguyên|phó|quyền|chủ tịch|chủ nhiệm|trưởng|giám đốc|tổng|bí thư|ủy viên|uỷ viên|uv|"
    r"chuyên viên|cán bộ|thường trực)"
)
NAME_AND_POST = re.compile(
    rf"(?:(?:PGS|GS|TS|ThS|BS|KS|LS|CN|NGƯT|NGND)\.\s?)*(?P<name>{NAME})\s*[-–,]\s*(?:{POST})\b.{{2,90}}", re.I
)
OFFICE_ALONE = re.compile(rf"(?:{OFFICE})\b[^.:;!?,]{{2,60}}[./\s]*")
DOING = re.compile(
    r"\b(?:đã|sẽ|đang|được|tổ chức|trao|tặng|phát|thăm|họp|là|có|cho|với|tại|về|nhận|dự|"
    r"khai mạc|ra mắt|ký|tham gia|triển khai)\b",
    re.I,
)
PERFORMED = re.compile(r"\s*\((?:thực hiện|ghi|tổng hợp|lược ghi|biên soạn|sưu tầm|t/h|th)\)\s*$", re.I)
# Syllables of sections and mastheads: a line made of them is no name, however it is capitalised.
OFFICIAL = frozenset(
    [
        "hoạt",
        "động",
        "công",
        "đoàn",
        "tin",
        "tức",
        "sự",
        "kiện",
        "thông",
        "báo",
        "văn",
        "hóa",
        "thể",
        "thao",
        "xã",
        "hội",
        "chính",
        "trị",
        "kinh",
        "tế",
        "pháp",
        "luật",
        "giáo",
        "dục",
        "tuyên",
        "truyền",
        "nghiệp",
        "vụ",
        "lao",
        "cổng",
        "trang",
        "chủ",
        "liên",
        "hệ",
        "giới",
        "thiệu",
        "phong",
        "trào",
        "thi",
        "đua",
        "khen",
        "thưởng",
        "nữ",
        "chuyên",
        "mục",
        "bản",
        "quốc",
        "nổi",
        "bật",
    ]
)
# No names though every word is capitalised.
SPEECH = {
    "thông báo", "trang chủ", "tin tức", "việt nam", "hà nội", "hồ chí minh", "kết luận", "mở đầu", "hết",
    "posted", "published", "categorized", "tagged", "uncategorized", "chi tiết",
}


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline tells; a line that names only a photographer or a counter has neither author nor source."""

    author: str | None = None
    source: str | None = None


def is_label(text: str) -> bool:
    """Whether a line is a writer's label alone, its name standing in the next one."""
    return LABEL_ALONE.fullmatch(re.sub(r"\s+", " ", text).strip(" \t*•|-–")) is not None


def clean_author(text: str) -> str | None:
    """Return an author's name without marks at its ends; None for a robot's name or none at all."""
    text = PERFORMED.sub("", re.sub(r"\s+", " ", text)).strip(" \t|,;:–—/-*•")
    text = BY.sub("", text)
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    # A stop belongs to initials ("T.H."), not to a name.
    if not re.search(rf"(?:^|[\s.])[{UPPER}]{{1,3}}\.$", text):
        text = text.rstrip(" ./")
    if not text or ROBOTS.fullmatch(text) or not re.search(r"[^\W\d_]", text):
        return None
    return text


def read_byline(text: str) -> Byline | None:
    """Return what a labelled byline line says, or None for a line that is none.

    >>> read_byline("Tác giả: Minh Anh - Nguồn: LĐLĐ tỉnh - Số lần được xem: 81")
    Byline(author='Minh Anh', source='LĐLĐ tỉnh')
    """
    line = re.sub(r"\s+", " ", text).strip(" \t*•|-–")
    inner = line[1:-1] if line.startswith("(") and line.endswith(")") else line
    if not inner or len(inner) > 200:
        return None
    labels = list(LABEL.finditer(inner))
    if labels and labels[0].start() == 0:
        return read_labels(inner, labels)
    bare = BARE.fullmatch(inner)
    if bare and (ROBOTS.fullmatch(bare["name"].strip()) or NAMES.fullmatch(bare["name"].strip())):
        return Byline(author=clean_author(bare["name"]))
    theo = THEO.fullmatch(line)
    if theo and len(theo["source"].split()) <= 9 and not DOING.search(theo["source"]):
        return Byline(source=theo["source"].strip())
    return None


def read_labels(line: str, labels: list[re.Match[str]]) -> Byline | None:
    """Return what the labelled parts of a line say; None when a part is too long for a name."""
    author = source = None
    for number, label in enumerate(labels):
        end = labels[number + 1].start() if number + 1 < len(labels) else len(line)
        value = line[label.end() : end].strip(" \t|,;–-")
        if len(value.split()) > 14 or re.search(r"[.!?]\s+\S+\s+\S", value):
            return None
        if label["writer"] and author is None:
            if not is_name_like(value, label["writer"]):
                return None
            cleaned, theo = split_source(value)
            author, source = clean_author(cleaned), source or theo
        elif label["source"] and source is None:
            source = value or None
    return Byline(author=author, source=source)


def is_name_like(value: str, label: str) -> bool:
    """Whether a value can be a writer's name; after a label that is also a common noun it must look like one."""
    if label.casefold() not in ("bài", "tin", "bài viết", "tin bài", "by", "bởi", "thực hiện", "biên tập", "author"):
        return len(value.split()) <= 12
    cleaned = split_source(PERFORMED.sub("", value))[0]
    if not cleaned or ROBOTS.fullmatch(cleaned):
        return True
    return bool(NAMES.fullmatch(cleaned) or NAME_AND_OFFICE.fullmatch(cleaned) or OFFICE_ALONE.fullmatch(cleaned))


def split_source(value: str) -> tuple[str, str | None]:
    """Split "Minh Anh (Theo Lao Động)" into the name and the source."""
    match = re.fullmatch(r"(?P<name>.*?)\s*[(,–-]\s*theo\s+(?P<source>[^()]{2,60})\)?", value, re.I)
    return (match["name"], match["source"].strip()) if match else (value, None)


def is_signature(text: str) -> bool:
    """Whether a line is a name, names, initials, or a name with its body, and nothing else.

    >>> [is_signature(s) for s in ("NG. Thiện", "Minh Anh - LĐLĐ huyện", "Toàn cảnh Hội nghị", "Thông báo")]
    [True, True, False, False]
    """
    line = split_source(PERFORMED.sub("", re.sub(r"\s+", " ", text)).strip(" \t*•|–-"))[0]
    if not line or len(line) > 90 or line.casefold().strip(" .:") in SPEECH or find_furniture(line):
        return False
    if NAME_AND_OFFICE.fullmatch(line):
        return True
    words = line.casefold().split()
    return bool(NAMES.fullmatch(line)) and 2 * sum(word in OFFICIAL for word in words) <= len(words)


def read_signed_post(text: str) -> str | None:
    """Return the writer's name from a line of name and post, as stands below the headline of an essay.

    >>> read_signed_post("TS. Lê Minh Anh - Nguyên Trưởng Ban Tuyên giáo")
    'Lê Minh Anh'
    """
    match = NAME_AND_POST.fullmatch(re.sub(r"\s+", " ", text).strip())
    name = match["name"] if match else ""
    return name if NAMES.fullmatch(name) and len(name.split()) >= 2 else None


def is_office(text: str) -> bool:
    """Whether a line names only the body that sends the article: weaker than a name, for the foot alone."""
    line = re.sub(r"\s+", " ", text).strip(" \t*•|–-")
    named = OFFICE_ALONE.fullmatch(line) is not None and not re.search(r"\d", line)
    return named and len(line.split()) <= 10 and not DOING.search(line)


def split_signature(text: str) -> tuple[str, Byline | None]:
    """Part a last paragraph from the name or source set after its end mark: "... vững mạnh./. Minh Anh".

    >>> split_signature("Hội nghị thành công tốt đẹp./. Minh Anh")
    ('Hội nghị thành công tốt đẹp./.', Byline(author='Minh Anh', source=None))
    """
    match = re.search(r"(?P<end>/\.|[.!?…”\"])\s*\((?P<inner>[^()]{2,60})\)\s*\.?$", text)
    if match:
        inner = match["inner"]
        byline = read_byline(inner) or read_byline(f"({inner})")
        if byline is None and NAMES.fullmatch(inner):
            byline = Byline(author=clean_author(inner))
        if byline is not None:
            return text[: match.end("end")], byline
    match = re.search(r"/\.\s+(?P<rest>\S.{1,60})$", text)
    if match and (is_signature(match["rest"]) or read_byline(match["rest"])):
        return text[: match.start("rest")].rstrip(), read_byline(match["rest"]) or Byline(
            author=clean_author(match["rest"])
        )
    return text, None
