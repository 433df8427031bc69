"""An article's fields as they are gathered: each from its strongest evidence, with a note of what that was."""

from dataclasses import dataclass, field
from datetime import datetime

from lxml.html import HtmlElement

from crawler.bylines import clean_author, read_byline
from crawler.families import Family
from crawler.markup import select, value_of
from crawler.metadata import Claims
from crawler.page_dates import VIETNAM, Stamp, choose_stamp, find_stamps, read_stamp
from crawler.passages import place
from crawler.plain import Parts
from store.records import Passage
from store.text import name_key, normalize


@dataclass(slots=True)
class Draft:
    """The fields of an article as they are gathered; `evidence` says where each came from."""

    fields: dict[str, str] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    evidence: dict[str, str] = field(default_factory=dict)

    def set(self, name: str, value: str | None, source: str) -> None:
        """Set a field unless stronger evidence has set it."""
        if value and name not in self.fields:
            self.fields[name] = value
            self.evidence[name] = source


def take_parts(draft: Draft, parts: Parts, source: str) -> None:
    """Set what the lines of a page tell."""
    draft.set("title", parts.title, source)
    if "body" not in draft.fields:
        paragraphs = [normalize(text).replace("\n", " ") for text in parts.paragraphs]
        draft.set("body", "\n".join(paragraphs), source)
        draft.passages = place(paragraphs, parts.roles)
    draft.set("author", parts.author, source)
    draft.set("published_at", parts.published_at, source)
    draft.set("updated_at", parts.updated_at, source)
    draft.set("source", parts.source, source)


def take_title(draft: Draft, tree: HtmlElement, rule: Family) -> None:
    """Set the headline where a rule finds one."""
    for found in select(tree, list(rule.title)):
        draft.set("title", value_of(found), rule.name)


def take_dates(draft: Draft, tree: HtmlElement, rule: Family, latest: datetime | None) -> None:
    """Set the dates that a rule's selectors show."""
    for part, name in (("published", "published_at"), ("updated", "updated_at")):
        for css in rule.selectors(part):
            for found in select(tree, [css]):
                if isinstance(found, str):
                    draft.set(name, read_stamp(found, latest), rule.name)
                    continue
                value = value_of(found)
                stamps = [s for s in find_stamps(value, latest) if s.role != "clock"]
                if is_today(stamps, latest) and len(list(select(tree, [css]))) > 1:
                    # The visitor's own date, where the same rule finds others.
                    continue
                published, updated = choose_stamp(stamps)
                draft.set(
                    name, published or read_stamp(found.get("datetime") or found.get("content"), latest), rule.name
                )
                draft.set("updated_at", updated, rule.name)


def is_today(stamps: list[Stamp], latest: datetime | None) -> bool:
    """Whether an unlabelled date is that of the day on which the page was fetched."""
    today = latest.astimezone(VIETNAM).date().isoformat() if latest else ""
    return bool(stamps) and all(stamp.role in ("", "today") and stamp.day == today for stamp in stamps)


def take_section(draft: Draft, tree: HtmlElement, rule: Family) -> None:
    """Set the section that a rule's selectors show."""
    for found in select(tree, list(rule.section)):
        draft.set("section", value_of(found), rule.name)


def take_author(draft: Draft, tree: HtmlElement, rule: Family) -> None:
    """Set the author that a rule's selectors show; a label in front is taken off."""
    for css in rule.author:
        for found in select(tree, [css]):
            value = value_of(found)
            byline = read_byline(value)
            if byline is not None:
                draft.set("source", byline.source, rule.name)
            author = byline.author if byline else clean_author(value)
            if author and len(author.split()) <= 12 and not find_stamps(author):
                draft.set("author", author, rule.name)


def drop_update(draft: Draft) -> None:
    """Forget an update that is none: most systems fill both fields with one time."""
    if draft.fields.get("updated_at", "") <= draft.fields.get("published_at", ""):
        draft.fields.pop("updated_at", None)
        draft.evidence.pop("updated_at", None)


def take_claims(draft: Draft, claims: Claims, family: Family | None, latest: datetime | None) -> None:
    """Set what only the metadata tell, and the time of day where the page shows the day alone."""
    edited = family is not None and family.machine_dates == "edited"
    for value, source in claims.fields.get("published", []) + claims.fields.get("time", []):
        if edited and source in ("microdata", "json-ld"):
            continue
        stamp = read_stamp(value, latest)
        shown = draft.fields.get("published_at")
        if stamp and shown and len(shown) == 10 and stamp.startswith(f"{shown}T"):
            draft.fields["published_at"] = stamp
            draft.evidence["published_at"] += f" + {source}"
        if source != "time":
            # A page has many times: comments, other stories.
            draft.set("published_at", stamp, source)
    drop_update(draft)
    for value, source in claims.fields.get("updated", []):
        draft.set("updated_at", read_stamp(value, latest), source)
    for value, source in claims.fields.get("author", []):
        if value.startswith("http") or (claims.site_name and name_key(value) == name_key(claims.site_name)):
            continue
        draft.set("author", clean_author(value), source)
    for name in ("section", "canonical"):
        claim = claims.first(name)
        if claim:
            draft.set(name, claim[0], claim[1])
