"""Awards given to counted recipients."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Grant


def find_grants(doc: Doc) -> Iterator[Grant]:
    """Yield the grants of a document."""
    yield from ()
