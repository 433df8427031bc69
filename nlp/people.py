"""Personal names."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Mention


def find_people(doc: Doc) -> Iterator[Mention]:
    """Yield the people of a document."""
    yield from ()
