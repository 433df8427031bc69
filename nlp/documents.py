"""Directives, decisions, resolutions, plans and laws."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Mention


def find_documents(doc: Doc) -> Iterator[Mention]:
    """Yield the documents of a document."""
    yield from ()
