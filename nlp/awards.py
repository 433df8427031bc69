"""Names of distinctions."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Mention


def find_awards(doc: Doc) -> Iterator[Mention]:
    """Yield the awards of a document."""
    yield from ()
