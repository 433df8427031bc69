"""Calendar dates, months, years and periods."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import Date


def find_dates(doc: Doc) -> Iterator[Date]:
    """Yield the dates of a document."""
    yield from ()
