"""How many times faster than underthesea.ner our one pass gives the same words: `python tests/bench/words.py`."""

import itertools
import re
import sys
import time
import tomllib
from pathlib import Path

import underthesea

from nlp.words import tag_sentence, tag_sentences

CASES = Path(__file__).resolve().parent.parent / "data/cases/words.toml"
ROUNDS = 3


def make_sentences(turns=25):
    """The sentences of the test cases, their slots filled in turn."""
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))

    def fill(frame, turn):
        numbers = itertools.count(turn)
        return re.sub(r"\{(\w+)\}", lambda m: (f := cases["fillers"][m[1]])[next(numbers) % len(f)], frame)

    return [fill(frame, turn) for turn in range(turns) for frame in cases["frames"]]


def seconds(work):
    """The fastest of a few rounds: other programs only ever add time."""
    return min(timed(work) for _ in range(ROUNDS))


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(texts):
    """Time both over the same texts in the same run; models are loaded before the clock starts."""
    assert [t[2:] for t in tag_sentence(texts[0])] == underthesea.ner(texts[0])
    slow = seconds(lambda: [underthesea.ner(text) for text in texts])
    fast = seconds(lambda: list(tag_sentences(texts)))
    return slow, fast


if __name__ == "__main__":
    lines = [line for path in sys.argv[1:] for line in Path(path).read_text(encoding="utf-8").splitlines()]
    texts = [line.strip() for line in lines if line.strip()] or make_sentences()
    slow, fast = ratio(texts)
    print(f"{len(texts)} texts, {sum(map(len, texts))} characters")
    print(f"underthesea.ner {slow:.2f} s, nlp.words {fast:.3f} s: {slow / fast:.1f} times as fast")
