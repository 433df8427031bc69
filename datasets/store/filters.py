"""What the articles of a search are narrowed to: read from an address, said in SQL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from store.reference import load_reference

DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
# Which table tells that an article has findings of a kind.
FINDINGS = {"figure": "figures", "position": "positions", "grant": "grants", "event": "campaign_events"}
ENTITIES = ("person", "organization", "campaign", "award", "document", "place")


@dataclass(frozen=True)
class Filters:
    """What the articles are narrowed to; None is no limit. Days are ISO, as precise as given."""

    kind: str | None = None
    campaign: int | None = None
    organization: int | None = None
    province: str | None = None
    site: str | None = None
    since: str | None = None
    until: str | None = None

    def condition(self, table: str) -> tuple[str, list[Any]]:
        """Return the SQL every article found must fulfil, and its parameters."""
        sql = ""
        told: list[str] = []
        params: list[Any] = []
        for column, sign, value in (
            ("site", "=", self.site),
            ("published_at", ">=", self.since),
            # "2023-05" ends with the last moment of May.
            ("published_at", "<=", self.until and f"{self.until}~"),
        ):
            if value:
                told.append(f"a.{column} {sign} ?")
                params.append(value)
        if told:
            sql = f" and exists (select 1 from articles a where a.id = {table}.rowid and {' and '.join(told)})"
        if self.province:
            sql += f"""
                and (exists (select 1 from articles a where a.id = {table}.rowid and a.province in (?, ?)) or exists (
                    select 1 from entity_articles x join entities e on e.id = x.entity_id
                    where x.article_id = {table}.rowid and x.kind = 'place' and e.code = ?))
            """
            params += [self.province, province_names().get(self.province, self.province), self.province]
        for entity in (self.campaign, self.organization):
            if entity is not None:
                # "+": compared row by row, or SQLite would ask the index anew for every article of the entity.
                sql += f" and +{table}.rowid in (select article_id from entity_articles where entity_id = ?)"
                params.append(entity)
        if self.kind in FINDINGS:
            sql += f" and exists (select 1 from {FINDINGS[self.kind]} f where f.article_id = {table}.rowid)"
        elif self.kind in ENTITIES:
            sql += f" and exists (select 1 from mentions m where m.article_id = {table}.rowid and m.kind = ?)"
            params.append(self.kind)
        return sql, params


@cache
def province_names() -> dict[str, str]:
    """Return the names of provinces by code."""
    return {entry.code: entry.name for entry in load_reference("provinces")}


def read_filters(args: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """Return the filters of an address, and codes of what could not be used."""
    values: dict[str, Any] = {}
    notes = []
    for name in ("site", "province"):
        values[name] = (args.get(name) or "").replace("\x00", "")[:200] or None
    for name in ("campaign", "organization"):
        typed = args.get(name) or ""
        if typed and not NUMBER.fullmatch(typed):
            notes.append("number")
        elif typed:
            values[name] = int(typed)
    for name in ("since", "until"):
        typed = (args.get(name) or "").strip()
        if typed and not DAY.fullmatch(typed):
            notes.append("date")
        elif typed:
            values[name] = typed
    kind = args.get("kind") or None
    if kind and kind not in FINDINGS and kind not in ENTITIES:
        notes.append("kind")
    elif kind:
        values["kind"] = kind
    year = args.get("year") or ""
    if re.fullmatch(r"\d{4}", year, re.ASCII):
        values["since"] = values["until"] = year
    return Filters(**values), notes
