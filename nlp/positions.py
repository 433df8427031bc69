"""Who held which office of which body."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Position


def find_positions(doc: Doc) -> Iterator[Position]:
    """Yield the positions of a document."""
    yield from ()
