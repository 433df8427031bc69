"""What each layer adds to names, against underthesea.ner as it is: `python tests/bench/names.py`.

Needs the shared examples beside the clone. Prints a Markdown table of F1 over the shared answer keys.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import underthesea

from nlp.evaluate import Score, evaluate
from nlp.language import read_text
from nlp.layers import Context
from store.db import open_news
from store.findings import Links, replace_findings
from store.records import Mention, Reading
from store.text import normalize

SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLD = SHARED / "gold"
KINDS = ("people", "organizations", "places", "positions", "positions+body")
STORED = dict.fromkeys(("site", "first_seen_at", "fetched_at", "content_hash", "page_hash"), "bench")
LABELS = {"PER": "person", "ORG": "organization", "LOC": "place"}


def read_plain(body: str, context: Context) -> Reading:
    """Return underthesea's own entities, put back where they stand in the text."""
    found, cursor = [], 0
    for name, label in group_entities(underthesea.ner(body)):
        # It rewrites spaces and tone marks: a name that stands nowhere in the text cannot be a finding.
        at = body.find(name, cursor)
        if at >= 0:
            cursor = at + len(name)
            found.append(Mention(start=at, end=cursor, text=name, rule="underthesea", kind=LABELS[label]))
    return Reading([(0, len(body))], found)


def group_entities(tagged: list[tuple[str, str, str, str]]) -> Iterator[tuple[str, str]]:
    """Yield (name, label) of every run of B- and I- labels."""
    words: list[str] = []
    label = ""
    for word, _, _, tag in [*tagged, ("", "", "", "O")]:
        if words and not tag.startswith("I-"):
            if label in LABELS:
                yield " ".join(words), label
            words = []
        if tag[:2] in ("B-", "I-"):
            words, label = [*words, word], tag[2:]


READERS = {
    "underthesea.ner as it is": read_plain,
    "ours without underthesea": lambda body, context: read_text(body, context, underthesea=False),
    "ours": read_text,
}


def read_articles(keys: list[dict]) -> Iterator[tuple[dict, str]]:
    """Yield every answer key with its article's text."""
    for key in keys:
        path = GOLD / f"texts/{key['id']}.txt"
        if path.exists():
            yield key, normalize(path.read_text(encoding="utf-8")).split("\n", 1)[1]
        else:
            text = normalize((SHARED / f"seeds/{key['id']}.txt").read_text(encoding="utf-8"))
            last = normalize(key["last"])
            yield key, text[text.index(normalize(key["lead"])) : text.rindex(last) + len(last)]


def score(reader) -> dict[str, Score]:
    """Return the scores of a reader over both files of keys."""
    total = dict.fromkeys(KINDS, Score())
    for name in ("keys-S", "keys-A"):
        path = GOLD / f"{name}.json"
        with TemporaryDirectory() as folder:
            db = open_news(Path(folder))
            for key, body in read_articles(json.loads(path.read_text(encoding="utf-8"))):
                url = key.get("url") or f"file:///{key['id']}"
                columns = {"url": url, "title": key["title"], "published_at": key.get("published"), "body": body}
                article = db["articles"].insert(STORED | columns).last_pk
                reading = reader(body, Context(title=key["title"], published=key.get("published")))
                replace_findings(db, article, reading, Links({}), "bench")
            db.close()
            scores = evaluate(Path(folder) / "news.db", path)
        for kind in KINDS:
            total[kind] += scores[kind]
    return total


def make_table() -> str:
    """Return the table, a reader a line."""
    lines = ["| reader | " + " | ".join(KINDS) + " |", "|---|" + "---|" * len(KINDS)]
    for name, reader in READERS.items():
        scores = score(reader)
        lines.append(f"| {name} | " + " | ".join(f"{scores[kind].f1:.3f}" for kind in KINDS) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is absent: put the shared examples beside the clone")
    print(make_table())
