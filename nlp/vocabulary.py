"""Word lists of the readers, kept in TOML tables beside them."""

import re
import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def read_table(name: str) -> dict[str, dict[str, str]]:
    """Return a table by its file's name without the suffix."""
    table: dict[str, dict[str, str]] = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return table


def split_entries(text: str) -> list[str]:
    """Return the entries between bars, spaces made single.

    >>> split_entries("đoàn viên | công nhân  lao động")
    ['đoàn viên', 'công nhân lao động']
    """
    return [entry for part in text.split("|") if (entry := " ".join(part.split()))]


def entries(name: str, section: str, key: str) -> list[str]:
    """Return the entries of one list."""
    return split_entries(read_table(name)[section][key])


def alternation(words: list[str]) -> str:
    """Return a pattern that matches any of the words, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=lambda w: (-len(w), w)))


def words_pattern(section: str, key: str) -> str:
    """Return the pattern over one list of the figures' table."""
    return alternation(entries("figures", section, key))
