"""The file /figures.csv: every figure of one noun in a time, streamed to the last row, each with its address."""

import csv
import io
import re
import sqlite3
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import AsgiStream

DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
CHUNK = 1000
# By id, so that the next chunk begins where the last one ended.
ROWS = """
select f.id, f.article_id, f.text, f.value, f.value_high, f.qualifier, f.unit, f.counted,
    coalesce(f.period_start, substr(a.published_at, 1, 10)) as since,
    coalesce(f.period_end, f.period_start, substr(a.published_at, 1, 10)) as until,
    a.title, a.site, a.published_at, a.url, s.text as sentence
from figures f join articles a on a.id = f.article_id left join sentences s on s.id = f.sentence_id
where f.unit = :unit and f.id > :after
    and (:from = '' or coalesce(f.period_end, f.period_start, substr(a.published_at, 1, 10)) >= :from)
    and (:to = '' or coalesce(f.period_start, substr(a.published_at, 1, 10)) <= :to || '~')
order by f.id limit :chunk
"""


def lines(rows: list[Any]) -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


async def figures_csv(datasette: Any, request: Any, send: Any) -> None:
    """Answer /figures.csv?unit=&from=&to=."""
    db = datasette.get_database("news")
    asked: dict[str, Any] = {"unit": (request.args.get("unit") or "").strip().lower(), "after": 0, "chunk": CHUNK}
    for name in ("from", "to"):
        typed = (request.args.get(name) or "").strip()
        asked[name] = typed if DAY.fullmatch(typed) else ""

    def read(conn: sqlite3.Connection) -> tuple[list[str], list[Any]]:
        cursor = conn.execute(ROWS, asked)
        return [column[0] for column in cursor.description], [tuple(row) for row in cursor]

    def address(row: Any) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(f"/articles/{row[1]}#f-figure-{row[0]}")))

    async def stream(writer: Any) -> None:
        names, rows = await db.execute_fn(read)
        await writer.write(lines([[*names, "page"]]))
        while rows:
            await writer.write(lines([[*row, address(row)] for row in rows]))
            asked["after"] = rows[-1][0]
            _, rows = await db.execute_fn(read) if len(rows) == CHUNK else (names, [])

    name = re.sub(r"[^a-z0-9]+", "-", asked["unit"].encode("ascii", "ignore").decode()).strip("-") or "figures"
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    await AsgiStream(stream, headers=headers, content_type="text/csv; charset=utf-8").asgi_send(send)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /figures.csv."""
    return [(r"^/figures\.csv$", figures_csv)]
