"""Mentions -> entities, conservatively: by reference code, by name, and in context; "unknown" is a good answer."""

import re
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.relatives import is_relative, is_shared
from store.entities import add_alias, add_entity, find_by_name
from store.findings import Links
from store.records import CampaignEvent, Figure, Finding, Grant, Mention, Position, Reading
from store.text import fold, name_key

# Numbers of these issuers are unique in the country; "15-NQ/TU" exists once in every province.
NATIONAL = re.compile(r"(?:TW|TLĐ|TTg|CP|QH\d*|BCT|UBTVQH\d*|CĐVC)$")
NUMBER_PARTS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """An entity id, or None, and the reason of the link."""

    entity_id: int | None
    reason: str | None


UNKNOWN = Found(None, None)


class Resolver:
    """Resolves one article's reading against the entities known so far; writes entities it finds new."""

    def __init__(self, db: Database, article_id: int, province: str | None) -> None:
        self.db = db
        self.article_id = article_id
        self.province = province
        self.people: dict[str, Found] = {}
        self.named: dict[tuple[str, str], Found] = {}
        self.spots: dict[tuple[str, str], list[tuple[int, Found]]] = {}

    def resolve(self, reading: Reading) -> Links:
        """Return the links of every finding of a reading."""
        self.note_names(reading)
        self.resolve_people(reading)
        columns = {}
        for number, finding in enumerate(reading.findings):
            linked = self.links_of(finding)
            if linked:
                columns[number] = linked
        return Links(columns)

    def note_names(self, reading: Reading) -> None:
        """Resolve every mention but people; later surfaces ("subject", "giver") go by what a mention said."""
        for finding in reading.findings:
            if isinstance(finding, Mention) and finding.kind != "person":
                key = (finding.kind, name_key(finding.text))
                spots = self.spots.setdefault(key, [])
                spots.append((finding.start, self.resolve_mention(finding)))
                # "LĐLĐ huyện" of two districts in one article: the words alone mean neither.
                meant = {found.entity_id for _, found in spots} - {None}
                known = [found for _, found in spots if found.entity_id]
                self.named[key] = known[0] if len(meant) == 1 else UNKNOWN

    def links_of(self, finding: Finding) -> dict[str, int | str | None]:
        """Return the id columns of one finding."""
        if isinstance(finding, Mention):
            found = self.person(finding.text) if finding.kind == "person" else self.by_place(finding, finding.kind)
            return {"entity_id": found.entity_id, "reason": found.reason}
        if isinstance(finding, Figure):
            return {
                "subject_id": self.by_text("organization", finding.subject).entity_id,
                "campaign_id": self.by_text("campaign", finding.campaign).entity_id,
                "place_id": self.by_text("place", finding.place).entity_id,
            }
        if isinstance(finding, Position):
            return {
                "person_id": self.person(finding.person).entity_id,
                "organization_id": self.by_place(finding, "organization", finding.organization).entity_id,
            }
        if isinstance(finding, Grant):
            return {
                "giver_id": self.by_text("organization", finding.giver).entity_id,
                "award_id": self.by_text("award", finding.award).entity_id,
                "campaign_id": self.by_text("campaign", finding.campaign).entity_id,
            }
        if isinstance(finding, CampaignEvent):
            return {
                "campaign_id": self.by_text("campaign", finding.campaign).entity_id,
                "organization_id": self.by_text("organization", finding.organization).entity_id,
                "other_campaign_id": self.by_text("campaign", finding.other_campaign).entity_id,
            }
        return {}

    def by_text(self, kind: str, text: str | None) -> Found:
        """Return the entity of a surface: what a mention of this article said, else a known name; never a new one."""
        if not text:
            return UNKNOWN
        key = (kind, name_key(text))
        if key not in self.named:
            self.named[key] = self.known(kind, text, "name")
        return self.named[key]

    def by_place(self, finding: Finding, kind: str, text: str | None = None) -> Found:
        """Return the entity that a surface means inside this finding; the article's one meaning where it has no other."""
        surface = text or finding.text
        if kind == "organization" and text is None and not isinstance(finding, Mention):
            return UNKNOWN
        spots = self.spots.get((kind, name_key(surface)), [])
        inside = [found for start, found in spots if finding.start <= start < finding.end and found.entity_id]
        return inside[0] if inside else self.by_text(kind, surface)

    def resolve_mention(self, mention: Mention) -> Found:
        """Return the entity of a mention that is no person, made new where the name says enough."""
        if mention.code:
            row = self.db.execute("select id from entities where kind = ? and code = ?", [mention.kind, mention.code])
            found = row.fetchone()
            if found:
                return Found(int(found[0]), "reference")
        if mention.kind == "document":
            return self.resolve_document(mention)
        if mention.name:
            reason = "context" if is_relative(mention.text) or is_shared(mention.text) else "abbreviation"
            known = self.known(mention.kind, mention.name, reason)
            found = known if known.entity_id else self.new(mention.kind, mention.name, reason)
            if found.entity_id and reason == "abbreviation":
                add_alias(self.db, found.entity_id, mention.text)
            return found
        if mention.kind == "organization" and (is_relative(mention.text) or is_shared(mention.text)):
            return UNKNOWN
        known = self.known(mention.kind, mention.text, "name")
        return known if known.entity_id else self.new(mention.kind, mention.text, "name")

    def resolve_document(self, mention: Mention) -> Found:
        """One document: one number of a national issuer, or one full title."""
        number = mention.number
        if number and not NATIONAL.search(number.upper().replace("TTG", "TTg")) and not mention.date:
            return UNKNOWN
        # "05/CT-TW" and "05-CT/TW" are one directive: the parts count, their marks do not.
        name = "-".join(NUMBER_PARTS.findall(fold(number))) if number else mention.text
        kind = mention.text.split()[0].capitalize()
        label = f"{kind} {number}" if number else mention.text
        for entity_id in find_by_name(self.db, "document", name):
            return Found(entity_id, "number" if number else "name")
        entity_id = add_entity(self.db, "document", label, source="found", description=mention.issuer)
        add_alias(self.db, entity_id, name)
        return Found(entity_id, "number" if number else "name")

    def known(self, kind: str, text: str, reason: str) -> Found:
        """Return the one entity of this name; two of one name are told apart by the article's province, or not."""
        ids = find_by_name(self.db, kind, text)
        if len(ids) > 1 and self.province:
            place = fold(self.province)
            marks = ", ".join("?" * len(ids))
            rows = self.db.execute(f"select id, name, description from entities where id in ({marks}) order by id", ids)
            ids = [r[0] for r in rows if place in fold(f"{r[1]} {r[2] or ''}")] or ids
        return Found(ids[0], reason) if len(ids) == 1 else UNKNOWN

    def new(self, kind: str, text: str, reason: str) -> Found:
        """Add an entity under a name nobody bears yet; two reference entities of that name stay undecided."""
        if find_by_name(self.db, kind, text):
            return UNKNOWN
        return Found(add_entity(self.db, kind, text, source="found"), reason)

    def person(self, text: str) -> Found:
        """Return the entity of a personal name of this article."""
        return self.people.get(name_key(text), UNKNOWN)

    def resolve_people(self, reading: Reading) -> None:
        """Resolve each name once an article: with a body or an office in common it is somebody known, else new."""
        names: dict[str, str] = {}
        for finding in reading.findings:
            if isinstance(finding, Mention) and finding.kind == "person":
                names.setdefault(name_key(finding.text), finding.text)
            elif isinstance(finding, Position):
                names.setdefault(name_key(finding.person), finding.person)
        for key, text in names.items():
            held = [f for f in reading.findings if isinstance(f, Position) and name_key(f.person) == key]
            self.people[key] = self.resolve_person(text, held)

    def resolve_person(self, text: str, held: list[Position]) -> Found:
        """Return the known person who shares a body with this one, else a new person of that name."""
        candidates = find_by_name(self.db, "person", text)
        for candidate in candidates:
            if self.db.execute("select 1 from entities where id = ? and source = 'reference'", [candidate]).fetchone():
                return Found(candidate, "reference")
        for candidate in candidates:
            if self.is_only_here(candidate):
                return Found(candidate, "new")
        bodies = {self.by_text("organization", p.organization).entity_id for p in held} - {None}
        surfaces = {(fold(p.role), fold(p.organization or "")) for p in held}
        for candidate in candidates:
            if bodies & self.bodies_of(candidate):
                return Found(candidate, "body in common")
            if surfaces & self.offices_of(candidate):
                return Found(candidate, "office in common")
        return Found(add_entity(self.db, "person", text, source="found"), "new")

    def is_only_here(self, person_id: int) -> bool:
        """Whether this article alone made a person known: read again, it means the same one."""
        sql = "select min(article_id), max(article_id) from mentions where entity_id = ?"
        return tuple(self.db.execute(sql, [person_id]).fetchone()) == (self.article_id, self.article_id)

    def bodies_of(self, person_id: int) -> set[int | None]:
        """Return the bodies a person held office in, in other articles."""
        sql = "select distinct organization_id from positions where person_id = ? and organization_id is not null"
        return {row[0] for row in self.db.execute(sql, [person_id])}

    def offices_of(self, person_id: int) -> set[tuple[str, str]]:
        """Return the offices a person held in a body of the same province, as written."""
        sql = """
            select p.role, p.organization from positions p join articles a on a.id = p.article_id
            where p.person_id = ? and p.organization is not null and a.province is ?
        """
        if self.province is None:
            return set()
        return {(fold(role), fold(body)) for role, body in self.db.execute(sql, [person_id, self.province])}
