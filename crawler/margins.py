"""Who wrote an article and when, by the lines above and below its text."""

from crawler.bylines import clean_author, is_office, is_signature, read_signed_post
from crawler.furniture import is_caption
from crawler.lines import SMALL, Line
from crawler.page_dates import choose_stamp


def head_byline(lines: list[Line], title: int | None = None) -> tuple[str | None, str | None]:
    """Return author and source from above the article: labelled, beside the date, or a name below headline or date."""
    author = source = None
    after = title + 1 if title is not None else len(lines)
    for i, line in enumerate(lines):
        below = i >= after
        if line.byline is not None:
            author, source = author or line.byline.author, source or line.byline.source
        elif line.kind == "date" and line.rest and is_signature(line.rest):
            author = author or clean_author(line.rest)
        elif line.kind == "text" and i != title:
            near = [*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2]]
            placed = any(other.kind == "date" for other in near) or (below and i in (after, len(lines) - 1))
            if is_signature(line.text) and placed:
                author = author or clean_author(line.text)
            elif below:
                author = author or read_signed_post(line.text)
    return author, source


def foot_byline(lines: list[Line]) -> tuple[str | None, str | None]:
    """Return author and source from below the last paragraph: a label before a bare name, a name before a body."""
    author = source = bare = None
    for line in lines:
        if line.byline is not None:
            author, source = author or line.byline.author, source or line.byline.source
        elif line.kind == "text" and is_signature(line.text):
            bare = bare or clean_author(line.text)
    if author is None and bare is None:
        office = next(
            (line for line in lines if line.kind == "text" and is_office(line.text) and not is_caption(line.text)), None
        )
        bare = clean_author(office.text) if office else None
    return author or bare, source


def read_dates(lines: list[Line], title: int | None, first: int, stop: int) -> tuple[str | None, str | None]:
    """Return (published, updated): below the headline first, then just above it, then at the foot."""
    below = [line for line in lines[(title or 0) : first] if line.kind == "date"]
    foot = [line for line in lines[first:stop] if line.kind == "date"]
    for group in (below, *([line] for line in find_above(lines, title or 0)), foot):
        published, updated = choose_stamp([s for line in group for s in line.stamps if s.role != "clock"])
        if published or updated:
            return published, updated
    return None, None


def find_above(lines: list[Line], title: int) -> list[Line]:
    """Return the date lines above a headline that can be the article's: next to it, or saying so.

    A date further up is the visitor's own, printed by the page's clock; so is an unlabelled one of the day on which
    the page was fetched.
    """
    found = []
    near = True
    for line in reversed(lines[:title]):
        clock = all(s.role in ("clock", "today") for s in line.stamps)
        if line.kind == "date" and not clock and (near or any(s.role in ("published", "updated") for s in line.stamps)):
            found.append(line)
        near = near and line.kind in (*SMALL, "date")
    return found
