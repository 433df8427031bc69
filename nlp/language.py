"""The spaCy pipeline: our tokenizer, underthesea's layers, and one component per reader."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp import sentences as _sentences  # registers the component
from nlp import words as _words  # registers the component
from nlp.awards import find_awards
from nlp.campaign_events import find_campaign_events
from nlp.campaigns import find_campaigns
from nlp.dates import find_dates
from nlp.documents import find_documents
from nlp.figures import find_figures
from nlp.grants import find_grants
from nlp.layers import Context, all_findings, sentences
from nlp.organizations import find_organizations
from nlp.people import find_people
from nlp.places import find_places
from nlp.positions import find_positions
from store.records import Finding, Reading

# Syllables, not words: underthesea splits "Mùa hè xanh" into "Mùa hè" + "xanh". Newlines are tokens of their own.
TOKEN = re.compile(r"\w+(?:['’]\w+)*|\n|[^\w\s]")

# A vocabulary never forgets a word: at this size, some 50 MB, a fresh one takes its place.
MOST_STRINGS = 100_000

# In the order they run: a later reader may look at what an earlier one found.
READERS: dict[str, Callable[[Doc], Iterable[Finding]]] = {
    "dates": find_dates,
    "documents": find_documents,
    "campaigns": find_campaigns,
    "awards": find_awards,
    "organizations": find_organizations,
    "people": find_people,
    "places": find_places,
    "positions": find_positions,
    "figures": find_figures,
    "grants": find_grants,
    "campaign_events": find_campaign_events,
}


class Text(Doc):
    """A document that keeps its text: a Doc puts it together anew each time it is asked, and every reader asks."""

    @property
    def text(self) -> str:
        """Return the text."""
        kept: str | None = self.user_data.get("text")
        if kept is None:
            kept = self.user_data["text"] = super().text
        return kept


class SyllableTokenizer:
    """Split text into syllables, numbers' parts and single marks; the text itself is kept exactly."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for match in TOKEN.finditer(text):
            gap = text[at : match.start()]
            if gap and words and gap[0] == " ":
                spaces[-1] = True
                gap = gap[1:]
            if gap:
                words.append(gap)
                spaces.append(False)
            words.append(match[0])
            spaces.append(False)
            at = match.end()
        if text[at:]:
            words.append(text[at:])
            spaces.append(False)
        return Text(self.vocab, words=words, spaces=spaces, user_data={"text": text})


class Reader:
    """A component that runs one reader and keeps its findings, as records and as a span group."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found = sorted(READERS[self.name](doc), key=lambda f: (f.start, f.end))
        doc.user_data[self.name] = found
        spans = (doc.char_span(f.start, f.end, label=self.name, alignment_mode="expand") for f in found)
        doc.spans[self.name] = [span for span in spans if span is not None]
        return doc


@Language.factory("reader", assigns=["doc.spans"], default_config={"reader": "figures"})
def make_reader(nlp: Language, name: str, reader: str) -> Reader:
    return Reader(reader)


@cache
def load_language(*, underthesea: bool = True) -> Language:
    """Return the pipeline, with underthesea's layers or without them (for the ablation)."""
    language = spacy.blank("xx")
    language.tokenizer = SyllableTokenizer(language.vocab)
    language.max_length = 2_000_000
    language.add_pipe(_sentences.COMPONENT)
    if underthesea:
        language.add_pipe(_words.COMPONENT)
    for name in READERS:
        language.add_pipe("reader", name=name, config={"reader": name})
    return language


def read_text(body: str, context: Context | None = None, *, underthesea: bool = True) -> Reading:
    """Read one body.

    >>> [f.text for f in read_text("Có 2.496 sáng kiến.").findings]
    ['2.496 sáng kiến']
    """
    return next(read_texts([(body, context or Context())], underthesea=underthesea))


def read_texts(texts: Iterable[tuple[str, Context]], *, underthesea: bool = True) -> Iterator[Reading]:
    """Read many bodies, in order; memory stays flat however many."""
    for body, context in texts:
        language = load_language(underthesea=underthesea)
        if len(language.vocab.strings) > MOST_STRINGS:
            load_language.cache_clear()
            language = load_language(underthesea=underthesea)
        doc = language.make_doc(body)
        doc.user_data["context"] = context
        yield reading_of(language(doc))


def reading_of(doc: Doc) -> Reading:
    """Return the sentences and findings of a document that went through the pipeline."""
    text = doc.text
    sents = [(start, end) for start, end in sentences(doc) if text[start:end].strip()]
    found = sorted(all_findings(doc, list(READERS)), key=lambda f: (f.start, f.end))
    return Reading(sents, found)
