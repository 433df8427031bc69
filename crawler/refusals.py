"""What is no article: home pages, listings, searches, log-ins, print views, English editions, empty pages."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from crawler.markup import text_of
from crawler.metadata import Claims

MARKED = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I)
LETTER = re.compile(r"[^\W\d_]")
# Vietnamese prose has marks on a quarter of its letters; a text typed without them is not told apart from English.
LEAST_MARKED = 0.06
# So many headlines that are links make a listing where nothing says that the page is an article.
TEASERS = 8
SHORTEST = 12
LONGEST = 3_000_000
MOST_LINES = 40_000
INLINE_FILE = re.compile(r"data:[\w/+.-]{1,60};base64,[\w+/=\s]+")


class PageError(ValueError):
    """A page is no article; the message is the reason, in one or two words."""


@cache
def load_refusals() -> dict[str, dict[str, re.Pattern[str]]]:
    """Return the patterns of refusals.toml by section and reason."""
    sections = tomllib.loads(files("crawler").joinpath("refusals.toml").read_text("utf-8"))
    return {
        name: {reason: re.compile("|".join(patterns)) for reason, patterns in reasons.items()}
        for name, reasons in sections.items()
    }


def refuse_size(text: str) -> str:
    """Return a page's text without pictures written into it. Raises PageError for one that no newsroom wrote."""
    if len(text) > LONGEST or count_lines(text) > MOST_LINES:
        text = INLINE_FILE.sub("", without_scripts(text))
    # A text of very many lines costs as much as a very long one.
    if len(text) > LONGEST or count_lines(text) > MOST_LINES:
        raise PageError("too large")
    return text


def count_lines(text: str) -> int:
    """Return about how many lines an HTML or plain text has."""
    return sum(map(text.count, ("\n", "<br", "<p", "<tr", "<li", "<div")))


def without_scripts(text: str) -> str:
    """Return HTML without its scripts; an unclosed one ends the page, as it does in a browser."""
    first, *rest = text.split("<script")
    return first + "".join(part.partition("</script>")[2] for part in rest)


def refuse_address(url: str) -> None:
    """Raise PageError for an address that never leads to an article."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return
    path = unquote(parts.path or "/").casefold()
    address = path + (f"?{parts.query.casefold()}" if parts.query else "")
    for reason, pattern in load_refusals()["address"].items():
        if pattern.search(address):
            raise PageError(reason)


def names_kind(title: str) -> str | None:
    """Return the kind of page that a line names ("Kết quả tìm kiếm: ..." -> search), or None."""
    line = re.sub(r"\s+", " ", title.casefold()).strip(" .:»")
    return next((kind for kind, pattern in load_refusals()["title"].items() if pattern.fullmatch(line)), None)


def refuse_title(title: str) -> None:
    """Raise PageError for a headline that names a kind of page."""
    kind = names_kind(title)
    if kind:
        raise PageError(kind)


def refuse_listing(tree: HtmlElement, claims: Claims) -> None:
    """Raise PageError for a page that is made of other pages' headlines."""
    if claims.listing and not claims.article:
        raise PageError("listing")
    if claims.article:
        return
    teasers = 0
    for heading in tree.iter("h2", "h3", "h4"):
        link = next(heading.iter("a"), None)
        if link is None and heading.getparent() is not None and heading.getparent().tag == "a":
            link = heading.getparent()
        teasers += link is not None and len(text_of(heading).split()) >= 5
    headline = next(
        (h for h in tree.iter("h1") if next(h.iter("a", "img"), None) is None and len(text_of(h).split()) >= 4), None
    )
    if teasers >= TEASERS and headline is None:
        raise PageError("listing")


def refuse_body(title: str | None, body: str) -> None:
    """Raise PageError for a body that is empty or not in Vietnamese, or a page without a headline."""
    words = len(body.split())
    if words < SHORTEST:
        raise PageError("empty")
    letters = len(LETTER.findall(body))
    if not letters or len(MARKED.findall(body)) < LEAST_MARKED * letters:
        raise PageError("not Vietnamese")
    if not title:
        raise PageError("no title")
