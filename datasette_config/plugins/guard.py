"""Anybody's SQL is looked at before it runs: what would fill the memory or never end is refused, with a way out."""

import json
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from datasette import Response, hookimpl
from datasette.utils.asgi import Request

# A plan that goes through so many rows, one inside the other, does not end within any time limit of ours.
MOST_STEPS = 2_000_000_000
# What a table is taken for whose size nobody has counted: a view, a list made in the statement itself.
UNKNOWN_ROWS = 1000
# Functions that make bytes out of nothing, or reach outside the database.
REFUSED = re.compile(
    r"\b(zeroblob|randomblob|load_extension|readfile|writefile|edit|fts3_tokenizer|sqlite_dbpage|dbstat)\s*\(", re.I
)
STATEMENTS = re.compile(r"^\s*(attach|detach|pragma|vacuum|reindex|begin|savepoint)\b", re.I)
# SQLite answers null to a width beyond its longest value, and says nothing.
WIDTH = re.compile(r"%[-+ 0#,!]*\d{5,}")
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
STRING = re.compile(r"'(?:[^']|'')*'")
PARAMETER = re.compile(r":(\w+)")
SCAN = re.compile(r"SCAN (\S+)")
NESTED = re.compile(r"CORRELATED|RECURSIVE STEP")
# Where anybody's SQL comes in: /news?sql=, /news.json?sql=, and ?_where= of a table.
OPEN = re.compile(r"/news(?:\.\w+)?$|/news/(?P<table>[^/]+?)(?:\.\w+)?$")
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
Plan = list[tuple[int, int, str]]


def refused_words(sql: str) -> str | None:
    """Say what a statement may not use, or None.

    >>> refused_words("select hex(zeroblob(9))")
    'zeroblob() is switched off here: it only makes bytes, or reaches outside the database'
    """
    bare = STRING.sub("''", COMMENT.sub(" ", sql))
    if found := REFUSED.search(bare):
        return f"{found[1].lower()}() is switched off here: it only makes bytes, or reaches outside the database"
    if WIDTH.search(sql) and re.search(r"\b(printf|format)\s*\(", bare, re.I):
        return "printf() with a width over 9999 is switched off here: it only makes spaces"
    if found := STATEMENTS.search(bare):
        return f"{found[1].upper()} is switched off here: the database is only read; write a SELECT"
    return None


def steps(plan: Plan, rows: Callable[[str], int], parent: int = 0) -> int:
    """Return about how many rows a plan goes through: tables read whole, one inside the other, multiply."""
    nested, apart = 1, 0
    for number, above, detail in plan:
        if above != parent:
            continue
        if found := SCAN.match(detail):
            nested *= rows(found[1])
        elif NESTED.search(detail):
            nested *= steps(plan, rows, number)
        else:
            apart = max(apart, steps(plan, rows, number))
    return max(nested, apart)


def table_of(sql: str, name: str, tables: Iterable[str]) -> str | None:
    """Return the table a plan means by a name, which may be its alias in the statement."""
    known = {table.lower(): table for table in tables}
    if name.lower() in known:
        return known[name.lower()]
    for found in re.finditer(rf"[\"\[`]?(\w+)[\"\]`]?\s+(?:as\s+)?[\"\[`]?{re.escape(name)}\b", sql, re.I):
        if found[1].lower() in known:
            return known[found[1].lower()]
    return None


def too_many_steps(conn: sqlite3.Connection, sql: str) -> str | None:
    """Say that a statement would go through too many rows, or None; a faulty one is left to Datasette to explain."""
    try:
        plan = conn.execute(f"explain query plan {sql}", dict.fromkeys(PARAMETER.findall(sql), "")).fetchall()
    except sqlite3.Error:
        return None
    tables = [row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")]
    sizes: dict[str, int] = {}

    def rows(name: str) -> int:
        table = table_of(sql, name, tables)
        if table is None:
            return UNKNOWN_ROWS
        if table not in sizes:
            try:
                (most,) = conn.execute(f"select coalesce(max(rowid), 0) from [{table}]").fetchone()
            except sqlite3.Error:  # a table without rowids
                most = UNKNOWN_ROWS
            sizes[table] = max(1, most)
        return sizes[table]

    many = steps([(row[0], row[1], row[3]) for row in plan], rows)
    if many <= MOST_STEPS:
        return None
    names = sorted({found[1] for row in plan if (found := SCAN.match(row[3]))})
    return (
        f"about {many:.0e} rows would be gone through: {', '.join(names)} are read whole, one inside the other; join "
        "them on a column with an index (…_id), or narrow them first"
    )


def asked_sql(scope: dict[str, Any], base: str) -> list[str]:
    """Return the statements an address carries."""
    path = scope["path"]
    found = OPEN.search("/" + path[len(base) :] if path.startswith(base) else path)
    if found is None or scope.get("method") not in ("GET", "HEAD", "POST"):
        return []
    args = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    table = found["table"]
    if table is None:
        return args.get("sql", [])
    return [f"select 1 from [{table.replace(']', '')}] where ({where})" for where in args.get("_where", [])]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Refuse before anything runs."""
    base = datasette.setting("base_url")

    def wrap(app: App) -> App:
        async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
            for sql in asked_sql(scope, base) if scope["type"] == "http" else ():
                wrong = refused_words(sql)
                if wrong is None:
                    run = lambda conn, sql=sql: too_many_steps(conn, sql)  # noqa: E731
                    wrong = await datasette.get_database("news").execute_fn(run)
                if wrong:
                    response = await refuse(datasette, Request(scope, receive), wrong)
                    await response.asgi_send(send)
                    return
            await app(scope, receive, send)

        return answer

    return wrap


async def refuse(datasette: Any, request: Any, wrong: str) -> Response:
    """Answer that a statement is not run, and why, as the rest of the address would be answered."""
    if re.search(r"\.json$", request.path):
        told = {"ok": False, "error": wrong, "status": 400, "title": "Query refused"}
        return Response(json.dumps(told), status=400, content_type="application/json; charset=utf-8")
    told = {"title": "Không chạy câu SQL này · Query refused", "status": 400, "error": wrong}
    # Without the request: it has not been through all that Datasette's templates ask of one.
    return Response.html(await datasette.render_template("error.html", told), status=400)
