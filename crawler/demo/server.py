"""The bundled sample sites over real HTTP on loopback: three ports, one for each site."""

import gzip
import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType

from crawler.demo.articles import SITES, DemoError, find_articles
from crawler.demo.aspnet import AspNet
from crawler.demo.cms import EDITIONS, Cms, Reply
from crawler.demo.nukeviet import NukeViet
from crawler.demo.wordpress import WordPress

SOFTWARE: dict[str, type[Cms]] = {"songlam": NukeViet, "nganhnghe": WordPress, "khucongnghiep": AspNet}
SITE_FILES = Path(__file__).parent / "sites"
# Addresses with these ports are what the databases keep, so a second run must find the same ones. Where another
# program holds one of the three, the next three are tried, always in this order.
FIRST_PORT = 8791
PORT_STEP = 10
PORT_TRIES = 20


@dataclass(frozen=True)
class LoggedRequest:
    """One request as the server saw it."""

    time: float
    host: str
    method: str
    path: str
    status: int
    user_agent: str


class SiteServer(ThreadingHTTPServer):
    """One site on its own port."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, owner: "DemoServer", site: str) -> None:
        self.owner = owner
        self.site = site
        super().__init__(("127.0.0.1", port), Handler)
        self.host = f"127.0.0.1:{self.server_port}"
        articles = [article for article in find_articles() if article.site == site]
        self.editions = {edition: SOFTWARE[site](articles, f"http://{self.host}", edition) for edition in EDITIONS}

    def server_bind(self) -> None:
        """Bind without asking for the machine's full name: some resolvers take seconds over 127.0.0.1."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, with validators and gzip, and keeps the log."""

    protocol_version = "HTTP/1.1"
    server_version = "UnionNewsDemo"
    sys_version = ""
    # A client that leaves a connection open must not keep a thread for ever.
    timeout = 30
    server: SiteServer

    def do_GET(self) -> None:
        """Answer with the page."""
        cms = self.server.editions[self.server.owner.edition]
        reply = cms.reply(self.path)
        etag = f'W/"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
        fresh = reply.status == 200 and self.is_fresh(etag, reply)
        body = b"" if fresh else reply.body
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else reply.status)
        self.send_header("Vary", "Accept-Encoding")
        if reply.status == 200:
            self.send_header("ETag", etag)
            if reply.modified:
                self.send_header("Last-Modified", format_datetime(gmt(reply.modified), usegmt=True))
        if not fresh:
            self.send_header("Content-Type", reply.content_type)
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                # No time stamp inside, so that the same page is the same bytes.
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def is_fresh(self, etag: str, reply: Reply) -> bool:
        """Say whether the client's copy is the current one; If-None-Match rules where both are sent (RFC 9110)."""
        if known := self.headers.get("If-None-Match"):
            tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
            return known.strip() == "*" or etag.removeprefix("W/") in tags
        since = self.headers.get("If-Modified-Since")
        if not since or reply.modified is None:
            return False
        try:
            return gmt(reply.modified) <= gmt(parsedate_to_datetime(since))
        except ValueError:
            return False

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep the request in memory instead of printing it."""
        status = int(code) if isinstance(code, (int, HTTPStatus)) else 0
        self.server.owner.record(LoggedRequest(time.time(), self.server.host, self.command, self.path, status,
                                               self.headers.get("User-Agent", "")))

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: a demo's terminal belongs to the crawl."""


class DemoServer:
    """The three sample sites; a context manager.

    >>> with DemoServer(first_port=0) as server:
    ...     sorted(server.hosts)
    ['khucongnghiep', 'nganhnghe', 'songlam']
    """

    def __init__(self, *, first_port: int = FIRST_PORT, edition: int = 1) -> None:
        """`first_port=0` takes any free ports; otherwise three in a row, from there on."""
        self.first_port = first_port
        self.edition = edition
        self.log: list[LoggedRequest] = []
        self.hosts: dict[str, str] = {}
        self._servers: list[SiteServer] = []
        self._lock = threading.Lock()

    @property
    def edition(self) -> int:
        """Which of the two states of the sites is served: 2 corrects one article, drops one and adds one."""
        return self._edition

    @edition.setter
    def edition(self, number: int) -> None:
        if number not in EDITIONS:
            raise DemoError(f"no edition {number!r} of the sample site: have {', '.join(map(str, EDITIONS))}")
        self._edition = number

    def start(self) -> "DemoServer":
        """Bind the ports and serve until `stop`."""
        self._servers = self._bind()
        self.hosts = {server.site: server.host for server in self._servers}
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), name=f"demo-{server.site}", daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving and free the ports."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers = []

    def __enter__(self) -> "DemoServer":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()

    def record(self, request: LoggedRequest) -> None:
        """Add a request to the log."""
        with self._lock:
            self.log.append(request)

    def urls(self) -> dict[str, str]:
        """Return the address of every article of the current edition that robots.txt leaves open, by its id."""
        return {article.id: cms.url(article) for cms in self._current() for article in cms.articles
                if not article.disallowed}

    def site_files(self, folder: Path) -> list[Path]:
        """Write the registry entry of each site into a folder and return the paths."""
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for site in SITES:
            source = SITE_FILES / f"demo-{site}.toml"
            path = folder / source.name
            path.write_text(source.read_text(encoding="utf-8").replace("@host@", self.hosts[site]), encoding="utf-8")
            written.append(path)
        return written

    def _current(self) -> Iterator[Cms]:
        return (server.editions[self.edition] for server in self._servers)

    def _bind(self) -> list[SiteServer]:
        if self.first_port == 0:
            return [SiteServer(0, self, site) for site in SITES]
        for attempt in range(PORT_TRIES):
            first = self.first_port + attempt * PORT_STEP
            bound: list[SiteServer] = []
            try:
                for offset, site in enumerate(SITES):
                    bound.append(SiteServer(first + offset, self, site))
            except OSError:
                for server in bound:
                    server.server_close()
            else:
                return bound
        last = self.first_port + (PORT_TRIES - 1) * PORT_STEP + len(SITES) - 1
        raise DemoError(f"no three free ports in a row from {self.first_port} to {last}; close what holds them")


def gmt(time: datetime) -> datetime:
    """Return a time in GMT, to the second, as HTTP compares it.

    >>> gmt(datetime.fromisoformat("2021-04-01T09:16:00+07:00")).hour
    2
    """
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
