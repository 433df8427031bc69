"""The page /figures: how often and how much of one noun is counted, by month or year, with a chart, rows and CSV."""

import re
import sqlite3
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl

from store.answers import rows_as
from store.profiles import group_figures

PERIODS = {"year": 4, "month": 7}
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
NOUNS = "select unit, unit_kind, figures from figure_nouns order by figures desc, unit limit 60"
BY_PERIOD = """
select substr(month, 1, :width) as period, sum(figures) as figures, min(least) as least, max(most) as most
from figure_months where unit = :unit and (:from = '' or substr(month, 1, length(:from)) >= substr(:from, 1, 7))
and (:to = '' or substr(month, 1, length(:to)) <= substr(:to, 1, 7))
group by 1 order by 1 desc limit 240
"""
# The largest figure of a period stands for it on the page; every one of them is a click and a CSV away.
EXAMPLES = """
select f.id, f.article_id, f.text, f.value, f.value_high, f.qualifier, f.unit, f.period_start, f.period_end,
    a.published_at, a.title, s.text as sentence
from (select id from figures where unit = ? order by id desc limit 40) p join figures f on f.id = p.id
join articles a on a.id = f.article_id left join sentences s on s.id = f.sentence_id order by a.published_at desc, f.id
"""


def read_page(conn: sqlite3.Connection, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows for a noun, and the nouns there are."""
    rows = conn.execute(BY_PERIOD, asked).fetchall() if asked["unit"] else []
    examples = conn.execute(EXAMPLES, [asked["unit"]]).fetchall() if asked["unit"] else []
    examples = group_figures(examples)
    return {"nouns": conn.execute(NOUNS).fetchall(), "rows": rows, "examples": examples}


async def figures_page(datasette: Any, request: Any) -> Response:
    """Answer /figures?unit=&from=&to=&period=."""
    typed = {name: (request.args.get(name) or "").strip().replace("\x00", "")[:100] for name in ("unit", "from", "to")}
    odd = [name for name in ("from", "to") if typed[name] and not DAY.fullmatch(typed[name])]
    period = request.args.get("period") if request.args.get("period") in PERIODS else "year"
    asked = {**typed, **dict.fromkeys(odd, ""), "unit": typed["unit"].lower(), "width": PERIODS[period]}

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        with rows_as(conn, sqlite3.Row):
            return read_page(conn, asked)

    told = await datasette.get_database("news").execute_fn(read)
    query = urlencode({name: asked[name] for name in ("unit", "from", "to")})
    most = max((row["figures"] for row in told["rows"]), default=0)
    told |= {"asked": asked, "period": period, "odd": odd, "query": query, "most": most}
    return Response.html(await datasette.render_template("figures.html", told, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /figures."""
    return [(r"^/figures$", figures_page)]
