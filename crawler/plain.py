"""A page of plain lines becomes title, date, author and paragraphs: evidence first, position last."""

import re
from dataclasses import dataclass

from crawler.bylines import is_signature, split_signature
from crawler.cores import find_core
from crawler.furniture import is_caption, is_closing
from crawler.headlines import find_known, find_title
from crawler.lines import Line, is_item, is_prose, overlap, word_pairs
from crawler.margins import foot_byline, head_byline, read_dates
from crawler.passages import find_role
from store.text import fold, name_key

ALIKE = 0.55
# Three gaps with a headline or a date in them, and most of the gaps, make a page a listing.
LEAST_PARTED = 3
SHORTEST_TEASER = 5
MOSTLY = 0.6
# "Trao học bổng (12/04/2021)": a headline of another day.
DATED = re.compile(r"\(\s*(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\s*\)$")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page's lines tell of its article."""

    title: str | None
    paragraphs: list[str]
    roles: list[str]
    author: str | None = None
    source: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    listing: bool = False


def read_parts(lines: list[Line], title: str | None = None, *, trusted: bool = False) -> Parts | None:
    """Return the article among a page's lines, or None when there is no paragraph in them.

    `trusted` lines come from the element that holds the article: what is not known as furniture belongs to it.
    """
    core = find_core(lines, title)
    if core is None and trusted:
        core = next(((i, i) for i, line in enumerate(lines) if line.content), None)
    if core is None:
        return None
    first, last = core
    pairs = word_pairs(" ".join(line.text for line in lines[first : last + 1] if line.content))
    if title is not None or trusted:
        at = find_known(lines, first, title or "")
    else:
        at = find_title(lines, first, pairs)
        title = lines[at].text if at is not None else None
    head = without_alt(lines[at + 1 if at is not None else 0 : first], title)
    foot, stop = read_foot(lines, last + 1, pairs, trusted=trusted)
    body = without_alt(without_boxes(lines[first : last + 1]), title)
    kept = once([*lead_first(head, body, trusted=trusted), *foot])
    roles = [find_role(kept, i) for i in range(len(kept))]
    paragraphs, author, source = read_end([line.text for line in kept])
    head_author, head_source = head_byline(lines[:first], at)
    foot_author, foot_source = foot_byline(lines[last + 1 : stop])
    published, updated = read_dates(lines, at, first, stop)
    return Parts(
        title=title,
        paragraphs=paragraphs,
        roles=roles,
        author=author or foot_author or head_author,
        source=source or foot_source or head_source,
        published_at=published,
        updated_at=updated,
        listing=is_listing(lines[first : last + 1]),
    )


def is_listing(lines: list[Line]) -> bool:
    """Whether paragraphs stand apart by linked headlines or dates: the abstracts of many articles, no article."""
    prose = parted = 0
    teaser = False
    for line in lines:
        if line.kind == "prose":
            parted += teaser and prose > 0
            prose += 1
            teaser = False
        elif line.kind == "date" or (line.kind == "links" and line.words >= SHORTEST_TEASER):
            teaser = True
    return parted >= LEAST_PARTED and parted >= MOSTLY * (prose - 1)


def without_boxes(lines: list[Line]) -> list[Line]:
    """Return an article's lines without the headlines of related boxes inside it."""
    kept: list[Line] = []
    boxed = False
    for line in lines:
        boxed = line.ends or (boxed and line.kind != "prose")
        if not boxed:
            kept.append(line)
    return kept


def without_alt(lines: list[Line], title: str | None) -> list[Line]:
    """Return lines without the headline's repetitions: whole, in pieces, or without marks as a picture's alt text."""
    if not title:
        return lines
    key = name_key(title)
    bare = fold(title)
    return [
        line
        for line in lines
        if not (
            name_key(line.text) == key
            or (line.words >= 3 and line.text.isupper() and name_key(line.text) in key)
            or (line.text.isascii() and line.words >= 4 and fold(line.text) in bare)
        )
    ]


def lead_first(head: list[Line], body: list[Line], *, trusted: bool = False) -> list[Line]:
    """Return the article's lines with what stands between headline and lead put in its place.

    A lead without its full stop belongs in front; a picture's caption comes after the lead, for a body begins with it.
    """
    leads: list[Line] = []
    captions: list[Line] = []
    for line in head:
        if line.kind != "text" or is_signature(line.text):
            continue
        if leads and line.role in ("heading", "strong", "item", "row"):
            leads.append(line)
        elif line.role == "caption" or (is_caption(line.text) and line.words >= 4):
            captions.append(line)
        elif trusted or (line.words >= 15 and not line.text.isupper()):
            leads.append(line)
    if leads:
        return [leads[0], *captions, *leads[1:], *body]
    return [*body[:1], *captions, *body[1:]]


def read_foot(lines: list[Line], start: int, pairs: set[tuple[str, str]], *, trusted: bool) -> tuple[list[Line], int]:
    """Return the captions and list items after the last paragraph, and where the article's foot ends."""
    kept: list[Line] = []
    pending: list[Line] = []
    listing = start > 0 and lines[start - 1].text.endswith((":", ";"))
    for i in range(start, len(lines)):
        line = lines[i]
        if line.ends or line.kind == "prose" or DATED.search(line.text):
            return kept, i
        if line.kind == "byline" and line.byline and (line.byline.author or line.byline.source):
            return kept, foot_end(lines, i)
        if line.kind != "text":
            continue
        if is_signature(line.text) and not listing:
            return kept, foot_end(lines, i)
        if (
            line.role == "caption"
            or is_caption(line.text)
            or is_closing(line.text)
            or (is_item(line.text) and (listing or (not pending and has_items(kept))))
        ):
            kept += [*([] if not listing else pending), line]
            pending = []
        elif listing or trusted or (line.words >= 6 and overlap(line.text, pairs) >= ALIKE):
            kept.append(line)
        else:
            pending.append(line)
    return kept, len(lines)


def has_items(kept: list[Line]) -> bool:
    """Whether the foot already goes on with a list."""
    return bool(kept) and is_item(kept[-1].text)


def foot_end(lines: list[Line], at: int) -> int:
    """Return where the bylines that begin at a line end."""
    while at < len(lines) and (lines[at].kind in ("byline", "date", "marks", "views") or is_signature(lines[at].text)):
        at += 1
    return at


def once(lines: list[Line]) -> list[Line]:
    """Return an article's lines, each once: doubled captions and a lead shown again in its place are left out."""
    kept: list[Line] = []
    keys: list[str] = []
    for line in lines:
        key = name_key(line.text) if line.content else ""
        if line.content and key != "".join(keys[-1:]) and not (len(keys) > 1 and keys[0] == key):
            kept.append(line)
            keys.append(key)
    return kept


def read_end(paragraphs: list[str]) -> tuple[list[str], str | None, str | None]:
    """Return the paragraphs without the signature behind the last sentence, and the author and source it names."""
    author = source = None
    last_prose = next(
        (i for i in reversed(range(len(paragraphs))) if is_prose(paragraphs[i]) or "/. " in paragraphs[i]), None
    )
    if last_prose is not None:
        paragraphs[last_prose], byline = split_signature(paragraphs[last_prose])
        if byline is not None:
            author, source = byline.author, byline.source
    return paragraphs, author, source
