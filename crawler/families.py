"""Families of CMS as data: a fingerprint picks the file of crawler/families/ that says where the parts stand."""

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from cssselect import SelectorError
from lxml.html import HtmlElement

from crawler.markup import compile_selector, has_any

PARTS = ("title", "lead", "body", "published", "updated", "author", "captions", "section")


class FamilyError(ValueError):
    """A family file cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Family:
    """Where a CMS prints an article's parts: CSS selectors, the surest first.

    `machine_dates = "edited"`: its schema gives the time of the last edit for that of publication.
    """

    name: str
    generator: str = ""
    machine_dates: str = ""
    present: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    section: tuple[str, ...] = ()

    def selectors(self, part: str) -> tuple[str, ...]:
        """Return the selectors of one part."""
        found: tuple[str, ...] = getattr(self, part)
        return found


@cache
def load_families() -> tuple[Family, ...]:
    """Return every family, by name."""
    folder = files("crawler").joinpath("families")
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    return tuple(make_family(path.name, path.read_text("utf-8")) for path in paths)


def make_family(file: str, text: str) -> Family:
    """Return a family from its file's text. Raises FamilyError at the first key or selector that cannot be."""
    try:
        keys = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FamilyError(f"{file}: {error}; a family file is TOML in UTF-8") from None
    known = {f.name for f in fields(Family)} - {"name"}
    for key, value in keys.items():
        if key not in known:
            raise FamilyError(f"{file}: unknown key {key!r}; known: {', '.join(sorted(known))}")
        for css in value if isinstance(value, list) else []:
            try:
                compile_selector(css.partition("::")[0])
            except SelectorError as error:
                raise FamilyError(f"{file}: {key}: {css!r}: {error}; write a CSS selector") from None
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()}
    return Family(name=file.removesuffix(".toml"), **values)


def find_family(tree: HtmlElement) -> Family | None:
    """Return the family of a page whose fingerprint it bears; the generator's own name decides between two."""
    generator = " ".join(
        meta.get("content") or "" for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "generator"
    )
    present = [family for family in load_families() if has_any(tree, family.present)]
    named = [
        family for family in present if family.generator and re.search(re.escape(family.generator), generator, re.I)
    ]
    return next(iter(named or present), None)
