"""What figures are attached to: cases field by field, the ledger's views, and the scorer of facts."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import add_article

from nlp.cli import cli
from nlp.evaluate import EvaluateError
from nlp.facts import evaluate_facts, nouns_agree, verbs_agree
from nlp.language import read_text
from nlp.read import read_articles
from store.db import open_news
from store.records import Figure

CASES = tomllib.loads((Path(__file__).parent / "data/cases/facts.toml").read_text(encoding="utf-8"))["case"]
FACTS = {"counted": 0.85, "subject": 0.70, "predicate": 0.75, "period": 0.80, "campaign": 0.80}


def figures(text):
    return [f for f in read_text(text).findings if isinstance(f, Figure)]


def field(figure, name):
    """The value of a field as the cases write it."""
    if name == "figure":
        return figure.text
    if name == "period":
        return " to ".join(part for part in (figure.period_start, figure.period_end) if part)
    value = getattr(figure, name)
    return "" if value is None else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_attachment(case):
    found = {f.text: f for f in figures(case["text"])}
    for want in case["want"]:
        assert {name: field(found[want["figure"]], name) for name in want} == want


def test_a_figure_belongs_to_the_same_wherever_its_sentence_stands():
    alone = figures("Công đoàn Y tế Việt Nam đã trao 30 suất quà.")[0]
    for before in ("Trời mưa to.\n", "“Vui lắm!” - chị nói.\n", "1) Kết quả:\n"):
        moved = figures(f"{before}Công đoàn Y tế Việt Nam đã trao 30 suất quà.")[-1]
        assert (moved.subject, moved.predicate, moved.counted) == (alone.subject, alone.predicate, alone.counted)


@pytest.fixture
def ledger(tmp_path):
    """A database of two articles of one year, their copy, and a total over years."""
    db = open_news(tmp_path)
    union = "Công đoàn Y tế Việt Nam"
    bodies = [
        f"Năm 2022, {union} đã hỗ trợ 300 triệu đồng.",
        f"Năm 2022, {union} đã hỗ trợ 500 triệu đồng; mức hỗ trợ 2 triệu đồng/người.",
        f"Tính đến năm 2022, {union} đã hỗ trợ 9 tỷ đồng.",
    ]
    for body in bodies:
        add_article(db, body)
    story = db["stories"].insert({"title": "Hỗ trợ", "article_count": 2}).last_pk
    add_article(db, bodies[0], story_id=story)
    db.execute("update articles set story_id = ? where id = 1", [story])
    read_articles(db, [1, 2, 3, 4])
    return db


def test_money_totals_add_only_years_to_years(ledger):
    rows = ledger.execute("select basis, year, figures, total, why_not from money_totals order by basis").fetchall()
    assert [tuple(row) for row in rows] == [
        ("cumulative", 2022, 1, None, "not added: cumulative"),
        ("year", 2022, 2, 800_000_000, None),
    ]


def test_points_give_a_story_once_and_lead_to_the_text(ledger):
    rows = ledger.execute("select article_id, value, basis, per, link from figure_points order by figure_id").fetchall()
    assert [tuple(row[:4]) for row in rows] == [
        (1, 300_000_000, "year", None),
        (2, 500_000_000, "year", None),
        (2, 2_000_000, "year", "người"),
        (3, 9_000_000_000, "cumulative", None),
    ]
    assert rows[0][4] == "/articles/1#f-figure-1"


def test_nouns_by_period_leave_rates_out(ledger):
    rows = ledger.execute("select unit, basis, figures, lowest, highest from nouns_by_period order by basis").fetchall()
    assert [tuple(row) for row in rows] == [
        ("đồng", "cumulative", 1, 9_000_000_000, 9_000_000_000),
        ("đồng", "year", 2, 300_000_000, 500_000_000),
    ]


def key(facts):
    empty = {kind: [] for kind in ("people", "organizations", "campaigns", "awards", "places", "documents", "figures",
                                   "dates", "positions", "grants")}
    return {"id": "X-1", "url": "https://congdoan.example/1", "facts": facts} | empty


def test_scorer_counts_each_field(ledger, tmp_path):
    right = {"value": 300e6, "unit": "đồng", "counted": None, "subject": "công đoàn Y tế Việt Nam",
             "predicate": "đã hỗ trợ", "period": {"start": "2022", "end": None}, "campaign": None}
    wrong = right | {"subject": "LĐLĐ tỉnh", "campaign": "Tết Sum vầy"}
    absent = right | {"value": 7}
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps([key([right, wrong, absent])]), encoding="utf-8")
    shares, compared = evaluate_facts(tmp_path / "news.db", keys)
    assert {name: (s.right, s.of) for name, s in shares.items()} == {
        "found": (2, 3), "counted": (2, 2), "subject": (1, 2), "predicate": (2, 2), "period": (2, 2),
        "campaign": (1, 2),
    }
    assert [bool(c.fields) for c in compared] == [True, True, False]
    printed = CliRunner().invoke(cli, ["--data", str(tmp_path), "evaluate", str(keys), "--facts"])
    assert printed.exit_code == 0
    assert "- X-1 3e+08 đồng subject: LĐLĐ tỉnh | found Công đoàn Y tế Việt Nam" in printed.output
    assert "- X-1 7 đồng: no such figure found" in printed.output


@pytest.mark.parametrize("facts", [[], [{"value": 3}]])
def test_keys_without_facts_are_refused(ledger, tmp_path, facts):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps([key(facts)]), encoding="utf-8")
    with pytest.raises(EvaluateError, match=r"no key has facts|a fact lacks"):
        evaluate_facts(tmp_path / "news.db", keys)


def test_when_nouns_and_verbs_agree():
    assert nouns_agree("cá nhân tiêu biểu", "cá nhân điển hình tiêu biểu")
    assert not nouns_agree("tập thể tiêu biểu", "cá nhân tiêu biểu")
    assert not nouns_agree("đội", "đội văn nghệ trong các cơ quan")
    assert verbs_agree("được công nhận", "công nhận")
    assert verbs_agree("đã trao tặng", "trao tặng quà")
    assert not verbs_agree("có", "công nhận")


def test_shares_on_the_shared_keys(shared, tmp_path):
    runner = CliRunner()
    assert runner.invoke(cli, ["--data", str(tmp_path), "ingest", str(shared / "seeds")]).exit_code == 0
    assert runner.invoke(cli, ["--data", str(tmp_path), "extract"]).exit_code == 0
    shares, _ = evaluate_facts(tmp_path / "news.db", shared / "gold/keys-S.json")
    assert {name: round(shares[name].value, 3) for name, least in FACTS.items() if shares[name].value < least} == {}
