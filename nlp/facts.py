"""Score what found figures are attached to against the `facts` of answer keys: how often each field is right.

A fact of a key names a figure by value and unit. It is compared with the figure found under that value and unit; a
figure that was not found is counted apart and says nothing about attachment. A key states a fact once, an article may
state the figure several times: the occurrence that agrees in most fields is compared. A field that is null on both
sides is right, null on one side is wrong. Beyond equality under folding (case, tone placement, quotes, dashes):

- counted: the same head, and two thirds of the syllables in common;
- predicate: the verbs of one stand in the other in a row, auxiliaries ("đã", "được", "cho") aside, or half of the
  syllables are in common;
- subject: one name begins the other ("Công đoàn Viên chức"), or a name of the entity the figure is linked to;
- period: both ends the same;
- campaign: a name of the entity, or a mention that is linked to it; one may continue the other.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from nlp.agreement import fold, number, units_agree
from nlp.evaluate import EvaluateError, find_article, read_keys
from store.db import read_only

FIELDS = ("counted", "subject", "predicate", "period", "campaign")
AUXILIARIES = frozenset({"đã", "được", "cho", "các", "cùng", "vừa", "sẽ", "với"})
SAME_NOUN = 2 / 3
SAME_VERB = 1 / 2

Fact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """How many facts of a field are right, out of those whose figure was found."""

    right: int = 0
    of: int = 0

    @property
    def value(self) -> float:
        """The share that is right."""
        return self.right / max(1, self.of)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact beside the figure it was compared with: for each field (right, wanted, found); no fields: not found."""

    article: str
    label: str
    fields: dict[str, tuple[bool, str, str]]


def evaluate_facts(db_path: Path, keys_path: Path) -> tuple[dict[str, Share], list[Comparison]]:
    """Return the share of right fields, and every comparison. Raises EvaluateError when no key has facts."""
    compared = list(find_comparisons(db_path, keys_path))
    if not compared:
        raise EvaluateError(f"{keys_path}: no key has facts; add a list `facts` to one, or leave --facts out")
    found = [c for c in compared if c.fields]
    shares = {field: Share(sum(c.fields[field][0] for c in found), len(found)) for field in FIELDS}
    return {"found": Share(len(found), len(compared)), **shares}, compared


def describe_facts(db_path: Path, keys_path: Path) -> str:
    """Return for a terminal every fact that was missed or is wrong in a field, and the table of shares."""
    shares, compared = evaluate_facts(db_path, keys_path)
    lines = [line for one in compared for line in find_faults(one)]
    lines.append(f"{'facts':<20}{'share':>7}{'right':>7}{'of':>6}")
    lines += [f"{name:<20}{s.value:>7.3f}{s.right:>7}{s.of:>6}" for name, s in shares.items()]
    return "\n".join([*lines, "", ""])


def find_faults(one: Comparison) -> Iterator[str]:
    """Yield a line where the figure was not found, else one for every field that is wrong."""
    if not one.fields:
        yield f"- {one.article} {one.label}: no such figure found"
    for field, (right, want, got) in one.fields.items():
        if not right:
            yield f"- {one.article} {one.label} {field}: {want} | found {got}"


def find_comparisons(db_path: Path, keys_path: Path) -> Iterator[Comparison]:
    """Yield every fact of the keys beside the figure of its article that agrees best."""
    keys = read_keys(keys_path)
    db = read_only(db_path)
    try:
        for key in keys:
            rows = find_rows(db, find_article(db, key))
            for fact in key.get("facts", []):
                yield compare(str(key["id"]), fact, rows)
    except (KeyError, TypeError) as error:
        raise EvaluateError(f"{keys_path}: a fact lacks {error}; give value and unit, and the fields") from None
    except sqlite3.Error as error:
        raise EvaluateError(f"{db_path}: {error}; make its tables with `unionnews extract`") from None
    finally:
        db.close()


def find_rows(db: Database, article_id: int | None) -> list[dict[str, Any]]:
    """Return the figures of an article with every name of their subject and campaign."""
    if article_id is None:
        return []
    columns = "value, unit, counted, predicate, subject, subject_id, campaign_id, period_start, period_end"
    cursor = db.execute(f"select {columns} from figures where article_id = ? order by id", [article_id])
    rows = [dict(zip(columns.split(", "), row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row["subjects"] = [row["subject"], *find_names(db, row["subject_id"], article_id)] if row["subject"] else []
        row["campaigns"] = find_names(db, row["campaign_id"], article_id)
    return rows


def find_names(db: Database, entity_id: int | None, article_id: int) -> list[str]:
    """Return the names of an entity: its own, its aliases, and those the article writes."""
    sql = """
        select name from entities where id = :entity union select text from aliases where entity_id = :entity
        union select text from mentions where entity_id = :entity and article_id = :article order by 1
    """
    return [row[0] for row in db.execute(sql, {"entity": entity_id, "article": article_id})]


def compare(article: str, fact: Fact, rows: list[dict[str, Any]]) -> Comparison:
    """Compare a fact with the occurrence of its figure that agrees in most fields, the first of equally good ones."""
    value, unit = number(fact["value"]), fold(fact["unit"])
    same = [r for r in rows if number(r["value"]) == value and units_agree(fold(r["unit"]), unit)]
    compared = [dict(compare_fields(fact, row)) for row in same]
    best = max(compared, key=lambda fields: sum(f[0] for f in fields.values()), default={})
    return Comparison(article, f"{value:g} {unit}", best)


def compare_fields(fact: Fact, row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[bool, str, str]]]:
    """Yield for every field whether it is right, what was wanted, what was found."""
    for field in ("counted", "predicate"):
        want, got = fact.get(field), row[field]
        agree = (nouns_agree if field == "counted" else verbs_agree)(fold(got), fold(want))
        yield field, (agree if want and got else want == got, str(want), str(got))
    for field in ("subject", "campaign"):
        want, names = fact.get(field), row[f"{field}s"]
        right = any(names_agree(fold(name), fold(want)) for name in names) if want and names else not want and not names
        yield field, (right, str(want), str(names[0] if names else None))
    period = fact.get("period") or {}
    wanted, found = (period.get("start"), period.get("end")), (row["period_start"], row["period_end"])
    yield "period", (wanted == found, str(wanted), str(found))


def nouns_agree(got: str, want: str) -> bool:
    """Whether two counted phrases have the same head and most of their syllables in common."""
    return got.split()[:1] == want.split()[:1] and common(got.split(), want.split()) >= SAME_NOUN


def verbs_agree(got: str, want: str) -> bool:
    """Whether the verbs of one stand in the other in a row, or half of the syllables are in common."""
    first, second = ([w for w in text.split() if w not in AUXILIARIES] or text.split() for text in (got, want))
    short, long = sorted((" ".join(first), " ".join(second)), key=len)
    return f" {short} " in f" {long} " or common(first, second) >= SAME_VERB


def names_agree(got: str, want: str) -> bool:
    """Whether one name is the other or begins it."""
    return got == want or got.startswith(f"{want} ") or want.startswith(f"{got} ")


def common(first: list[str], second: list[str]) -> float:
    """Return the share of syllables in common, out of those of both (Dice)."""
    shared = (Counter(first) & Counter(second)).total()
    return 2 * shared / max(1, len(first) + len(second))
