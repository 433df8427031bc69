"""Readers while `unionnews refresh` writes: `python tests/bench/live.py FOLDER SECONDS [WAVE]`; news is seen in 5 s."""

import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote_plus

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets"), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

from generated import GIVEN, MIDDLES, SURNAMES, TRADES  # noqa: E402
from newsroom import Server, addresses  # noqa: E402
from scripted_site import Answer, ScriptedSite  # noqa: E402

from store.db import read_news  # noqa: E402

USERS = 6
SENTENCES = (
    "Ngày {day}/{month}/2024, Công đoàn Công ty {trade} Bến Sậy trao {n} suất quà cho đoàn viên khó khăn.",
    "Ông {person}, Chủ tịch Công đoàn Công ty {trade} Bến Sậy, cho biết đã có {n} đoàn viên tham gia phong trào.",
    "Dịp này, {n} cá nhân được tặng Bằng khen vì thành tích trong phong trào “Lao động giỏi, lao động sáng tạo”.",
    "Cả đợt quyên góp được {n} triệu đồng, sửa {n} căn nhà cho người lao động ở xa.",
)


def write_page(number: int, word: str) -> Answer:
    """Return an article page of invented news in which one word stands that stands nowhere else."""
    random_ = random.Random(number)
    person = f"{random_.choice(SURNAMES)} {random_.choice(MIDDLES)} {random_.choice(GIVEN)}"
    lines = [
        frame.format(day=number % 28 + 1, month=number % 12 + 1, trade=random_.choice(TRADES), person=person,
                     n=random_.randint(12, 900)) for frame in SENTENCES * 2
    ]  # fmt: skip
    title = f"Tin {word} về bữa cơm ca đêm"
    body = "".join(f"<p>{line}</p>" for line in [f"Đợt {word} đã bắt đầu ở nhiều nơi trong tháng này.", *lines])
    day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}T08:00:00+07:00"
    meta = f'<meta property="article:published_time" content="{day}">'
    return Answer(f"<html><head><title>{title}</title>{meta}</head><body><article><h1>{title}</h1>{body}</article></body></html>")  # noqa: E501


class Waves:
    """A site on loopback that gets so many new articles before every refresh."""

    def __init__(self, folder: Path, wave: int) -> None:
        self.site, self.wave, self.paths = ScriptedSite(), wave, []
        self.stamp = int(time.time())
        self.folder = self.site.write(folder / "sites", "live", sitemaps=[f"{self.site.base}/sitemap.xml"])

    def __enter__(self) -> "Waves":
        self.site.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.site.__exit__(*error)

    def publish(self) -> None:
        """Put the next wave on the site."""
        for number in range(len(self.paths), len(self.paths) + self.wave):
            path = f"/tin/bai-{number}.html"
            self.site.pages[path] = write_page(number, f"dotmoi{self.stamp}x{number}")
            self.paths.append(path)
        urls = "".join(f"<url><loc>{self.site.base}{path}</loc></url>" for path in self.paths)
        xml = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
        self.site.pages["/sitemap.xml"] = Answer(xml, headers={"Content-Type": "application/xml"})


def refresh(folder: Path, sites: Path) -> subprocess.CompletedProcess[str]:
    """Run the command a scheduler runs."""
    command = [sys.executable, "-m", "nlp.cli", "--data", str(folder), "refresh", "--sites-dir", str(sites)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'datasets'}"}
    return subprocess.run([*command, "--for", "1", "--json"], env=environment, cwd=ROOT, text=True, capture_output=True)


def seen_after(server: Server, number: int, word: str, limit: float = 20.0) -> float:
    """Return how many seconds it takes until a search finds an article that is in the database, and its page opens."""
    start = time.perf_counter()
    while time.perf_counter() - start < limit:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", f"/search.json?q={quote_plus(word)}")
        answer = json.loads(connection.getresponse().read())
        if answer["total"] and server.get(f"/articles/{number}")[0] == 200:
            return time.perf_counter() - start
        time.sleep(0.02)
    return limit


def run_mixed(folder: Path, seconds: float, wave: int = 100) -> dict[str, object]:
    """Let users read and refresh after refresh write; return answers, errors, and the longest wait for news."""
    statuses: Counter[int] = Counter()
    failures: list[str] = []
    waits: list[float] = []
    runs: list[dict[str, object]] = []
    db = read_news(folder)
    (before,) = db.execute("select coalesce(max(id), 0) from articles").fetchone()
    with Server(folder) as server, Waves(folder, wave) as waves:
        until = time.perf_counter() + seconds

        def read(user: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            extra = itertools.cycle((
                "/news/figures.json?_size=20", f"/figures?unit={quote_plus('suất quà')}", "/-/health", "/-/metrics",
                "/feeds/search.atom?q=tin", "/about", "/search.json?q=dotmoi*&sort=date",
            ))  # fmt: skip
            for number, address in enumerate(addresses(folder, "mixed", seed=user)):
                if time.perf_counter() > until:
                    return
                address = next(extra) if number % 5 == 4 else address
                try:
                    status = server.get(address, connection)[0]
                    statuses[status] += 1
                    if status >= 400:
                        failures.append(f"{address}: {status}")
                except (OSError, http.client.HTTPException) as error:
                    failures.append(f"{address}: {error}")
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

        def write() -> None:
            while time.perf_counter() < until:
                waves.publish()
                done = refresh(folder, waves.folder)
                # 3 is a refresh that read all it was given: a site of one sitemap lists less than it might.
                if done.returncode not in (0, 3) or "lock" in done.stderr.lower():
                    failures.append(f"refresh: {done.returncode} {done.stderr[-300:]}")
                runs.append({"exit": done.returncode})

        def watch() -> None:
            watched = read_news(folder)
            last = before
            while time.perf_counter() < until:
                row = watched.execute("select id, title from articles where id > ? order by id desc", [last]).fetchone()
                if row:
                    last = row[0]
                    waits.append(seen_after(server, last, row[1].split()[1]))
                time.sleep(0.2)

        threads = [threading.Thread(target=read, args=(number,)) for number in range(USERS)]
        threads += [threading.Thread(target=write), threading.Thread(target=watch)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    fresh = "select count(*), count(extractor) from articles where id > ?"
    written, extracted = db.execute(fresh, [before]).fetchone()
    (findings,) = db.execute("select count(*) from figures where article_id > ?", [before]).fetchone()
    return {
        "answers": sum(statuses.values()),
        "server_errors": sum(n for status, n in statuses.items() if status >= 500),
        "other_errors": sum(n for status, n in statuses.items() if 400 <= status < 500),
        "failures": len(failures),
        "first_failure": failures[0] if failures else "",
        "refreshes": len(runs),
        "articles_written": written,
        "articles_read": extracted,
        "figures_written": findings,
        "times_looked": len(waits),
        "longest_wait": round(max(waits, default=99.0), 2),
    }


if __name__ == "__main__":
    told = run_mixed(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 100)
    print(json.dumps(told, indent=1, ensure_ascii=False))
