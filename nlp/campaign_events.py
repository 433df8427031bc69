"""Campaigns launched, renamed, reviewed and concluded."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from nlp.grant_items import OFFICES
from nlp.layers import findings, sentences
from nlp.spans import within
from store.records import CampaignEvent, Date, Mention
from store.text import name_key

LAUNCH = re.compile(r"\b(?:phát động|khởi động|khởi xướng|ra mắt|phát lệnh)\b", re.IGNORECASE)
REVIEW = re.compile(r"\b(?:sơ kết|tổng kết)\b", re.IGNORECASE)
CONCLUDE = re.compile(r"\b(?:kết thúc|bế mạc|khép lại)\b", re.IGNORECASE)
OVER = re.compile(r"[”\"’]?(?: năm \d{4})? (?:đã |chính thức )*(?:kết thúc|khép lại|bế mạc)\b")
RENAME = re.compile(
    r"\b(?:(?:sửa đổi|thay đổi|điều chỉnh|đổi)(?:, bổ sung)? tên(?: gọi)?|đổi thành|được đổi tên|"
    r"(?:mang|lấy|có) tên(?: gọi)? mới|(?<!có )tên(?: gọi)? mới)\b",
    re.IGNORECASE,
)
# The old name is told last, after the new one: "Trước đây cuộc vận động mang tên “…”", "(tiền thân là “…”)".
FORMERLY = re.compile(
    r"\b(?:trước đây|trước kia|trước đó|ban đầu|tiền thân|vốn|nguyên)\b(?P<told>[^.;\n“\"]{0,60}?)"
    r"\b(?:tên(?: gọi)?(?: là)?|là|gọi là)\s*(?:phong trào|cuộc vận động|chương trình)?(?: thi đua)?\s*[“\"‘]?\s*$",
    re.IGNORECASE,
)
NAME_CHANGED = re.compile(r"\btên(?: gọi)?\b[^.;\n]{0,40}\bđổi\b|\bđổi\b[^.;\n]{0,20}\btên\b", re.IGNORECASE)
BECOMES = re.compile(
    r"(?:\b(?:là|thành|sang|bằng)\s*(?:phong trào|cuộc vận động|chương trình)?[^“\"]{0,30}|^\s*(?:là|:)?\s*)[“\"‘]?\s*$"
)
HEAD_WORDS = (
    r"phong trào|thi đua|cuộc vận động|chương trình|chiến dịch|đợt|cao điểm|lễ|tháng|kế hoạch|thực hiện|triển khai|"
    r"việc|các|"
    r"hưởng ứng|năm|giai đoạn|chuyên đề|theo|trong|và|về|đợt thi đua|đẩy mạnh|xây dựng|người|cán bộ|công chức|"
    r"viên chức|"
    r"công nhân|lao động|đoàn viên|CNVCLĐ|CBCCVC|CNVC|CNVC-LĐ|nữ|toàn|tỉnh|ngành|thành phố|hai|phát động|giữa kỳ|"
    r"phạm vi|cả nước|toàn quốc|sâu rộng|như|gồm|là|với"
)
# From the verb to its campaign only head words, numbers and quotation marks: "tổng kết 5 năm thực hiện phong trào “".
LEADS_TO = re.compile(rf"(?:[\s,:“\"‘(]|\d[\d.]*(?:\s*[-–]\s*\d+)?|\b(?:{HEAD_WORDS})\b)*", re.IGNORECASE)
LIST_GAP = re.compile(
    r"(?:[\s,;:“”\"‘’]|\b(?:và|cùng|phong trào|thi đua|cuộc vận động|chương trình|tháng)\b)*", re.IGNORECASE
)
BY = re.compile(r"[”\"’\s]*(?:[,(]?[^.;\n“”\"]{0,45}?[,)]?\s)?\b(?:do|được)\s(?P<by>[^.;\n“”\"]{0,160}?)\bphát động\b")
# A drive without a name of its own, told with who launched it.
DRIVE_BY = re.compile(
    r"\b(?P<name>(?:phong trào )?thi đua(?: yêu nước)?(?:, cuộc vận động)?) do (?P<by>[^.;\n“”\"]{3,160}?) phát động\b",
    re.IGNORECASE,
)
DRIVE = re.compile(r" (?:(?:các|đợt) )?(?P<name>(?:phong trào )?thi đua(?: yêu nước)?)\b", re.IGNORECASE)
NAME_NEAR = 60
ACTS = re.compile(r"(?:[\s,]|\([^()]{1,30}\)|\b(?:đã|cũng|vừa|chính thức|tiếp tục|sẽ|tổ chức|lễ)\b|\bnăm \d{4}\b)*")
SINCE = re.compile(r"\s*(?:vào |từ |kể từ )?(?:đầu |cuối )?(?:ngày|năm|tháng)?\s*$")
UNDONE = re.compile(
    r"\b(?:sẽ|đề nghị|chuẩn bị|dự kiến|kế hoạch|do các cấp)\s*(?:tổ chức\s*)?(?:lễ\s*)?$", re.IGNORECASE
)
CLAUSE_BREAK = re.compile(r";|\bdo\b")


@dataclass(frozen=True, slots=True)
class Body:
    """A body or office that may act."""

    start: int
    end: int
    text: str


def find_campaign_events(doc: Doc) -> Iterator[CampaignEvent]:
    """Yield the campaign events of a document; one told twice is given once, where it is told first."""
    told = set()
    for event in all_events(doc):
        # Drives without a name by one body are told again and again: one row.
        drive = DRIVE.fullmatch(f" {event.campaign}") or ", cuộc vận động" in event.campaign
        named = ("", None) if drive else (name_key(event.campaign), event.date)
        key = (event.event, *named, name_key(event.organization or ""))
        if key not in told:
            told.add(key)
            yield event


def all_events(doc: Doc) -> Iterator[CampaignEvent]:
    """Yield every telling of an event, sentence by sentence."""
    text = doc.text
    campaigns = sorted((f for f in findings(doc, "campaigns") if isinstance(f, Mention)), key=lambda f: f.start)
    bodies = bodies_of(doc)
    dates = dates_of(doc)
    for start, end in sentences(doc):
        here = within(campaigns, start, end)
        acting = [b for b in within(bodies, start, end) if b.end <= end]
        dated = within(dates, start, end)
        yield from drives(text, here, acting, dated, start, end)
        if not here:
            continue
        yield from launched_by(text, here, acting, dated, end)
        for campaign in here:
            over = OVER.match(text, campaign.end, end)
            if over:
                date = next(
                    (d for d in dated if d.start >= over.end() and SINCE.fullmatch(text[over.end() : d.start])), None
                )
                told = date.date_start if date else None
                yield event_of(text, campaign.start, over.end(), campaign.text, "concluded", date=told)
        for verb, event in ((LAUNCH, "launched"), (REVIEW, "reviewed"), (CONCLUDE, "concluded")):
            for match in verb.finditer(text, start, end):
                yield from acted(text, match, event, here, acting, dated, start)
        renaming = RENAME.search(text, start, end)
        if renaming:
            yield from renamed(text, renaming, campaigns, here, acting, dated, start)
        yield from formerly(doc, text, campaigns, here, bodies, dates, start, end)


def dates_of(doc: Doc) -> list[Date]:
    """Return the single dates of a document in order, those of the documents it names among them."""
    found = [f for f in findings(doc, "dates") if isinstance(f, Date) and f.date_end is None]
    for named in findings(doc, "documents"):
        if isinstance(named, Mention) and named.date:
            found.append(
                Date(start=named.start, end=named.end, text=named.text, rule="document", date_start=named.date)
            )
    return sorted(found, key=lambda d: (d.start, d.end))


def bodies_of(doc: Doc) -> list[Body]:
    """Return the bodies and offices of a document in order, of two in one place the longer."""
    named = [Body(f.start, f.end, f.text) for f in findings(doc, "organizations")]
    named.extend(Body(office.start(), office.end(), office[0]) for office in OFFICES.finditer(doc.text))
    kept: list[Body] = []
    for body in sorted(named, key=lambda b: (b.start, -b.end)):
        if not kept or body.start >= kept[-1].end:
            kept.append(body)
    return kept


def event_of(
    text: str, start: int, end: int, campaign: str, event: str, *,
    date: str | None = None, organization: str | None = None, other: str | None = None,
) -> CampaignEvent:  # fmt: skip
    """Return one event; its span runs from its first word to its last, as evidence."""
    return CampaignEvent(
        start=start, end=end, text=text[start:end], rule=event, campaign=campaign, event=event, date=date,
        organization=organization, other_campaign=other,
    )  # fmt: skip


def launched_by(
    text: str, campaigns: list[Mention], bodies: list[Body], dates: list[Date], end: int
) -> Iterator[CampaignEvent]:
    """Yield launches told after the name: “…” do X và Y phát động (ngày …)."""
    for campaign in campaigns:
        match = BY.match(text, campaign.end, end)
        if match is None or any(campaign.end <= c.start < match.end() for c in campaigns):
            continue
        launchers: list[Body | None] = [b for b in bodies if match.start("by") <= b.start and b.end <= match.end("by")]
        date = next((d for d in dates if SINCE.fullmatch(text[match.end() : d.start]) if d.start >= match.end()), None)
        for body in launchers or [None]:
            yield event_of(
                text, campaign.start, match.end(), campaign.text, "launched",
                date=date.date_start if date else None, organization=body.text if body else None,
            )  # fmt: skip


def acted(
    text: str,
    verb: re.Match[str],
    event: str,
    campaigns: list[Mention],
    bodies: list[Body],
    dates: list[Date],
    start: int,
) -> Iterator[CampaignEvent]:
    """Yield events told before the name: X phát động / sơ kết / kết thúc “…”, and the others of a list."""
    if UNDONE.search(text, start, verb.start()) or text[max(start, verb.start() - 3) : verb.start()] == "do ":
        return
    at = next((i for i, c in enumerate(campaigns) if c.start >= verb.end()), None)
    if at is None or not LEADS_TO.fullmatch(text[verb.end() : campaigns[at].start]):
        return
    before = [b for b in bodies if b.end <= verb.start()]
    body = before[-1] if before and not CLAUSE_BREAK.search(text[before[-1].end : verb.start()]) else None
    earlier = [d for d in dates if d.end <= verb.start()]
    last = campaigns[at - 1] if at else None
    for campaign in campaigns[at:]:
        if last is not None and last.start >= verb.end() and not LIST_GAP.fullmatch(text[last.end : campaign.start]):
            return
        last = campaign
        yield event_of(
            text, body.start if body else verb.start(), campaign.end, campaign.text, event,
            date=earlier[-1].date_start if earlier else since(text, campaign, dates),
            organization=body.text if body else None,
        )  # fmt: skip


def since(text: str, campaign: Mention, dates: list[Date]) -> str | None:
    """Return the date that stands right behind a campaign: “…” từ ngày 2/3/2021."""
    after = (d for d in dates if campaign.end <= d.start <= campaign.end + 30)
    return next((d.date_start for d in after if SINCE.fullmatch(text[campaign.end : d.start].lstrip('”"’'))), None)


def renamed(
    text: str, verb: re.Match[str], all_campaigns: list[Mention], here: list[Mention], bodies: list[Body],
    dates: list[Date], start: int,
) -> Iterator[CampaignEvent]:  # fmt: skip
    """Yield the renaming a sentence tells: the new name after "là" or "thành", the old one before it or told last."""
    new = next((c for c in here if c.start > verb.start() and BECOMES.search(text[verb.end() : c.start])), None)
    if new is None:
        return
    old = last_other(within(all_campaigns, start - 1200, new.start), new)
    if old is None:
        return
    acting = [b for b in bodies if b.end <= verb.start()]
    dated = [d for d in dates if d.end <= new.start]
    yield event_of(
        text, acting[-1].start if acting else verb.start(), new.end, old.text, "renamed",
        date=dated[-1].date_start if dated else None, organization=acting[-1].text if acting else None, other=new.text,
    )  # fmt: skip


def last_other(campaigns: list[Mention], one: Mention) -> Mention | None:
    """Return the last of the campaigns that ends before this one and is called otherwise."""
    key = name_key(one.text)
    return next((c for c in reversed(campaigns) if c.end <= one.start and name_key(c.text) != key), None)


def formerly(
    doc: Doc, text: str, all_campaigns: list[Mention], here: list[Mention], bodies: list[Body], dates: list[Date],
    start: int, end: int,
) -> Iterator[CampaignEvent]:  # fmt: skip
    """Yield a renaming told backwards: the old name after "trước đây mang tên", the new one before it."""
    for old in here:
        if not FORMERLY.search(text, start, old.start):
            continue
        new = last_other(within(all_campaigns, start - 600, old.start), old)
        if new is None:
            continue
        # The change itself, with its day, is told in the same sentence or in the one after.
        told = sentences(doc)
        after = bisect_left(told, (end, end))
        following = told[after][1] if after < len(told) else end
        changed = NAME_CHANGED.search(text, start, following)
        acting = [b for b in bodies if changed and start <= b.start and b.end <= changed.start()]
        dated = [d for d in dates if changed and start <= d.start and d.end <= changed.start()]
        yield event_of(
            text, start, changed.end() if changed else old.end, old.text, "renamed",
            date=dated[-1].date_start if dated else None, organization=acting[-1].text if acting else None,
            other=new.text,
        )  # fmt: skip


def drives(
    text: str, here: list[Mention], bodies: list[Body], dates: list[Date], start: int, end: int
) -> Iterator[CampaignEvent]:
    """Yield launches of drives without a name, where the sentence says by whom; they belong to no campaign."""
    for told in DRIVE_BY.finditer(text, start, end):
        for body in bodies:
            if told.start("by") <= body.start and body.end <= told.end("by"):
                yield event_of(
                    text, told.start(), told.end(), told["name"], "launched", organization=body.text
                )  # fmt: skip
    for verb in LAUNCH.finditer(text, start, end):
        drive = DRIVE.match(text, verb.end(), end)
        before = [b for b in bodies if b.end <= verb.start()]
        if drive is None or not before or UNDONE.search(text, start, verb.start()):
            continue
        named = any(verb.end() <= c.start <= drive.end() + NAME_NEAR for c in here)
        if named or not ACTS.fullmatch(text, before[-1].end, verb.start()):
            continue
        earlier = [d for d in dates if d.end <= verb.start()]
        yield event_of(
            text, before[-1].start, drive.end(), drive["name"], "launched",
            date=earlier[-1].date_start if earlier else None, organization=before[-1].text,
        )  # fmt: skip
