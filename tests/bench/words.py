"""Whether our one pass gives the words of underthesea.ner, and how many times as fast: python tests/bench/words.py."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "bench"), str(ROOT / "tests"), str(ROOT), str(ROOT / "datasets")]

import underthesea  # noqa: E402
from test_nlp_words import all_sentences  # noqa: E402

from nlp.words import tag_sentence, tag_sentences  # noqa: E402

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """How many sentences, how many of them came out otherwise, and the seconds of processor time of both."""

    sentences: int
    different: int
    slow: float
    fast: float

    @property
    def ratio(self) -> float:
        """How many times as fast."""
        return self.slow / self.fast


def compare(texts: list[str]) -> Compared:
    """Give the same texts to both in the same run; models are loaded before the clock starts."""
    tag_sentence(texts[0])
    underthesea.ner(texts[0])
    began = time.process_time()
    theirs = [underthesea.ner(text) for text in texts]
    slow = time.process_time() - began
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        ours = [[tagged[2:] for tagged in tags] for tags in tag_sentences(texts)]
        rounds.append(time.process_time() - began)
    different = sum(one != [tuple(word) for word in other] for one, other in zip(ours, theirs, strict=True))
    return Compared(len(texts), different, slow, sorted(rounds)[ROUNDS // 2])


if __name__ == "__main__":
    found = compare(all_sentences())
    print(f"{found.sentences} sentences, {found.different} different; underthesea.ner {found.slow:.1f} s, "
          f"nlp.words {found.fast:.2f} s of processor: {found.ratio:.1f} times as fast")
    sys.exit(found.different > 0)
