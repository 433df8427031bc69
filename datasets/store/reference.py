"""Reference lists: CSV files in datasets/reference/, one entry a line, each with its source."""

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "reference"
REQUIRED = ("code", "name", "aliases", "source")


class ReferenceError(ValueError):
    """A reference file cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a reference file; `more` holds the columns beside code, name, aliases and source."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    source: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The name first, then its aliases."""
        return (self.name, *self.aliases)


@cache
def load_reference(name: str, folder: Path = FOLDER) -> tuple[Entry, ...]:
    """Return the entries of one list, in file order.

    `aliases` are separated by "|". Raises ReferenceError with file and line for a missing column, an empty or
    repeated code, an empty name or a line without a source.
    """
    path = folder / f"{name}.csv"
    if not path.exists():
        raise ReferenceError(f"no list {name!r}: have {', '.join(sorted(p.stem for p in folder.glob('*.csv')))}")
    seen: dict[str, int] = {}
    entries = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [c for c in REQUIRED if c not in (reader.fieldnames or [])]
        if missing:
            raise ReferenceError(f"{path.name}:1: no column {missing[0]!r}; needed: {', '.join(REQUIRED)}")
        for row in reader:
            at = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                wanted = len(reader.fieldnames or [])
                raise ReferenceError(f"{at}: {wanted} columns expected; quote a field that holds a comma")
            code = row.pop("code").strip()
            if not code or not row["name"].strip() or not row["source"].strip():
                raise ReferenceError(f"{at}: code, name and source must all be given")
            if code in seen:
                raise ReferenceError(f"{at}: {code} is already on line {seen[code]}")
            seen[code] = reader.line_num
            name_, source = row.pop("name").strip(), row.pop("source").strip()
            aliases = tuple(a.strip() for a in row.pop("aliases").split("|") if a.strip())
            entries.append(Entry(code, name_, aliases, source, {k: v.strip() for k, v in row.items()}))
    return tuple(entries)
