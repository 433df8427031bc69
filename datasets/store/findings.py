"""Write what was read in an article: its sentences and findings, in one transaction."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache

from sqlite_utils import Database

from store.records import CampaignEvent, Date, Figure, Finding, Grant, Mention, Position, Reading
from store.text import fold, name_key

TABLES: dict[type[Finding], str] = {
    Mention: "mentions",
    Figure: "figures",
    Date: "dates",
    Position: "positions",
    Grant: "grants",
    CampaignEvent: "campaign_events",
}
FINDING_TABLES = tuple(TABLES.values())

# What a record holds for the resolver alone; the tables keep ids instead.
UNSTORED = {Mention: {"code", "name"}, Figure: {"campaign", "place"}, Grant: {"campaign"}}


class FindingError(ValueError):
    """A finding does not stand where it says."""


@dataclass(frozen=True, slots=True)
class Links:
    """The entity ids of an article's findings: columns to add, by position in Reading.findings."""

    columns: Mapping[int, Mapping[str, int | str | None]] = field(default_factory=dict)


def clear_findings(db: Database, article_id: int) -> None:
    """Remove sentences and findings of an article."""
    for table in (*FINDING_TABLES, "sentences"):
        db.execute(f"delete from {table} where article_id = ?", [article_id])


def replace_findings(db: Database, article_id: int, reading: Reading, links: Links, extractor: str) -> None:
    """Put a reading in place of what was read in this article before; all of it or nothing.

    Raises FindingError, and writes nothing, when a finding's text does not stand at its offsets.
    """
    with db.atomic():
        row = db.execute("select body, published_at, province from articles where id = ?", [article_id]).fetchone()
        if row is None:
            raise FindingError(f"no article {article_id}; parse its page first")
        body, published_at, province = row
        clear_findings(db, article_id)
        starts, ids = save_sentences(db, article_id, body, reading.sentences)
        for number, finding in enumerate(reading.findings):
            check_offsets(body, finding, article_id)
            columns = columns_of(finding) | dict(links.columns.get(number, {}))
            if isinstance(finding, Position):
                columns["as_of"] = published_at[:10] if published_at else None
                columns["person_key"] = name_key(finding.person)
                columns["office_key"] = office_key(finding.role, finding.organization, province)
            at = bisect_right(starts, finding.start) - 1
            columns |= {"article_id": article_id, "sentence_id": ids[at] if at >= 0 else None}
            insert(db, TABLES[type(finding)], columns)
        db.execute("update articles set extractor = ?, failure = null where id = ?", [extractor, article_id])
        mark_stale(db)


@lru_cache(maxsize=16384)
def office_key(role: str, body: str | None, province: str | None) -> str | None:
    """Return the form under which two offices are one: in a body written the same, in the same province."""
    return f"{fold(role)} | {fold(body)} | {province}" if body and province else None


def save_failure(db: Database, article_id: int, extractor: str, failure: str) -> None:
    """Note that an article could not be read; it is tried again by the next extractor, not by every run."""
    with db.atomic():
        clear_findings(db, article_id)
        db.execute("update articles set extractor = ?, failure = ? where id = ?", [extractor, failure, article_id])
        mark_stale(db)


def mark_stale(db: Database) -> None:
    """Note that what is derived from findings must be counted again."""
    db.execute("insert into state values ('derived', 'stale') on conflict(name) do update set value = excluded.value")


def save_sentences(
    db: Database, article_id: int, body: str, sentences: list[tuple[int, int]]
) -> tuple[list[int], list[int]]:
    """Write the sentences; return their starts and ids."""
    starts, ids = [], []
    for start, end in sentences:
        text = body[start:end]
        # A sentence ends before the line break that closes its paragraph.
        end -= len(text) - len(text.rstrip())
        columns = {"article_id": article_id, "start": start, "end": end, "text": body[start:end]}
        ids.append(insert(db, "sentences", columns))
        starts.append(start)
    return starts, ids


def check_offsets(body: str, finding: Finding, article_id: int) -> None:
    """Raise FindingError unless the finding's text stands at its offsets."""
    if body[finding.start : finding.end] != finding.text or not finding.text:
        raise FindingError(
            f"article {article_id}: {finding.rule} found {finding.text!r} at {finding.start}-{finding.end}, "
            f"where {body[finding.start : finding.end]!r} stands"
        )


def columns_of(finding: Finding) -> dict[str, object]:
    """Return the columns a record fills by itself."""
    unstored = UNSTORED.get(type(finding), set())
    return {f.name: getattr(finding, f.name) for f in fields(finding) if f.name not in unstored}


def insert(db: Database, table: str, columns: Mapping[str, object]) -> int:
    """Insert one row; return its id."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    cursor = db.execute(f"insert into {table} ({names}) values ({marks})", list(columns.values()))
    return int(cursor.lastrowid or 0)
