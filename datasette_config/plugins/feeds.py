"""Atom feeds of a campaign, of any entity and of a search."""

import re
from typing import Any
from xml.etree import ElementTree as ET

from datasette import Response, hookimpl

from store.filters import read_filters
from store.hits import find_articles

COLUMNS = "a.id, a.title, a.lead, a.author, a.site, a.published_at, a.fetched_at, a.first_seen_at"
OF_ENTITY = f"""
select {COLUMNS}, min(m.id) as mention, m.kind from mentions m join articles a on a.id = m.article_id
where m.entity_id = ? group by a.id order by a.published_at desc, a.id desc limit 50
"""
BY_IDS = f"select {COLUMNS} from articles a where a.id = ?"
BY_ID = "select id, kind, name, slug from entities where id = ?"
BY_SLUG = "select id, kind, name, slug from entities where kind = 'campaign' and slug = ?"
# Entries in a feed.
MOST = 50
# XML has no way of writing these, escaped or not.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A feed must say when it changed; one without entries has not.
NEVER = "1970-01-01T00:00:00Z"


def instant(row: Any) -> str:
    """Return when an article came out as Atom wants it, to the second and with a zone."""
    for moment in (row["published_at"], row["first_seen_at"], row["fetched_at"]):
        if moment and re.fullmatch(r"\d{4}-\d\d-\d\d", moment):
            return f"{moment}T00:00:00+07:00"
        if moment and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", moment):
            return moment if moment[16] == ":" else f"{moment[:16]}:00{moment[16:]}"
    return NEVER


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Add an element, its text cleaned of what XML cannot hold."""
    element = ET.SubElement(parent, tag, attributes)
    element.text = UNWRITABLE.sub("", text) if text is not None else None
    return element


def atom(datasette: Any, request: Any, title: str, page: str, rows: list[Any]) -> Response:
    """Return the rows as a feed; `page` is the page that shows the same."""

    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    itself = str(datasette.absolute_url(request, request.full_path))
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "vi"})
    add(feed, "title", title)
    add(feed, "id", itself)
    add(feed, "link", rel="self", type="application/atom+xml", href=itself)
    add(feed, "link", rel="alternate", type="text/html", href=absolute(page))
    add(feed, "updated", max((instant(row) for row in rows), default=NEVER))
    add(add(feed, "author"), "name", "Union News")
    for row in rows:
        address = absolute(f"/articles/{row['id']}")
        anchor = f"#f-{row['kind']}-{row['mention']}" if "mention" in row.keys() else ""  # noqa: SIM118  sqlite3.Row
        entry = add(feed, "entry")
        add(entry, "title", row["title"])
        add(entry, "id", address)
        add(entry, "link", rel="alternate", type="text/html", href=address + anchor)
        add(entry, "updated", instant(row))
        add(add(entry, "author"), "name", row["author"] or row["site"])
        add(entry, "summary", row["lead"] or row["title"])
    xml = ET.tostring(feed, encoding="unicode", xml_declaration=False)
    body = f'<?xml version="1.0" encoding="utf-8"?>\n{xml}\n'
    return Response(body, content_type="application/atom+xml; charset=utf-8")


async def entity_feed(datasette: Any, request: Any) -> Response:
    """Answer /feeds/campaigns/SLUG.atom and /feeds/entities/ID.atom."""
    db, wanted = datasette.get_database("news"), request.url_vars
    sql, key = (BY_SLUG, wanted["slug"]) if "slug" in wanted else (BY_ID, int(wanted["id"]))
    entity = (await db.execute(sql, [key])).first()
    if entity is None:
        return Response.text("Không có nguồn tin này · No such feed\n", status=404)
    rows = (await db.execute(OF_ENTITY, [entity["id"]])).rows
    return atom(datasette, request, entity["name"], f"/entities/{entity['id']}", rows)


async def search_feed(datasette: Any, request: Any) -> Response:
    """Answer /feeds/search.atom?q=."""
    typed = request.args.get("q") or ""
    filters, _ = read_filters(request.args)

    def newest(conn: Any) -> list[Any]:
        found = find_articles(conn, typed, filters, by_date=True, limit=MOST, count=False)
        return [conn.execute(BY_IDS, [hit.article["id"]]).fetchone() for hit in found.hits]

    rows = await datasette.get_database("news").execute_fn(newest)
    return atom(datasette, request, f"Tìm: {typed}", f"/search?{request.query_string}", rows)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at the three kinds of feed."""
    return [
        (r"^/feeds/campaigns/(?P<slug>[^/]+)\.atom$", entity_feed),
        (r"^/feeds/entities/(?P<id>\d{1,18})\.atom$", entity_feed),
        (r"^/feeds/search\.atom$", search_feed),
    ]
