"""What crosses from stage to stage: frozen records whose field names are column names."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Page:
    """One downloaded or ingested page, raw. `body` is the bytes as received, after content decoding."""

    url: str
    site: str
    body: bytes
    fetched_at: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None
    source: str = "crawl"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a body that is no plain paragraph. `role`: caption heading item row attachment."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its page tells it; `body` begins with the lead, one paragraph a line, already normalised.

    `source` is whom a reprint names, `canonical_url` the address the page gives itself; `evidence` tells of each
    field where it came from.
    """

    url: str
    site: str
    title: str
    body: str
    lead: str | None = None
    author: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    section: str | None = None
    province: str | None = None
    source: str | None = None
    canonical_url: str | None = None
    evidence: dict[str, str] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something read in a body: `text` stands at body[start:end]; `rule` names the rule that found it."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Finding):
    """A name. `kind`: person organization campaign award place document.

    `code` is the reference line it matched, where the reader knows; `name` a fuller name than the text gives
    ("LĐLĐ tỉnh" -> "Liên đoàn Lao động tỉnh Lai Châu"). Documents add number, date (ISO) and issuer, campaigns the
    head word they are introduced by ("phong trào").
    """

    kind: str
    code: str | None = None
    name: str | None = None
    number: str | None = None
    date: str | None = None
    issuer: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Finding):
    """A quantity in plain units; `subject`, `campaign`, `place` are surfaces, periods ISO.

    `cumulative`: the text says that it has grown up to a moment or over years; `per`: money is for each of these.
    """

    value: int | float
    qualifier: str
    unit: str
    unit_kind: str
    value_high: int | float | None = None
    counted: str | None = None
    predicate: str | None = None
    subject: str | None = None
    campaign: str | None = None
    place: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    cumulative: bool = False
    per: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Finding):
    """A calendar date or period, ISO, as precise as the text; `date_end` is None for a single date."""

    date_start: str
    date_end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Finding):
    """One office of one person as the text states it; the span runs over both."""

    person: str
    role: str
    organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Finding):
    """An award given to a counted recipient; the span is the count with its noun; `campaign` is a surface."""

    award: str | None
    count: int | float
    qualifier: str
    giver: str | None = None
    recipient: str | None = None
    campaign: str | None = None
    period_start: str | None = None
    period_end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEvent(Finding):
    """launched, renamed, reviewed or concluded; names as written, `date` ISO."""

    campaign: str
    event: str
    date: str | None = None
    organization: str | None = None
    other_campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one article says: sentence offsets, and findings in reading order."""

    sentences: list[tuple[int, int]]
    findings: list[Finding]
