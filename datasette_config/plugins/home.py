"""The front page: a search box, what is new, what is most talked about, and where everything else is."""

import sqlite3
from typing import Any

from datasette import Response, hookimpl

NEWEST = """
select id, title, substr(lead, 1, 400) as lead, site, published_at
from articles order by published_at desc, id desc limit 12
"""
MOST = """
select id, name, slug, article_count from entities
where kind = ? and article_count > 0 order by article_count desc, id limit ?
"""
TOTALS = "select name, value, n from totals where name in ('findings', 'articles', 'sites')"
# What a mention's kind is kept in, by kind; everything else is a mention.
KEPT_IN = {"figure": "figures", "position": "positions", "grant": "grants", "date": "dates", "event": "campaign_events"}


def read_home(conn: sqlite3.Connection) -> dict[str, Any]:
    """Return what the front page shows."""
    conn.row_factory = sqlite3.Row
    totals = {(row["name"], row["value"]): row["n"] for row in conn.execute(TOTALS)}
    first, last = (conn.execute(f"select {f}(published_at) from articles").fetchone()[0] for f in ("min", "max"))
    return {
        "newest": conn.execute(NEWEST).fetchall(),
        "campaigns": conn.execute(MOST, ["campaign", 12]).fetchall(),
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
    told = await datasette.get_database("news").execute_fn(read_home)
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
