"""The page /-/metrics for Prometheus: how old the data is, how every site stands, what waits, how the last run went."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from datasette import Response, hookimpl

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NEWEST = "select max(first_seen_at), max(published_at), count(*), count(gone_at), count(failure) from articles"
UNREAD = "select count(*) from articles where extractor is null"
FINDINGS = "select value, n from totals where name = 'findings' order by value"
# The last run that looked at each site.
SITES = """
    select h.site, h.state, h.last_new_at, h.requests, h.failed from site_health h
    where h.run_id = (select max(run_id) from site_health where site = h.site) order by h.site
"""
RUNS = "select max(started_at), max(finished_at), count(*), count(finished_at) from crawl_runs"
REFRESH = "select value from state where name = 'refresh'"

# One measure: its name, what it tells, its samples as (labels, value); None is left out.
Sample = tuple[dict[str, str], float | int | None]
Measure = tuple[str, str, list[Sample]]


def age(moment: str | None, now: datetime) -> float | None:
    """Return how many seconds ago an ISO time was; a time without a zone is read as UTC, an unreadable one as None."""
    try:
        then = datetime.fromisoformat(moment or "")
    except ValueError:
        return None
    return max(0.0, (now - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds())


def escape(value: str) -> str:
    """Write a label's value: a site's name is data, and must not end the line it stands in."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def write_metrics(measures: Iterable[Measure]) -> Iterator[str]:
    """Yield the lines of the text format."""
    for name, told, samples in measures:
        known = [(labels, value) for labels, value in samples if value is not None]
        if known:
            yield f"# HELP unionnews_{name} {told}\n# TYPE unionnews_{name} gauge\n"
        for labels, value in known:
            listed = ",".join(f'{key}="{escape(text)}"' for key, text in labels.items())
            yield f"unionnews_{name}{f'{{{listed}}}' if listed else ''} {value}\n"


async def measure(db: Any, now: datetime) -> list[Measure]:
    """Read everything that is told."""
    seen, published, articles, gone, failed = tuple((await db.execute(NEWEST)).first())
    started, finished, runs, finished_runs = tuple((await db.execute(RUNS)).first())
    sites = (await db.execute(SITES)).rows
    findings = (await db.execute(FINDINGS)).rows
    unread = (await db.execute(UNREAD)).single_value()
    kept = (await db.execute(REFRESH)).first()
    refresh = json.loads(kept[0]) if kept else {}
    steps = refresh.get("steps", [])
    queue = next((step["counts"].get("queue") for step in steps if step["name"] == "health"), None)
    return [
        ("newest_article_seconds", "Seconds since an article was first stored.", [({}, age(seen, now))]),
        ("newest_publication_seconds", "Seconds since the newest article came out.", [({}, age(published, now))]),
        ("articles", "Articles kept.", [({}, articles)]),
        ("articles_gone", "Articles whose site took them away.", [({}, gone)]),
        ("articles_failed", "Articles that could not be read.", [({}, failed)]),
        ("articles_unread", "Articles that wait to be read.", [({}, unread)]),
        ("addresses_due", "Addresses that waited to be fetched when the last refresh ended.", [({}, queue)]),
        ("findings", "Findings by kind.", [({"kind": row[0]}, row[1]) for row in findings]),
        ("site_state", "1 for the state each site was in at last.", [
            ({"site": row["site"], "state": row["state"]}, 1) for row in sites]),
        ("site_new_seconds", "Seconds since a site last had something new.", [
            ({"site": row["site"]}, age(row["last_new_at"], now)) for row in sites]),
        ("site_requests", "Requests of the last crawl.", [({"site": row["site"]}, row["requests"]) for row in sites]),
        ("site_failures", "Failed requests of the last crawl.", [
            ({"site": row["site"]}, row["failed"]) for row in sites]),
        ("crawl_started_seconds", "Seconds since a crawl began.", [({}, age(started, now))]),
        ("crawl_finished_seconds", "Seconds since a crawl ended.", [({}, age(finished, now))]),
        ("crawls_unfinished", "Crawls that were broken off.", [({}, runs - finished_runs)]),
        ("refresh_seconds_ago", "Seconds since the last refresh began.", [({}, age(refresh.get("started_at"), now))]),
        ("refresh_exit", "Exit code of the last refresh.", [({}, refresh.get("exit"))]),
        ("refresh_step_seconds", "How long each step of the last refresh took.", [
            ({"step": step["name"]}, step["seconds"]) for step in steps]),
    ]


async def metrics_page(datasette: Any) -> Response:
    """Answer /-/metrics."""
    measures = await measure(datasette.get_database("news"), datetime.now(UTC))
    return Response("".join(write_metrics(measures)), content_type=CONTENT_TYPE)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /-/metrics."""
    return [(r"^/-/metrics$", metrics_page)]
