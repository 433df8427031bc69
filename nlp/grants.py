"""Awards given to counted recipients."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from nlp.grant_context import (
    Clause,
    awards_go_on,
    goes_on,
    is_part,
    is_stated,
    is_whole,
    lacks_passive,
    with_campaign,
    with_period,
    without_doubles,
)
from nlp.grant_items import Item, Part, items_of
from nlp.layers import findings, sentences
from nlp.spans import within
from store.records import Date, Grant, Mention

FAR = 150
# "27 đề tài được cấp Bằng …", but not "có 9 sáng kiến, hai lần được nhận …".
WORKS = re.compile(r"(?:sáng kiến|đề tài|giải pháp|công trình|sản phẩm|tác phẩm)\b", re.IGNORECASE)
# What joins recipients of one grant; "trong đó" and a new "có" begin another count.
JOIN = re.compile(r"(?:\s|[,/]|\b(?:và|cùng|cùng với|có|các|hơn|trên|gần|khoảng|với|đã)\b)*")
BREAKS = re.compile(r"\b(?:trong đó|trong số|gồm|đại diện|tổng số|tham gia|tham dự|dự)\b|\b(?:có|của|với)\s*$|[:.;(]")
BRACKETS = re.compile(r"\([^()]*\)")
NEAR_FOR = re.compile(r"\s*:?\s*(?:các\s+|những\s+|thêm\s+|hơn\s+|trên\s+|gần\s+|khoảng\s+|tổng số\s+|\d+/)?")
PEOPLE = re.compile(
    r"(?:tập thể|cá nhân|đoàn viên|công nhân|cán bộ|công chức|viên chức|doanh nghiệp|đơn vị|gia đình|con|cháu|"
    r"học sinh|sinh viên|"
    r"người|CNVC|CNLĐ|CN\b|LĐ\b|CB|CĐCS|công đoàn|nữ|gương|tấm gương|"
    r"điển hình|đồng chí|lao động|chủ tịch|kỹ sư|nhà giáo|giáo viên|"
    r"y, bác sĩ|bác sĩ|"
    r"chiến sĩ|đảng viên|thanh niên|phụ nữ|nhân viên|thợ|NLĐ|ĐV|cặp|em|hộ|nông dân|chị|anh|nhà khoa học|tổ|thầy|cô|"
    r"LĐLĐ|giám đốc|thủ lĩnh|(?:cụm|khối) thi đua)",
    re.IGNORECASE,
)
# A list by award: "Bằng khen của UBND tỉnh: 12 tập thể".
LISTED = re.compile(
    r"(?: (?:toàn diện|chuyên đề|đột xuất|phong trào|thường xuyên))?(?: của (?:(?!\bcho\b)[^:;.\n]){2,60})?"
    r"\s*:\s*(?=(?:hơn |trên |gần )?\d)"
)
TOLD = re.compile(r"\b(?:đã|vì|được|trong|đạt|là|nhận|có)\b")
LIST_END = re.compile(r"(?:[,;]|\bvà|\bcùng)\s*(?:trên |hơn |gần )?$")
# What stands between a giver and its verb: "LĐLĐ tỉnh cũng đã tặng".
ACTS = re.compile(r"(?:\s|,|\([^()]{1,20}\)|\b(?:đã|cũng|còn|vừa|sẽ|có|quyết định|tổ chức|lễ|hội nghị)\b)*")
# "Giải thưởng … lần thứ III năm 2018 tôn vinh 70 công nhân": the occasion stands between an award and its verb.
LEADS_ON = re.compile(r"(?:[”\"]?,? lần (?:thứ )?\w+)?(?:,? năm \d{4})?.{0,12}", re.DOTALL)
# "Giải thưởng … đã được trao tặng cho 80 nhà giáo": the award is what is given.
IS_GIVEN = re.compile(
    r"[\s”\"]*(?:của (?:(?!\bcho\b)[^.;,:]){2,50} )?(?:lần thứ \w+ |năm \d{4} )?(?:đã |vừa |cũng |sẽ )*được "
)
# A body spoken of, not acting: "ngày thành lập Công đoàn Việt Nam".
NOT_ACTING = re.compile(
    r"\b(?:của|thành lập|truyền thống|tại|thuộc|theo|với|cùng|chào mừng|kỷ niệm|đại hội)\s*$", re.IGNORECASE
)
BARE_RECIPIENT = re.compile(
    r"\s*,?\s*(?:cho|tới|đến)\s+(?:các\s+|những\s+)?(?P<noun>tập thể(?:,| và) cá nhân|cá nhân(?:,| và) tập thể|"
    r"tập thể|cá nhân|đồng chí|công đoàn cơ sở|CĐCS|công đoàn|đoàn viên|công nhân|cán bộ|đơn vị|doanh nghiệp|"
    r"gia đình|nhà giáo|người lao động)",
    re.IGNORECASE,
)


def find_grants(doc: Doc) -> Iterator[Grant]:
    """Yield the grants of a document."""
    text, items = doc.text, items_of(doc)
    dates = [f for f in findings(doc, "dates") if isinstance(f, Date)]
    campaigns = [f for f in findings(doc, "campaigns") if isinstance(f, Mention)]
    at = 0
    for start, end in sentences(doc):
        while at < len(items) and items[at].start < start:
            at += 1
        here = []
        while at < len(items) and items[at].start < end:
            here.append(items[at])
            at += 1
        if any(i.part in (Part.RECIPIENT, Part.COUNTED_AWARD) for i in here):
            periods = [d for d in within(dates, start, end) if len(d.date_start) <= 7]
            named = within(campaigns, start, end)
            for found in without_doubles(list(read_sentence(text, here))):
                yield with_campaign(text, with_period(found, periods), named)


def grant(text: str, item: Item, award: str | None, giver: str | None, recipient: str | None, rule: str) -> Grant:
    """Return one grant; its span is the count with its noun."""
    return Grant(
        start=item.start, end=item.end, text=text[item.start : item.end], rule=rule, award=award, count=item.count,
        qualifier=item.qualifier, giver=giver, recipient=recipient,
    )  # fmt: skip


def read_sentence(text: str, items: list[Item]) -> Iterator[Grant]:
    """Yield the grants of one sentence, item by item."""
    clause = Clause()
    for index, item in enumerate(items):
        following = items[index + 1 : index + 9]
        if item.part is Part.END:
            if goes_on(text, clause, item, following):
                continue
            listed = awards_go_on(text, clause, item, following)
            yield from flush(text, clause)
            kept = clause.verb if listed else None
            clause = Clause(subject=clause.subject, giver=clause.giver, gave=clause.gave, verb=kept)
        elif item.part is Part.GIVER:
            # Behind "cho" stand recipients, behind "của" the giver of an award, unless its own verb follows.
            verb = following[0] if following else None
            acts = (
                verb is not None
                and verb.part in (Part.GIVE, Part.COMMEND)
                and ACTS.fullmatch(text[item.end : verb.start])
            )
            if acts or (clause.for_at is None and not NOT_ACTING.search(text, max(0, item.start - 14), item.start)):
                clause.subject = item.text
        elif item.part is Part.PROPOSE:
            yield from flush(text, clause)
            clause.proposed = True
        elif item.part is Part.DECIDE:
            clause.proposed = clause.proposed and clause.passive
        elif item.part is Part.PASSIVE:
            clause.passive = bool(clause.recipients) and near(text, clause.recipients[-1], item.start)
            clause.subject = None if clause.passive else clause.subject  # the giver of a passive stands behind "được"
        elif item.part in (Part.GIVE, Part.RECEIVE, Part.COMMEND):
            # "chọn 6 cá nhân xuất sắc để trao Giải thưởng …": they are who gets it.
            if clause.recipients and text[max(0, item.start - 3) : item.start] == "để ":
                clause.passive = True
            elif lacks_passive(text, clause, item, following):
                clause.passive, clause.subject = True, None
            yield from read_verb(text, clause, item)
        elif item.part is Part.FOR:
            clause.for_at = item.end
        elif item.part is Part.GIFT:
            yield from flush(text, clause)
            clause.award, clause.verb, clause.recipients = None, None, []
        elif item.part in (Part.AWARD, Part.COUNTED_AWARD):
            yield from read_award(text, clause, item, following)
        elif item.part is Part.RECIPIENT and not (is_part(text, item, following) or is_whole(text, clause, item)):
            yield from read_recipient(text, clause, item)
    yield from flush(text, clause)


def near(text: str, recipient: Item, end: int) -> bool:
    """Whether a recipient still goes with a verb at `end`."""
    between = text[recipient.end : end]
    if WORKS.match(recipient.text) and " lần" in between:
        return False
    return len(between) <= FAR and ";" not in between and ". " not in between


def read_verb(text: str, clause: Clause, item: Item) -> Iterator[Grant]:
    """Note a verb; an active one leaves the counts before it behind."""
    given = None
    if clause.verb is Part.COMMEND and clause.passive and item.part is not Part.COMMEND:
        pass  # "được tuyên dương, tặng Bằng khen": the same recipients, now with their award
    elif item.part is Part.RECEIVE:
        if clause.recipients and not near(text, clause.recipients[-1], item.start):
            clause.recipients = []
        elif clause.verb is Part.COMMEND:
            clause.recipients = clause.recipients[-1:]  # "tuyên dương 12 tổ và 3 người đạt danh hiệu …"
    elif not clause.passive:
        yield from flush(text, clause)
        award = clause.award
        given = award is not None and item.part is Part.GIVE and IS_GIVEN.fullmatch(text, award.end, item.start)
        if not given and (
            item.part is Part.GIVE or award is None or not LEADS_ON.fullmatch(text, award.end, item.start)
        ):
            clause.award = None
        clause.recipients = []
    if item.part is not Part.RECEIVE and not given:
        clause.giver = clause.subject
    if item.part is not Part.RECEIVE:
        clause.commend_end = item.end if item.part is Part.COMMEND and not clause.passive else 0
    clause.verb, clause.verb_end, clause.for_at = item.part, item.end, None
    clause.gave = clause.gave or item.part is Part.GIVE


def read_award(text: str, clause: Clause, item: Item, following: list[Item]) -> Iterator[Grant]:
    """Give an award to the recipients before it, or keep it for those after it."""
    own = giver_after(text, item, following)
    giver = own or (None if clause.verb is Part.RECEIVE else clause.giver)
    received = clause.verb is Part.RECEIVE or (clause.passive and clause.verb is not None)
    if clause.recipients and received and item.part is Part.AWARD and near(text, clause.recipients[-1], item.start):
        if not clause.proposed:
            for recipient in clause.recipients:
                yield grant(text, recipient, item.text, giver, recipient.text, "received")
        before, clause.recipients, clause.verb, clause.passive = clause.recipients, [], None, False
        if clause.commend_end:  # "khen thưởng 3 cá nhân đạt danh hiệu …, 14 đơn vị": the list goes on
            clause.recipients, clause.verb, clause.verb_end = before[-1:], Part.COMMEND, clause.commend_end
        return
    last = clause.recipients[-1] if clause.recipients else None
    if last is not None and item.is_title and clause.gave and not text[last.end : item.start].strip(' “"'):
        # "trao danh hiệu cho 19 đồng chí “…” và 92 đồng chí “…”"
        if not clause.proposed:
            yield grant(text, last, item.text, giver, last.text, "titled")
        clause.recipients = []
        return
    if item.part is Part.COUNTED_AWARD:
        opened = clause.verb is not None or bool(clause.counted) or (item.is_title and is_stated(text, item))
        if opened and not clause.proposed:
            clause.counted.append(item)
            clause.owners.update({item.start: own} if own else {})
            clause.recipients = []
        clause.award, clause.for_at = item, None
        clause.giver = giver
        return
    if clause.counted:
        yield from flush(text, clause)
    listed = LISTED.match(text, item.end)
    clause.award, clause.for_at, clause.giver = item, None, giver
    if listed:
        clause.for_at, clause.giver, clause.recipients = listed.end(), giver_after(text, item, following), []
        clause.gave = True


def giver_after(text: str, item: Item, following: list[Item]) -> str | None:
    """Return the giver in a trailing "của …" of an award, joined givers as one surface."""
    if len(following) < 2 or following[0].part is not Part.OF or following[1].part is not Part.GIVER:
        return None
    if following[0].start - item.end > 2:
        return None
    first = last = following[1]
    for other in following[2:]:
        if other.part is not Part.GIVER or not re.fullmatch(r",? (?:và )?", text[last.end : other.start]):
            break
        last = other
    return text[first.start : last.end]


def read_recipient(text: str, clause: Clause, item: Item) -> Iterator[Grant]:
    """Give the award that leads to a counted recipient, or keep the recipient for a verb after it."""
    joined = bool(clause.recipients) and JOIN.fullmatch(text[clause.recipients[-1].end : item.start]) is not None
    award = clause.award
    opened = clause.gave or clause.verb is not None
    if award is not None and opened and clause.for_at is not None and clause.for_at >= award.end:
        between = text[clause.for_at : item.start]
        direct = NEAR_FOR.fullmatch(between) is not None or is_named_list(between)
        if direct or (clause.recipients and is_chained(text, clause, item)):
            clause.counted = []
            if not clause.proposed:
                yield grant(text, item, award.text, clause.giver, item.text, "given")
            clause.recipients.append(item)
            return
    if clause.verb is Part.COMMEND and not clause.passive and PEOPLE.match(item.text):
        leads = NEAR_FOR.fullmatch(text[clause.for_at or clause.verb_end : item.start])
        if leads or (clause.recipients and is_chained(text, clause, item)):
            if not clause.proposed:
                title = award.text if award is not None and award.end <= clause.verb_end else None
                yield grant(text, item, title, clause.giver, item.text, "commended")
            clause.recipients.append(item)
            return
    yield from flush(text, clause)
    if (not joined and not (clause.recipients and is_chained(text, clause, item))) or clause.verb is not None:
        clause.recipients = []
    clause.verb, clause.passive, clause.award = None, False, None
    clause.recipients.append(item)


def is_named_list(between: str) -> bool:
    """Whether only named recipients stand before a counted one: "cho ông An và 12 tập thể"."""
    return (
        len(between) <= 120
        and not BREAKS.search(between)
        and not TOLD.search(between)
        and bool(LIST_END.search(between))
    )


def is_chained(text: str, clause: Clause, item: Item) -> bool:
    """Whether a recipient goes on a list of recipients, with some words about each."""
    between = BRACKETS.sub("", text[clause.recipients[-1].end : item.start])
    if between.rstrip().endswith(";"):  # the others of the list have been seen to go on
        between = f"{between.rstrip()[:-1]}, "
    if JOIN.fullmatch(between):
        return True
    return len(between) <= FAR and BREAKS.search(between) is None and LIST_END.search(between) is not None


def flush(text: str, clause: Clause) -> Iterator[Grant]:
    """Yield what the clause left open: counted awards without recipients, commended recipients without award."""
    counted, clause.counted = clause.counted, []
    if counted and not clause.proposed:
        trailing = BARE_RECIPIENT.search(text, counted[-1].end, min(len(text), counted[-1].end + 90))
        noun = trailing["noun"] if trailing and ";" not in text[counted[-1].end : trailing.start()] else None
        for index, item in enumerate(counted):
            # "2 Cờ và 3 Bằng khen của X, 9 Giấy khen của Y": the nearest giver behind.
            owner = next((clause.owners[i.start] for i in counted[index:] if i.start in clause.owners), clause.giver)
            yield grant(text, item, item.text, owner, noun, "counted")
    if clause.verb is Part.COMMEND and clause.passive and not clause.proposed:
        for recipient in clause.recipients:
            if PEOPLE.match(recipient.text):
                yield grant(text, recipient, None, clause.giver, recipient.text, "commended")
        clause.recipients, clause.verb, clause.passive = [], None, False
