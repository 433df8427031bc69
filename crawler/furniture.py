"""What stands on a page and is no article: the patterns of furniture.toml, applied to one line."""

import re
import tomllib
from functools import cache
from importlib.resources import files

# A longer line is prose whatever it begins with; it also keeps hostile input away from the patterns.
LONGEST = 420
ENDS = "end"
SPACES = re.compile(r"\s+")


class FurnitureError(ValueError):
    """furniture.toml cannot be used as it stands."""


@cache
def load_patterns(section: str) -> dict[str, re.Pattern[str]]:
    """Return one pattern a kind from a section of furniture.toml."""
    text = files("crawler").joinpath("furniture.toml").read_text("utf-8")
    compiled = {}
    for kind, patterns in tomllib.loads(text)[section].items():
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise FurnitureError(
                    f"furniture.toml: [{section}] {kind}: {pattern!r}: {error}; mend the pattern"
                ) from None
        compiled[kind] = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    return compiled


def plain(text: str) -> str:
    """Return a line as the patterns see it: lower case, single spaces, no bullets at its ends."""
    return SPACES.sub(" ", text.casefold()).strip(" \t•·*▪●-–|/")


def match_kind(section: str, text: str) -> str | None:
    """Return the first kind of a section whose pattern takes the whole line."""
    if not text or len(text) > LONGEST:
        return None
    return next((kind for kind, pattern in load_patterns(section).items() if pattern.fullmatch(text)), None)


def find_furniture(text: str) -> tuple[str, bool] | None:
    """Return (kind, whether the article ends here) for a line of furniture, None for any other line.

    >>> find_furniture("Lượt xem : 833"), find_furniture("Tin khác"), find_furniture("Hội nghị thành công.")
    (('views', False), ('related', True), None)
    """
    line = plain(text)
    if not line:
        return ("marks", False) if text.strip() else None
    kind = match_kind("end", line)
    if kind is not None:
        return kind, True
    kind = match_kind("drop", line)
    return (kind, False) if kind is not None else None


def is_masthead(text: str) -> bool:
    """Whether a line is the site's own name."""
    return match_kind("masthead", plain(text)) is not None


def is_slogan(text: str) -> bool:
    """Whether a line has the form of a motto."""
    return match_kind("slogan", SPACES.sub(" ", text.casefold()).strip()) is not None


def is_caption(text: str) -> bool:
    """Whether a line speaks as captions do."""
    return load_patterns("caption")["words"].search(text.casefold()) is not None


def is_closing(text: str) -> bool:
    """Whether a line is the thanks that close an interview."""
    return match_kind("closing", plain(text)) is not None
