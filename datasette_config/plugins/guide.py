"""The pages that explain: /about with the accuracy by kind, /dictionary of all columns, /addresses for programs."""

import json
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl

from store.db import StoreError

# Written by tests/bench/results.py: {"kinds": {kind: {precision, recall, f1, expected}}, "gold": name, "at": day}.
ACCURACY = Path(__file__).resolve().parent.parent / "accuracy.json"
PAGES = (
    ("/", "Trang đầu", "Home: newest articles, most mentioned names"),
    (
        "/search?q=cong+doan",
        "Tìm kiếm",
        "Search: words, “phrases”, -minus, begin*; kind campaign organization province site since until sort=date page",
    ),
    ("/search.json?q=cong+doan", "Tìm kiếm, JSON", "The same search as JSON: hits, snippets in pieces, counts, next"),
    ("/campaigns/SLUG", "Phong trào", "A campaign; likewise /people/ /organizations/ /awards/ /places/ /documents/"),
    (
        "/articles/ID",
        "Bài viết",
        "An article with every finding marked; #s-SENTENCE and #f-KIND-ID lead to a sentence and a finding",
    ),
    ("/entities/ID", "Địa chỉ ngắn", "Leads to the page of an entity by its number"),
    ("/figures?unit=sáng+kiến&from=2020&to=2024&period=month", "Số liệu", "Figures of one noun over time"),
    (
        "/figures.csv?unit=sáng+kiến",
        "Số liệu, CSV",
        "Every figure of one noun with its sentence and address, streamed to the last; from, to",
    ),
    ("/map", "Bản đồ", "Articles by province"),
    (
        "/feeds/campaigns/SLUG.atom",
        "Nguồn tin Atom",
        "Feed of a campaign; /feeds/entities/ID.atom of any name; /feeds/search.atom?q= of a search and its filters",
    ),
    (
        "/news/TABLE.json",
        "Bảng, JSON",
        "Rows of a table as JSON: ?column=value, ?column__gte=, _sort=, _size=, _shape=array, _next=",
    ),
    ("/news/TABLE.csv?_stream=1", "Bảng, CSV", "All rows of a table as CSV, streamed to the last"),
    ("/news/QUERY.json?PARAMETER=", "Câu hỏi có sẵn", "A stored query as JSON; .csv as CSV"),
    ("/news.json?sql=select+1", "SQL", "Any reading SQL, within the time and row limits below"),
    ("/-/health", "Tình trạng", "Age of the newest article, counts, the last crawl"),
)


def read_accuracy() -> dict[str, Any] | None:
    """Return what `tests/bench/results.py` measured, or None where it has not been run."""
    if not ACCURACY.exists():
        return None
    try:
        told: dict[str, Any] = json.loads(ACCURACY.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StoreError(f"{ACCURACY.name}: {error}; write it anew with tests/bench/results.py") from None
    return told


async def guide_page(datasette: Any, request: Any) -> Response:
    """Answer /about, /dictionary and /addresses."""
    metadata = datasette.metadata(database="news")
    told = {
        "pages": PAGES,
        "tables": {name: t for name, t in metadata["tables"].items() if not t.get("hidden")},
        "queries": await datasette.get_canned_queries("news", request.actor),
        "accuracy": read_accuracy(),
        "limits": {name: datasette.setting(name) for name in ("sql_time_limit_ms", "max_returned_rows")},
        "license": datasette.metadata("license"),
    }
    template = f"{request.url_vars['page']}.html"
    return Response.html(await datasette.render_template(template, told, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /about, /dictionary and /addresses."""
    return [(r"^/(?P<page>about|dictionary|addresses)$", guide_page)]
