"""Mentions -> entities, conservatively: by reference code, by name, and in context; "unknown" is a good answer."""

import re
from dataclasses import dataclass

from sqlite_utils import Database

from nlp.organizations import ELIDED
from nlp.relatives import is_relative, is_shared
from store.entities import add_alias, add_entity, find_by_name
from store.findings import Links, office_key
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
        self.mentions: dict[int, Found] = {}
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
                found = self.mentions[id(finding)] = self.resolve_mention(finding)
                spots = self.spots.setdefault(key, [])
                spots.append((finding.start, found))
                # "LĐLĐ huyện" of two districts in one article: the words alone mean neither.
                meant = {found.entity_id for _, found in spots} - {None}
                known = [found for _, found in spots if found.entity_id]
                self.named[key] = known[0] if len(meant) == 1 else UNKNOWN

    def links_of(self, finding: Finding) -> dict[str, int | str | None]:
        """Return the id columns of one finding."""
        if isinstance(finding, Mention):
            found = self.person(finding.text) if finding.kind == "person" else self.mentions[id(finding)]
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

    def by_place(self, finding: Finding, kind: str, text: str | None) -> Found:
        """Return the entity that a surface means inside this finding, else its one meaning in the article."""
        spots = self.spots.get((kind, name_key(text or "")), [])
        inside = [found for start, found in spots if finding.start <= start < finding.end and found.entity_id]
        return inside[0] if inside else self.by_text(kind, text)

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
            if mention.rule == ELIDED:
                known = self.known(mention.kind, mention.name, "list")
                return known if known.entity_id else self.new(mention.kind, mention.name, "list")
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
            self.people[key] = self.resolve_person(key, text, held)

    def resolve_person(self, key: str, text: str, held: list[Position]) -> Found:
        """Return the known person who shares a body with this one, else a new person of that name.

        Thousands may bear a name: each question goes to an index, none looks at all of them.
        """
        listed = self.listed(key)
        if listed is not None:
            return Found(listed, "reference")
        here = self.only_here(key)
        if here is not None:
            return Found(here, "new")
        known = self.by_office(key, held)
        return known if known.entity_id else Found(add_entity(self.db, "person", text, source="found"), "new")

    def listed(self, key: str) -> int | None:
        """Return the first person of this name in the reference lists."""
        # From left to right, and without the index of names: few people are listed, thousands bear some names.
        sql = """select min(e.id) from entities e cross join aliases a on a.entity_id = e.id
                 where e.kind = 'person' and e.code is not null and e.source = 'reference' and +a.key = ?"""
        return self.first(sql, key)

    def only_here(self, key: str) -> int | None:
        """Return the first person of this name whom this article alone made known: read again, it means the same."""
        sql = """select min(m.entity_id) from mentions m cross join aliases a on a.entity_id = m.entity_id
                 where m.article_id = ? and m.kind = 'person' and +a.key = ? and not exists (
                     select 1 from mentions where entity_id = m.entity_id and article_id <> m.article_id)"""
        return self.first(sql, self.article_id, key)

    def by_office(self, key: str, held: list[Position]) -> Found:
        """Return the first person of this name who held office in one of the same bodies, or, in the same province,
        the same office in a body written the same.
        """
        bodies = {self.by_text("organization", p.organization).entity_id for p in held} - {None}
        offices = {office_key(p.role, p.organization, self.province) for p in held} - {None}
        by_body = "select min(person_id) from positions where person_key = ? and organization_id = ?"
        by_office = "select min(person_id) from positions where person_key = ? and office_key = ?"
        with_body = [self.first(by_body, key, body) for body in bodies]
        with_office = [self.first(by_office, key, office) for office in offices]
        ranked = [(person, "body in common") for person in with_body if person is not None]
        ranked += [(person, "office in common") for person in with_office if person is not None]
        # "body" before "office", where both are the same person's.
        return Found(*min(ranked)) if ranked else UNKNOWN

    def first(self, sql: str, *parameters: object) -> int | None:
        """Return the one value of a query."""
        found: int | None = self.db.execute(sql, list(parameters)).fetchone()[0]
        return found
