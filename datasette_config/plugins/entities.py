"""The pages of campaigns, people, organisations and all other names: what each is, and what the articles say of it."""

from typing import Any

from datasette import Response, hookimpl

from store.profiles import NEWEST, group_figures, read_profile

KINDS = {
    "campaigns": "campaign",
    "people": "person",
    "organizations": "organization",
    "awards": "award",
    "places": "place",
    "documents": "document",
}
FOLDERS = {kind: folder for folder, kind in KINDS.items()}


async def missing_page(datasette: Any, request: Any) -> Response:
    """Answer that there is no such entity."""
    # Not NotFound: Datasette prints a traceback for it wherever rich is installed.
    return Response.html(
        await datasette.render_template("missing.html", {"wanted": request.path}, request=request), status=404
    )


def office_bars(offices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return offices with a day, each with where its bar begins and how long it is, in percent of the whole time."""
    dated = [office for office in offices if office["first_stated"] and office["last_stated"]]
    if not dated:
        return []

    def place(day: str) -> float:
        year, month, date = (int(part) for part in f"{day}-01-01"[:10].split("-"))
        return year + (month - 1) / 12 + (date - 1) / 365

    try:
        first = min(place(office["first_stated"]) for office in dated)
        whole = max(place(office["last_stated"]) for office in dated) - first or 1
    except ValueError:
        return []
    bars = []
    for office in sorted(dated, key=lambda o: (o["first_stated"], o["id"])):
        left = 100 * (place(office["first_stated"]) - first) / whole
        wide = 100 * (place(office["last_stated"]) - first) / whole - left
        bars.append({**office, "left": round(min(left, 98), 2), "wide": round(max(wide, 2), 2)})
    return bars


async def entity_page(datasette: Any, request: Any) -> Response:
    """Answer /campaigns/SLUG, /people/SLUG, /organizations/SLUG and the like."""
    db = datasette.get_database("news")
    folder, slug = request.url_vars["folder"], request.url_vars["slug"]
    told = await db.execute_fn(lambda conn: read_profile(conn, KINDS[folder], slug))
    if told is None:
        return await missing_page(datasette, request)
    told |= {
        "folder": folder,
        "figures": group_figures(told["figures"]),
        "sample": NEWEST,
        "bars": office_bars(told["offices"]) if KINDS[folder] == "person" else [],
        "extent": (
            min((office["first_stated"] for office in told["offices"] if office["first_stated"]), default=None),
            max((office["last_stated"] for office in told["offices"] if office["last_stated"]), default=None),
        ),
        "most": max((row["articles"] for row in told["months"]), default=0),
    }
    return Response.html(await datasette.render_template("entity.html", told, request=request))


async def entity_address(datasette: Any, request: Any) -> Response:
    """Lead /entities/ID to the entity's page."""
    db, number = datasette.get_database("news"), int(request.url_vars["id"])
    row = (await db.execute("select kind, slug from entities where id = ?", [number])).first()
    if row is None:
        return await missing_page(datasette, request)
    folder = FOLDERS.get(row["kind"])
    return Response.redirect(datasette.urls.path(f"/{folder}/{row['slug']}" if folder else f"/news/entities/{number}"))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at the pages and at the short address."""
    return [
        (rf"^/(?P<folder>{'|'.join(KINDS)})/(?P<slug>[^/]+)$", entity_page),
        (r"^/entities/(?P<id>\d{1,18})$", entity_address),
    ]
