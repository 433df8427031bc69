"""The element that holds an article, where a site's or family's rules name it, becomes its parts."""

from datetime import datetime

from lxml.html import HtmlElement

from crawler.families import Family
from crawler.lines import LONGEST_NAME, Line, classify, is_open
from crawler.markup import Block, find_blocks, is_silent, select, value_of
from crawler.plain import Parts, read_parts
from store.text import name_key, normalize

# A block that is nearly all links is a menu or a box of headlines.
MOSTLY_LINKS = 0.75
# More lines than these between headline and text are no head of an article.
MOST_BETWEEN = 12


def read_container(tree: HtmlElement, rule: Family, title: str | None, latest: datetime | None) -> Parts | None:
    """Return the article inside the elements that a rule names, or None where it finds none with text."""
    for css in rule.body:
        blocks: list[Block] = []
        elements = [found for found in select(tree, [css]) if not isinstance(found, str)]
        for element in elements:
            if not any(element is not other and other in element.iterancestors() for other in elements):
                blocks += find_blocks(element)
        lines = to_lines(blocks, latest)
        lead = [line for line in lead_lines(tree, rule, elements, latest) if line.content]
        if not any(line.content for line in lines):
            continue
        # A site's file says exactly what the article is; a family's selectors leave out what a theme adds.
        if not lead and title and rule.present:
            lead = find_lead(elements[0], title, latest)
        return read_parts([*lead, *without_lead(lines, lead)], title, trusted=True)
    return None


def lead_lines(tree: HtmlElement, rule: Family, bodies: list[HtmlElement], latest: datetime | None) -> list[Line]:
    """Return the lead that a CMS shows apart from the body, and the captions between the two."""
    found = {part: list(select(tree, list(rule.selectors(part))))[:1] for part in ("lead", "captions")}
    captions = [
        Block(value_of(element), "caption")
        for element in found["captions"]
        if isinstance(element, str) or not any(body in element.iterancestors() for body in bodies)
    ]
    inside = {name_key(caption.text) for caption in captions}
    leads: list[Block] = []
    for element in found["lead"]:
        leads += [Block(value_of(element))] if isinstance(element, str) else find_blocks(element)
    leads = [block for block in leads if name_key(block.text) not in inside]
    lines = to_lines(leads, latest)
    first = next((i for i, line in enumerate(lines) if line.content), None)
    if first is not None:
        # The CMS says that this is the lead, whatever its length.
        lines[first] = Line(lines[first].text, "prose", role=lines[first].role)
    return [*lines, *to_lines(captions, latest)]


def find_lead(body: HtmlElement, title: str, latest: datetime | None) -> list[Line]:
    """Return the paragraph that stands between a headline and the element of the text, where no rule names it."""
    wanted = name_key(title)
    between: list[Block] = []
    node: HtmlElement | None = body
    while node is not None and node.tag != "body":
        for before in node.itersiblings(preceding=True):
            if not isinstance(before.tag, str) or is_silent(before, before.tag, whole=False):
                continue
            blocks = find_blocks(before)
            at = next((i for i in reversed(range(len(blocks))) if name_key(blocks[i].text) == wanted), None)
            between = [*(blocks if at is None else blocks[at + 1 :]), *between]
            if at is not None:
                lines = to_lines(between, latest)
                return [line for line in lines if line.kind == "prose"][:1]
            if len(between) > MOST_BETWEEN:
                return []
        node = node.getparent()
    return []


def without_lead(lines: list[Line], lead: list[Line]) -> list[Line]:
    """Return a body's lines without what its lead already says: the CMS shows it apart, many editors repeat it."""
    keys = {name_key(line.text) for line in lead}
    return [line for i, line in enumerate(lines) if i >= 4 or name_key(line.text) not in keys]


def to_lines(blocks: list[Block], latest: datetime | None) -> list[Line]:
    """Return the lines of blocks; menus and boxes of headlines become furniture."""
    lines = []
    label = ""
    for block in blocks:
        text = normalize(block.text).replace("\n", " ")
        if is_open(text):
            label = text
            continue
        if label and len(text.split()) <= LONGEST_NAME:
            text = f"{label} {text}".strip()
        label = ""
        if not text:
            continue
        line = classify(text, block.role, latest)
        # Many themes make the headline itself a link.
        boxed = line.content and block.links > MOSTLY_LINKS and block.role != "title"
        lines.append(Line(text, "links", role=block.role) if boxed else line)
    return lines
