"""Table cells that lead somewhere: a finding to its marked sentence, a name to its page, a page out to its site."""

import re
from typing import Any

from datasette import hookimpl
from markupsafe import Markup, escape

# The word in a finding's anchor, by table; a mention's own kind is in its row.
FINDINGS = {
    "mentions": None,
    "figures": "figure",
    "dates": "date",
    "positions": "position",
    "grants": "grant",
    "campaign_events": "event",
}
ENTITY = re.compile(r"(entity|person|organization|campaign|other_campaign|award|giver|subject|place|parent)_id$")
# What the stored queries call the address of a fact.
FOLDERS = "articles|entities|campaigns|people|organizations|awards|places|documents"
ADDRESS = re.compile(rf"/(?:{FOLDERS})/[a-z0-9-]+(#[fs]-[a-z0-9-]+)?$")
OUTSIDE = re.compile(r"https?://[^\s/]", re.IGNORECASE)
INSIDE_LINK = Markup('<a href="{}">{}</a>')
OUTSIDE_LINK = Markup('<a href="{}" rel="noopener nofollow">{}</a>')
LONGEST = 200


def bare(value: Any) -> Any:
    """Return the key of a foreign key that Datasette may have put a label on."""
    return value["value"] if isinstance(value, dict) else value


def label(value: Any) -> str:
    """Return what a reader is shown of a cell."""
    text = str(value["label"] if isinstance(value, dict) else value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def inside(row: Any, column: str, value: Any, table: str | None) -> str | None:
    """Return the address on this site a cell leads to, or None."""
    known = set(row.keys())
    if table is None:
        return value if column == "link" and ADDRESS.match(str(value)) else None
    if table in FINDINGS and column == "text" and "article_id" in known:
        return f"/articles/{bare(row['article_id'])}#f-{FINDINGS[table] or row['kind']}-{row['id']}"
    if column == "sentence_id" and "article_id" in known:
        return f"/articles/{bare(row['article_id'])}#s-{bare(value)}"
    if column == "article_id":
        return f"/articles/{bare(value)}"
    if (table, column) == ("sentences", "text"):
        return f"/articles/{bare(row['article_id'])}#s-{row['id']}"
    if (table, column) == ("articles", "title"):
        return f"/articles/{row['id']}"
    if (table, column) == ("entities", "name"):
        return f"/entities/{row['id']}"
    return f"/entities/{bare(value)}" if ENTITY.match(column) else None


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """Return the cell as a link, or None to leave it to Datasette."""
    if value is None or value == "":
        return None
    if column == "url":
        return OUTSIDE_LINK.format(value, label(value)) if OUTSIDE.match(str(value)) else Markup(escape(label(value)))
    address = inside(row, column, value, table)
    return INSIDE_LINK.format(datasette.urls.path(address), label(value)) if address else None
