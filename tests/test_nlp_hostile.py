"""Hostile texts: twice as long costs each reader about twice the work, and 200 KB of anything come to an end."""

import signal
import sys
import tomllib
from collections import Counter
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from nlp.language import load_language, read_text
from nlp.layers import Context
from nlp.sentences import LONGEST_SENTENCE
from store.text import normalize

CASES = tomllib.loads((Path(__file__).parent / "data/cases/hostile.toml").read_text(encoding="utf-8"))["case"]
SHORT = 11_000
# What costs the square of the length would be 4; set-up is below 1.2 of what a reader does with a short text.
AT_MOST = 2.6
# Calls: less is set-up, and nobody waits for it.
WORTH_COUNTING = 4_000
LONGEST = 200_000
HANGING_SECONDS = 300


def repeat(piece, length):
    return (piece * (length // len(piece) + 1))[:length]


def count_calls(text):
    """How many calls each component makes for a text: work that no other program on the machine can change."""
    language = load_language()
    doc = language.make_doc(text)
    doc.user_data["context"] = Context("Tin", "2024-05-06", "Sơn La")
    calls = Counter()

    def count(reader, frame, event, argument):
        calls[reader] += event in ("call", "c_call")

    for name, component in language.pipeline:
        sys.setprofile(partial(count, name))
        try:
            doc = component(doc)
        finally:
            sys.setprofile(None)
    return calls


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_twice_the_text_costs_twice_the_work(case):
    read_text(repeat(case["text"], 1000))
    once, twice = (count_calls(repeat(case["text"], size)) for size in (SHORT, 2 * SHORT))
    assert sum(twice.values()) > 1000
    grown = {name: (once[name], twice[name]) for name in twice
             if twice[name] > WORTH_COUNTING and twice[name] > AT_MOST * once[name]}
    assert grown == {}


def test_nothing_hangs(request):
    """Every kind of hostile text in one article of 200 KB, unbroken."""

    def hang(*_):
        raise TimeoutError(f"a text of {LONGEST} characters is still being read after {HANGING_SECONDS} s")

    text = normalize("".join(repeat(case["text"], LONGEST // len(CASES)) for case in CASES))
    signal.signal(signal.SIGALRM, hang)
    signal.alarm(HANGING_SECONDS)
    request.addfinalizer(lambda: signal.alarm(0))
    reading = read_text(text)
    assert len(reading.findings) > 1000
    assert all(text[f.start : f.end] == f.text for f in reading.findings)
    assert all(a[1] <= b[0] for a, b in pairwise(reading.sentences))
    # Only what has no space in it makes a sentence of more.
    long = [text[start:end] for start, end in reading.sentences if end - start > LONGEST_SENTENCE]
    assert all(max(map(len, sentence.split())) > LONGEST_SENTENCE / 2 for sentence in long)
