"""The front page: a search box, what is new, what is most talked about, and where everything else is."""

from typing import Any

from datasette import Response, hookimpl

NEWEST = "select id, title, lead, site, published_at from articles order by published_at desc, id desc limit 12"
MOST = """
select id, name, slug, article_count from entities
where kind = ? and article_count > 0 order by article_count desc, id limit ?
"""
COUNTS = """
select kind, count(*) as n, 'mentions' as 'table' from mentions group by kind
union all select 'figure', count(*), 'figures' from figures
union all select 'position', count(*), 'positions' from positions
union all select 'grant', count(*), 'grants' from grants
union all select 'date', count(*), 'dates' from dates
union all select 'event', count(*), 'campaign_events' from campaign_events
"""
EXTENT = """
select count(*) as articles, count(distinct site) as sites, min(published_at) as first, max(published_at) as last
from articles
"""


async def home_page(datasette: Any, request: Any) -> Response:
    """Answer /."""
    db = datasette.get_database("news")
    metadata = datasette.metadata(database="news")
    context = {
        "newest": (await db.execute(NEWEST)).rows,
        "campaigns": (await db.execute(MOST, ["campaign", 12])).rows,
        "organizations": (await db.execute(MOST, ["organization", 8])).rows,
        "people": (await db.execute(MOST, ["person", 8])).rows,
        "counts": {row["kind"]: dict(row) for row in (await db.execute(COUNTS)).rows},
        "extent": (await db.execute(EXTENT)).first(),
        "queries": await datasette.get_canned_queries("news", request.actor),
        "tables": {name: t for name, t in metadata["tables"].items() if not t.get("hidden")},
    }
    return Response.html(await datasette.render_template("home.html", context, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /."""
    return [(r"^/$", home_page)]
