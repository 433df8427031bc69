"""Write the ten worked queries of datasets/README.md from the sample articles: `python tests/bench/queries.py`."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets"), str(ROOT / "tests")]

from test_datasette_config_newsroom import METADATA  # noqa: E402
from test_store_search import sample_articles  # noqa: E402

from nlp.application import open_datasette  # noqa: E402
from nlp.read import find_unread, read_articles  # noqa: E402
from store.articles import save_article  # noqa: E402
from store.db import open_news  # noqa: E402

BEGIN, END = "<!-- queries -->\n", "<!-- /queries -->"
# Name, parameters, the columns shown of the first rows.
ASKED: list[tuple[str, dict[str, str], str]] = [
    ("figures_by_noun", {"unit": "sáng kiến", "from": "2016", "to": "2020"}, "text value qualifier since until link"),
    ("nouns", {"begins": "công"}, "unit figures smallest largest"),
    ("money_by_period", {"period": "year"}, "period figures largest_dong link"),
    ("grants_by_giver", {}, "giver award recipient recipients grants"),
    ("office_holders", {"organization": "Liên đoàn Lao động tỉnh Nghệ An"}, "person role last_stated link"),
    ("people_with_organization", {}, "person organization sentences link"),
    ("campaign_by_month", {"campaign": "Lao động giỏi, lao động sáng tạo"}, "campaign month articles mentions"),
    ("campaign_events_by_date", {"event": "renamed"}, "date event campaign other_campaign link"),
    ("top_campaigns", {}, "campaign articles mentions first last"),
    ("top_documents", {}, "document number date articles link"),
]
ROWS = 3


def make_section(folder: Path) -> str:
    """Return the section for the sample articles."""
    db = open_news(folder)
    for _, article in sample_articles():
        save_article(db, article, "p", "2025-01-01T00:00:00+07:00")
    read_articles(db, find_unread(db))
    db.close()
    datasette = open_datasette(folder / "news.db")
    parts = []
    for number, (name, params, columns) in enumerate(ASKED, 1):
        address = f"/news/{name}.json?{urlencode({**params, '_shape': 'array'})}"
        rows = asyncio.run(datasette.client.get(address)).json()
        shown = columns.split()
        title = METADATA["databases"]["news"]["queries"][name]["title_en"]
        told = ", ".join(f"{key} = {value}" for key, value in params.items())
        parts += [f"{number}. **{title}**{f' ({told})' if told else ''}: `/news/{name}?{urlencode(params)}`", ""]
        parts += [f"   | {' | '.join(shown)} |", f"   |{'---|' * len(shown)}"]
        cells = [["" if row[c] is None else str(row[c]) for c in shown] for row in rows[:ROWS]]
        parts += [f"   | {' | '.join(some)} |" for some in cells]
        parts += [f"   … {len(rows)} rows in all." if len(rows) > ROWS else "", ""]
    return "\n".join(parts)


def main() -> None:
    """Rewrite the section."""
    path = ROOT / "datasets" / "README.md"
    text = path.read_text(encoding="utf-8")
    if BEGIN not in text:
        text += "\n## Ten worked queries\n\nOver the sample articles; made by `python tests/bench/queries.py`.\n\n"
        text += f"{BEGIN}{END}\n"
    head, rest = text.split(BEGIN)
    with TemporaryDirectory() as folder:
        path.write_text(head + BEGIN + make_section(Path(folder)) + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
