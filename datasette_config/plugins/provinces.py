"""The page /map: how many articles name each province, on a map and in a table."""

import json
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl

from store.reference import load_reference

# The shapes are bundled: provinces.json says whose they are and under which licence.
MAP = json.loads((Path(__file__).resolve().parent.parent / "provinces.json").read_text(encoding="utf-8"))
COUNTS = "select code, slug, article_count from entities where kind = 'place' and parent_id is null and code <> ''"
SHADES = 5


def shade(n: int, most: int) -> int:
    """Return how dark a province is drawn, from 0 for nothing; each step is the same multiple."""
    return 0 if not n else max(1, min(SHADES, round(SHADES * (n / most) ** 0.5)))


async def map_page(datasette: Any, request: Any) -> Response:
    """Answer /map."""
    found = {row["code"]: row for row in (await datasette.get_database("news").execute(COUNTS)).rows}
    counts = {code: row["article_count"] for code, row in found.items()}
    most = max(counts.values(), default=0) or 1
    rows = [
        {
            "code": entry.code,
            "name": entry.name,
            "slug": found[entry.code]["slug"] if entry.code in found else None,
            "until": entry.more.get("valid_to"),
            "shape": MAP["shapes"].get(entry.code),
            "n": counts.get(entry.code, 0),
            "shade": shade(counts.get(entry.code, 0), most),
        }
        for entry in load_reference("provinces")
    ]
    told = {"rows": sorted(rows, key=lambda row: -row["n"]), "map": MAP}
    return Response.html(await datasette.render_template("map.html", told, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /map."""
    return [(r"^/map$", map_page)]
