"""Words, tags, chunks and entities: exactly underthesea's, at exact offsets, whatever the text."""

import hashlib
import itertools
import random
import re
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
import spacy
import underthesea

from crawler.demo.articles import find_articles
from nlp import sentences, words
from nlp.layers import Context
from nlp.templates import TemplateError, compile_template, read_attributes
from store.text import normalize

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
CASES = tomllib.loads((HERE / "data/cases/words.toml").read_text(encoding="utf-8"))
FEWEST, FUZZED, PARTS = 2000, 300, 8
PIPELINE = Path(underthesea.__file__).parent / "pipeline"

# The files whose content decides every tag. A release that changes one changes findings: score it, then pin it anew.
PINNED = {
    "word_tokenize/models/ws_crf_vlsp2013_20230727/dictionary.bin": "ec8c62b3881c",
    "word_tokenize/models/ws_crf_vlsp2013_20230727/features.bin": "cf93263c7c79",
    "word_tokenize/models/ws_crf_vlsp2013_20230727/models.bin": "c3a64c64349f",
    "word_tokenize/regex_tokenize.py": "5cb4fdc04fc8",
    "text_normalize/tn_rules_2023_07_14.bin": "a8ef96ef9837",
    "pos_tag/pos_crf_2017_10_11.bin": "5b1606d0c368",
    "chunking/chunk_crf_2017_10_12.bin": "ca0a4839eeb7",
    "ner/ner_crf_2017_10_12.bin": "62e7435bb3af",
}


def fill(frame, turn):
    """A frame with its slots filled, other fillers at each turn."""
    numbers = itertools.count(turn)
    return re.sub(r"\{(\w+)\}", lambda m: (f := CASES["fillers"][m[1]])[next(numbers) % len(f)], frame)


def own_sentences():
    return [fill(frame, turn) for turn in range(25) for frame in CASES["frames"]]


def cut(text):
    text = normalize(text)
    return filter(None, (text[a:b].strip() for a, b in itertools.pairwise([0, *sentences.find_ends(text)])))


def shared_sentences():
    for path in sorted([*SHARED.glob("seeds/*.txt"), *SHARED.glob("gold/texts/*.txt")]):
        yield from cut(path.read_text(encoding="utf-8"))


def demo_sentences():
    for article in find_articles():
        yield from itertools.chain.from_iterable(map(cut, (article.title, article.lead, *article.paragraphs)))


def case_sentences():
    """What the cases of all readers say."""
    for path in sorted((HERE / "data/cases").glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("case", []):
            yield from cut(case["text"]) if isinstance(case.get("text"), str) else ()


@cache
def all_sentences():
    """Every sentence there is, each once."""
    found = itertools.chain(
        own_sentences(), demo_sentences(), shared_sentences(), case_sentences(), fuzzed_sentences(FUZZED)
    )
    return list(dict.fromkeys(filter(str.strip, found)))


def differences(texts):
    """What our pass and underthesea's say differently; empty when they agree everywhere."""
    found = []
    for text in texts:
        ours = [(t.word, t.tag, t.chunk, t.entity) for t in words.tag_sentence(text)]
        theirs = underthesea.ner(text) if text.strip() else []
        if ours != theirs:
            found.append((text, ours, theirs))
    return found


def test_models_pinned():
    found = {name: hashlib.sha256((PIPELINE / name).read_bytes()).hexdigest()[:12] for name in PINNED}
    changed = sorted(name for name in PINNED if found[name] != PINNED[name])
    assert not changed, (
        f"underthesea {version('underthesea')} brings other models than the release we scored: {', '.join(changed)}. "
        "Run `unionnews evaluate` with it; if the floors hold, put the new hashes into PINNED"
    )


def test_there_are_sentences_enough():
    """Also where the shared articles are not beside this clone."""
    shared = set(shared_sentences())
    assert sum(text not in shared for text in all_sentences()) >= FEWEST


@pytest.mark.parametrize("part", range(PARTS))
def test_all_sentences_identical(part):
    texts = all_sentences()[part::PARTS]
    assert len(texts) >= FEWEST // PARTS
    assert differences(texts) == []


def test_oddities_identical():
    assert differences(CASES["oddities"]) == []


def fuzzed_sentences(count, seed=8):
    """Pieces of our sentences and odd characters, thrown together; the seed is fixed, so a failure comes back."""
    dice = random.Random(seed)
    pieces = [p for text in own_sentences()[:60] + CASES["oddities"] for p in text.split(" ") if "//" not in p]
    marks = [" ", " ", " ", " ", "", "-", ".", ", ", " “", "” ", "’", "/", "😀", "\u0301", "\x07", "…", "(", ") "]
    return ["".join(dice.choice(pieces) + dice.choice(marks) for _ in range(dice.randint(1, 25))) for _ in range(count)]


@pytest.mark.parametrize(
    "text",
    [
        "hoà " * 1250,
        "a" * 5000,
        "a.b-" * 1250,
        "http://" + "!" * 5000,
        "http://(" + "a)(" * 300,
        "." * 5000,
        "😀" * 5000,
        "9" * 5000,
        "lỗi \ud83d nửa ký tự",
        "\x00\x01\x02",
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_hostile_text_read(text):
    tagged = words.tag_sentence(text)
    assert "".join(text[t.start : t.end] for t in tagged).replace(" ", "") == "".join(text.split())


def test_offsets_of_rewritten_words():
    text = "Bà Lê Thị Hoà và ông Nguyễn Quý Thuỷ"
    tagged = words.tag_sentence(text)
    assert [t.word for t in tagged][1] == "Lê Thị Hòa"
    assert [text[t.start : t.end] for t in tagged][1] == "Lê Thị Hoà"


def test_offsets_of_decomposed_text():
    text = "Bà Hoa\u0300 ơ\u0309 Huê\u0301"
    tagged = words.tag_sentence(text)
    assert [text[t.start : t.end] for t in tagged] == ["Bà", "Hoa\u0300", "ơ\u0309", "Huê\u0301"]


def make_doc(text):
    language = spacy.blank("xx")
    language.add_pipe(sentences.COMPONENT)
    language.add_pipe(words.COMPONENT)
    doc = language.make_doc(text)
    doc.user_data["context"] = Context()
    return language(doc)


@pytest.mark.parametrize("text", ["", " ", "\n", "Một câu.\n\nHai  câu nữa. 😀\n", " ".join(own_sentences()[:30])])
def test_component_words_stand_in_text(text):
    doc = make_doc(text)
    found = doc.user_data["words"]
    assert all(doc.text[w.start : w.end] == w.text and w.text for w in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert "".join("".join(w.text for w in found).split()) == "".join(text.split())


def test_fixed_words_leak_does_not_reach_us():
    text = "Tháng Công nhân"
    before = words.tag_sentence(text)
    words.split_run.cache_clear()
    module = __import__("sys").modules["underthesea.pipeline.word_tokenize.regex_tokenize"]
    patterns = module.patterns
    try:
        underthesea.word_tokenize(text, fixed_words=["Tháng Công"])
        assert words.tag_sentence(text) == before
    finally:
        module.patterns = patterns


def test_unknown_template_refused():
    with pytest.raises(TemplateError, match=r"T\[0\]\.rhyme"):
        compile_template("T[0].rhyme", {}, ["lower"])


def test_damaged_model_refused(tmp_path):
    for content in (b"", b"lCRF", b"x" * 100, b"lCRF\0\0\0\0FOMC" + b"\xff" * 60):
        path = tmp_path / "models.bin"
        path.write_bytes(content)
        with pytest.raises(TemplateError, match=r"models\.bin"):
            read_attributes(path)
