"""Scoring against answer keys: each rule on keys of our own, and the same numbers as the scorer we are held to."""

import json
import random
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from nlp.evaluate import (
    EvaluateError,
    Score,
    below_floor,
    evaluate,
    find_absent,
    format_scores,
    load_floors,
    show_differences,
)

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TABLES = """
create table articles(id, url, title, author, published_at, body);
create table mentions(article_id, kind, text);
create table figures(article_id, text, value, value_high, qualifier, unit);
create table dates(article_id, text, date_start, date_end);
create table positions(article_id, person, role, organization);
create table grants(article_id, giver, award, recipient, count);
"""
MENTIONS = {
    "people": "person", "organizations": "organization", "campaigns": "campaign", "awards": "award",
    "places": "place", "documents": "document",
}  # fmt: skip
EMPTY = {field: [] for field in [*MENTIONS, "figures", "dates", "positions", "grants"]}


def nulls(value):
    """The value with "null" as None: TOML has no null."""
    if isinstance(value, dict):
        return {key: nulls(item) for key, item in value.items()}
    if isinstance(value, list):
        return [nulls(item) for item in value]
    return None if value == "null" else value


CASES = nulls(tomllib.loads((ROOT / "tests/data/cases/evaluate.toml").read_text(encoding="utf-8"))["case"])


def make_db(path, articles):
    """A database with these articles: (url, rows by table)."""
    db = sqlite3.connect(path)
    db.executescript(TABLES)
    for number, (url, rows) in enumerate(articles, 1):
        db.execute("insert into articles values (?, ?, '', null, null, '')", (number, url))
        for table, values in rows.items():
            for row in values:
                db.execute(f"insert into {table} values (?, {', '.join('?' * len(row))})", (number, *row))
    db.commit()
    db.close()
    return path


def write_keys(tmp_path, keys):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")
    return path


def mentions(kind, *texts):
    return {"mentions": [(kind, text) for text in texts]}


def figure(value, unit):
    return {"value": value, "unit": unit, "qualifier": "exact"}


def position(person, role):
    return {"person": person, "role": role, "organization": None}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_rules(tmp_path, case):
    db = make_db(tmp_path / "news.db", [("https://cd.example/bai/X-1", case["rows"])])
    keys = write_keys(tmp_path, [{"id": "X-1", **EMPTY, **case["key"]}])
    assert evaluate(db, keys)[case["kind"]] == Score(*case["want"])


@pytest.mark.parametrize("url", ["file:///a/X-1.html", "https://cd.example/X-1", "https://cd.example/known"])
def test_article_found_by_address(tmp_path, url):
    rows = mentions("person", "Lê Hoa")
    others = [("https://cd.example/X-11", {}), ("https://cd.example/AX-1.html", {})]
    db = make_db(tmp_path / "news.db", [*others, (url, rows)])
    keys = write_keys(tmp_path, [{"id": "X-1", "url": "https://cd.example/known", **EMPTY, "people": ["Lê Hoa"]}])
    assert evaluate(db, keys)["people"] == Score(1, 0, 0)
    assert find_absent(db, keys) == []


def test_absent_article_is_all_misses(tmp_path):
    db = make_db(tmp_path / "news.db", [])
    keys = write_keys(tmp_path, [{"id": "X_1", **EMPTY, "people": ["Lê Hoa"]}])
    assert evaluate(db, keys)["people"] == Score(0, 0, 1)
    assert find_absent(db, keys) == ["X_1"]


def test_score_numbers():
    score = Score(3, 1, 2)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert round(score.f1, 3) == 0.667
    assert Score().f1 == 0.0


def test_table_and_floors():
    scores = {"people": Score(3, 1, 2), "grants": Score(0, 0, 4)}
    assert format_scores(scores).splitlines() == [
        "kind                      P      R     F1  expected  found",
        "people                0.750  0.600  0.667         5      4",
        "grants                0.000  0.000  0.000         4      0",
    ]
    assert below_floor(scores, {"people": 0.66, "grants": 0.0}) == []
    assert below_floor(scores, {"people": 0.67, "dates": 0.5}) == [
        "people: F1 0.667, floor 0.670",
        "dates: F1 0.000, floor 0.500",
    ]


def test_differences_shown(tmp_path):
    rows = {"figures": [("", 25, None, "over", "tập thể"), ("", 7, 9, "range", "suất quà")]}
    db = make_db(tmp_path / "news.db", [("https://cd.example/X-1", rows)])
    keys = write_keys(tmp_path, [{"id": "X-1", **EMPTY, "figures": [figure(25, "tập thể"), figure(3, "nhà")]}])
    assert show_differences(db, keys, "figures") == ["- X-1 3 | - | nhà", "+ X-1 7 | 9 | suất quà"]
    with pytest.raises(EvaluateError, match=r"'figure'.*figures"):
        show_differences(db, keys, "figure")


BAD_KEYS = [
    ("{", "not JSON"),
    ("{}", "a list of answer keys is expected"),
    ("[]", "no answer key in it"),
    ("[1]", "key 1 has no id"),
    ('[{"id": "X-1"}]', "X-1: people is missing"),
    (json.dumps([{"id": "X-1", **EMPTY, "people": [3]}]), "X-1: people: a number"),
    (json.dumps([{"id": "X-1", **EMPTY, "figures": ["25"]}]), "X-1: figures: text; give rows with value"),
    (json.dumps([{"id": "X-1", **EMPTY, "figures": [{"value": 2}]}]), "X-1: figures: a row has no 'unit'"),
    (json.dumps([{"id": "X-1", **EMPTY, "figures": [figure("2", "nhà")]}]), "X-1: figures: value is '2'"),
    (json.dumps([{"id": "X-1", **EMPTY, "doubtful": []}]).replace("[]}]", "[1]}]"), "X-1: doubtful is a list"),
    (json.dumps([{"id": "X-1", **EMPTY, "variants": {"a": 3}, "people": ["a"]}]), "X-1: people: "),
    (json.dumps([{"id": "X-1", **EMPTY, "positions": [position(3, "x")]}]), "X-1: positions: "),
]


@pytest.mark.parametrize(("content", "message"), BAD_KEYS, ids=[message for _, message in BAD_KEYS])
def test_bad_keys_refused_in_one_line(tmp_path, content, message):
    db = make_db(tmp_path / "news.db", [])
    path = tmp_path / "keys.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluateError) as refused:
        evaluate(db, path)
    assert "keys.json: " in str(refused.value) and message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_unreadable_files_refused(tmp_path):
    keys = write_keys(tmp_path, [{"id": "X-1", **EMPTY}])
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe")
    sqlite3.connect(tmp_path / "bare.db").execute("create table articles(id, url)").connection.close()
    for args in [
        (tmp_path / "bare.db", tmp_path / "none.json"),
        (tmp_path / "bare.db", tmp_path / "binary.json"),
        (tmp_path / "bare.db", tmp_path),
        (tmp_path / "bare.db", keys),
    ]:
        with pytest.raises(EvaluateError):
            evaluate(*args)


def test_floors_read(tmp_path):
    path = tmp_path / "floors.json"
    path.write_text('{"figures": 0.85}', encoding="utf-8")
    assert load_floors(path, Path("demo.json")) == {"figures": 0.85}
    path.write_text('{"demo.json": {"figures": 0.9}, "other": {"figures": 0.5}}', encoding="utf-8")
    assert load_floors(path, Path("x/demo.json")) == {"figures": 0.9}
    assert load_floors(path, Path("other.json")) == {"figures": 0.5}


BAD_FLOORS = ["[0.5]", '{"figure": 0.5}', '{"figures": "high"}', '{"figures": 85}', '{"a": {}}', "0"]


@pytest.mark.parametrize("content", BAD_FLOORS)
def test_bad_floors_refused(tmp_path, content):
    path = tmp_path / "floors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluateError, match=r"floors\.json: "):
        load_floors(path, Path("demo.json"))


def imperfect_rows(key, dice):
    """What a reader of middling quality would find: most of the key, some of it wrong, some of it doubtful."""
    names = [(kind, text) for field, kind in MENTIONS.items() if field != "documents" for text in key[field]]
    names += [("document", d["number"] or d["text"]) for d in key["documents"]]
    names += [("organization", v) for vs in (key.get("variants") or {}).values() for v in vs]
    doubts = key.get("doubtful") or {}
    names += [(MENTIONS[f], t) for f, ts in doubts.items() if f in MENTIONS for t in ts if isinstance(t, str)]
    names += [("organization", "Chính phủ"), ("person", "Hồ Chí Minh"), ("place", "Việt Nam"), ("award", "Cúp vàng")]
    changed = [(kind, dice.choice([str.upper, str.title, lambda t: t[:-1], str, str])(text)) for kind, text in names]
    figures = [
        ("", f["value"], f.get("high"), dice.choice([f["qualifier"], "exact"]), f["unit"] + dice.choice(["", " mới"]))
        for f in [*key["figures"], *doubts.get("figures", [])]
    ]
    dates = [("", d["start"], d["end"]) for d in [*key["dates"], *doubts.get("dates", [])]]
    positions = [(p["person"], p["role"], dice.choice([p["organization"], None]))
                 for p in [*key["positions"], *doubts.get("positions", [])]]  # fmt: skip
    grants = [(g["giver"], g["award"], g["recipient"], g["count"])
              for g in [*key["grants"], *(key.get("grants_optional") or [])]]  # fmt: skip
    rows = {"mentions": changed, "figures": figures, "dates": dates, "positions": positions, "grants": grants}
    return {table: [row for row in values if dice.random() < 0.8] for table, values in rows.items()}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared answer keys are not beside this clone")
@pytest.mark.parametrize("name", ["keys-S.json", "keys-A.json"])
@pytest.mark.parametrize("seed", range(4))
def test_same_numbers_as_the_shared_scorer(tmp_path, name, seed):
    dice = random.Random(seed)
    keys_path = SHARED / "gold" / name
    keys = json.loads(keys_path.read_text(encoding="utf-8"))
    articles = [(f"file:///bai/{key['id']}.txt", imperfect_rows(key, dice)) for key in keys[1:]]
    db = make_db(tmp_path / "news.db", articles)
    command = [sys.executable, SHARED / "tools/score.py", db, keys_path, "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = {
        kind: {"precision": round(s.precision, 3), "recall": round(s.recall, 3), "f1": round(s.f1, 3),
               "expected": s.hits + s.missed, "found": s.hits + s.extra}
        for kind, s in evaluate(db, keys_path).items()
    }  # fmt: skip
    assert ours == theirs["scores"]
    assert find_absent(db, keys_path) == theirs["absent"]
    assert 0.2 < ours["figures+qualifier"]["f1"] < 1
