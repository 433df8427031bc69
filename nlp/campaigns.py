"""Names of campaigns: those of the reference list, and unknown ones by head word, quotation and capitals."""

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc

from nlp.campaign_heads import HEAD_BEFORE, LIST_GAP, Decision, decide, is_name, kind_of, unquoted_names
from nlp.known_names import Known, KnownNames, pieces
from nlp.layers import Quote, quotes
from nlp.spans import Spans
from store.records import Mention
from store.reference import Entry, load_reference

# "Tết Sum vầy – Xuân gắn kết": the year's second half of a programme's name, quoted or not.
SECOND_HALF = re.compile(
    r"\s*[-–—]\s*(?:Xuân|Tết|Kết nối|Ấm)"
    r"(?: (?!(?:cho|của|tại|năm|do|với|ở|và|để|được|trong|đến|là|nhằm|tới|cùng|đã|sẽ|có)\b)[^\W\d_]+){1,4}"
)
NOT_ALONE = re.compile(
    r"(?:\b(?:quỹ|bằng|danh hiệu(?: thi đua)?|giải thưởng|huy hiệu|hội thi|cuộc thi|câu lạc bộ|clb|"
    r"đạt|bằng chứng nhận)|"
    r"\b(?:quỹ|hội thi|cuộc thi)[^.;,“”\"\n]{0,30})\s*[:“\"‘'«]?\s*$",
    re.IGNORECASE,
)
NAME_END = re.compile(
    r"\s+(?:cũng|được|đã|đang|sẽ|do|nhằm|trong|giai đoạn|gắn|tiếp tục|luôn|ngày càng|có|là|và|với|tại|từ|ở|để|của|"
    r"cho|năm|này|đến|phát|góp|tạo|đạt|không|còn|vẫn|mang|toàn|cấp|khi|theo|lần|trên|đợt|thu hút|rộng|sâu|thực sự|qua|"
    r"như|thông qua|bằng|vào|ngành|khu vực|giữa|nói|trở thành|thiết thực|hiệu quả|đi|lan|sôi|hằng|hàng|thời)\b|"
    r"[.;:!?\n()“”\"]"
)
# “Chương trình phúc lợi cho đoàn viên”: the head word inside the quotation is no part of the name.
OWN_HEAD = re.compile(
    r"(?:[Pp]hong trào(?: thi đua)?|[Cc]uộc vận động|[Cc]hương trình|[Cc]hiến dịch):? +(?=[^\W\d_]{2,} )"
)
# A day, a week, a month, a Tet in two halves is named as one by its words, whatever stands before the quotation.
OWN_EVENT = re.compile(
    r"(?:[Nn]gày hội|[Tt]uần lễ|Tuần|[Tt]háng(?: hành động| cao điểm)?|Lễ hội|Chiến dịch) [^\W\d]|"
    r"Tết(?: [^\W\d]+){1,3} ?[-–] ?(?:Xuân|Kết nối|Ấm)\b|Xuân(?: [^\W\d]+){1,3} ?[-–] ?Tết\b|"
    # Tet for somebody, or of some virtue; not the feast itself.
    r"Tết (?!(?i:nguyên|cổ|trung|dương|âm|đến|về|độc|thiếu|giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý)\b)"
    r"[^\W\d]+ [^\W\d]+"
)
FAIR = re.compile(r"\b(?:hội chợ|phiên chợ)(?: [^\W\d]+){0,4} [“\"‘'«]?$", re.IGNORECASE)
# "300 đợt thi đua trên các công trình": drives that are counted, not one of that name.
COUNTED_DRIVES = re.compile(r"\d (?:đợt|phong trào|cuộc) $")
DRIVE = re.compile(r"thi đua\b", re.IGNORECASE)
# "các phong trào thi đua do … phát động như lao động giỏi, …": the head word stands far before its list.
LIST_BEFORE = re.compile(
    r"\b(?:phong trào|cuộc vận động)\b[^.;:“”\"\n]{0,120}\b(?:như|gồm|bao gồm|gồm có|là)\s*:?\s*$", re.IGNORECASE
)
LIST_REACH = 160
# "Ngày hội Cảm ơn người lao động": written with a capital, the day belongs to the name.
OWN_DAY = re.compile(r"\bNgày [Hh]ội $")
LONGEST = 24


@cache
def campaign_list() -> KnownNames:
    """Return the names of the reference list."""
    return KnownNames(load_reference("campaigns"))


def find_campaigns(doc: Doc) -> Iterator[Mention]:
    """Yield the campaigns of a document."""
    text = doc.text
    known = list(campaign_list().find(text))
    marked = quotes(doc)
    quoted = list(quoted_campaigns(text, marked, known))
    taken = Spans((start, end) for start, end, _, _ in quoted)
    for start, end, code, rule in quoted:
        yield mention(text, start, end, code, rule)
    inner = Spans((quote.inner_start, quote.inner_end) for quote in marked)
    last: int | None = None
    for found in known:
        if taken.touch(found.start, found.end):
            continue
        near = last if last is not None else taken.end_before(found.start)
        if not stands_alone(text, found, near, inner):
            continue
        start, last = whole_name(text, found)
        day = OWN_DAY.search(text, max(0, start - LONGEST), start)
        start = day.start() if day else start
        taken.add(start, last)
        yield mention(text, start, last, found.entry.code, "known")
    for start, end in unquoted_names(text):
        if not taken.touch(start, end):
            taken.add(start, end)
            entry = campaign_list().entry_of(text[start:end])
            yield mention(text, start, end, entry.code if entry else None, "capitals")


def mention(text: str, start: int, end: int, code: str | None, rule: str) -> Mention:
    """Return one mention."""
    head = kind_of(text, start, end)
    return Mention(start=start, end=end, text=text[start:end], rule=rule, kind="campaign", code=code, head=head)


def quoted_campaigns(text: str, marked: list[Quote], known: list[Known]) -> Iterator[tuple[int, int, str | None, str]]:
    """Yield offsets, code and rule of the quotations that are campaigns, or hold one."""
    before: Quote | None = None
    last = Decision.NONE
    at = 0
    for quote in marked:
        if before is not None and LIST_GAP.fullmatch(text[before.end : quote.start]):
            decision = last
        else:
            decision = decide(text, quote.start, before.end if before else 0)
        while at < len(known) and known[at].end <= quote.start:
            at += 1
        inside = []
        for found in known[at:]:
            if found.start >= quote.end:
                break
            inside.append(found)
        before, last = quote, decision
        yield from campaigns_of(text, quote, inside, decision)


def campaigns_of(
    text: str, quote: Quote, inside: list[Known], decision: Decision
) -> Iterator[tuple[int, int, str | None, str]]:
    """Yield the campaigns of one quotation, given what the words before it say it is."""
    start, end = quote.inner_start, quote.inner_end
    head = OWN_HEAD.match(text, start, end)
    if head:
        start, decision = head.end(), Decision.CAMPAIGN if decision is Decision.NONE else decision
    elif OWN_EVENT.match(text, start, end) and (
        decision is Decision.NONE or FAIR.search(text, max(0, quote.start - 40), quote.start)
    ):
        decision = Decision.CAMPAIGN
    # A stop or a comma that slipped inside the marks belongs to the sentence.
    end = start + len(text[start:end].rstrip(" .,;"))
    inner = text[start:end]
    size = len(pieces(inner))
    main = next((f for f in inside if is_main(f, start, size, decision)), None)
    if main is not None and decision is not Decision.OTHER and not trusts(main.entry, decision):
        main = None
    if main is not None and decision is Decision.OTHER:
        before = text[max(0, quote.start - 60) : quote.start]
        main = main if main.entry.more["match"] == "any" and not NOT_ALONE.search(before) else None
    if main is not None:
        # A name broken by a slipped closing mark runs past its quotation.
        yield start, max(end, main.end), main.entry.code, "known"
        return
    if decision is Decision.CAMPAIGN and is_name(inner, size):
        close = campaign_list().close_entry(inner)
        yield start, end, close.code if close else None, "quoted"


def is_main(found: Known, start: int, size: int, decision: Decision) -> bool:
    """Whether a known name makes up its quotation, rather than being spoken of in it."""
    if found.size * 2 >= size:
        return True
    sure = decision is Decision.CAMPAIGN or found.entry.more["match"] == "any"
    return sure and found.start == start and size <= LONGEST


def trusts(entry: Entry, decision: Decision) -> bool:
    """Whether the entry may be read in a quotation that these words lead to."""
    # "20 gương “Người tốt, việc tốt”": models of a campaign, if it is one.
    if decision in (Decision.CAMPAIGN, Decision.MODEL) or entry.more["match"] == "any":
        return True
    return entry.more["match"] in ("named", "open") and decision in (Decision.NONE, Decision.TITLE_OF_TEXT)


def stands_alone(text: str, found: Known, near: int | None, inner: Spans) -> bool:
    """Whether a known name without quotation marks of its own is the campaign there; `near` ends the one before it."""
    window = text[max(0, found.start - 60) : found.start]
    if NOT_ALONE.search(window) or (COUNTED_DRIVES.search(window) and DRIVE.match(text, found.start)):
        return False
    if found.entry.more["match"] == "any":
        return True
    if found.entry.more["match"] == "quoted":
        return False
    if HEAD_BEFORE.search(window) or LIST_BEFORE.search(text, max(0, found.start - LIST_REACH), found.start):
        return True
    if inner.hold(found.start, found.end):
        return False
    # One of a list after a head word: "phong trào lao động giỏi, xanh - sạch - đẹp".
    return near is not None and LIST_GAP.fullmatch(text[near : found.start]) is not None


def whole_name(text: str, found: Known) -> tuple[int, int]:
    """Return the offsets of a known name, with what its writer put after it as part of the name."""
    half = SECOND_HALF.match(text, found.end)
    if half:
        return found.start, half.end()
    # A name its writers end as they like: "Học tập, nâng cao trình độ (chuyên môn, tay nghề …)".
    if found.entry.more["match"] == "open" and text[found.end : found.end + 2].strip(" ").islower():
        stop = NAME_END.search(text, found.end)
        end = stop.start() if stop else len(text)
        if end - found.end <= 120:
            return found.start, end
    return found.start, found.end
