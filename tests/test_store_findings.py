"""Findings stand where they say, all of an article's or none."""

import pytest
from conftest import add_article

from store.findings import FINDING_TABLES, FindingError, Links, replace_findings
from store.records import CampaignEvent, Date, Figure, Grant, Mention, Position, Reading

BODY = "Bà Lò Thị Mến, Chủ tịch LĐLĐ tỉnh, trao Bằng khen cho 15 tập thể.\nNgày 3/2, phát động “Lao động giỏi”."


def at(text):
    start = BODY.index(text)
    return {"start": start, "end": start + len(text), "text": text, "rule": "test"}


def reading():
    cut = BODY.index("\n") + 1
    return Reading(
        [(0, cut), (cut, len(BODY))],
        [
            Mention(**at("Lò Thị Mến"), kind="person"),
            Position(**at("Lò Thị Mến, Chủ tịch LĐLĐ tỉnh"), person="Lò Thị Mến", role="Chủ tịch",
                     organization="LĐLĐ tỉnh"),
            Figure(**at("15 tập thể"), value=15, qualifier="exact", unit="tập thể", unit_kind="count"),
            Grant(**at("15 tập thể") | {"rule": "grant"}, award="Bằng khen", recipient="tập thể", count=15,
                  qualifier="exact"),
            Date(**at("3/2"), date_start="2024-02-03"),
            CampaignEvent(**at("phát động"), campaign="Lao động giỏi", event="launched"),
        ],
    )


def test_every_kind_is_written_with_its_sentence(news):
    article = add_article(news, BODY)
    replace_findings(news, article, reading(), Links(), "v1")
    for table in FINDING_TABLES:
        (row,) = news[table].rows
        assert BODY[row["start"] : row["end"]] == row["text"]
        sentence = news["sentences"].get(row["sentence_id"])
        assert sentence["start"] <= row["start"] < sentence["end"]
    assert next(news["positions"].rows)["as_of"] == "2024-05-01"
    assert next(news["figures"].rows)["value"] == 15
    assert news["articles"].get(article)["extractor"] == "v1"


def test_a_second_reading_replaces_the_first(news):
    article = add_article(news, BODY)
    replace_findings(news, article, reading(), Links(), "v1")
    replace_findings(news, article, Reading([(0, len(BODY))], []), Links(), "v2")
    assert [news[table].count for table in FINDING_TABLES] == [0] * len(FINDING_TABLES)
    assert news["sentences"].count == 1


def test_a_finding_elsewhere_is_refused_and_nothing_is_written(news):
    article = add_article(news, BODY)
    replace_findings(news, article, reading(), Links(), "v1")
    wrong = Mention(start=0, end=2, text="Ông", rule="test", kind="person")
    with pytest.raises(FindingError, match="where 'Bà' stands"):
        replace_findings(news, article, Reading([(0, len(BODY))], [wrong]), Links(), "v2")
    assert news["mentions"].count == 1
    assert news["articles"].get(article)["extractor"] == "v1"


def test_a_sentence_leaves_out_its_line_break(news):
    replace_findings(news, add_article(news, BODY), reading(), Links(), "v1")
    assert [row["text"][-1] for row in news["sentences"].rows] == [".", "."]
