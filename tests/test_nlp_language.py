"""The pipeline itself: a document keeps its text, and a vocabulary that grew too large is replaced."""

import pytest

from nlp import language
from nlp.language import load_language, read_text

BODY = "Bà Lò Thị Mến, Chủ tịch LĐLĐ tỉnh Sơn La, phát động phong trào “Lao động giỏi”.\nCó 2.496 sáng kiến."


@pytest.mark.parametrize("text", ["", " ", "\n \n", "Một  hai\nba 😀", "x\u00a0y \t z ", BODY])
def test_a_document_gives_back_its_text(text):
    doc = load_language().make_doc(text)
    assert doc.text == text
    doc.user_data.clear()
    assert doc.text == text
    assert doc.text is doc.text


def test_the_text_of_a_part_is_that_of_the_whole():
    doc = load_language()(with_context(BODY))
    assert all(span.text == BODY[span.start_char : span.end_char] for span in doc.sents)
    assert [span.text for span in doc.sents if span.text.strip()] == BODY.split("\n")


def with_context(text):
    doc = load_language().make_doc(text)
    doc.user_data["context"] = language.Context()
    return doc


def test_a_vocabulary_does_not_grow_for_ever(monkeypatch):
    before = read_text(BODY)
    # The cache tells a call that names its default from one that does not.
    grown = load_language(underthesea=True)
    strings = len(grown.vocab.strings)
    monkeypatch.setattr(language, "MOST_STRINGS", strings - 1)
    assert read_text(BODY) == before
    assert load_language(underthesea=True) is not grown
    monkeypatch.setattr(language, "MOST_STRINGS", strings + 10_000)
    kept = load_language(underthesea=True)
    assert read_text(BODY) == before
    assert load_language(underthesea=True) is kept
