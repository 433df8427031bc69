"""Whether twice the hostile text costs twice the time, and which reader takes it: python tests/bench/hostile.py."""

import argparse
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets")]

from nlp.language import load_language, read_text  # noqa: E402
from nlp.layers import Context  # noqa: E402
from store.text import normalize  # noqa: E402

CASES = tomllib.loads((ROOT / "tests/data/cases/hostile.toml").read_text(encoding="utf-8"))["case"]
MIB = 2**20


def time_readers(text: str) -> Counter[str]:
    """Return the seconds of processor time of every component."""
    language = load_language()
    doc = language.make_doc(text)
    doc.user_data["context"] = Context("Tin", "2024-05-06", "Sơn La")
    seconds: Counter[str] = Counter()
    for name, component in language.pipeline:
        began = time.process_time()
        doc = component(doc)
        seconds[name] = time.process_time() - began
    return seconds


def main() -> None:
    """Print, for every case, the time of half the text and of all of it, and the reader that takes longest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("characters", type=int, nargs="?", default=100_000)
    length = parser.parse_args().characters
    read_text(normalize(" ".join(case["text"] for case in CASES)))
    print(f"| {length} characters of | half | all | times | longest |\n|---|---|---|---|---|")
    for case in CASES:
        text = (case["text"] * (length // len(case["text"]) + 1))[:length]
        half, whole = time_readers(text[: length // 2]), time_readers(text)
        name, most = whole.most_common(1)[0]
        times = whole.total() / half.total()
        print(f"| {case['say']} | {half.total():.2f} s | {whole.total():.2f} s | {times:.1f} | {name} {most:.2f} s |",
              flush=True)
    print(f"{psutil.Process().memory_info().rss // MIB} MiB at the end")


if __name__ == "__main__":
    main()
