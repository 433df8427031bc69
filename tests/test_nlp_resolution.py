"""Resolution measured: pairs of mentions judged by hand, read and resolved as two articles each."""

import tomllib
from pathlib import Path

import pytest
from conftest import add_article

from nlp.language import read_text
from nlp.layers import Context
from nlp.resolve import Resolver
from store.entities import load_entities
from store.findings import replace_findings
from store.records import Mention

PAIRS = tomllib.loads((Path(__file__).parent / "data/cases/resolution.toml").read_text(encoding="utf-8"))["pairs"]
LEAST, LEAST_HARD = 300, 150
PRECISION, RECALL = 0.98, 0.85


class Undone(Exception):
    """Undoes what a pair wrote."""


def place_of(kind, text):
    """Return the body of an article and where in it the mention stands."""
    if "@" in text:
        before, mention, after = text.split("@")
        return before + mention + after, len(before), len(before) + len(mention)
    if kind == "person":
        return text, 0, len(text)
    return f"{text} tổ chức hội nghị.", 0, len(text)


def entity_of(db, kind, text, province):
    """Read and store an article; return the entity of its mention, None where it stays undecided."""
    body, start, end = place_of(kind, text)
    article = add_article(db, body, province=province)
    reading = read_text(body, Context(province=province or None))
    replace_findings(db, article, reading, Resolver(db, article, province or None).resolve(reading), "v1")
    found = [
        f for f in reading.findings if isinstance(f, Mention) and f.kind == kind and start <= f.start <= f.end <= end
    ]
    assert found, (kind, text)
    sql = "select entity_id from mentions where article_id = ? and kind = ? and start = ?"
    return db.execute(sql, [article, kind, found[0].start]).fetchone()[0]


def judge(db, pair):
    """Return whether the two mentions of a pair become one entity."""
    _, kind, text, province, other, other_province, _ = pair
    answer = None
    with pytest.raises(Undone), db.atomic():
        one, two = entity_of(db, kind, text, province), entity_of(db, kind, other, other_province)
        answer = one is not None and one == two
        raise Undone
    return answer


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    from store.db import open_news

    db = open_news(tmp_path_factory.mktemp("resolution"))
    load_entities(db)
    return [(pair, judge(db, pair)) for pair in PAIRS]


def test_enough_pairs():
    assert len(PAIRS) >= LEAST
    assert len({tuple(pair) for pair in PAIRS}) == len(PAIRS)
    assert sum(not pair[-1] for pair in PAIRS) >= LEAST_HARD


def test_precision_and_recall(judged):
    said = [pair for pair, same in judged if same]
    true = [pair for pair, _ in judged if pair[-1]]
    hits = sum(pair[-1] for pair in said)
    wrong = [pair for pair in said if not pair[-1]]
    missed = [pair for pair, same in judged if pair[-1] and not same]
    assert hits / len(said) >= PRECISION, wrong
    assert hits / len(true) >= RECALL, missed
