"""What is known of a clause while its grants are read, and what its sentence adds to them: period and campaign."""

import re
from dataclasses import dataclass, field, replace

from nlp.grant_items import Item, Part
from store.records import Date, Grant, Mention

# "60 công nhân (trong đó có 5 người …) và 28 cá nhân": the part is no recipient of its own.
PART_OF = re.compile(r"\((?:trong đó|gồm|bao gồm|có)\b[^()]*$")

# "17 cá nhân trong số hơn 23 cán bộ được …": the whole is no recipient.
WHOLE_OF = re.compile(r"\b(?:trong (?:tổng )?số|đại diện cho) (?:hơn |trên |gần |khoảng )?$")
STATED = re.compile(
    r"\b(?:có|tôn vinh|tuyên dương|công nhận|biểu dương|vinh danh)\s*(?:thêm\s+)?(?:hơn |trên |gần )?$", re.IGNORECASE
)


@dataclass(slots=True)
class Clause:
    """What has been read of a sentence so far."""

    recipients: list[Item] = field(default_factory=list)
    counted: list[Item] = field(default_factory=list)
    owners: dict[int, str] = field(default_factory=dict)
    award: Item | None = None
    subject: str | None = None
    giver: str | None = None
    verb: Part | None = None
    passive: bool = False
    proposed: bool = False
    for_at: int | None = None
    verb_end: int = 0
    commend_end: int = 0
    gave: bool = False


def without_doubles(found: list[Grant]) -> list[Grant]:
    """Return the grants without those that only repeat a recipient who is given a named award as well.

    "biểu dương 9 cá nhân đạt danh hiệu …" commends and names; the name says more.
    """
    named = {(f.start, f.end) for f in found if f.award}
    once = {(f.start, f.end, f.award): f for f in reversed(found)}
    return [f for f in reversed(once.values()) if f.award or (f.start, f.end) not in named]


def with_period(found: Grant, periods: list[Date]) -> Grant:
    """Return the grant with the sentence's period, where it names exactly one."""
    if len(periods) != 1:
        return found
    return replace(found, period_start=periods[0].date_start, period_end=periods[0].date_end)


def with_campaign(text: str, found: Grant, campaigns: list[Mention]) -> Grant:
    """Return the grant with the campaign it was given for: the first one after it, else the last one before it.

    A semicolon ends what is said of a grant: "tặng Cờ cho 3 tập thể; phát động phong trào …".
    """
    after = next((c for c in campaigns if c.end > found.start), None)
    if after is not None and ";" not in text[found.end : after.start]:
        return replace(found, campaign=after.text)
    before = next((c for c in reversed(campaigns) if c.end <= found.start), None)
    if before is not None and ";" not in text[before.end : found.start]:
        return replace(found, campaign=before.text)
    return found


def goes_on(text: str, clause: Clause, item: Item, following: list[Item]) -> bool:
    """Whether a semicolon only parts the recipients of one verb: "tuyên dương 18 cán bộ; 15 công nhân; 3 tập thể"."""
    if item.text != ";" or not clause.recipients or clause.passive or clause.proposed:
        return False
    given = clause.award is not None and clause.for_at is not None and clause.for_at >= clause.award.end
    if not following or not (given or clause.verb is Part.COMMEND):
        return False
    leads = following[0].part is Part.RECIPIENT and not text[item.end : following[0].start].strip()
    after = next((i.part for i in following[1:] if i.part not in (Part.RECIPIENT, Part.OF, Part.FOR)), Part.END)
    return leads and after in (Part.END, Part.GIVER)


def is_part(text: str, item: Item, following: list[Item]) -> bool:
    """Whether a count in brackets is only a part of one before them, with no award of its own."""
    if not PART_OF.search(text, max(0, item.start - 60), item.start):
        return False
    inside = [i.part for i in following if ")" not in text[item.end : i.start]]
    return not (Part.AWARD in inside and (Part.GIVE in inside or Part.RECEIVE in inside))


def is_whole(text: str, clause: Clause, item: Item) -> bool:
    """Whether a count is only the whole of which the recipients before it are a part."""
    waiting = bool(clause.recipients) and clause.verb is None
    return waiting and WHOLE_OF.search(text, max(0, item.start - 30), item.start) is not None


def awards_go_on(text: str, clause: Clause, item: Item, following: list[Item]) -> bool:
    """Whether a semicolon only parts the counted awards of one verb: "được tặng 4 Bằng khen; 5 Giấy khen"."""
    if item.text != ";" or not clause.counted or clause.proposed or not following:
        return False
    return following[0].part is Part.COUNTED_AWARD and not text[item.end : following[0].start].strip()


def lacks_passive(text: str, clause: Clause, item: Item, following: list[Item]) -> bool:
    """Whether a giving verb right behind counted recipients has lost its "được": "12 cá nhân tặng Bằng khen"."""
    if item.part is not Part.GIVE or clause.passive or not clause.recipients or not following:
        return False
    close = not text[clause.recipients[-1].end : item.start].strip()
    to_others = any(other.part is Part.FOR for other in following[:3])
    return close and following[0].part is Part.AWARD and not to_others


def is_stated(text: str, item: Item) -> bool:
    """Whether "có" or a verb of honour leads to a counted title."""
    return STATED.search(text, max(0, item.start - 24), item.start) is not None
