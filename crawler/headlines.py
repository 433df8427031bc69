"""Which words of a page are its headline: lines weighed against each other, markup against metadata."""

from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.bylines import is_signature
from crawler.furniture import find_furniture, is_caption, is_masthead, is_slogan
from crawler.lines import LONGEST_CAPITALS, LONGEST_TITLE, SMALL, Line, is_item, overlap, word_pairs
from crawler.markup import text_of
from crawler.metadata import Claims, strip_site
from crawler.refusals import names_kind
from store.text import name_key

# How much more of <title> than of the line above the text must stand in the text for <title> to be the headline.
CLEARLY = 0.3
SHORTEST_TITLE = 3
HOME = {"", "index.php", "index.html", "default.aspx", "home", "trang-chu"}
SHORTEST_ALONE = 6
LONGEST_SITE_NAME = 9


def find_title(lines: list[Line], first: int, pairs: set[tuple[str, str]]) -> int | None:
    """Return the line above the article that is most like its headline."""
    candidates = [i for i in range(first) if is_candidate(lines, i) and is_title_sized(lines[i])]
    if not candidates:
        candidates = [
            i for i in range(first) if lines[i].kind == "text" or (lines[i].kind == "breadcrumb" and lines[i].words > 6)
        ]
    if not candidates:
        return None
    scores = {i: score_title(lines, i, first, pairs, candidates) for i in candidates}
    return max(candidates, key=lambda i: (scores[i], -i))


def is_candidate(lines: list[Line], at: int) -> bool:
    """Whether a line can be the headline: text, or a linked heading between its date and its first paragraph."""
    line = lines[at]
    if line.kind == "links" and line.role == "heading":
        around = {other.kind for other in lines[max(0, at - 1) : at + 2]}
        return "date" in around and any(other.kind == "prose" for other in lines[at + 1 : at + 3])
    return line.kind == "text"


def is_title_sized(line: Line) -> bool:
    """Whether a line is neither too short nor too long for a headline."""
    longest = LONGEST_CAPITALS if line.text.isupper() else LONGEST_TITLE
    return SHORTEST_TITLE <= line.words <= longest


def score_title(lines: list[Line], at: int, first: int, pairs: set[tuple[str, str]], candidates: list[int]) -> float:
    """Return how much speaks for a line as the headline."""
    line = lines[at]
    text = line.text
    score = 3.0 * overlap(text, pairs)
    score += {"title": 3.0 if line.words >= SHORTEST_ALONE else 1.0, "heading": 2.0}.get(line.role, 0.0)
    score -= 3.0 if names_kind(text) else 0.0
    score += next_to_date(lines, at, first)
    score += 1.0 if 6 <= line.words <= 35 else -1.0 if line.words < 6 else 0.0
    longer = [lines[i].words - line.words for i in candidates if i != at and text in lines[i].text]
    # Repeated, alone or with the site's name behind it, a line is the headline; as a piece of a longer one it is not.
    score += 0.0 if not longer else 1.5 if min(longer) <= LONGEST_SITE_NAME else -2.0
    score -= 2.5 if is_masthead(text) else 0.0
    score -= 2.0 if is_slogan(text) else 0.0
    score -= 1.5 if text[:1].islower() else 0.0
    score -= 1.0 if text.endswith((".", ";", ":")) else 0.0
    score -= 2.0 if " | " in text or is_item(text) or is_signature(text) else 0.0
    score -= 2.0 if "ảnh:" in text.casefold() or line.role == "caption" else 0.0
    # Menus, tickers and site names stand first, the headline last of them; captions stand between it and the text.
    score -= 0.15 * sum(1 for i in candidates if i > at and not is_caption(lines[i].text))
    return score - 0.4 * is_caption(text) * sum(1 for i in candidates if i < at)


def next_to_date(lines: list[Line], at: int, first: int) -> float:
    """Return the weight of a date line beside a candidate: below it more than above it."""
    below = next((line for line in lines[at + 1 : first] if line.kind not in SMALL), None)
    if below is not None and below.kind == "date":
        return 2.5
    above = next((line for line in reversed(lines[:at]) if line.kind not in SMALL), None)
    if above is not None and above.kind == "date" and all(s.role not in ("clock", "today") for s in above.stamps):
        return 2.0
    return 0.0


def find_known(lines: list[Line], first: int, title: str) -> int | None:
    """Return the line above the article that repeats a title known from elsewhere."""
    wanted = name_key(title)
    return next((i for i in reversed(range(first)) if name_key(lines[i].text) == wanted), None)


def guess_title(tree: HtmlElement, claims: Claims) -> tuple[str, str] | None:
    """Return the headline and its evidence where markup and metadata agree, or an article's own metadata name it."""
    claimed = [(strip_site(value, claims.site_name), source) for value, source in claims.fields.get("title", [])]
    keys = {name_key(value) for value, _ in claimed} | {name_key(value) for value, _ in claims.fields.get("title", [])}
    headings = [(text_of(h), h.tag) for h in tree.iter("h1", "h2") if not is_home(h)]
    headings = [(text, tag) for text, tag in headings if len(text.split()) >= SHORTEST_TITLE]
    agreed = next((text for text, _ in headings if name_key(text) in keys), None)
    ones = [text for text, tag in headings if tag == "h1"]
    ones = [text for text in ones if not is_masthead(text) and names_kind(text) is None]
    # Newspapers word <title> for search engines; an h1 that shares most of its words is the headline.
    alike = next((text for text in ones if any(share(text, value) >= 0.5 for value, _ in claimed)), None)
    # Portals set the section in h1 and the headline in none.
    alone = len(ones) == 1 and len(ones[0].split()) >= SHORTEST_ALONE and find_furniture(ones[0]) is None
    heading = agreed or alike or (ones[0] if alone else None)
    if heading:
        return heading, "heading"
    named = (claim for claim in claimed if claims.article and claim[1] != "title")
    return next((claim for claim in named if len(claim[0].split()) >= SHORTEST_TITLE), None)


def is_home(heading: HtmlElement) -> bool:
    """Whether a heading is a link to the front page: the site's own name."""
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    paths = [urlsplit(link.get("href") or "?").path.strip("/").casefold() for link in links]
    return bool(paths) and all(
        path in HOME and not urlsplit(link.get("href") or "?").query for path, link in zip(paths, links, strict=True)
    )


def settle_title(shown: str | None, claims: Claims, body: str) -> tuple[str, str] | None:
    """Return the headline between what stands above the text and what <title> says: that which the text repeats."""
    pairs = word_pairs(body)
    claimed = [strip_site(value, claims.site_name) for value, _ in claims.fields.get("title", [])]
    claimed = [value for value in claimed if len(value.split()) >= SHORTEST_TITLE and not is_masthead(value)]
    best = max(claimed, key=lambda value: overlap(value, pairs), default=None)
    if best is not None and (shown is None or overlap(best, pairs) > overlap(shown, pairs) + CLEARLY):
        return best, "title"
    return (shown, "lines") if shown else None


def share(text: str, other: str) -> float:
    """Return the share of a text's words that another has."""
    own, others = set(name_key(text).split()), set(name_key(other).split())
    return len(own & others) / len(own) if own else 0.0
