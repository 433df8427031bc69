"""Who wrote an article and when, by the lines above and below its text."""

from crawler.bylines import clean_author, is_office, is_signature, read_signed_post
from crawler.furniture import is_caption
from crawler.lines import Line
from crawler.page_dates import Stamp, choose_stamp


def head_byline(lines: list[Line], title: int | None = None) -> tuple[str | None, str | None]:
    """Return author and source from above the article: labelled, beside the date, or a name below headline or date."""
    author = source = None
    for i, line in enumerate(lines):
        if line.byline is not None:
            author, source = author or line.byline.author, source or line.byline.source
        elif line.kind == "date" and line.rest and is_signature(line.rest):
            author = author or clean_author(line.rest)
        elif line.kind == "text" and i != title:
            near = [*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2]]
            placed = any(other.kind == "date" for other in near) or (title is not None and i == title + 1)
            if is_signature(line.text) and placed:
                author = author or clean_author(line.text)
            elif title is not None and i > title:
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
    below = [s for line in lines[(title or 0) : first] for s in line.stamps if line.kind == "date"]
    above = [s for line in reversed(lines[: title or 0]) for s in line.stamps if line.kind == "date"]
    foot = [s for line in lines[first:stop] for s in line.stamps if line.kind == "date"]
    for stamps in (below, above[:2], foot):
        usable: list[Stamp] = [s for s in stamps if s.role != "clock"]
        published, updated = choose_stamp(usable)
        if published or updated:
            return published, updated
    return None, None
