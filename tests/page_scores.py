"""How near a reader of pages comes to what they must become: words of the body, and the other fields exactly."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from unittest.mock import patch

from page_fixtures import FETCHED, Fixture

from crawler import page as page_module
from crawler.page import PageError, read_page
from store.records import Article, Page
from store.text import normalize

WORD = re.compile(r"\w+")
FIELDS = ("title", "author", "date", "time", "updated", "source", "section", "canonical")


@dataclass
class Result:
    """What a reader made of a page; empty where it found nothing."""

    title: str = ""
    body: str = ""
    author: str | None = None
    published_at: str = ""


@dataclass
class Score:
    """Sums over pages; `wrong` names each miss."""

    pages: int = 0
    body: float = 0.0
    seconds: float = 0.0
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, object, object]] = field(default_factory=list)

    def of(self, name: str) -> float:
        """Return the share of pages on which a field is right, or the mean F1 of the body."""
        return self.body / self.pages if name == "body" else self.right[name] / max(1, self.asked[name])


def word_f1(got: str, want: str) -> float:
    """Return the F1 of two texts as bags of words."""
    mine, theirs = Counter(WORD.findall(normalize(got).casefold())), Counter(WORD.findall(normalize(want).casefold()))
    both = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / both if both else 1.0


def make_page(fixture: Fixture) -> Page:
    """Return a fixture as the crawler would have stored it."""
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(fixture.url, "demo", fixture.html.encode(), FETCHED, headers=headers)


def read_ours(fixture: Fixture) -> Article | Result:
    """Read a page with every rule; a refusal reads as nothing."""
    try:
        return read_page(make_page(fixture), None)
    except PageError as error:
        return Result(title=f"refused: {error}")


def read_bare(fixture: Fixture) -> Article | Result:
    """Read a page with no site and no family."""
    with patch.object(page_module, "find_family", lambda tree: None):
        return read_ours(fixture)


def score_pages(read: Callable[[Fixture], Article | Result], fixtures: Iterable[Fixture]) -> Score:
    """Score one reader over pages."""
    score = Score()
    for fixture in fixtures:
        got = read(fixture)
        score.pages += 1
        f1 = word_f1(got.body, fixture.body)
        score.body += f1
        if f1 < 0.995:
            score.wrong.append((fixture.name, "body", round(f1, 3), ""))
        more = SimpleNamespace(updated_at=None, source=None, section=None, canonical_url=None)
        told = got if isinstance(got, Article) else more
        compared = {
            "title": (normalize(got.title or ""), normalize(fixture.title)),
            "author": (got.author, fixture.author),
            "date": ((got.published_at or "")[:10], fixture.published_at[:10]),
            "time": (got.published_at, fixture.published_at),
            "updated": (told.updated_at, fixture.updated_at),
            "source": (told.source, fixture.source),
            "section": (told.section, fixture.section),
            "canonical": (told.canonical_url, fixture.canonical_url),
        }
        for name, (mine, want) in compared.items():
            if want is None and name in ("section", "canonical"):
                continue
            score.asked[name] += 1
            score.right[name] += mine == want
            if mine != want:
                score.wrong.append((fixture.name, name, mine, want))
    return score
