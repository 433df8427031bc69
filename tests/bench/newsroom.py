"""How fast the pages are: `python tests/bench/newsroom.py make 20000 FOLDER`, then `… load FOLDER [--cold]`."""

import argparse
import http.client
import itertools
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets"), str(ROOT / "tests" / "bench")]

from generated import GIVEN, GOALS, MIDDLES, NOUNS, PLACES, SURNAMES, TRADES, VIRTUES, make_news  # noqa: E402

from nlp.serve import serve_command, serve_environment  # noqa: E402
from store.db import read_news  # noqa: E402
from store.text import fold  # noqa: E402

USERS = 8
LIMITS = {"search": 100, "campaign": 200, "article": 60, "home": 100}


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Server:
    """Datasette over a folder's news.db on loopback, as `unionnews serve` starts it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        environment = serve_environment(folder) | {"PYTHONPATH": f"{ROOT}:{ROOT / 'datasets'}"}
        self.process = subprocess.Popen(
            serve_command("127.0.0.1", self.port), env=environment, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> "Server":
        for _ in range(300):
            try:
                if self.get("/-/health")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the server does not answer")

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def cpu(self) -> float:
        """Return the seconds of CPU the server has used, in all its processes."""
        parent = psutil.Process(self.process.pid)
        times = [one.cpu_times() for one in (parent, *parent.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))

    def get(self, path: str, connection: http.client.HTTPConnection | None = None) -> tuple[int, int, float]:
        """Fetch one page; return its status, size and milliseconds."""
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        size = len(answer.read())
        return answer.status, size, 1000 * (time.perf_counter() - start)


def words(random_: random.Random) -> str:
    """Return what a reader might type: names, goods, numbers; with and without marks, phrases, beginnings."""
    kinds = [
        lambda: f"{random_.choice(VIRTUES)} {random_.choice(GOALS)}",
        lambda: f"{random_.choice(SURNAMES)} {random_.choice(MIDDLES)} {random_.choice(GIVEN)}",
        lambda: f"công đoàn {random_.choice(TRADES)} {random_.choice(PLACES)}",
        lambda: f"{random_.randint(1000, 99999)} {random_.choice(NOUNS)}",
        lambda: f'"{random_.choice(VIRTUES)} {random_.choice(GOALS)}" -{random_.choice(GIVEN)}',
        lambda: f"{random_.choice(PLACES)} {random_.choice(NOUNS)} {random_.randint(2, 90)}",
        lambda: random_.choice(("công đoàn", "lao động", "phong trào", "đoàn viên", "sáng kiến", "phát động")),
    ]
    typed = random_.choice(kinds)()
    return typed if random_.random() < 0.5 else fold(typed)


def addresses(folder: Path, kind: str, seed: int) -> Iterator[str]:
    """Yield the addresses one user asks for, one after the other, without end."""
    random_ = random.Random(seed)
    db = read_news(folder)
    most = db.execute("select max(id) from articles").fetchone()[0]
    slugs = [
        row[0] for row in db.execute("select slug from entities where kind = 'campaign' order by article_count desc")
    ]
    weights = list(itertools.accumulate(1 / place for place in range(1, len(slugs) + 1)))
    make: dict[str, Callable[[], str]] = {
        "home": lambda: "/",
        "article": lambda: f"/articles/{random_.randint(1, most)}",
        "campaign": lambda: f"/campaigns/{quote(random_.choices(slugs, cum_weights=weights)[0])}",
        "search": lambda: f"/search?q={quote_plus(words(random_))}",
    }
    while True:
        yield make[kind if kind in make else random_.choices(list(make), weights=(1, 4, 2, 3))[0]]()


def run_load(
    server: Server, folder: Path, kind: str, seconds: float, pause: float = 0.0, seed: int = 1000
) -> list[tuple[int, int, float]]:
    """Let the users ask for pages of a kind, each the next as soon as the last has come and a pause has passed."""
    results: list[tuple[int, int, float]] = []
    until = time.perf_counter() + seconds

    def ask(user: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for address in addresses(folder, kind, seed=seed + user):
            if time.perf_counter() > until:
                return
            results.append(server.get(address, connection))
            time.sleep(pause)

    users = [threading.Thread(target=ask, args=(number,)) for number in range(USERS)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    return results


def main() -> None:
    """Make a database, or measure one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("make", "load"))
    parser.add_argument("rest", nargs="+")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds a user reads before the next page")
    asked = parser.parse_args()
    if asked.what == "make":
        start = time.perf_counter()
        path = make_news(Path(asked.rest[1]), int(asked.rest[0]))
        print(f"{path}: {path.stat().st_size / 1e6:.0f} MB in {time.perf_counter() - start:.0f} s")
        return
    folder = Path(asked.rest[0])
    # The readers are a process of their own; what it takes of the same cores is told beside what the server takes.
    print("| page | requests | p50 ms | p95 ms | limit | server CPU ms a page | readers' | largest KB | errors |")
    print("|---|---|---|---|---|---|---|---|---|")
    with Server(folder) as server:
        for kind in asked.rest[1:] or LIMITS:
            run_load(server, folder, kind, 2, seed=9000)
            before, own = server.cpu(), time.process_time()
            results = run_load(server, folder, kind, asked.seconds, asked.pause)
            cpu = 1000 * (server.cpu() - before) / len(results)
            readers = 1000 * (time.process_time() - own) / len(results)
            times = [ms for _, _, ms in results]
            p95 = statistics.quantiles(times, n=20)[-1]
            bad = sum(status != 200 for status, _, _ in results)
            largest = max(size for _, size, _ in results) / 1000
            p50 = statistics.median(times)
            told = [kind, str(len(times)), f"{p50:.0f}", f"{p95:.0f}", str(LIMITS.get(kind, ""))]
            print(f"| {' | '.join([*told, f'{cpu:.1f}', f'{readers:.1f}', f'{largest:.0f}', str(bad)])} |")


if __name__ == "__main__":
    main()
