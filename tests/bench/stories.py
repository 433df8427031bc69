"""Score the stories on families of copies, look-alikes and digests: python tests/bench/stories.py."""

import itertools
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from test_nlp_stories import DEMO, demo_text, digest, labelled, look_alikes, pairs, reprint, reword, texts_of

from nlp.stories import group_stories

DIGESTS = 20


def rewritten(dice):
    """Families of an article and what a machine made of it: every known word replaced, small words left out."""
    originals = [demo_text(article) for article in DEMO if not article.get("copy_of")] + look_alikes()

    def roughen(body, dropped):
        lines = (line.split(" ") for line in reword(body, dice, 1.0).split("\n"))
        return "\n".join(" ".join(w for w in line if not (w.islower() and dice.random() < dropped)) for line in lines)

    return [[(title, body), reprint(title, roughen(body, 0.15), dice)] for title, body in originals]


def digests(dice):
    """Articles that print two others of about one length, once each: a story of its own each."""
    originals = sorted((demo_text(a) for a in DEMO if not a.get("copy_of")), key=lambda text: len(text[1]))
    neighbours = list(zip(originals[::2], originals[1::2], strict=False))
    return [[digest(*pair)] for pair in dice.sample(neighbours, min(DIGESTS, len(neighbours)))]


def score(families):
    """Precision, recall and seconds over families of texts."""
    numbers = itertools.count(1)
    wanted = pairs([[next(numbers) for _ in family] for family in families])
    began = time.perf_counter()
    found = pairs(group_stories(texts_of(itertools.chain(*families))))
    hits = len(found & wanted)
    return hits / max(1, len(found)), hits / max(1, len(wanted)), time.perf_counter() - began


def main():
    """Print a line a set."""
    dice = random.Random(17)
    families, copies = labelled(), rewritten(dice)
    sets = {
        "families of reprints and reworded copies": families,
        "families of one rewritten copy": copies,
        "look-alikes, each its own story": [[text] for text in look_alikes(22)],
        "rewritten copies beside digests of two": copies + digests(dice),
    }
    for name, families in sets.items():
        texts = sum(map(len, families))
        precision, recall, seconds = score(families)
        if any(len(family) > 1 for family in families):
            told = f"precision {precision:.3f}, recall {recall:.3f}"
        else:
            told = f"{'none' if precision == 0 else 'SOME'} joined"
        print(f"{name}: {len(families)} stories, {texts} texts: {told}, {seconds:.1f} s")


if __name__ == "__main__":
    main()
