"""Directives, decisions, resolutions, plans and laws: numbered, or named by a full title."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc

from nlp.document_numbers import DAY, Numbered, find_numbered, iso_date
from nlp.spans import Spans
from nlp.vocabulary import alternation, read_table, split_entries
from store.records import Mention
from store.text import name_key

# "của Bộ Chính trị về …", "do Tổng Liên đoàn … ban hành": names begin with a capital and stop before these.
ISSUER = re.compile(
    r",? ?(?:\([^)\n]{1,40}\) )?(?:của|do) (?:đồng chí )?([A-ZĐ][^.;:(“\"\n]{2,90}?)"
    r"(?=,? (?:về|ban hành|ngày|khóa|khoá|gắn|nhằm|đã|được|với|trong|tại|có|quy định|năm|hướng dẫn|"
    r"lần thứ|và các|ký|cho|là|đến|yêu cầu|đề nghị|hỗ trợ|giao|chỉ đạo|và|mà|để)\b"
    r"|, [^A-ZĐ]|[.;:(“\"\n]|,|$)"
)
LATER = re.compile(rf"[^.\n]{{0,90}}?\b(?:ký|ban hành|thông qua)(?: vào)? ngày {DAY}")
EARLIER = re.compile(rf"[Nn]gày {DAY}, ([^.;\n]{{3,120}}?) (?:đã |vừa )?(?:thông qua|ban hành|ký|ra) (?:ban hành )?$")
SIGNATURE = re.compile(r"([A-ZĐ][A-ZĐa-z]*?)\d*$")
YEAR = r"(?:19|20)\d\d"

LAW_KIND = r"(?<!\w)(?<!háp )(?:[Bb]ộ luật|[Ll]uật|[Pp]háp lệnh) (?:sửa đổi, bổ sung một số điều của (?:Bộ l|L)uật )?"
LAW_TAIL = re.compile(rf" \(sửa đổi\)| sửa đổi| năm {YEAR}| {YEAR}")
CHARTER = re.compile(
    r"(?<!\w)(?:Điều lệ (?:Công đoàn Việt Nam|Đảng Cộng sản Việt Nam|Đảng)|Hiến pháp(?: năm \d{4}| \d{4})?)(?!\w)"
)
ORDINAL = r"(?:lần thứ [A-ZĐ\w]+|[IVX]+\b|khóa [IVX]+|khoá [IVX]+)"
# A congress's resolution is named by the congress; one without its ordinal ("nghị quyết đại hội các cấp") is any.
CONGRESS = re.compile(
    rf"(?<!\w)[Nn]ghị quyết (?:Đại hội|Hội nghị)[^.,;:\n“\"(]{{0,70}}?{ORDINAL}"
    r"(?:,? (?:của Đảng|Đảng bộ(?: (?:tỉnh|thành phố|TP|huyện|quận|thị xã|xã|phường))?(?: [A-ZĐ]\w+){0,5}|"
    r"Công đoàn(?: [A-ZĐ]\w+)*(?: tỉnh(?: [A-ZĐ]\w+)*| thành phố(?: [A-ZĐ]\w+)*)?|Đảng))?(?!\w)"
)
PERIOD = rf"(?:giai đoạn |nhiệm kỳ )?{YEAR}(?:\s?[-–]\s?{YEAR})?"
# A plan or an emulation pact is named by its subject and its year or period.
PLAN = re.compile(
    rf"(?<!\w)(?P<kind>[Kk]ế hoạch|Giao ước|[Gg]iao ước|Đề án|Chương trình hành động|Chiến lược|Quy hoạch) "
    rf"(?P<title>[^\W\d][^.;:\n“”\"()]{{3,110}}?) (?:(?:giai đoạn|nhiệm kỳ|năm|đến năm) {PERIOD})(?!\w)"
)
# "Nghị quyết về việc sửa đổi …", "Chỉ thị về …": the subject is the title.
ABOUT = re.compile(
    r"(?<!\w)(?P<kind>Nghị quyết|Chỉ thị|Quyết định|Nghị định|Thông tư|Kết luận|Quy định|Quy chế|Đề án|Hướng dẫn) "
    r"(?P<title>(?:về việc|về) [^.;:\n“”\"()]{8,160}?)"
    r"(?= là [“\"]|[.;:\n“”\"()]|, (?:nhằm|góp|trong đó|với|đồng thời|cùng|các|qua đó)|$)"
)
QUOTED = re.compile(
    r"(?<!\w)(?P<kind>Nghị quyết|Đề án|Kế hoạch|Quy chế|Chỉ thị|Quy định|Đề cương) (?:về )?"
    r"[“\"](?P<title>[^“”\"\n]{12,200})[”\"]"
)
ACTION = re.compile(
    r"(?:cụ thể|của mình|này|đó|chi tiết|để|nhằm|và|được|đã|phù hợp|với|"
    r"tổ chức thực hiện|thực hiện|triển khai|phát động|thi đua, khen)\b"
)
TITLE_WORDS = 2


@dataclass(frozen=True, slots=True)
class _Titled:
    start: int
    end: int
    kind: str
    rule: str


@cache
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    table = read_table("documents")
    return re.compile(rf"{LAW_KIND}(?:{alternation(split_entries(table['titles']['laws']))})(?!\w)"), table["issuers"]


def find_documents(doc: Doc) -> Iterator[Mention]:
    """Yield the documents of a document; a short repeat ("Chỉ thị 05" after "Chỉ thị 05-CT/TW") is not another one."""
    text = doc.text
    numbered = find_numbered(text)
    taken = Spans((n.start, n.whole_end) for n in numbered)
    titled = [t for t in _find_titled(text) if not taken.touch(t.start, t.end)]
    mentions = [_numbered_mention(text, n) for n in numbered] + [_titled_mention(text, t) for t in titled]
    yield from _without_repeats(sorted(mentions, key=lambda m: m.start))


def _numbered_mention(text: str, document: Numbered) -> Mention:
    later = None if document.date else LATER.match(text, document.end)
    return Mention(
        start=document.start,
        end=document.end,
        text=text[document.start : document.end],
        rule="numbered",
        kind="document",
        number=document.number,
        date=document.date or (iso_date(later) if later else None),
        issuer=_issuer(
            text, document.whole_end if text[document.whole_end - 1] == ")" else document.end, document.number
        ),
    )


def _issuer(text: str, end: int, number: str | None) -> str | None:
    """Return who issued it: the name after "của", else whom the number's letters stand for."""
    if match := ISSUER.match(text, end):
        return match[1].strip()
    signature = SIGNATURE.search(number or "")
    return _table()[1].get(signature[1]) if signature else None


def _find_titled(text: str) -> list[_Titled]:
    laws, _ = _table()
    found = []
    for match in laws.finditer(text):
        tail = LAW_TAIL.match(text, match.end())
        found.append(_Titled(match.start(), tail.end() if tail else match.end(), "luật", "law"))
    found += [_Titled(m.start(), m.end(), "điều lệ", "charter") for m in CHARTER.finditer(text)]
    found += [_Titled(m.start(), m.end(), "nghị quyết", "congress") for m in CONGRESS.finditer(text)]
    for match in PLAN.finditer(text):
        # "kế hoạch năm 2021": any plan. A title begins with a noun of its own, and does not run into the next clause.
        title = match["title"]
        if title.startswith(("năm ", "giai đoạn", "số ")) or ACTION.match(title) or _runs_on(title):
            continue
        # "ký kết giao ước thi đua": any pact, unless the article writes it as a name elsewhere.
        if match["kind"][0].islower() and (match["kind"] != "giao ước" or "Giao ước" not in text):
            continue
        found.append(_Titled(match.start(), match.end(), match["kind"].lower(), "plan"))
    found += [_Titled(m.start(), m.end(), m["kind"].lower(), "about") for m in ABOUT.finditer(text)]
    found += [_Titled(m.start(), m.end(), m["kind"].lower(), "quoted title") for m in QUOTED.finditer(text)]
    kept: list[_Titled] = []
    for titled in sorted(found, key=lambda t: (t.start, -t.end)):
        if not kept or titled.start >= kept[-1].end:
            kept.append(titled)
    return kept


def _runs_on(title: str) -> bool:
    """Whether the words up to the year leave the title for another clause."""
    return (
        re.search(
            r"\b(?:được|đã|nhằm|phát động|ký kết|đề ra|sẽ|do|thông qua|phát biểu|trong đó|tổ chức|diễn ra|gồm)\b", title
        )
        is not None
    )


def _titled_mention(text: str, titled: _Titled) -> Mention:
    issuer = _issuer(text, titled.end, None)
    year = re.search(rf"{YEAR}$", text[titled.start : titled.end]) if titled.rule == "law" else None
    date = year[0] if year else None
    line = text.rfind("\n", 0, titled.start) + 1
    if titled.rule == "about" and (match := EARLIER.search(text, max(line, titled.start - 200), titled.start)):
        date, issuer = iso_date(match), issuer or match[4]
    return Mention(
        start=titled.start,
        end=titled.end,
        text=text[titled.start : titled.end],
        rule=titled.rule,
        kind="document",
        date=date,
        issuer=issuer,
    )


def _key(mention: Mention) -> str:
    """Return what two mentions of one document share: kind and digits of the number, or how the title begins."""
    words = name_key(mention.text).split()
    if mention.number is None:
        return " ".join(words[: 2 + TITLE_WORDS]) if mention.rule in ("plan", "about") else name_key(mention.text)
    digits = re.match(r"\d+", mention.number)
    return f"{' '.join(words[:2])} {int(digits[0]) if digits else mention.number}"


def _without_repeats(mentions: list[Mention]) -> Iterator[Mention]:
    """Keep, of several mentions of one document, those written as fully as the fullest."""
    fullest: dict[str, Mention] = {}
    signed: dict[str, set[str]] = {}
    for mention in mentions:
        key = _key(mention)
        best = fullest.get(key)
        if best is None or len(mention.text) > len(best.text):
            fullest[key] = mention
        if mention.number and not mention.number.isdigit():
            signed.setdefault(key, set()).add(mention.number)
    for mention in mentions:
        key = _key(mention)
        best = fullest[key]
        if len(signed.get(key, ())) > 1:
            yield mention  # two bodies' papers of one number
        elif name_key(mention.text) == name_key(best.text):
            yield replace(mention, date=mention.date or best.date, issuer=mention.issuer or best.issuer)
