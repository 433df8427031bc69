"""When what was found and what a key expects are the same thing, kind by kind."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from store.text import NEW_TONE, NEW_TONES

Key = Mapping[str, Any]
Item = Any  # what is compared: a folded name, or a tuple of the folded and rounded fields of a row

QUOTES = re.compile(r"[“”\"'‘’«»]")
DASHES = re.compile(r"\s*[-–—]+\s*")
MONEY = {"đồng", "vnd", "vnđ", "đ"}
# Careful readers disagree on these: found and not expected, they count neither way.
ALWAYS_DOUBTFUL = {
    "organizations": ["Đảng", "Nhà nước", "Chính phủ", "Quốc hội", "Thủ tướng Chính phủ", "Trung ương",
                      "Trung ương Đảng"],
    "people": ["Hồ Chí Minh"],
    "places": ["Việt Nam"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind is compared: rows of the store and of a key as items, and when two items agree.

    `doubtful` gives what counts neither way in one article, as `doubt` sees an item.
    """

    sql: str
    found: Callable[..., Item]
    expected: Callable[[Key], Iterable[Item]]
    doubtful: Callable[[Key], Iterable[Item]]
    agree: Callable[[Item, Item], bool] = lambda got, want: bool(got == want)
    doubt: Callable[[Item], Item] = lambda got: got
    variants: str = ""


def fold(text: str | None) -> str:
    """Return the form under which typing does not count: case, tone placement, quotes, dashes, spaces, end marks."""
    text = unicodedata.normalize("NFC", text or "").casefold()
    text = NEW_TONE.sub(lambda m: NEW_TONES[m[1]], text)
    text = DASHES.sub("-", QUOTES.sub(" ", text))
    return re.sub(r"\s+", " ", text).strip(" .,;:…()")


def number(value: Any) -> float | None:
    """Return a number as it is compared."""
    return None if value is None else round(float(value), 4)


def either(row: Key, field: str) -> tuple[str, ...]:
    """Return a field and the readings the key also allows."""
    return tuple(sorted({fold(row.get(field)), *(fold(other) for other in row.get(f"{field}_also", []))}))


def document(row: Key) -> str:
    """Return what a document of a key is known by."""
    return fold(row.get("number") or row["text"])


def units_agree(got: str, want: str) -> bool:
    """Whether one unit is the other, or begins it ("công nhân", "công nhân lao động")."""
    return {got, want} <= MONEY or got == want or got.startswith(f"{want} ") or want.startswith(f"{got} ")


def figures_agree(got: Item, want: Item) -> bool:
    """Whether value, upper value, unit and (where compared) qualifier agree."""
    return bool(got[:2] == want[:2] and got[3:] == want[3:] and units_agree(got[2], want[2]))


def positions_agree(got: Item, want: Item) -> bool:
    """Whether the person is the same and every other field one of the readings."""
    return bool(got[0] == want[0] and all(g in w for g, w in zip(got[1:], want[1:], strict=True)))


def grants_agree(got: Item, want: Item) -> bool:
    """Whether the count is the same, the award or a part of it, and the recipient by its noun."""
    award_agrees = any(got[0] in award or award in got[0] for award in want[0])
    return bool(award_agrees and got[2] == want[2] and units_agree(got[1], want[1]))


def doubtful(key: Key, kind: str) -> list[Any]:
    """Return what the key itself holds doubtful."""
    found: list[Any] = (key.get("doubtful") or {}).get(kind, [])
    return found


def doubtful_names(kind: str) -> Callable[[Key], Iterator[str]]:
    """Return a function that gives the names of a kind that count neither way."""

    def find_doubtful(key: Key) -> Iterator[str]:
        others = [name for names in (key.get("variants") or {}).values() for name in names]
        names = [*doubtful(key, kind), *ALWAYS_DOUBTFUL.get(kind, []), *others]
        yield from (document(name) if isinstance(name, Mapping) else fold(name) for name in names)

    return find_doubtful


def names(kind: str, mention: str) -> Kind:
    """Return how names of a kind are compared."""
    return Kind(
        f"select text from mentions where article_id = ? and kind = '{mention}'", fold,
        lambda key: map(fold, key[kind]), doubtful_names(kind), variants=kind,
    )  # fmt: skip


def figures(*, qualifier: bool) -> Kind:
    """Return how figures are compared."""
    width = 4 if qualifier else 3
    return Kind(
        "select value, value_high, unit, qualifier from figures where article_id = ?",
        lambda value, high, unit, said: (number(value), number(high), fold(unit), said)[:width],
        lambda key: (
            (number(f["value"]), number(f.get("high")), fold(f["unit"]), f["qualifier"])[:width] for f in key["figures"]
        ),
        lambda key: (number(f["value"]) for f in doubtful(key, "figures")),
        figures_agree,
        lambda got: got[0],
    )


def positions(*fields: str) -> Kind:
    """Return how positions are compared, by these fields beside the person."""
    return Kind(
        f"select person, {', '.join(fields)} from positions where article_id = ?",
        lambda *row: tuple(map(fold, row)),
        lambda key: ((fold(p["person"]), *(either(p, f) for f in fields)) for p in key["positions"]),
        lambda key: (fold(p["person"]) for p in doubtful(key, "positions")),
        positions_agree,
        lambda got: got[0],
    )


KINDS = {
    "people": names("people", "person"),
    "organizations": names("organizations", "organization"),
    "campaigns": names("campaigns", "campaign"),
    "awards": names("awards", "award"),
    "places": names("places", "place"),
    "documents": Kind(
        "select text from mentions where article_id = ? and kind = 'document'", fold,
        lambda key: map(document, key["documents"]), doubtful_names("documents"),
        lambda got, want: got in want or want in got,
    ),
    "figures": figures(qualifier=False),
    "figures+qualifier": figures(qualifier=True),
    "dates": Kind(
        "select date_start, date_end from dates where article_id = ?",
        lambda start, end: (start, end or None),
        lambda key: ((d["start"], d.get("end") or None) for d in key["dates"]),
        lambda key: [
            *((d["start"], d.get("end") or None) for d in doubtful(key, "dates")),
            *((d["date"], None) for d in key["documents"] if d.get("date")),
        ],
    ),
    "positions": positions("role"),
    "positions+body": positions("role", "organization"),
    "grants": Kind(
        "select award, recipient, count from grants where article_id = ? and count is not null",
        lambda award, recipient, count: (fold(award), fold(recipient), number(count)),
        lambda key: (
            (either(g, "award"), fold(g["recipient"]), number(g["count"]))
            for g in key["grants"] if g.get("count") is not None
        ),
        lambda key: (number(g["count"]) for g in [*doubtful(key, "grants"), *(key.get("grants_optional") or [])]),
        grants_agree,
        lambda got: got[2],
    ),
}  # fmt: skip
