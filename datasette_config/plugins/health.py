"""The page /-/health for whoever watches the server: how old the newest article is, counts, the last crawl."""

from datetime import UTC, datetime
from typing import Any

from datasette import Response, hookimpl

TABLES = ("articles", "sentences", "entities", "mentions", "figures", "dates", "positions", "grants", "campaign_events")
NEWEST = "select max(published_at) as published_at, max(first_seen_at) as first_seen_at from articles"
RUN = "select * from crawl_runs order by id desc limit 1"
SITES = "select state, count(*) as n from site_health where run_id = ? group by state order by state"


def hours_since(moment: str | None, now: datetime) -> float | None:
    """Return how many hours ago an ISO time was; a time without a zone is read as UTC, an unreadable one as None."""
    try:
        then = datetime.fromisoformat(moment or "")
    except ValueError:
        return None
    return round((now - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds() / 3600, 1)


async def health_page(datasette: Any) -> Response:
    """Answer /-/health."""
    db = datasette.get_database("news")
    now = datetime.now(UTC)
    newest = dict((await db.execute(NEWEST)).first())
    run = (await db.execute(RUN)).first()
    sites = (await db.execute(SITES, [run["id"]])).rows if run else []
    return Response.json(
        {
            "ok": True,
            "newest_article": {**newest, "age_hours": hours_since(newest["first_seen_at"], now)},
            "counts": {table: (await db.execute(f"select count(*) from {table}")).single_value() for table in TABLES},
            "last_run": {**dict(run), "sites_by_state": {row["state"]: row["n"] for row in sites}} if run else None,
        }
    )


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /-/health."""
    return [(r"^/-/health$", health_page)]
