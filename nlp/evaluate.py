"""Score the findings in the store against answer keys: precision, recall and F1 by kind."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from nlp.agreement import KINDS, Item, Key, Kind, fold
from store.db import read_only

# The lists every key has, and what each of their rows must hold.
FIELDS: dict[str, tuple[str, ...]] = {
    "people": (), "organizations": (), "campaigns": (), "awards": (), "places": (),
    "documents": ("text",),
    "figures": ("value", "unit", "qualifier"),
    "dates": ("start",),
    "positions": ("person", "role"),
    "grants": ("award", "recipient"),
}  # fmt: skip
DOUBTFUL = {"figures": ("value",), "dates": ("start",), "positions": ("person",), "grants": ("count",)}
NUMBERS = {"value", "high", "count"}


class EvaluateError(ValueError):
    """Answer keys, floors or the database cannot be used as they stand."""


@dataclass(frozen=True, slots=True)
class Score:
    """How often a kind was found right (hits), found wrongly (extra), and missed."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is expected."""
        return self.hits / max(1, self.hits + self.extra)

    @property
    def recall(self) -> float:
        """The share of what is expected that was found."""
        return self.hits / max(1, self.hits + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.hits + other.hits, self.extra + other.extra, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Difference:
    """One article and kind compared: the hits, what was missed, and what was found beside; in order."""

    article: str
    kind: str
    hits: int
    missed: list[Item]
    extra: list[Item]


def evaluate(db_path: Path, keys_path: Path) -> dict[str, Score]:
    """Return the score of every kind, summed over the articles of the keys; one that is not stored is all misses.

    Raises EvaluateError when the keys cannot be read, StoreError when there is no database.
    """
    scores = dict.fromkeys(KINDS, Score())
    for found in find_differences(db_path, keys_path):
        scores[found.kind] += Score(found.hits, len(found.extra), len(found.missed))
    return scores


def find_differences(db_path: Path, keys_path: Path, kinds: Iterable[str] = tuple(KINDS)) -> Iterator[Difference]:
    """Yield what every article of the keys says, kind by kind, beside what was found in it."""
    keys = read_keys(keys_path)
    db = read_only(db_path)
    try:
        for key in keys:
            article_id = find_article(db, key)
            for name in kinds:
                yield compare(db, article_id, key, name, KINDS[name])
    except sqlite3.Error as error:
        raise EvaluateError(f"{db_path}: {error}; make its tables with `unionnews extract`") from None
    finally:
        db.close()


def find_absent(db_path: Path, keys_path: Path) -> list[str]:
    """Return the ids of the keys whose article is not stored."""
    keys = read_keys(keys_path)
    db = read_only(db_path)
    try:
        return [key["id"] for key in keys if find_article(db, key) is None]
    except sqlite3.Error as error:
        raise EvaluateError(f"{db_path}: {error}; make its tables with `unionnews extract`") from None
    finally:
        db.close()


def find_article(db: Database, key: Key) -> int | None:
    """Return the article a key is about: by its url, or by an address ending in the key's id ("…/S-00.html")."""
    name = str(key["id"]).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    row = db.execute(
        r"select id from articles where url = ? or url like ? escape '\' or url like ? escape '\' order by id",
        (key.get("url"), f"%/{name}", f"%/{name}.%"),
    ).fetchone()
    return None if row is None else int(row[0])


def compare(db: Database, article_id: int | None, key: Key, name: str, kind: Kind) -> Difference:
    """Compare one kind in one article, both sides as sets; every expected item takes at most one find."""
    found = {kind.found(*row) for row in db.execute(kind.sql, (article_id,))}
    expected = set(kind.expected(key))
    listed = spellings(key, kind.variants)
    found = {listed.get(item, item) for item in found}
    hits, missed = 0, []
    # Sorted as text, because items hold None beside numbers.
    for want in sorted(expected, key=str):
        hit = want if want in found else next((f for f in sorted(found, key=str) if kind.agree(f, want)), None)
        if hit is None:
            missed.append(want)
        else:
            found.discard(hit)
            hits += 1
    neither = set(kind.doubtful(key))
    extra = [item for item in sorted(found, key=str) if kind.doubt(item) not in neither]
    return Difference(str(key["id"]), name, hits, missed, extra)


def spellings(key: Key, field: str) -> dict[Item, Item]:
    """Return the other spellings of a field's names, each with the listed one; none where names are not compared."""
    listed = {fold(name) for name in key[field]} if field else set()
    variants = (key.get("variants") or {}).items()
    return {fold(other): fold(name) for name, others in variants if fold(name) in listed for other in others}


def show_differences(db_path: Path, keys_path: Path, kind: str) -> list[str]:
    """Return a line for every miss (-) and every false find (+) of a kind."""
    if kind not in KINDS:
        raise EvaluateError(f"--show {kind!r}: no such kind; have {', '.join(KINDS)}")
    lines = []
    for found in find_differences(db_path, keys_path, [kind]):
        lines += [f"- {found.article} {show_item(item)}" for item in found.missed]
        lines += [f"+ {found.article} {show_item(item)}" for item in found.extra]
    return lines


def show_item(item: Item) -> str:
    """Return an item for a reader: its fields with bars between them, other readings with slashes."""
    if isinstance(item, tuple):
        return " | ".join("/".join(field) if isinstance(field, tuple) else show_item(field) for field in item)
    return "-" if item is None else f"{item:g}" if isinstance(item, float) else str(item)


def format_scores(scores: dict[str, Score]) -> str:
    """Return the scores as a table for a terminal."""
    lines = [f"{'kind':<20}{'P':>7}{'R':>7}{'F1':>7}{'expected':>10}{'found':>7}"]
    for kind, s in scores.items():
        numbers = f"{s.precision:>7.3f}{s.recall:>7.3f}{s.f1:>7.3f}{s.hits + s.missed:>10}{s.hits + s.extra:>7}"
        lines.append(f"{kind:<20}{numbers}")
    return "\n".join(lines)


def below_floor(scores: dict[str, Score], floors: dict[str, float]) -> list[str]:
    """Say, kind by kind, what fell below its floor. Empty means all is well."""
    return [
        f"{kind}: F1 {scores.get(kind, Score()).f1:.3f}, floor {floor:.3f}"
        for kind, floor in floors.items()
        if kind not in scores or scores[kind].f1 < floor
    ]


def load_floors(path: Path, keys_path: Path) -> dict[str, float]:
    """Return the F1 by kind we hold: `{"figures": 0.85}`, or such a table for each keys file, under its name."""
    floors = read_json(path)
    if isinstance(floors, dict) and any(isinstance(value, dict) for value in floors.values()):
        name = next((n for n in (keys_path.name, keys_path.stem) if n in floors), None)
        if name is None:
            raise EvaluateError(f"{path}: no floors for {keys_path.name!r}; have {', '.join(floors)}")
        floors = floors[name]
    if not isinstance(floors, dict):
        raise EvaluateError(f'{path}: a table of floors is expected, such as {{"figures": 0.85}}')
    for kind, floor in floors.items():
        if kind not in KINDS:
            raise EvaluateError(f"{path}: unknown kind {kind!r}; known: {', '.join(KINDS)}")
        if isinstance(floor, bool) or not isinstance(floor, int | float) or not 0 <= floor <= 1:
            raise EvaluateError(f"{path}: floor of {kind} is {floor!r}; give a number from 0 to 1")
    return {kind: float(floor) for kind, floor in floors.items()}


def read_keys(path: Path) -> list[Key]:
    """Return the answer keys of a file. Raises EvaluateError with file, article and field for one that is no key."""
    keys = read_json(path)
    if not isinstance(keys, list):
        raise EvaluateError(f"{path}: a list of answer keys is expected, this is {describe(keys)}")
    if not keys:
        raise EvaluateError(f"{path}: no answer key in it; nothing would be measured")
    for number, key in enumerate(keys, 1):
        if not isinstance(key, dict) or not isinstance(key.get("id"), str) or not key["id"]:
            raise EvaluateError(f"{path}: key {number} has no id; give each article one, as text")
        for problem in find_problems(key):
            raise EvaluateError(f"{path}: {key['id']}: {problem}")
        for name, kind in KINDS.items():
            try:
                set(kind.expected(key)), set(kind.doubtful(key)), spellings(key, kind.variants)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                at = f"{path}: {key['id']}: {name}"
                raise EvaluateError(f"{at}: {error!r}; compare it with a key that reads") from None
    return keys


def find_problems(key: Key) -> Iterator[str]:
    """Yield what is wrong with a key, each with the way out."""
    for field, columns in FIELDS.items():
        yield from find_bad_rows(field, columns, key.get(field))
    doubtful = key.get("doubtful") or {}
    if not isinstance(doubtful, dict):
        yield f"doubtful is {describe(doubtful)}; give an object of lists by kind"
        return
    for field, columns in DOUBTFUL.items():
        yield from find_bad_rows(f"doubtful {field}", columns, doubtful.get(field, []))
    yield from find_bad_rows("grants_optional", ("count",), key.get("grants_optional") or [])


def find_bad_rows(field: str, columns: tuple[str, ...], rows: Any) -> Iterator[str]:
    """Yield what is wrong with the rows of one field."""
    if not isinstance(rows, list):
        yield f"{field} is {describe(rows)}; give a list, empty where there is nothing"
        return
    for row in rows:
        if not columns:
            if not isinstance(row, str):
                yield f"{field}: {describe(row)}; give names as text"
            continue
        if not isinstance(row, dict):
            yield f"{field}: {describe(row)}; give rows with {', '.join(columns)}"
            continue
        yield from (f"{field}: a row has no {c!r}; needed: {', '.join(columns)}" for c in columns if c not in row)
        for column, value in row.items():
            if column in NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float | None)):
                yield f"{field}: {column} is {value!r}; give a number or null"


def describe(value: Any) -> str:
    """Return what a JSON value is, in a word or two."""
    if value is None:
        return "missing"
    return {dict: "an object", list: "a list", str: "text", bool: "a truth value"}.get(type(value), "a number")


def read_json(path: Path) -> Any:
    """Return what a JSON file holds."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluateError(f"{path}: {error.strerror}; name a JSON file of answer keys or floors") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EvaluateError(f"{path}: not JSON: {error}; correct it or export it again") from None
