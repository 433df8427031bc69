"""How fast a whole `extract` is beside underthesea.ner alone, and what a second worker or a Dask cluster brings."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "bench"), str(ROOT / "tests"), str(ROOT), str(ROOT / "datasets")]

import archive  # noqa: E402
from test_nlp_words import cut  # noqa: E402

from crawler.demo.articles import find_articles  # noqa: E402
from crawler.ingest import ingest  # noqa: E402
from crawler.parse import parse_pages  # noqa: E402
from crawler.site import load_sites  # noqa: E402
from nlp.language import read_text  # noqa: E402
from nlp.read import find_unread, read_articles  # noqa: E402
from nlp.stories import link_stories  # noqa: E402
from store.db import open_news  # noqa: E402
from store.findings import FINDING_TABLES  # noqa: E402

SHARED = ROOT.parent / "shared"
ROUNDS = 3
TABLES = (*FINDING_TABLES, "sentences", "entities", "aliases")


def find_texts() -> list[str]:
    """Return the seeds and gold texts where they are beside this clone, else the sample site's articles."""
    paths = sorted([*SHARED.glob("seeds/*.txt"), *SHARED.glob("gold/texts/*.txt")])
    if paths:
        return [path.read_text(encoding="utf-8") for path in paths]
    return ["\n\n".join((article.title, article.lead, *article.paragraphs)) for article in find_articles()]


def whole_beside_ner() -> tuple[int, float, float]:
    """Return how many texts, and the seconds of processor time of underthesea.ner and of `extract`: parsing, reading,
    resolving, writing, stories.
    """
    from underthesea import ner

    texts = find_texts()
    ner("Công đoàn cơ sở")
    read_text("Công đoàn cơ sở")
    rounds = []
    with TemporaryDirectory() as base:
        pages = Path(base) / "pages"
        pages.mkdir()
        for number, text in enumerate(texts):
            (pages / f"{number:03}.txt").write_text(text, encoding="utf-8")
        for turn in range(ROUNDS):
            folder = Path(base) / str(turn)
            ingest(folder, [pages])
            began = time.process_time()
            parse_pages(folder, load_sites(None))
            db = open_news(folder)
            read_articles(db, find_unread(db))
            link_stories(db)
            own = time.process_time() - began
            began = time.process_time()
            for text in texts:
                for sentence in cut(text):
                    ner(sentence)
            theirs = time.process_time() - began
            rounds.append((own / theirs, own, theirs))
    _, own, theirs = sorted(rounds)[ROUNDS // 2]
    return len(texts), theirs, own


def read_all(folder: Path, **options: Any) -> float:
    """Read everything unread in a folder; return the seconds of the clock."""
    db = open_news(folder)
    began = time.perf_counter()
    read_articles(db, find_unread(db), **options)
    return time.perf_counter() - began


def dump(folder: Path) -> list[list[Any]]:
    """Return the rows that reading writes."""
    db = open_news(folder)
    return [db.execute(f"select * from {table} order by 1, 2").fetchall() for table in TABLES]


def workers_beside_one(count: int) -> tuple[float, float, float, bool]:
    """Return the seconds of one worker, two, and two on a local Dask cluster; and whether all wrote the same rows.

    Workers that start up are given a few articles first: what is compared is reading.
    """
    from distributed import LocalCluster

    local = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with TemporaryDirectory() as base, local:
        dask = {"scheduler": local.scheduler_address}
        folders = {name: Path(base) / name for name in ("one", "two", "dask", "warm")}
        for name, folder in folders.items():
            archive.fill(folder, 64 if name == "warm" else count)
        read_all(folders["warm"], **dask)
        one = read_all(folders["one"])
        two = read_all(folders["two"], workers=2)
        three = read_all(folders["dask"], **dask)
        rows = [dump(folders[name]) for name in ("one", "two", "dask")]
    return one, two, three, rows[0] == rows[1] == rows[2]


def start_up() -> tuple[float, float]:
    """Return the seconds of the clock of `unionnews --help` and of `unionnews extract` of one short article."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'datasets'}"}

    def run(*arguments: str) -> float:
        began = time.perf_counter()
        command = [sys.executable, "-m", "nlp.cli", *arguments]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    helped, extracted = [], []
    with TemporaryDirectory() as base:
        page = Path(base) / "bai.txt"
        article = next(find_articles())
        page.write_text("\n\n".join((article.title, article.lead, article.paragraphs[0])), encoding="utf-8")
        for turn in range(ROUNDS + 2):
            folder = str(Path(base) / str(turn))
            run("--data", folder, "ingest", str(page))
            helped.append(run("--help"))
            extracted.append(run("--data", folder, "extract"))
            if not open_news(Path(folder)).execute("select count(*) from mentions").fetchone()[0]:
                raise RuntimeError("the article of the cold start was not read")
    return min(helped), min(extracted)
