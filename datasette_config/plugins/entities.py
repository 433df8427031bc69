"""The pages of campaigns, people and organisations: what each is, and everything the articles say of it."""

from typing import Any

from datasette import Response, hookimpl

KINDS = {"campaigns": "campaign", "people": "person", "organizations": "organization"}
FOLDERS = {kind: folder for folder, kind in KINDS.items()}
ENTITY = """
select e.*, p.name as parent_name, p.kind as parent_kind from entities e
left join entities p on p.id = e.parent_id where e.kind = ? and e.slug = ?
"""
# Each list is short enough for a page and says where the rest is.
PARTS = {
    "aliases": "select text from aliases where entity_id = :id order by text limit 60",
    "children": """
        select id, name, article_count from entities where parent_id = :id order by article_count desc, id limit 40
    """,
    "months": """
        select substr(a.published_at, 1, 7) as month, count(*) as mentions, count(distinct a.id) as articles
        from mentions m join articles a on a.id = m.article_id
        where m.entity_id = :id and a.published_at is not null group by 1 order by 1 desc limit 36
    """,
    "events": """
        select v.id, v.article_id, v.text, v.event, v.date, v.campaign, v.organization, v.other_campaign, v.campaign_id
        from campaign_events v
        where v.campaign_id = :id or v.other_campaign_id = :id or v.organization_id = :id
        order by v.date is null, v.date, v.id limit 40
    """,
    "positions": """
        with stated as (
            select min(as_of) as first, max(as_of) as last, count(*) as times, max(id) as newest
            from positions where person_id = :id or organization_id = :id
            group by coalesce(person_id, person), role, coalesce(organization_id, organization)
            order by last desc, newest desc limit 60
        )
        select p.id, p.article_id, p.person, p.person_id, p.role, p.organization, p.organization_id,
            t.first, t.last, t.times
        from stated t join positions p on p.id = t.newest order by t.last desc, p.id desc
    """,
    "figures": """
        select f.id, f.article_id, f.text, f.value, f.value_high, f.qualifier, f.unit, f.counted, f.period_start,
            f.period_end, a.published_at, s.text as sentence
        from figures f join articles a on a.id = f.article_id left join sentences s on s.id = f.sentence_id
        where f.campaign_id = :id or f.subject_id = :id order by a.published_at desc, f.id limit 40
    """,
    "grants": """
        select g.id, g.article_id, g.text, g.giver, g.award, g.recipient, g.count, g.qualifier, a.published_at
        from grants g join articles a on a.id = g.article_id
        where g.giver_id = :id order by a.published_at desc, g.id limit 40
    """,
    "newest": """
        select min(m.id) as id, m.kind, m.text, m.article_id, a.title, a.site, a.published_at, s.text as sentence
        from mentions m join articles a on a.id = m.article_id left join sentences s on s.id = m.sentence_id
        where m.entity_id = :id group by m.article_id order by a.published_at desc, m.article_id desc limit 20
    """,
}


async def missing_page(datasette: Any, request: Any) -> Response:
    """Answer that there is no such entity."""
    # Not NotFound: Datasette prints a traceback for it wherever rich is installed.
    return Response.html(
        await datasette.render_template("missing.html", {"wanted": request.path}, request=request), status=404
    )


async def entity_page(datasette: Any, request: Any) -> Response:
    """Answer /campaigns/SLUG, /people/SLUG and /organizations/SLUG."""
    db = datasette.get_database("news")
    folder, slug = request.url_vars["folder"], request.url_vars["slug"]
    entity = (await db.execute(ENTITY, [KINDS[folder], slug])).first()
    if entity is None:
        return await missing_page(datasette, request)
    context: dict[str, Any] = {"entity": dict(entity), "folder": folder}
    for name, sql in PARTS.items():
        context[name] = (await db.execute(sql, {"id": entity["id"]})).rows
    context["most"] = max((row["articles"] for row in context["months"]), default=0)
    return Response.html(await datasette.render_template("entity.html", context, request=request))


async def entity_address(datasette: Any, request: Any) -> Response:
    """Lead /entities/ID to the entity's page, or to its row where its kind has no page."""
    db, number = datasette.get_database("news"), int(request.url_vars["id"])
    row = (await db.execute("select kind, slug from entities where id = ?", [number])).first()
    if row is None:
        return await missing_page(datasette, request)
    folder = FOLDERS.get(row["kind"])
    return Response.redirect(datasette.urls.path(f"/{folder}/{row['slug']}" if folder else f"/news/entities/{number}"))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at the pages and at the short address."""
    return [
        (r"^/(?P<folder>campaigns|people|organizations)/(?P<slug>[^/]+)$", entity_page),
        (r"^/entities/(?P<id>\d{1,18})$", entity_address),
    ]
