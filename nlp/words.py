"""underthesea's words, tags, chunks and entities, laid over the raw text with exact offsets."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import Word, sentences
from nlp.templates import Columns, Featurizer, Function, read_attributes

COMPONENT = "words"
Token: TypeAlias = tuple[int, int, str]

# The models `underthesea.ner` runs, inside its folder `pipeline`.
SEGMENTER = "word_tokenize/models/ws_crf_vlsp2013_20230727"
POS = "pos_tag/pos_crf_2017_10_11.bin"
CHUNK = "chunking/chunk_crf_2017_10_12.bin"
ENTITY = "ner/ner_crf_2017_10_12.bin"

# No pattern of underthesea's tokenizer reaches over a space, so each run between spaces is split alone.
RUN = re.compile(r"\S+")
# Its patterns take quadratic time on an unbroken run; no word is this long.
LONGEST_RUN = 1_000
# Runs repeat: nine in ten of an article are syllables met before.
CACHED_RUNS = 30_000
LONGEST_CACHED = 40
# Its address pattern takes exponential time on "http://!!!!!!!!"; read a character at a time it matches the same.
ADDRESS, SAFE_ADDRESS = r"[^\s()<>{}\[\]]+                   #", r"[^\s()<>{}\[\]]  #"
# Half of a character pair is no text, and the models, written in Rust, refuse it.
SURROGATE = re.compile("[\ud800-\udfff]")
# The segmenter's featurizer reads digits into 32 bits and calls longer numbers no digits.
LARGEST_DIGITS = 2**31 - 1
TRUE, FALSE = "True", "False"
# Tokens: half an article. Fewer gain less from what is done once; more no longer fit the processor's cache.
TAGGED_AT_ONCE = 1_000


class Tagged(NamedTuple):
    """One word: where it stands in the sentence, and exactly what `underthesea.ner` says of it."""

    start: int
    end: int
    word: str
    tag: str
    chunk: str
    entity: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One CRF model with its templates and the functions these call."""

    tagger: Any
    featurizer: Featurizer
    functions: dict[str, Function]

    def tag(self, columns: Columns) -> list[str]:
        """Return the label of every token; each sentence is tagged for itself."""
        return [label for rows in self.featurizer.rows(columns) for label in self.tagger.tag(rows)]


@dataclass(frozen=True, slots=True)
class Models:
    """underthesea's tokenizer patterns and its four models, in the order they run."""

    patterns: re.Pattern[str]
    segmenter: Layer
    layers: tuple[Layer, Layer, Layer]


@cache
def load_models() -> Models:
    """Load underthesea's models, once a process. Raises TemplateError for a release that works otherwise."""
    import joblib  # type: ignore[import-untyped]
    from underthesea.pipeline import ner
    from underthesea.pipeline.chunking.model_crf import CRFChunkingPredictor
    from underthesea.pipeline.ner.model_crf import CRFNERPredictor
    from underthesea.pipeline.pos_tag.model_crf import CRFPOSTagPredictor
    from underthesea.pipeline.word_tokenize.regex_tokenize import regex_patterns
    from underthesea_core import CRFTagger

    folder = Path(str(ner.__file__)).parent.parent
    # Its own compiled pattern is not used: `word_tokenize(fixed_words=…)` changes it for the whole process.
    patterns = re.compile("|".join(regex_patterns).replace(ADDRESS, SAFE_ADDRESS), re.VERBOSE)
    tagger = CRFTagger()
    tagger.load(str(folder / SEGMENTER / "models.bin"))
    templates = joblib.load(folder / SEGMENTER / "features.bin")
    dictionary = joblib.load(folder / SEGMENTER / "dictionary.bin")
    known = read_attributes(folder / SEGMENTER / "models.bin")
    own = segmenter_functions(dictionary)
    segmenter = Layer(tagger, Featurizer(templates, known, own), own)
    functions = tagger_functions()

    def layer(predictor: Any, path: str) -> Layer:
        one = predictor.Instance()
        featurizer = Featurizer(one.transformer.template, read_attributes(folder / path), functions)
        return Layer(one.model, featurizer, functions)

    tag, chunk, entity = (CRFPOSTagPredictor, POS), (CRFChunkingPredictor, CHUNK), (CRFNERPredictor, ENTITY)
    return Models(patterns, segmenter, (layer(*tag), layer(*chunk), layer(*entity)))


def segmenter_functions(dictionary: set[str]) -> dict[str, Function]:
    """Return what the segmenter's own featurizer computes, which is compiled and cannot be asked feature by feature."""

    def lower(columns: Columns, column: int, width: int) -> list[str]:
        return list(map(str.lower, columns.series(column, width)))

    def isdigit(columns: Columns, column: int, width: int) -> list[str]:
        return [TRUE if is_digits(text) else FALSE for text in columns.series(column, width)]

    def istitle(columns: Columns, column: int, width: int) -> list[str]:
        if width == 1:
            return [TRUE if text[0].upper() == text[0] else FALSE for text in columns.series(column, 1)]
        # Several are a title when each is, and "False" sorts before "True".
        shorter = columns.series(column, width - 1, "istitle")
        return list(map(min, shorter, columns.series(column, 1, "istitle")[width - 1 :]))

    def is_in_dict(columns: Columns, column: int, width: int) -> list[str]:
        return [TRUE if text in dictionary else FALSE for text in columns.series(column, width, "lower")]

    return {"lower": lower, "isdigit": isdigit, "istitle": istitle, "is_in_dict": is_in_dict}


def is_digits(text: str) -> bool:
    """Whether the segmenter calls this a number."""
    # Python refuses to read more than 4300 digits.
    return text.isascii() and text.isdigit() and int(text[:4000]) <= LARGEST_DIGITS


def tagger_functions() -> dict[str, Function]:
    """Return underthesea's own functions, for the taggers of words."""
    from underthesea.pipeline.pos_tag.tagged_feature import text_istitle, text_lower

    def lower(columns: Columns, column: int, width: int) -> list[str]:
        return list(map(text_lower, columns.series(column, width)))

    def istitle(columns: Columns, column: int, width: int) -> list[str]:
        return [TRUE if text_istitle(text) else FALSE for text in columns.series(column, width)]

    return {"lower": lower, "istitle": istitle}


def find_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens underthesea segments: their offsets in the text, and the form it gives them."""
    for run in RUN.finditer(text):
        # Some patterns ask whether the text ends here, with or without a line break.
        ends = run.end() == len(text) or text[run.end() :] == "\n"
        for at in range(run.start(), run.end(), LONGEST_RUN):
            piece = text[at : min(at + LONGEST_RUN, run.end())]
            split = split_run if len(piece) <= LONGEST_CACHED else split_run.__wrapped__
            for start, end, form in split(piece, ends):
                yield at + start, at + end, form


@lru_cache(CACHED_RUNS)
def split_run(run: str, ends: bool) -> tuple[Token, ...]:
    """Return the tokens of one run of characters without a space."""
    from underthesea.pipeline.text_normalize import token_normalize
    from underthesea.pipeline.text_normalize.character_normalize import normalize_characters_in_text

    text = normalize_characters_in_text(SURROGATE.sub("\ufffd", run))
    bounds = raw_bounds(run, len(text))
    found = load_models().patterns.finditer(text if ends else text + " ")
    return tuple((bounds[m.start()], bounds[m.end()], token_normalize(m[0])) for m in found)


def raw_bounds(raw: str, length: int) -> list[int]:
    """Return, for each offset in the composed form of `raw`, the offset in `raw` itself."""
    if length == len(raw):
        return list(range(length + 1))
    bounds = [0] * (length + 1)
    for at in range(1, len(raw) + 1):
        bounds[min(length, len(unicodedata.normalize("NFC", raw[:at])))] = at
    for offset in range(1, length):
        bounds[offset] = max(bounds[offset], bounds[offset - 1])
    bounds[length] = len(raw)
    return bounds


def tag_sentence(text: str) -> list[Tagged]:
    """Return the words of one sentence, as `underthesea.ner(text)` gives them, with their offsets.

    >>> [(t.start, t.word, t.entity) for t in tag_sentence("Bà Lê Thị Hoà ở Huế")]
    [(0, 'Bà', 'O'), (3, 'Lê Thị Hòa', 'B-PER'), (14, 'ở', 'O'), (16, 'Huế', 'B-LOC')]
    """
    return next(tag_sentences([text]))


def tag_sentences(texts: Iterable[str]) -> Iterator[list[Tagged]]:
    """Yield the words of each sentence, in order."""
    batch: list[list[Token]] = []
    waiting = 0
    for text in texts:
        batch.append(list(find_tokens(text)))
        waiting += len(batch[-1]) + 1
        if waiting >= TAGGED_AT_ONCE:
            yield from tag_batch(batch)
            batch, waiting = [], 0
    yield from tag_batch(batch)


def tag_batch(batch: list[list[Token]]) -> Iterator[list[Tagged]]:
    """Yield the words of sentences whose tokens are given: all of them go through each layer together."""
    models = load_models()
    tokens = Columns(([form for _, _, form in sentence] for sentence in batch), models.segmenter.functions)
    labels = models.segmenter.tag(tokens)
    spans: list[list[tuple[int, int]]] = []
    words: list[list[str]] = []
    for sentence, (first, end) in zip(batch, tokens.bounds, strict=True):
        spans.append([])
        words.append([])
        join_tokens(sentence, labels[first:end], spans[-1], words[-1])
    columns = Columns(words, models.layers[0].functions)
    for layer in models.layers:
        columns.add(layer.tag(columns))
    rows = zip(*columns.columns, strict=True)
    for sentence_spans in spans:
        yield [Tagged(*span, *row) for span, row in zip(sentence_spans, rows, strict=False)]


def join_tokens(sentence: list[Token], labels: list[str], spans: list[tuple[int, int]], words: list[str]) -> None:
    """Put tokens together to words, as labelled."""
    for (start, end, form), label in zip(sentence, labels, strict=True):
        if label == "I-W" and words:
            words[-1] += " " + form
            spans[-1] = (spans[-1][0], end)
        else:
            words.append(form)
            spans.append((start, end))


@Language.component(COMPONENT)
def set_words(doc: Doc) -> Doc:
    """Keep underthesea's words in doc.user_data["words"]."""
    text = doc.text
    raw = [text[start:end] for start, end in sentences(doc)]
    starts = [start + len(r) - len(r.lstrip()) for (start, _), r in zip(sentences(doc), raw, strict=True)]
    doc.user_data["words"] = [
        Word(at + start, at + end, text[at + start : at + end], tag, chunk, entity)
        for at, words in zip(starts, tag_sentences(map(str.strip, raw)), strict=True)
        for start, end, _, tag, chunk, entity in words
    ]
    return doc
