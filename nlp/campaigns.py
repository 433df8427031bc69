"""Names of campaigns."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Mention


def find_campaigns(doc: Doc) -> Iterator[Mention]:
    """Yield the campaigns of a document."""
    yield from ()
