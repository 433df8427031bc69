"""What the pages would otherwise count anew at every visit: derived from findings, rebuilt when those have changed."""

from sqlite_utils import Database

# Each table and what it is filled with; one pass over the findings each, in key order.
TABLES = {
    "entity_articles": """
        select m.entity_id, m.article_id, min(m.kind), substr(a.published_at, 1, 10), count(*), min(m.id)
        from mentions m join articles a on a.id = m.article_id
        where m.entity_id is not null group by m.entity_id, m.article_id
    """,
    "entity_months": """
        select entity_id, substr(day, 1, 7), count(*), sum(mentions)
        from entity_articles where day <> '' group by 1, 2
    """,
    # The newest statement stands for all: its id leads to its sentence.
    "offices": """
        select max(id), person_id, person, role, organization_id, organization, min(as_of), max(as_of), count(*)
        from positions where person_id is not null or organization_id is not null
        group by coalesce(person_id, person), role, coalesce(organization_id, organization, '')
    """,
    "figure_months": """
        select f.unit, substr(coalesce(f.period_start, a.published_at), 1, 7), count(*), min(f.value), max(f.value),
               sum(f.value)
        from figures f join articles a on a.id = f.article_id
        where coalesce(f.period_start, a.published_at) <> '' group by 1, 2
    """,
    "figure_nouns": "select unit, min(unit_kind), count(*) from figures group by unit",
}
TOTALS = """
    select 'findings', kind, count(*) from mentions group by kind
    union all select 'findings', 'figure', count(*) from figures
    union all select 'findings', 'position', count(*) from positions
    union all select 'findings', 'grant', count(*) from grants
    union all select 'findings', 'date', count(*) from dates
    union all select 'findings', 'event', count(*) from campaign_events
    union all select 'articles', 'all', count(*) from articles
    union all select 'sites', 'all', count(distinct site) from articles
    union all select 'site', site, count(*) from articles group by site
    union all select 'province', province, count(*) from articles where province <> '' group by province
    union all select 'year', substr(published_at, 1, 4), count(*) from articles where published_at <> '' group by 2
"""


def rebuild_derived(db: Database) -> None:
    """Put every derived table in step with the findings; all of it or nothing."""
    with db.atomic():
        for table, sql in TABLES.items():
            db.execute(f"delete from {table}")
            db.execute(f"insert into {table} {sql}")
        db.execute("delete from totals")
        db.execute(f"insert into totals {TOTALS}")
