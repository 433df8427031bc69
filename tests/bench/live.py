"""Readers and a writer at once: `python tests/bench/live.py FOLDER SECONDS`: no error, new articles seen within 5 s."""

import http.client
import json
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote_plus

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets"), str(ROOT / "tests" / "bench")]

from newsroom import Server, addresses  # noqa: E402

from store.articles import save_article  # noqa: E402
from store.db import open_news  # noqa: E402
from store.derived import rebuild_derived  # noqa: E402
from store.entities import count_entities  # noqa: E402
from store.findings import Links, mark_stale, replace_findings  # noqa: E402
from store.records import Article, Figure, Reading  # noqa: E402

USERS = 6
BODY = "Công đoàn cơ sở đã trao {n} suất quà trong đợt {word}.\nCâu sau kể thêm đôi điều về đợt ấy."


def write_article(db, number: int) -> str:
    """Store and read one article as `refresh` does; return a word that stands in it alone."""
    word = f"dotmoi{number}x{int(time.time() * 1000)}"
    body = BODY.format(n=100 + number % 800, word=word)
    url = f"https://live.example/{word}"
    moment = time.strftime("%Y-%m-%dT%H:%M:%S+07:00")
    save_article(db, Article(url, "live", f"Tin {word}", body, published_at=moment), "p", moment)
    (article,) = db.execute("select id from articles where url = ?", [url]).fetchone()
    at = body.index("suất quà") - len(f"{100 + number % 800} ")
    text = body[at : body.index("suất quà") + len("suất quà")]
    figure = Figure(start=at, end=at + len(text), text=text, rule="live", value=100 + number % 800, qualifier="exact",
                    unit="suất quà", unit_kind="count")  # fmt: skip
    first = body.index("\n")
    replace_findings(db, article, Reading([(0, first), (first + 1, len(body))], [figure]), Links(), "live")
    return word


def seen_after(server: Server, word: str, limit: float = 10.0) -> float:
    """Return how many seconds it took until a search finds a word."""
    start = time.perf_counter()
    while time.perf_counter() - start < limit:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", f"/search.json?q={quote_plus(word)}")
        if json.loads(connection.getresponse().read())["total"]:
            return time.perf_counter() - start
        time.sleep(0.05)
    return limit


def run_mixed(folder: Path, seconds: float) -> dict[str, float]:
    """Let users read and a writer write; return answers, errors, and the longest wait for news."""
    statuses: list[int] = []
    failures: list[str] = []
    waits: list[float] = []
    with Server(folder) as server:
        until = time.perf_counter() + seconds

        def read(user: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            extra = (
                "/news/figures.json?_size=20",
                f"/figures?unit={quote_plus('suất quà')}",
                "/-/health",
                "/feeds/search.atom?q=tin",
            )
            for number, address in enumerate(addresses(folder, "mixed", seed=user)):
                if time.perf_counter() > until:
                    return
                address = extra[number // 5 % 4] if number % 5 == 4 else address
                try:
                    statuses.append(server.get(address, connection)[0])
                    if statuses[-1] >= 400:
                        failures.append(f"{address}: {statuses[-1]}")
                except (OSError, http.client.HTTPException) as error:
                    failures.append(f"{address}: {error}")
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

        def write() -> None:
            db = open_news(folder)
            number = 0
            try:
                while time.perf_counter() < until:
                    for _ in range(5):
                        number += 1
                        word = write_article(db, number)
                    waits.append(seen_after(server, word))
                    mark_stale(db)
                    count_entities(db) if number % 2 else rebuild_derived(db)
                    time.sleep(0.2)
            except Exception as error:
                failures.append(f"writer: {type(error).__name__}: {error}")

        threads = [threading.Thread(target=read, args=(number,)) for number in range(USERS)]
        threads.append(threading.Thread(target=write))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return {
        "answers": len(statuses),
        "server_errors": sum(status >= 500 for status in statuses),
        "other_errors": sum(400 <= status < 500 for status in statuses),
        "failures": len(failures),
        "first_failure": failures[0] if failures else "",
        "articles_written": 5 * len(waits),
        "longest_wait": round(max(waits, default=99.0), 2),
    }


if __name__ == "__main__":
    print(json.dumps(run_mixed(Path(sys.argv[1]), float(sys.argv[2])), indent=1, ensure_ascii=False))
