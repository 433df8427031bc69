"""underthesea's words, tags, chunks and entities, laid over the raw text with exact offsets."""

from spacy.language import Language
from spacy.tokens import Doc

COMPONENT = "words"


@Language.component(COMPONENT)
def set_words(doc: Doc) -> Doc:
    """Keep underthesea's words in doc.user_data["words"]."""
    doc.user_data["words"] = []
    return doc
