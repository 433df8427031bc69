"""Provinces, cities, districts and communes on their own."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Mention


def find_places(doc: Doc) -> Iterator[Mention]:
    """Yield the places of a document."""
    yield from ()
