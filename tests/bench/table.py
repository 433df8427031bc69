"""All ratios in one run: python tests/bench/table.py [ARTICLES]. `growth.py` measures an archive of any size."""

import argparse

from extract import start_up, whole_beside_ner, workers_beside_one
from words import all_sentences, compare


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=600, help="for the comparison of workers")
    count = parser.parse_args().articles
    print("| measured | value | wanted |\n|---|---|---|")

    def row(measured: str, value: str, wanted: str) -> None:
        print(f"| {measured} | {value} | {wanted} |", flush=True)

    words = compare(all_sentences())
    row(f"sentences of {words.sentences} that differ from underthesea.ner", str(words.different), "0")
    row("words, tags, chunks and entities, beside underthesea.ner", f"{words.ratio:.1f} times as fast", "8")
    texts, ner, own = whole_beside_ner()
    row(f"whole extract of {texts} texts, beside underthesea.ner alone", f"{own / ner:.2f} of its time", "0.25")
    one, two, dask, same = workers_beside_one(count)
    row(f"{count} articles, one worker", f"{one / count * 1000:.1f} ms an article", "")
    row("two workers", f"{one / two:.2f} times one", "1.8")
    row("a Dask cluster of two workers", f"{one / dask:.2f} times one", "1.6")
    row("rows of all three", "identical" if same else "DIFFERENT", "identical")
    helped, extracted = start_up()
    row("unionnews --help", f"{helped:.2f} s", "0.3 s")
    row("unionnews extract of one short article", f"{extracted:.2f} s", "3 s")


if __name__ == "__main__":
    main()
