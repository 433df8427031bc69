"""Measure the crawler on loopback with the waits off: python tests/bench/crawl.py [PAGES] [--memory].

Pages a second beside a bare Scrapy spider that only saves bodies, over the same server in the same run, alternating;
with --memory one crawl of ten times as many pages, and what the process held on the way.
"""

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets")]
PART = 5_000
ROUNDS = 3
PARAGRAPH = ("<p>Công đoàn cơ sở thăm hỏi đoàn viên, trao quà cho gia đình khó khăn và nghe ý kiến về bữa ăn giữa ca. "
             "Buổi gặp diễn ra ngay tại xưởng, sau giờ tan ca, với sự có mặt của các tổ trưởng sản xuất.</p>\n")
BARE = """
import sys, scrapy, hashlib, pathlib
from scrapy.crawler import CrawlerProcess
base, pages, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for number in range(pages):
            yield scrapy.Request(f"{base}/tin/bai-{number}.html")
    def parse(self, response):
        (folder / hashlib.sha1(response.url.encode()).hexdigest()).write_bytes(response.body)
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
                          "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": False})
process.crawl(Bare)
process.start()
"""


class Handler(BaseHTTPRequestHandler):
    """Answers with a sitemap index, its parts, and as many articles as anyone asks for."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    pages = 0

    def do_GET(self) -> None:
        """Answer."""
        body, kind = self.make_body()
        status = 200 if body else 404
        self.wfile.write(f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                         + body)

    def make_body(self) -> tuple[bytes, str]:
        """Return the body of a path."""
        base = f"http://{self.headers['Host']}"
        if self.path == "/sitemap.xml":
            parts = "".join(f"<sitemap><loc>{base}/part-{n}.xml</loc></sitemap>" for n in range(-(-self.pages // PART)))
            return f"<sitemapindex>{parts}</sitemapindex>".encode(), "application/xml"
        number = int("".join(filter(str.isdigit, self.path)) or 0)
        if self.path.startswith("/part-"):
            numbers = range(number * PART, min((number + 1) * PART, self.pages))
            urls = "".join(f"<url><loc>{base}/tin/bai-{n}.html</loc></url>" for n in numbers)
            return f"<urlset>{urls}</urlset>".encode(), "application/xml"
        if not self.path.startswith("/tin/"):
            return b"", "text/plain"
        head = f"<html><head><title>Bài {number}</title></head><body><h1>Bài {number}</h1>"
        return (head + PARAGRAPH * (20 + number % 40)).encode(), "text/html; charset=utf-8"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(pages: int, port: "multiprocessing.Queue[int]") -> None:
    """Be the server, in a process of its own."""
    Handler.pages = pages
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port.put(server.server_port)
    server.serve_forever()


def start_server(pages: int) -> tuple[multiprocessing.Process, str]:
    """Start a server of so many pages; return it with its address."""
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(pages, port), daemon=True)
    server.start()
    return server, f"http://127.0.0.1:{port.get()}"


def write_site(folder: Path, base: str) -> Path:
    """Write the site file."""
    folder.mkdir()
    (folder / "bench.toml").write_text(
        f'title = "x"\ndomain = "{base[7:]}"\nbase = "{base}"\nlocal = true\ndelay = 0.0\n'
        f"sitemaps = ['{base}/sitemap.xml']\narticle_pattern = '^/tin/'\n", encoding="utf-8")
    return folder


def time_ours(base: str, folder: Path, pages: int) -> float:
    """Return our pages a second, start-up left in."""
    from crawler.run import crawl

    began = time.monotonic()
    stored = crawl(folder / "data", [], write_site(folder / "sites", base)).total("stored")
    assert stored == pages, stored
    return pages / (time.monotonic() - began)


def time_bare(base: str, folder: Path, pages: int) -> float:
    """Return a bare spider's pages a second, start-up left in."""
    bodies = folder / "bodies"
    bodies.mkdir()
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", BARE, base, str(pages), str(bodies)], check=True)
    took = time.monotonic() - began
    assert len(list(bodies.iterdir())) == pages
    return pages / took


def measure_speed(pages: int) -> dict[str, float]:
    """Return the median pages a second of both, and their ratio.

    Scrapy's own eight at a time against our one: with one, a bare spider waits for its own timers most of the time.
    """
    server, base = start_server(pages)
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for name, measure in (("ours", time_ours), ("bare", time_bare)):
            with TemporaryDirectory() as folder:
                rates[name].append(measure(base, Path(folder), pages))
    server.kill()
    found = {name: round(statistics.median(values), 1) for name, values in rates.items()}
    return {"pages": pages, **found, "ratio": round(found["ours"] / found["bare"], 3)}


def measure_memory(pages: int) -> dict[str, float]:
    """Return the crawler's resident MiB at a tenth of the pages and at the end, and the greatest between."""
    server, base = start_server(pages)
    marks: dict[int, float] = {}
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        sites = write_site(Path(folder) / "sites", base)
        script = ("import sys; from pathlib import Path; from crawler.run import crawl;"
                  "crawl(Path(sys.argv[1]), [], Path(sys.argv[2]))")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2])}
        process = subprocess.Popen([sys.executable, "-c", script, str(data), str(sites)], env=environment)
        import sqlite3

        while process.poll() is None:
            time.sleep(1)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            try:
                child = children.read_text().split()[0]
                resident = int(Path(f"/proc/{child}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                with sqlite3.connect(f"file:{data}/pages.db?mode=ro", uri=True, timeout=10) as db:
                    (stored,) = db.execute("select max(rowid) from pages").fetchone()
            except (OSError, IndexError, sqlite3.Error):
                continue
            # A process that has ended, and that nobody has asked after yet, holds nothing.
            if resident:
                marks[stored or 0] = resident / 2**20
    server.kill()
    after = {stored: mib for stored, mib in marks.items() if stored >= pages // 10}
    first = after[min(after)]
    return {"pages": pages, "mib_at_a_tenth": round(first, 1), "mib_at_the_end": round(after[max(after)], 1),
            "greatest_mib": round(max(after.values()), 1),
            "growth_percent": round(100 * (max(after.values()) / first - 1), 1)}


def main() -> None:
    """Measure and print JSON."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    pages = numbers[0] if numbers else 2_000
    print(json.dumps(measure_memory(pages) if "--memory" in sys.argv else measure_speed(pages), indent=1))


if __name__ == "__main__":
    main()
