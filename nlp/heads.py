"""The head nouns that open organisations' names and the small words such names hold, from heads.toml."""

from dataclasses import dataclass

from nlp.syllables import Phrases
from nlp.vocabulary import entries, read_table


@dataclass(frozen=True, slots=True)
class Head:
    """A head noun. `grammar` says what may follow it; `lower` that it may be written small."""

    text: str
    grammar: str
    lower: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation's name: row[start:end]; `level` where it is only relative ("UBND tỉnh")."""

    start: int
    end: int
    head: str
    grammar: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A head noun at row[at:end], whether an office stands before it, and how deep inside another name it is."""

    at: int
    end: int
    head: Head
    office: bool
    depth: int

    def body(self, end: int, level: str | None = None) -> Body:
        """Return the body that ends here."""
        return Body(self.at, end, self.head.text, self.head.grammar, level)


def phrases(table: str, key: str) -> Phrases[bool]:
    """Return one list of a table as phrases."""
    return Phrases((text, True) for text in entries(table, "lists", key))


# Written small they are still the head of a name when a capital follows.
LOWER_GRAMMARS = {"firm", "school", "house", "council", "party", "federation", "press"}
NEVER_LOWER = set(entries("heads", "lists", "never_lower"))
HEADS: Phrases[Head] = Phrases(
    (text, Head(text, grammar, grammar in LOWER_GRAMMARS and text.casefold() not in NEVER_LOWER))
    for grammar in read_table("heads")["heads"]
    for text in entries("heads", "heads", grammar)
)
# "Hội nghị", "Đoàn công tác": the head noun begins another word here.
NO_HEADS = phrases("heads", "no_heads")
SECTORS = phrases("heads", "sectors")
ZONES = phrases("heads", "zones")
# Forms of enterprise and of school: part of the name, but no name yet.
FORMS = phrases("heads", "forms")
# What names hold in small letters between their capitals, and what may close them.
INSIDE = phrases("heads", "inside")
CLOSING = phrases("heads", "closing")
BLOCS = phrases("heads", "blocs")
# What the parts of a body work on.
FIELDS = phrases("names", "fields")
