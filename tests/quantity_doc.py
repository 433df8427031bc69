"""A document that only the readers of dates, documents and figures have read: their rules hold without the others."""

import spacy
from spacy.tokens import Doc

from nlp import sentences
from nlp.dates import find_dates
from nlp.documents import find_documents
from nlp.figures import find_figures
from nlp.layers import Context

LANGUAGE = spacy.blank("xx")
LANGUAGE.add_pipe(sentences.COMPONENT)
READERS = {"dates": find_dates, "documents": find_documents, "figures": find_figures}


def read_quantities(text: str, published: str | None = None, title: str = "") -> Doc:
    """Return a document with its dates, documents and figures."""
    doc = LANGUAGE.make_doc(text)
    doc.user_data["context"] = Context(title=title, published=published)
    doc = LANGUAGE(doc)
    assert doc.text == text
    for name, reader in READERS.items():
        doc.user_data[name] = list(reader(doc))
    return doc
