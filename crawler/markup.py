"""HTML becomes lines: blocks in reading order, each with what its markup says of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from lxml import etree, html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.furniture import load_patterns
from store.text import normalize

SILENT = {
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "button", "select", "option",
    "textarea", "input", "head", "audio", "video", "canvas", "map", "datalist", "dialog", "nav", "aside", "footer",
    "math", "xml",
}  # fmt: skip
BLOCKS = {
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend",
    "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "time",
    "tr", "ul", "label",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
STRESS = {"i": "slanted", "em": "slanted", "b": "strong", "strong": "strong"}
# So much of a line in one type makes the line a sub-heading or a caption, not a paragraph with stressed words.
WHOLLY = 0.9
CENTRED = re.compile(r"center", re.I)
# Set in the middle below a picture, a longer text is a paragraph.
LONGEST_CAPTION = 300
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
CAPTION = re.compile(
    r"caption|chu-?thich|photo-?(?:desc|note|cms_caption)|image-?(?:desc|note)|img-?(?:desc|note)|wp-caption-text|avatardesc",
    re.I,
)
HEAD_PART = re.compile(
    r"(?:^|[-_\s])(?:date|ngay\w*|time\w*|datetime|publish\w*|posted\w*|sapo|tieu-?de)(?:$|[-_\s])", re.I
)
# Names of the element that holds an article's text, in schema.org and in hAtom.
ARTICLE = re.compile(r"\barticleBody\b|(?:^|\s)entry-content(?:\s|$)")
SPACE = re.compile(r"\s+")
ATTRIBUTES = etree.XPath("//@class | //@id", smart_strings=False)
# The names that a page uses, for as long as somebody holds its tree; taking elements away leaves them a superset.
SEEN: WeakKeyDictionary[HtmlElement, tuple[frozenset[str], str]] = WeakKeyDictionary()
# A cell of a table of data; a longer one is a table used as a frame.
LONGEST_CELL = 160


@dataclass(slots=True)
class Block:
    """A line: its text, its role (title heading caption item row pictured slanted strong), its share of links."""

    text: str
    role: str = ""
    links: float = 0.0


def parse_html(text: str) -> HtmlElement | None:
    """Return the tree of an HTML text, or None where there is none; no network, no entities."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, recover=True, encoding="utf-8")
    try:
        tree = html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return tree


def find_blocks(root: HtmlElement, *, whole: bool = False) -> list[Block]:
    """Return the blocks under an element; `whole` keeps what names itself furniture by class or id."""
    blocks: list[Block] = []
    pieces: list[str] = []
    linked = 0
    roles: list[str] = []
    skipping: HtmlElement | None = None
    in_link = in_stress = 0
    pictured = False
    middle: list[bool] = []
    stressed = dict.fromkeys(STRESS.values(), 0)
    inside = dict.fromkeys(STRESS.values(), 0)

    def flush() -> None:
        nonlocal linked, pictured
        text = SPACE.sub(" ", "".join(pieces)).strip()
        if text:
            role = roles[-1] if roles else ""
            role = role or next((name for name, size in stressed.items() if size >= WHOLLY * len(text)), "")
            below = role == "slanted" or (not role and middle[-1:] == [True])
            if pictured and below and len(text) <= LONGEST_CAPTION:
                role = "pictured"
            blocks.append(Block(text, role, min(1.0, linked / len(text))))
            pictured = False
        pieces.clear()
        linked = 0
        for name in stressed:
            stressed[name] = 0

    def add(text: str | None) -> None:
        nonlocal linked
        if text:
            pieces.append(text)
            if in_link:
                linked += len(text.strip())
            if in_stress:
                for name in stressed:
                    stressed[name] += len(text.strip()) if inside[name] else 0

    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skipping is not None:
            if event == "end" and element is skipping:
                skipping = None
                add(element.tail if element is not root else None)
            continue
        if event == "start":
            row = read_row(element) if tag == "tr" else None
            if row is not None:
                flush()
                blocks.append(Block(row, "row"))
            if row is not None or (element is not root and is_silent(element, tag, whole=whole)):
                if tag in BLOCKS or tag in SILENT:
                    flush()
                skipping = element
                continue
            if is_block(element, tag):
                flush()
                roles.append(role_of(element, tag) or (roles[-1] if roles else ""))
                middle.append(tag == "center" or CENTRED.search(centring(element)) is not None)
            in_link += tag == "a"
            pictured = pictured or tag == "img"
            if tag in STRESS:
                inside[STRESS[tag]] += 1
                in_stress += 1
            add(element.text)
        else:
            in_link -= tag == "a"
            if tag in STRESS:
                inside[STRESS[tag]] -= 1
                in_stress -= 1
            if is_block(element, tag):
                flush()
                if roles:
                    roles.pop()
                    middle.pop()
            if element is not root:
                add(element.tail)
    flush()
    return blocks


def is_block(element: HtmlElement, tag: str) -> bool:
    """Whether an element stands on lines of its own; a span that is named as a part of the page's head does."""
    return tag in BLOCKS or (tag == "span" and HEAD_PART.search(names_of(element)) is not None)


def role_of(element: HtmlElement, tag: str) -> str:
    """Return what a block's markup says of it."""
    if tag in HEADINGS:
        return "title" if tag == "h1" else "heading"
    if tag in ("figcaption", "caption") or (tag in ("p", "div", "span", "td") and CAPTION.search(names_of(element))):
        return "caption"
    return "item" if tag == "li" else ""


def centring(element: HtmlElement) -> str:
    """Return what an element says of its alignment."""
    style = element.get("style") or ""
    return f"{element.get('align') or ''} {style.partition('text-align')[2][:12]}"


def names_of(element: HtmlElement) -> str:
    """Return an element's classes and id as one text."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def is_silent(element: HtmlElement, tag: str, *, whole: bool) -> bool:
    """Whether an element says nothing a reader of the article would read."""
    if tag == "footer" and next(element.iterancestors("article"), None) is not None:
        # Themes print author and date below the article, in a footer of its own.
        return False
    if tag in SILENT or not tag:
        return True
    if (
        element.get("hidden") is not None
        or HIDDEN.search(element.get("style") or "")
        or element.get("aria-hidden") == "true"
    ):
        return True
    if whole or tag in ("html", "body", "main", "article", "form"):
        return False
    names = names_of(element).casefold().split()
    if any(load_patterns("markup")["names"].fullmatch(name) for name in names):
        return True
    framed = any(load_patterns("markup")["frames"].fullmatch(name) for name in names)
    return framed and not any(ARTICLE.search(f"{names_of(e)} {e.get('itemprop') or ''}") for e in element.iter("div"))


def read_row(row: HtmlElement) -> str | None:
    """Return a row of a table of data as one line, or None when the table only frames other things."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or len(cells) > 20:
        return None
    texts = []
    for cell in cells:
        if next(cell.iter("table", "img", "div", "ul", "input", "h1", "h2", "h3"), None) is not None:
            return None
        text = SPACE.sub(" ", cell.text_content()).strip()
        if len(text) > LONGEST_CELL:
            return None
        texts.append(text)
    filled = [text for text in texts if text]
    return " | ".join(filled) if len(filled) > 1 else None


def text_of(element: HtmlElement) -> str:
    """Return an element's text as one line."""
    return SPACE.sub(" ", normalize(" ".join(block.text for block in find_blocks(element, whole=True)))).strip()


@cache
def compile_selector(css: str) -> CSSSelector:
    """Return a CSS selector ready for use; making one costs more than using it."""
    return CSSSelector(css)


def find_all(tree: HtmlElement, css: str) -> list[HtmlElement]:
    """Return the elements that a selector finds; what it would take from them does not count."""
    if tree.getparent() is None and not may_find(tree, css):
        return []
    found = compile_selector(css.partition("::")[0])(tree)
    return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []


def may_find(tree: HtmlElement, css: str) -> bool:
    """Whether a page has the classes and ids that a selector asks for: most selectors are of other systems."""
    names, text = SEEN.get(tree) or (frozenset(), "")
    if not text:
        values = ATTRIBUTES(tree)
        text = "\n".join(["", *map(str, values)] if isinstance(values, list) else [""]) + "\n"
        names = frozenset(text.split())
        SEEN[tree] = names, text
    whole, parts = asked_for(css)
    return whole <= names and all(part in text for part in parts)


@cache
def asked_for(css: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the classes and ids without which a selector finds nothing, whole and in part; none where it is unsure."""
    if "," in css or "\\" in css or ":not" in css or "'" in css or '"' in css:
        return frozenset(), ()
    parts = tuple(re.findall(r"\[(?:id|class)[*^]=([\w-]+)\]", css))
    return frozenset(re.findall(r"[.#]([\w-]+)", re.sub(r"\[[^\]]*\]|::.*", "", css))), parts


def has_any(tree: HtmlElement, selectors: Iterable[str]) -> bool:
    """Whether any of the selectors finds anything; what they take from it does not count."""
    return any(find_all(tree, css) for css in selectors)


def select(tree: HtmlElement, selectors: Iterable[str]) -> Iterator[HtmlElement | str]:
    """Yield what the first selector that finds anything finds; `::text` and `::attr(x)` as Scrapy writes them."""
    for selector in selectors:
        pseudo = selector.partition("::")[2]
        found = find_all(tree, selector)
        if not found:
            continue
        if pseudo.startswith("attr("):
            values = [element.get(pseudo[5:-1]) for element in found]
            if any(values):
                yield from (value for value in values if value)
                return
            continue
        yield from found
        return


def value_of(found: HtmlElement | str) -> str:
    """Return an attribute's or an element's text as one line."""
    return normalize(found).replace("\n", " ") if isinstance(found, str) else text_of(found)
