"""The page /articles/ID: the text with every finding marked, and the facts taken from it beside it."""

import sqlite3
from collections import Counter
from typing import Any
from urllib.parse import quote

from datasette import Response, hookimpl

from store.answers import rows_as

ARTICLE = "select * from articles where id = ?"
SENTENCES = "select id, start, end from sentences where article_id = ? order by start"
REVISIONS = "select id, fetched_at, title from revisions where article_id = ? order by fetched_at desc, id desc"
COPIES = """
select id, title, site, published_at from articles
where story_id = ? and id <> ? order by published_at is null, published_at, id limit 50
"""
# Every finding of an article, table by table. `kind` is the word in its anchor, #f-KIND-ID.
FINDINGS = (
    """
    select m.kind, m.id, m.start, m.end, m.text, m.entity_id, e.name, m.number, m.date, m.issuer
    from mentions m left join entities e on e.id = m.entity_id where m.article_id = ?
    """,
    """
    select 'figure' as kind, f.*, c.name as campaign
    from figures f left join entities c on c.id = f.campaign_id where f.article_id = ?
    """,
    "select 'date' as kind, * from dates where article_id = ?",
    "select 'position' as kind, * from positions where article_id = ?",
    "select 'grant' as kind, * from grants where article_id = ?",
    "select 'event' as kind, * from campaign_events where article_id = ?",
)


def facts_by_kind(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the findings by kind; a name written the same way again joins its first mention, under `again`."""
    facts: dict[str, list[dict[str, Any]]] = {}
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for finding in found:
        name = (finding["kind"], finding.get("entity_id"), finding["text"])
        if "entity_id" in finding and name in first:
            first[name]["again"].append(finding["id"])
            continue
        first[name] = fact = {**finding, "again": []}
        facts.setdefault(finding["kind"], []).append(fact)
    return facts


def text_fragment(body: str) -> str:
    """Return what leads a browser to the article's first words on the original page.

    >>> text_fragment("Chiều 30/3, công đoàn - tổ chức lễ ký kết")
    '#:~:text=Chi%E1%BB%81u%2030%2F3%2C%20c%C3%B4ng%20%C4%91o%C3%A0n%20%2D%20t%E1%BB%95%20ch%E1%BB%A9c'
    """
    words = body.partition("\n")[0].split()[:7]
    # "-" and "," are signs of the fragment's own language.
    return "#:~:text=" + quote(" ".join(words), safe="").replace("-", "%2D") if words else ""


def read_article(conn: sqlite3.Connection, number: int) -> dict[str, Any] | None:
    """Return an article and everything read out of it, or None where there is none."""
    article = conn.execute(ARTICLE, [number]).fetchone()
    if article is None:
        return None
    found = [dict(row) for sql in FINDINGS for row in conn.execute(sql, [number])]
    found.sort(key=lambda f: (f["start"], f["end"], f["id"]))
    copies = conn.execute(COPIES, [article["story_id"], number]).fetchall() if article["story_id"] else []
    return {
        "article": dict(article),
        "fragment": text_fragment(article["body"]),
        "sentences": conn.execute(SENTENCES, [number]).fetchall(),
        "findings": found,
        "facts": facts_by_kind(found),
        "counts": Counter(finding["kind"] for finding in found),
        "revisions": conn.execute(REVISIONS, [number]).fetchall(),
        "copies": copies,
    }


async def article_page(datasette: Any, request: Any) -> Response:
    """Answer /articles/ID."""
    number = int(request.url_vars["id"])

    def read(conn: sqlite3.Connection) -> dict[str, Any] | None:
        with rows_as(conn, sqlite3.Row):
            return read_article(conn, number)

    told = await datasette.get_database("news").execute_fn(read)
    if told is None:
        missing = await datasette.render_template("missing.html", {"wanted": request.path}, request=request)
        return Response.html(missing, status=404)
    told["here"] = datasette.absolute_url(request, datasette.urls.path(f"/articles/{number}"))
    return Response.html(await datasette.render_template("article.html", told, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /articles/ID."""
    return [(r"^/articles/(?P<id>\d{1,18})$", article_page)]
