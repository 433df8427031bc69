"""What the readers share about a document: its article's context, sentences, quotes, words and earlier findings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from spacy.tokens import Doc

from store.records import Finding


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the article beside its body; `published` is ISO, as precise as the page."""

    title: str = ""
    published: str | None = None
    province: str | None = None


class Word(NamedTuple):
    """One underthesea word over the raw text: its tag, chunk and entity labels (B-/I-/O)."""

    start: int
    end: int
    text: str
    tag: str
    chunk: str
    entity: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation; text[start:end] with its marks, text[inner_start:inner_end] without."""

    start: int
    end: int
    inner_start: int
    inner_end: int


def context(doc: Doc) -> Context:
    """Return the article's context."""
    found: Context = doc.user_data["context"]
    return found


def sentences(doc: Doc) -> list[tuple[int, int]]:
    """Return the character offsets of every sentence."""
    found: list[tuple[int, int]] | None = doc.user_data.get("sentences")
    if found is None:
        found = doc.user_data["sentences"] = [(s.start_char, s.end_char) for s in doc.sents]
    return found


def words(doc: Doc) -> list[Word]:
    """Return underthesea's words in order; empty when the pipeline runs without that layer."""
    found: list[Word] = doc.user_data.get("words", [])
    return found


def quotes(doc: Doc) -> list[Quote]:
    """Return the quotations in order; they do not overlap."""
    found: list[Quote] = doc.user_data.get("quotes", [])
    return found


def findings(doc: Doc, reader: str) -> list[Finding]:
    """Return what an earlier reader found: `findings(doc, "dates")`."""
    found: list[Finding] = doc.user_data.get(reader, [])
    return found


def all_findings(doc: Doc, readers: list[str]) -> Iterator[Finding]:
    """Yield the findings of several readers."""
    for reader in readers:
        yield from findings(doc, reader)
