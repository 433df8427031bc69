"""Named bodies."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Mention


def find_organizations(doc: Doc) -> Iterator[Mention]:
    """Yield the organizations of a document."""
    yield from ()
