"""Pages of our own prose in the markup of many systems, with what each must become: articles poured into templates."""

import json
import lzma
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jinja2
from page_hands import write_body, write_byline
from page_layouts import BARE, DATES, DAY_ALONE, LAYOUTS, WEEKDAYS, Layout

from crawler.demo.articles import find_articles
from store.text import normalize

FOLDER = Path(__file__).parent / "data" / "pages"
VIETNAM = timezone(timedelta(hours=7))
FETCHED = "2025-11-21T10:00:00+07:00"
AUTHORS = ("Lê Hải Quỳnh", "Minh Châu", "Trương Thị Bích", "Ngọc Sơn", "Hoài Phương", "Đỗ Văn Thành", "Thu Hà")
SECTIONS = ("Hoạt động công đoàn", "Thi đua - Khen thưởng", "Đời sống công nhân", "Chính sách")
FAMILY_PAGES = 7
# Forms that print seconds.
SECONDS = {"windows", "windows_vi", "bar", "seconds_vi", "iso_time"}


@dataclass(frozen=True)
class Story:
    """An article before it is printed: its parts in order, each with its role."""

    id: str
    title: str
    lead: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fixture:
    """A page and what it must become."""

    name: str
    family: str
    url: str
    html: str
    title: str
    lines: tuple[tuple[str, str], ...]
    published_at: str
    updated_at: str | None = None
    author: str | None = None
    source: str | None = None
    section: str | None = None
    canonical_url: str | None = None

    @property
    def body(self) -> str:
        """The whole text that must be kept."""
        return normalize("\n".join(text for _, text in self.lines))


def load_stories() -> list[Story]:
    """Return the stories of prose.toml, then those of the sample site."""
    told = [
        Story(a["id"], a["title"], a["lead"], tuple((role, text) for role, text in a["blocks"]))
        for a in tomllib.loads((FOLDER / "prose.toml").read_text("utf-8"))["article"]
    ]
    for article in find_articles():
        if article.copy_of is None and article.correction is None:
            parts = tuple(("caption" if block.picture else "p", block.text) for block in article.blocks)
            told.append(Story(article.id, article.title, article.lead, tuple(dict.fromkeys(parts))))
    return told


def find_fixtures() -> Iterator[Fixture]:
    """Yield every page, in order: those made from templates, then those of the real WordPress."""
    told = load_stories()
    loader = jinja2.FileSystemLoader(FOLDER / "templates")
    pages = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    for at, layout in enumerate(LAYOUTS):
        for page in range(FAMILY_PAGES):
            number = at * FAMILY_PAGES + page
            # Half the pages of each system have sub-headings, lists, tables; the step walks through all stories.
            story = told[number % 14] if page % 2 == 0 else told[14 + (number * 5) % (len(told) - 14)]
            yield make_fixture(pages, layout, story, number, [told[(number * 3 + k) % len(told)] for k in range(1, 6)])
    yield from find_wordpress()


def find_wordpress() -> Iterator[Fixture]:
    """Yield the pages that the real WordPress printed: tests/real/wordpress_pages.py."""
    told = {story.id: story for story in load_stories()}
    for at, page in enumerate(json.loads(lzma.decompress((FOLDER / "wordpress.json.xz").read_bytes()))):
        story = told[page["slug"]]
        yield Fixture(
            name=f"{page['theme']}-{story.id}",
            family=page["theme"],
            url=page["url"],
            html=page["html"],
            title=story.title,
            lines=tell_lines(story),
            author=page["author"],
            section=write_section(page["theme"], at),
            canonical_url=page["url"],
            published_at=datetime.fromisoformat(page["date"]).replace(tzinfo=VIETNAM).isoformat(),
        )


def write_section(theme: str, at: int) -> str:
    """Return a section as a theme prints it: block themes make dashes of hyphens."""
    return SECTIONS[at % 8 % 4] if theme == "twentytwentyone" else SECTIONS[at % 8 % 4].replace(" - ", " – ")


def tell_lines(story: Story, credit: str = "") -> tuple[tuple[str, str], ...]:
    """Return the lines that must be kept, each with its role."""
    return (("", credit + story.lead), *(("" if role == "p" else role, text) for role, text in story.parts))


def make_fixture(pages: jinja2.Environment, layout: Layout, story: Story, number: int, others: list[Story]) -> Fixture:
    """Return one page with what it must become; what varies follows from its number."""
    day = datetime(2014 + number % 11, 1 + number * 5 % 12, 1 + number * 11 % 28, tzinfo=VIETNAM)
    at = day + timedelta(hours=6 + number % 14, minutes=number * 7 % 60)
    if layout.dates[number % len(layout.dates)] in SECONDS:
        at += timedelta(seconds=number % 59 + 1)
    form = layout.dates[number % len(layout.dates)]
    byline = layout.bylines[number % len(layout.bylines)]
    name = AUTHORS[number % len(AUTHORS)]
    foot, author, source = write_byline(byline, name)
    if byline == "source_slot":
        author, source = None, "LĐLĐ tỉnh Sông Lam"
    slug, n = story.id, 10_000 + number
    url = layout.url.format(slug=slug, n=n)
    section = SECTIONS[number % len(SECTIONS)] if layout.section else None
    edited = at + timedelta(days=3, hours=1)
    html = pages.get_template(f"{layout.family}.html").render(
        story=story,
        body=write_body(layout.style, story.parts, n),
        foot=foot,
        date=DATES[form](at),
        at=at,
        edited=edited,
        author=name if byline in ("slot", "head") else None,
        source=source if byline == "source_slot" else None,
        section=section or SECTIONS[number % len(SECTIONS)],
        others=others,
        url=url,
        number=number,
        n=n,
        related=[(other.title, at - timedelta(days=k + 1)) for k, other in enumerate(others)],
        odd=number % 2 == 1,
        third=number % 3 == 0,
        clock=datetime.fromisoformat(FETCHED),
        weekdays=WEEKDAYS,
    )
    return Fixture(
        name=f"{layout.family}-{story.id}",
        family=layout.family,
        url=url,
        html=html,
        title=story.title,
        lines=tell_lines(story, layout.credit),
        published_at=at.date().isoformat() if form in BARE or layout.family in DAY_ALONE else at.isoformat(),
        author=author,
        source=source,
        section=section,
        updated_at=edited.isoformat() if layout.updated else None,
        canonical_url=url if "canonical" in html else None,
    )
