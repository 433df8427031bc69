"""A real HTTP server on loopback that says what a test tells it to, and remembers what it was asked."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from store.addresses import VIETNAM


@dataclass
class Answer:
    """What one path is answered with; `after` other answers may follow one by one."""

    body: bytes | str = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    wait: float = 0.0
    cut: int | None = None
    drip: float = 0.0
    # Sent as it is, in pieces, instead of an answer of HTTP; "wait" among them makes a pause of a second.
    raw: object = None


@dataclass(frozen=True)
class Asked:
    """One request, from its arrival to the end of its answer."""

    path: str
    status: int
    began: float
    ended: float
    headers: dict
    answer_headers: dict = field(default_factory=dict)


class ScriptedSite:
    """`pages` maps a path with its query to an Answer, or a list of them given in turn, the last for ever."""

    def __init__(self, host="127.0.0.1", tls=None):
        self.pages = {}
        self.log = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20
            # Headers and body go out in two writes; the second would wait 40 ms for the first to be acknowledged.
            disable_nagle_algorithm = True

            def do_GET(self):
                outer.answer(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.server.daemon_threads = True
        # A client that does not like our certificate says so; that is no error of the test.
        self.server.handle_error = lambda *_: None
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.host = f"{host}:{self.server.server_port}"
        self.base = f"{'https' if tls else 'http'}://{self.host}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        began = time.monotonic()
        told = self.pages.get(request.path, Answer("not here", 404))
        if isinstance(told, list):
            told = told.pop(0) if len(told) > 1 else told[0]
        body = told.body.encode() if isinstance(told.body, str) else told.body
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        status = told.status
        if status == 200 and request.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        time.sleep(told.wait)
        if told.raw is not None:
            self.send_raw(request, told.raw() if callable(told.raw) else told.raw)
            self.log.append(Asked(request.path, 0, began, time.monotonic(), dict(request.headers)))
            return
        try:
            request.send_response(status)
            headers = {"Content-Type": "text/html; charset=utf-8", "ETag": etag, **told.headers}
            for name, value in headers.items():
                if value is not None:
                    request.send_header(name, value)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            if told.drip:
                for byte in body:
                    request.wfile.write(bytes([byte]))
                    time.sleep(told.drip)
            else:
                request.wfile.write(body if told.cut is None else body[: told.cut])
            if told.cut is not None:
                request.close_connection = True
        except OSError:
            request.close_connection = True
        self.log.append(Asked(request.path, status, began, time.monotonic(), dict(request.headers),
                              told.headers))

    def send_raw(self, request, pieces):
        """Send pieces of bytes until the other side has had enough, and close."""
        request.close_connection = True
        try:
            for piece in pieces:
                if piece == "wait":
                    time.sleep(1)
                else:
                    request.wfile.write(piece)
        except OSError:
            pass

    def paths(self, since=0):
        """The paths asked for, robots.txt left out."""
        return [asked.path for asked in self.log[since:] if asked.path != "/robots.txt"]

    def write(self, folder, name="thu", **keys):
        """Write a site file for this server."""
        folder.mkdir(exist_ok=True)
        known = {"title": "Trang thử", "domain": self.host, "base": self.base, "local": True, "delay": 0.0,
                 "article_pattern": r"^/tin/[^/]+\.html$", **keys}
        lines = [f"{key} = {toml(value)}" for key, value in known.items() if value is not None]
        (folder / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder


def toml(value):
    """Write a value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(toml(v) for v in value)}]"
    return f"'{value}'" if isinstance(value, str) else str(value)


def article(number, text="Công đoàn cơ sở trao quà cho đoàn viên."):
    """A small article page of our own prose."""
    title = f"Bài {number}"
    return Answer(f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>")


def listing(paths, following=None):
    """A listing page."""
    links = "".join(f'<h3><a href="{path}">{path}</a></h3>' for path in paths)
    more = f'<a class="next" href="{following}">Trang sau</a>' if following else ""
    return Answer(f"<html><body>{links}{more}</body></html>")


def small_site(site, articles=6, per_page=2):
    """Fill a server with articles, a listing in pages, a feed of the first two and a sitemap of all but the last."""
    paths = [f"/tin/bai-{n}.html" for n in range(1, articles + 1)]
    for number, path in enumerate(paths, 1):
        site.pages[path] = article(number)
    parts = [paths[i : i + per_page] for i in range(0, articles, per_page)]
    for number, part in enumerate(parts, 1):
        following = f"/tin?page={number + 1}" if number < len(parts) else None
        site.pages["/tin" if number == 1 else f"/tin?page={number}"] = listing(part, following)
    items = "".join(f"<item><link>{site.base}{path}</link></item>" for path in paths[:2])
    site.pages["/rss"] = Answer(f"<rss version='2.0'><channel>{items}</channel></rss>",
                                headers={"Content-Type": "application/rss+xml"})
    urls = "".join(f"<url><loc>{site.base}{path}</loc></url>" for path in paths[:-1])
    site.pages["/sitemap.xml"] = Answer(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>",
                                        headers={"Content-Type": "application/xml"})
    return paths


def await_midnight(within=30.0):
    """Let midnight in Vietnam pass where it is near: for a test that must begin and end on one day of the budget."""
    now = datetime.now(VIETNAM)
    left = (datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), VIETNAM) - now).total_seconds()
    if left < within:
        time.sleep(left + 0.1)


SOURCES = ("feeds", "sitemaps", "listings")


def all_sources(site):
    """The keys of a site file for `small_site`."""
    return {"feeds": [f"{site.base}/rss"], "sitemaps": [f"{site.base}/sitemap.xml"], "listings": [f"{site.base}/tin"],
            "next_page": "a.next"}
