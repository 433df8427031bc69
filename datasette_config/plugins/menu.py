"""The way from Datasette's own pages back to ours."""

from typing import Any

from datasette import hookimpl


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """Add our pages to Datasette's menu."""
    return [
        {"href": datasette.urls.path("/"), "label": "Trang đầu · Home"},
        {"href": datasette.urls.path("/search"), "label": "Tìm kiếm · Search"},
        {"href": datasette.urls.database("news"), "label": "Dữ liệu · Tables and queries"},
    ]
