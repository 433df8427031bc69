"""The sample articles: crawler/demo/articles/*.toml read, checked, and told as they stand in each edition."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from store.text import normalize

FOLDER = Path(__file__).parent / "articles"
SITES = ("songlam", "nganhnghe", "khucongnghiep")
KEYS = {"id", "site", "number", "slug", "title", "lead", "paragraphs", "captions", "author", "published", "section",
        "credit", "date_style", "disallowed", "copy_of", "from_edition", "until_edition", "correction"}
REQUIRED = {"id", "site", "number", "slug", "title", "lead", "paragraphs", "published", "section"}


class DemoError(ValueError):
    """The bundled sample site cannot be used as it stands."""


@dataclass(frozen=True)
class Block:
    """One paragraph of a page, or a picture when it has a caption."""

    text: str
    picture: bool = False


@dataclass(frozen=True)
class DemoArticle:
    """One article of the sample site, in one edition of it."""

    id: str
    site: str
    number: int
    slug: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published: str
    section: str
    captions: tuple[tuple[int, str], ...] = ()
    author: str | None = None
    credit: str | None = None
    date_style: str | None = None
    disallowed: bool = False
    copy_of: str | None = None
    from_edition: int = 1
    until_edition: int | None = None
    correction: tuple[str, str, str] | None = None

    @cached_property
    def blocks(self) -> list[Block]:
        """The body below the lead, in page order: a caption stands after the paragraph its number names."""
        blocks = [Block(text, picture=True) for after, text in self.captions if after == 0]
        for number, paragraph in enumerate(self.paragraphs, start=1):
            blocks.append(Block(paragraph))
            blocks += [Block(text, picture=True) for after, text in self.captions if after == number]
        return blocks

    @property
    def body(self) -> str:
        """What a perfect reader of the page keeps: lead, paragraphs, captions (a doubled one once), normalised."""
        lines = dict.fromkeys([self.lead, *(block.text for block in self.blocks)])
        return normalize("\n".join(lines))

    @property
    def published_at(self) -> datetime:
        """The time of publication; midnight where the page gives a bare date."""
        return datetime.fromisoformat(self.published if "T" in self.published else f"{self.published}T00:00:00+07:00")

    def in_edition(self, edition: int) -> "DemoArticle | None":
        """Return the article as that edition prints it, or None where it is not out yet or has been taken down."""
        if edition < self.from_edition or (self.until_edition is not None and edition > self.until_edition):
            return None
        if self.correction is None or edition < 2:
            return self
        wrong, right, _ = self.correction
        return replace(self, lead=self.lead.replace(wrong, right),
                       paragraphs=tuple(paragraph.replace(wrong, right) for paragraph in self.paragraphs))


def read_article(path: Path) -> DemoArticle:
    """Read one article file; an unusable one is refused with its name and the reason."""
    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := sorted(set(values) - KEYS):
        raise DemoError(f"{path.name}: unknown key {unknown[0]!r}; known: {', '.join(sorted(KEYS))}")
    if missing := sorted(REQUIRED - set(values)):
        raise DemoError(f"{path.name}: {missing[0]!r} is missing")
    if values["id"] != path.stem:
        raise DemoError(f"{path.name}: id {values['id']!r} differs from the file's name; rename one of them")
    if values["site"] not in SITES:
        raise DemoError(f"{path.name}: no site {values['site']!r}: have {', '.join(SITES)}")
    # Bare, so that the file stays readable by people; as text, because the page may have no time to give.
    if isinstance(values["published"], (date, datetime)):
        values["published"] = values["published"].isoformat()
    values["paragraphs"] = tuple(values["paragraphs"])
    values["captions"] = tuple((caption["after"], caption["text"]) for caption in values.get("captions", ()))
    if correction := values.get("correction"):
        values["correction"] = (correction["wrong"], correction["right"], correction["at"].isoformat())
        if not any(correction["wrong"] in text for text in (values["lead"], *values["paragraphs"])):
            raise DemoError(f"{path.name}: {correction['wrong']!r} to be corrected is not in the text")
    return DemoArticle(**values)


def find_articles(folder: Path = FOLDER) -> Iterator[DemoArticle]:
    """Yield every sample article, in order of file name."""
    for path in sorted(folder.glob("*.toml")):
        yield read_article(path)
