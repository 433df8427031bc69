"""What the page of an entity shows: short lists read through indexes, a busy entity no dearer than a quiet one."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from store.answers import rows_as

ENTITY = """
select e.*, p.name as parent_name from entities e left join entities p on p.id = e.parent_id
where e.kind = ? and e.slug = ?
"""
# What a list or the texts tell of a campaign; nothing for other entities.
CAMPAIGN = """
select c.*, p.name as predecessor, s.name as successor from campaigns c
left join entities p on p.id = c.predecessor_id left join entities s on s.id = c.successor_id where c.entity_id = ?
"""
# What goes together with an entity is counted in its newest articles; the page says so.
NEWEST = 300
# Each list is short enough for a page; the page says where the rest is.
PARTS = {
    "aliases": "select text from aliases where entity_id = :id order by text limit 60",
    "children": """
        select id, name, article_count from entities where parent_id = :id order by article_count desc, id limit 60
    """,
    "months": """
        select month, articles, mentions from entity_months where entity_id = :id order by month desc limit 120
    """,
    "events": """
        with picked as (
            select id from campaign_events where campaign_id = :id
            union select id from campaign_events where other_campaign_id = :id
            union select id from (select id from campaign_events where organization_id = :id order by id desc limit 60)
        )
        select v.id, v.article_id, v.text, v.event, v.date, v.campaign, v.organization, v.organization_id,
            v.other_campaign, v.other_campaign_id, v.campaign_id, s.text as sentence, a.published_at
        from (select id from picked order by id desc limit 60) p join campaign_events v on v.id = p.id
        join articles a on a.id = v.article_id left join sentences s on s.id = v.sentence_id
        order by coalesce(v.date, a.published_at) is null, coalesce(v.date, a.published_at), v.id
    """,
    "offices": """
        with stated as (
            select * from (select * from offices where person_id = :id order by last_stated desc limit 60)
            union select * from (select * from offices where organization_id = :id order by last_stated desc limit 60)
        )
        select o.id, p.article_id, coalesce(h.name, o.person) as person, o.person_id, o.role,
            coalesce(e.name, o.organization) as organization, o.organization_id, o.first_stated, o.last_stated,
            o.statements
        from stated o join positions p on p.id = o.id left join entities e on e.id = o.organization_id
        left join entities h on h.id = o.person_id order by o.last_stated desc, o.id desc limit 60
    """,
    "figures": """
        with picked as (
            select * from (select id from figures where campaign_id = :id order by id desc limit 40)
            union select * from (select id from figures where subject_id = :id order by id desc limit 40)
            order by 1 desc limit 40
        )
        select f.id, f.article_id, f.text, f.value, f.value_high, f.qualifier, f.unit, f.counted, f.period_start,
            f.period_end, a.published_at, s.text as sentence
        from picked join figures f on f.id = picked.id join articles a on a.id = f.article_id
        left join sentences s on s.id = f.sentence_id order by a.published_at desc, f.id
    """,
    "grants": """
        with picked as (
            select * from (select id from grants where giver_id = :id order by id desc limit 40)
            union select * from (select id from grants where award_id = :id order by id desc limit 40)
            order by 1 desc limit 40
        )
        select g.id, g.article_id, g.text, g.giver, g.giver_id, g.award, g.award_id, g.recipient, g.count, g.qualifier,
            a.published_at
        from picked join grants g on g.id = picked.id join articles a on a.id = g.article_id
        order by a.published_at desc, g.id
    """,
    "newest": """
        select m.id, m.kind, m.article_id, a.title, a.site, a.published_at, s.text as sentence
        from (select first_mention from entity_articles where entity_id = :id order by day desc limit 20) t
        join mentions m on m.id = t.first_mention join articles a on a.id = m.article_id
        left join sentences s on s.id = m.sentence_id order by a.published_at desc, m.article_id desc
    """,
    "together": f"""
        with near as (select article_id from entity_articles where entity_id = :id order by day desc limit {NEWEST}),
        counted as (
            select x.kind, x.entity_id, count(*) as n from near
            join entity_articles x on x.article_id = near.article_id
                and x.kind in ('organization', 'campaign', 'person')
            where x.entity_id <> :id group by x.entity_id
        ),
        ranked as (select *, row_number() over (partition by kind order by n desc, entity_id) as place from counted)
        select r.kind, r.n, e.id, e.name, c.confirmed = 0 as unconfirmed
        from ranked r join entities e on e.id = r.entity_id left join campaigns c on c.entity_id = e.id
        where r.place <= 10 order by r.kind, unconfirmed is 1, r.place
    """,
    "provinces": f"""
        select e.id, e.name, count(*) as n from
            (select article_id from entity_articles where entity_id = :id order by day desc limit {NEWEST}) t
        join entity_articles x on x.article_id = t.article_id and x.kind = 'place'
        join entities e on e.id = x.entity_id
        where e.parent_id is null and e.code <> '' and e.id <> :id group by e.id order by n desc, e.id limit 64
    """,
    "above": """
        with recursive up(id, depth) as (
            select parent_id, 1 from entities where id = :id
            union select e.parent_id, depth + 1 from up join entities e on e.id = up.id where depth < 8
        )
        select e.id, e.name, e.kind from up join entities e on e.id = up.id order by up.depth desc
    """,
}


def group_figures(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return figures by the sentence they stand in, each said once: copies of a story say the same sentence again."""
    groups: dict[str, dict[str, Any]] = {}
    for row in map(dict, rows):
        group = groups.setdefault(row["sentence"] or row["text"], {**row, "said": {}})
        group["said"].setdefault(row["text"], row)
    return [{**group, "said": list(group["said"].values())} for group in groups.values()]


def read_profile(conn: sqlite3.Connection, kind: str, slug: str) -> dict[str, Any] | None:
    """Return the entity of a kind and slug with all its lists, or None where there is none."""
    with rows_as(conn, sqlite3.Row):
        entity = conn.execute(ENTITY, [kind, slug]).fetchone()
        if entity is None:
            return None
        campaign = conn.execute(CAMPAIGN, [entity["id"]]).fetchone()
        told: dict[str, Any] = {"entity": dict(entity), "campaign": dict(campaign) if campaign else None}
        for name, sql in PARTS.items():
            told[name] = [dict(row) for row in conn.execute(sql, {"id": entity["id"]})]
        return told
