"""The front page: a search box, what is new, what is most talked about, and where everything else is."""

import sqlite3
from typing import Any

from datasette import Response, hookimpl

from store.answers import rows_as

NEWEST = """
select id, title, substr(lead, 1, 400) as lead, site, published_at
from articles order by published_at desc, id desc limit 12
"""
MOST = """
select id, name, slug, article_count from entities
where kind = ? and article_count > 0 order by article_count desc, id limit ?
"""
# A campaign only one story names, which no list has, is shown apart: it may be no more than a phrase in quotes.
CONFIRMED = """
select id, name, slug, article_count from entities e where kind = 'campaign' and article_count > 0
and not exists (select 1 from campaigns c where c.entity_id = e.id and not c.confirmed)
order by article_count desc, id limit 12
"""
UNCONFIRMED = """
select e.id, e.name, e.slug, e.article_count from campaigns c join entities e on e.id = c.entity_id
where not c.confirmed and e.article_count > 0 order by e.last_seen desc, e.id desc limit 6
"""
TROUBLED = """
select count(*) from site_health h where h.state in ('silent', 'broken', 'blocked', 'failed')
and h.run_id = (select max(run_id) from site_health where site = h.site)
"""
TOTALS = "select name, value, n from totals where name in ('findings', 'articles', 'sites')"
# What a mention's kind is kept in, by kind; everything else is a mention.
KEPT_IN = {"figure": "figures", "position": "positions", "grant": "grants", "date": "dates", "event": "campaign_events"}


def read_home(conn: sqlite3.Connection) -> dict[str, Any]:
    """Return what the front page shows."""
    totals = {(row["name"], row["value"]): row["n"] for row in conn.execute(TOTALS)}
    first, last = (conn.execute(f"select {f}(published_at) from articles").fetchone()[0] for f in ("min", "max"))
    return {
        "newest": conn.execute(NEWEST).fetchall(),
        "campaigns": conn.execute(CONFIRMED).fetchall(),
        "unconfirmed": conn.execute(UNCONFIRMED).fetchall(),
        "troubled": conn.execute(TROUBLED).fetchone()[0],
        "organizations": conn.execute(MOST, ["organization", 8]).fetchall(),
        "people": conn.execute(MOST, ["person", 8]).fetchall(),
        "counts": {
            kind: {"n": n, "table": KEPT_IN.get(kind, "mentions")}
            for (name, kind), n in totals.items()
            if name == "findings"
        },
        "extent": {
            "articles": totals.get(("articles", "all"), 0),
            "sites": totals.get(("sites", "all"), 0),
            "first": first,
            "last": last,
        },
    }


async def home_page(datasette: Any, request: Any) -> Response:
    """Answer /."""

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        with rows_as(conn, sqlite3.Row):
            return read_home(conn)

    told = await datasette.get_database("news").execute_fn(read)
    metadata = datasette.metadata(database="news")
    told |= {
        "queries": await datasette.get_canned_queries("news", request.actor),
        "tables": {name: t for name, t in metadata["tables"].items() if not t.get("hidden")},
    }
    return Response.html(await datasette.render_template("home.html", told, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /."""
    return [(r"^/$", home_page)]
