"""Which parts of a body are captions, sub-headings, list items and table rows, and where they stand in it."""

from collections.abc import Sequence

from crawler.furniture import is_caption
from crawler.lines import Line, is_item
from store.records import Passage

# A longer line set in bold is a lead or a stressed paragraph.
LONGEST_HEADING = 30
MARKED = {"caption": "caption", "heading": "heading", "title": "heading", "row": "row", "item": "item"}


def find_role(lines: Sequence[Line], at: int) -> str:
    """Return the role of an article's line among its lines; empty for a plain paragraph.

    What markup says comes first; without it a sub-heading is a short line above a paragraph, a caption speaks of
    what a picture shows.
    """
    line = lines[at]
    if line.role in MARKED and not (line.role in ("heading", "title") and line.kind == "prose"):
        return MARKED[line.role]
    if line.role == "attachment":
        return line.role
    if is_item(line.text):
        return "item"
    if line.kind == "prose" or at == 0:
        return ""
    if line.role == "slanted" or (line.role != "strong" and is_caption(line.text)):
        return "caption"
    below = lines[at + 1] if at + 1 < len(lines) else None
    heads = below is not None and (below.kind == "prose" or below.role in ("item", "row") or is_item(below.text))
    short = line.words <= LONGEST_HEADING and not line.text.endswith((".", ";", ","))
    return "heading" if heads and short else ""


def place(paragraphs: Sequence[str], roles: Sequence[str]) -> tuple[Passage, ...]:
    """Return the passages of a body whose lines are these paragraphs.

    >>> place(["Bài", "Ảnh: A"], ["", "caption"])
    (Passage(start=4, end=10, role='caption'),)
    """
    found = []
    start = 0
    for text, role in zip(paragraphs, roles, strict=True):
        if role:
            found.append(Passage(start, start + len(text), role))
        start += len(text) + 1
    return tuple(found)
