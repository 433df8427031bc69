"""A small newsroom built from data/cases/newsroom.toml for the tests of the pages; here: it keeps the contract."""

import asyncio
import json
import re
import tomllib
from pathlib import Path

import pytest
from datasette.utils import parse_metadata

from nlp.application import CONFIG
from store.db import open_news
from store.derived import rebuild_derived
from store.lanes import replace_search
from store.text import name_key, slugify

ROOT = Path(__file__).resolve().parent.parent
CASES = tomllib.loads((ROOT / "tests" / "data" / "cases" / "newsroom.toml").read_text(encoding="utf-8"))
HOSTILE = "\"'><script>window.pwned=1</script><img src=x onerror=window.pwned=1><svg onload=window.pwned=1>"
FINDING_TABLES = ("mentions", "figures", "dates", "positions", "grants", "campaign_events")
METADATA = parse_metadata((CONFIG / "metadata.yaml").read_text(encoding="utf-8"))
SETTINGS = json.loads((CONFIG / "settings.json").read_text(encoding="utf-8"))


def armed(value):
    """Put the hostile string where the data says HOSTILE."""
    return value.replace("HOSTILE", HOSTILE) if isinstance(value, str) else value


def sentences_of(body):
    at = 0
    for line in body.split("\n"):
        for found in re.finditer(r"\S.*?(?:\.(?=\s|$)|$)", line):
            yield at + found.start(), at + found.end()
        at += len(line) + 1


def make_news(folder):
    """Build news.db in a folder and return its path."""
    db = open_news(folder)
    ids = {}
    for row in CASES["entity"]:
        name = armed(row["name"])
        ids[f"{row['kind']}:{row['name']}"] = (
            db["entities"]
            .insert(
                {
                    "kind": row["kind"],
                    "name": name,
                    "slug": slugify(row["name"]),
                    "source": "reference",
                    "description": armed(row.get("description")),
                    "parent_id": ids.get(row.get("parent")),
                }
            )
            .last_pk
        )
        for alias in dict.fromkeys([name, *map(armed, row["aliases"])]):
            db["aliases"].insert(
                {
                    "entity_id": db.execute("select max(id) from entities").fetchone()[0],
                    "text": alias,
                    "key": name_key(alias),
                }
            )
    story = db["stories"].insert({"title": CASES["article"][0]["title"], "article_count": 2}).last_pk
    for number, article in enumerate(CASES["article"], 1):
        add_article(db, number, article, ids, story)
    db.execute(
        """
        update entities set article_count = (
          select count(distinct article_id) from mentions where entity_id = entities.id),
        first_seen = '2023-03-14', last_seen = '2023-06-20'
        """
    )
    db["revisions"].insert(
        {
            "article_id": 1,
            "fetched_at": "2023-03-14T08:00:00+07:00",
            "title": armed("HOSTILE"),
            "body": armed("HOSTILE"),
            "content_hash": "earlier",
        }
    )
    db["refusals"].insert(
        {
            "url": armed("http://x.example/HOSTILE"),
            "site": armed("HOSTILE"),
            "page_hash": "p",
            "parser": "1",
            "reason": armed("HOSTILE"),
            "at": "2023-06-20T00:00:00+00:00",
        }
    )
    run = db["crawl_runs"].insert({"started_at": "2023-06-20T01:00:00+00:00", "command": "crawl", "sites": 1}).last_pk
    db["site_health"].insert({"run_id": run, "site": "songtrang", "state": "ok", "note": armed("HOSTILE")})
    rebuild_derived(db)
    db.close()
    return folder / "news.db"


def add_article(db, number, article, ids, story):
    body = armed("\n".join(article["body"]))
    columns = {key: armed(value) for key, value in article.items() if key not in ("body", "finding")}
    moment = "2023-06-21T00:00:00+00:00"
    db["articles"].insert(
        columns
        | {
            "id": number,
            "body": body,
            "lead": body.split("\n")[0],
            "first_seen_at": moment,
            "fetched_at": moment,
            "content_hash": "c",
            "page_hash": "p",
            "extractor": "1",
            "story_id": story if number in (1, 3) else None,
        }
    )
    replace_search(db, number, columns["title"], body.split("\n")[0], body)
    spans = [
        (db["sentences"].insert({"article_id": number, "start": s, "end": e, "text": body[s:e]}).last_pk, s, e)
        for s, e in sentences_of(body)
    ]
    for finding in article.get("finding", []):
        row = {key: armed(value) for key, value in finding.items() if key not in ("table", "after", "entity")}
        start = body.index(row["text"], body.index(armed(finding.get("after", ""))))
        end = start + len(row["text"])
        for key in [k for k in row if k.endswith("_id")]:
            row[key] = ids[finding[key]]
        if "entity" in finding:
            row["entity_id"] = ids[finding["entity"]]
        sentence = next((i for i, s, e in spans if s <= start and end <= e), None)
        db[finding["table"]].insert(
            row | {"article_id": number, "sentence_id": sentence, "start": start, "end": end, "rule": "case"}
        )


def get(datasette, path, **options):
    """Fetch one page from a Datasette in this process."""
    return asyncio.run(datasette.client.get(path, **options))


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    return make_news(tmp_path_factory.mktemp("newsroom"))


def test_the_newsroom_keeps_the_contract(newsroom):
    db = open_news(newsroom.parent)
    for table in FINDING_TABLES:
        rows = db.execute(
            f'select f.text, substr(a.body, f.start + 1, f."end" - f.start) from {table} f '
            "join articles a on a.id = f.article_id"
        ).fetchall()
        assert rows, table
        assert all(text == cut for text, cut in rows), table
    assert not db.execute("pragma foreign_key_check").fetchall()
