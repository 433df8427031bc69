"""Quantities with their nouns and bounds."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Figure


def find_figures(doc: Doc) -> Iterator[Figure]:
    """Yield the figures of a document."""
    yield from ()
