"""Compare page readers on the fixtures of tests/page_fixtures.py and time them: python tests/bench/pages.py [--time].

trafilatura is a dependency of ours; `pip install newspaper4k readability-lxml` for the others, which are left out of
the table where they are not installed.
"""

import logging
import re
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets"), str(ROOT / "tests")]

import trafilatura  # noqa: E402
from lxml import html as lxml_html  # noqa: E402
from page_fixtures import Fixture, find_fixtures  # noqa: E402
from page_scores import Result, read_bare, read_ours, score_pages  # noqa: E402

COLUMNS = ("body", "title", "author", "date")
ROUNDS = 3


def read_trafilatura(fixture: Fixture) -> Result:
    """Read a page with trafilatura, metadata included."""
    found = trafilatura.bare_extraction(fixture.html, with_metadata=True, include_comments=False, include_tables=True)
    if found is None:
        return Result()
    return Result(found.title or "", found.text or "", found.author, found.date or "")


def read_newspaper(fixture: Fixture) -> Result:
    """Read a page with newspaper4k."""
    import newspaper

    article = newspaper.Article(fixture.url, language="vi")
    article.download(input_html=fixture.html)
    article.parse()
    day = article.publish_date
    return Result(
        article.title or "",
        article.text or "",
        ", ".join(article.authors) or None,
        day.isoformat() if day and not isinstance(day, str) else str(day or ""),
    )


def read_readability(fixture: Fixture) -> Result:
    """Read a page with readability-lxml, which knows title and text."""
    from readability import Document

    document = Document(fixture.html)
    text = "\n".join(re.sub(r"\s+", " ", t) for t in lxml_html.fromstring(document.summary()).itertext())
    return Result(document.short_title(), text)


READERS: dict[str, tuple[str, Callable[[Fixture], object]]] = {
    "ours": ("lxml", read_ours),
    "ours, no rules": ("lxml", read_bare),
    "trafilatura": ("trafilatura", read_trafilatura),
    "newspaper4k": ("newspaper", read_newspaper),
    "readability-lxml": ("readability", read_readability),
}


def measure(read: Callable[[Fixture], object], fixtures: list[Fixture]) -> float:
    """Return pages a second, the best of a few rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        for fixture in fixtures:
            read(fixture)
        best = max(best, len(fixtures) / (time.process_time() - start))
    return best


def main() -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    fixtures = list(find_fixtures())
    timed = "--time" in sys.argv
    families = len({fixture.family for fixture in fixtures})
    print(f"{len(fixtures)} pages, {families} layouts\n")
    print(f"| reader | {' | '.join(COLUMNS)} |{' pages/s |' if timed else ''}\n|---|{'---|' * (len(COLUMNS) + timed)}")
    for name, (package, read) in READERS.items():
        if find_spec(package) is None:
            continue
        score = score_pages(read, fixtures)  # type: ignore[arg-type]
        row = " | ".join(f"{score.of(column):.3f}" for column in COLUMNS)
        print(f"| {name} | {row} |{f' {measure(read, fixtures):.0f} |' if timed else ''}", flush=True)


if __name__ == "__main__":
    main()
