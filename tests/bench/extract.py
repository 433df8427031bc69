"""How fast articles are read, as ratios in one run: python tests/bench/extract.py [ARTICLES] [--dask].

Baselines: `underthesea.ner` alone on the same texts, and one worker against two.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import archive

from nlp.language import load_language
from nlp.read import find_unread, read_articles
from store.db import open_news


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def read_all(folder: Path, **options: object) -> float:
    """Read everything unread in a folder; return the seconds."""
    db = open_news(folder)
    return seconds(lambda: read_articles(db, find_unread(db), **options))  # type: ignore[arg-type]


def ner_alone(count: int) -> float:
    """Return the seconds underthesea.ner takes over the sentences of the same articles."""
    from underthesea import ner

    from nlp.sentences import find_ends

    ner("Công đoàn cơ sở")
    texts = []
    for columns in archive.make_articles(count):
        body, start = columns["body"], 0
        for end in find_ends(body):
            texts.append(body[start:end].strip())
            start = end
    return seconds(lambda: [ner(text) for text in texts if text])


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 300
    load_language()
    with TemporaryDirectory() as base:
        folders = {name: Path(base) / name for name in ("one", "two", "dask")}
        for folder in folders.values():
            archive.fill(folder, count)
        sample = min(count, 60)
        ner = ner_alone(sample) / sample
        one = read_all(folders["one"]) / count
        two = read_all(folders["two"], workers=2) / count
        print(f"articles                                {count}")
        print(f"underthesea.ner alone                   {ner * 1000:8.1f} ms an article")
        print(f"whole reading, one worker               {one * 1000:8.1f} ms an article, {one / ner:.2f} of ner")
        print(f"two workers                             {two * 1000:8.1f} ms an article, {one / two:.2f} times one")
        if "--dask" in sys.argv:
            from distributed import LocalCluster

            with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
                dask = read_all(folders["dask"], scheduler=cluster.scheduler_address) / count
            print(f"dask, two workers                       {dask * 1000:8.1f} ms an article, {one / dask:.2f} times one")
        again = seconds(lambda: find_unread(open_news(folders["one"])))
        size = (folders["one"] / "news.db").stat().st_size / count
        print(f"finding that nothing is unread          {again * 1000:8.1f} ms")
        print(f"news.db                                 {size / 1000:8.1f} kB an article")
        print(f"memory of this process                  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:8d} MiB")


if __name__ == "__main__":
    main()
