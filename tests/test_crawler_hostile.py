"""A battery of answers that mean us no good: each ends in its class, nothing hangs, nobody else is connected to."""

import gzip
import json
import os
import sqlite3
import ssl
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from itertools import repeat

import pytest
from scripted_site import Answer, ScriptedSite, article, listing

from crawler.run import crawl

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PIECES = HTML + b"Transfer-Encoding: chunked\r\n\r\n"
HALF_GZIP = gzip.compress(os.urandom(5000).hex().encode())[:2000]
MEMORY = 300 * 1024
AWAY = "http://example.org/tin/x.html"


def page(status=200, body="x", **headers):
    return Answer(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def raw(*pieces):
    return Answer(raw=lambda: iter(pieces))


def endless(head, piece):
    return Answer(raw=lambda: (head if n == 0 else piece for n, _ in enumerate(repeat(0))))


ZEROES = b"0" * (64 * 2**20)
# What the server says, and the class the address ends in; `None` is a page we keep.
BATTERY = {
    "nothing": (page(body=""), "empty"),
    "white space": (page(body=" \n\t" * 50), "empty"),
    "a picture": (page(body=b"\x89PNG", Content_Type="image/png"), "type"),
    "a paper": (page(body=b"%PDF-1.4", Content_Type="application/pdf"), "type"),
    "a film": (page(body=b"\x00" * 99, Content_Type="video/mp4"), "type"),
    "a script": (page(body="alert(1)", Content_Type="application/javascript"), "type"),
    "data": (page(body="{}", Content_Type="application/json"), "type"),
    "any bytes": (page(body=b"\x00\x01", Content_Type="application/octet-stream"), "type"),
    "a picture that says it is a page": (page(body=b"\x89PNG\r\n\x1a\n" + b"x" * 99), "type"),
    "an archive that says it is a page": (page(body=b"PK\x03\x04" + b"x" * 99), "type"),
    "a page of 9 MB": (page(body=b"x" * (9 * 2**20)), "size"),
    "a page that says it is 9 GB": (raw(HTML + b"Content-Length: 9000000000\r\n\r\n", b"x"), "size"),
    "a page without an end": (endless(HTML + b"\r\n", b"x" * 65536), "size"),
    "pieces without an end": (endless(PIECES, b"10000\r\n" + b"x" * 65536 + b"\r\n"), "size"),
    "a gzip bomb": (page(body=gzip.compress(ZEROES), Content_Encoding="gzip"), "size"),
    "a bomb in a bomb": (page(body=gzip.compress(gzip.compress(ZEROES)), Content_Encoding="gzip, gzip"), "size"),
    "a deflate bomb": (page(body=zlib.compress(ZEROES), Content_Encoding="deflate"), "size"),
    "gzip that is none": (page(body=b"no gzip at all", Content_Encoding="gzip"), "cut off"),
    "half a gzip": (page(body=HALF_GZIP, Content_Encoding="gzip"), "cut off"),
    "half a page": (Answer("x" * 1000, cut=10), "cut off"),
    "half of the pieces": (raw(PIECES + b"5\r\nhello\r\n"), "cut off"),
    "pieces of no size": (raw(PIECES + b"zz\r\nhello\r\n"), "cut off"),
    "no answer": (raw(), "connection"),
    "an answer in no language": (raw(b"220 mail.example ESMTP\r\n"), "connection"),
    "noise": (raw(bytes(range(256)) * 40), "connection"),
    "headers without an end": (endless(b"HTTP/1.1 200 OK\r\n", b"X-Y: " + b"z" * 8000 + b"\r\n"), "size"),
    "one header of a megabyte": (raw(HTML + b"X-Y: " + b"z" * 2**20 + b"\r\n\r\nx"), "connection"),
    "a body in drops": (Answer("x" * 100, drip=0.3), "timeout"),
    "headers in drops": (raw(b"HTTP/1.1 200 OK\r\n", "wait", b"A: b\r\n", "wait", b"C: d\r\n", "wait"), "timeout"),
    "silence": (raw("wait", "wait", "wait", "wait"), "timeout"),
    "walled off": (page(403), "forbidden"),
    "a login": (page(401), "forbidden"),
    "a server error": (page(500), "status 500"),
    "a gateway's error": (page(502), "status 502"),
    "busy for now": (page(503, Retry_After="0"), "status 503"),
    "too many": (page(429, Retry_After="0"), "retry-after"),
    "a teapot": (page(418), "status 418"),
    "no content": (page(204, body=""), "status 204"),
    "part of it": (page(206), "status 206"),
    "unchanged, though we never asked": (page(304, body=""), "status 304"),
    "not found, said with 200": (page(body="<title>404 - Không tìm thấy trang</title><p>Xin lỗi"), "soft 404"),
    "are you human?": (page(body="<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"),
                       "challenge"),
    "please do not keep this": (page(body="<meta name='robots' content='noindex'><p>Tin"), "opted out"),
    "please do not keep this, in a header": (page(X_Robots_Tag="unionnews: none"), "opted out"),
    "to itself": (page(302, Location="{self}"), "loop"),
    "nowhere": (page(302), "loop"),
    "home": (page(302, Location="/"), "redirected"),
    "to a script": (page(302, Location="javascript:alert(1)"), "outside"),
    "to a file": (page(302, Location="file:///etc/passwd"), "outside"),
    "to data": (page(302, Location="data:text/html,x"), "outside"),
    "to another service": (page(302, Location="ftp://127.0.0.1/x"), "outside"),
    "to the cloud's metadata": (page(302, Location="http://169.254.169.254/latest/meta-data/"), "outside"),
    "to the cloud's metadata in one number": (page(302, Location="http://2852039166/"), "outside"),
    "to our own machine by name": (page(302, Location="http://localhost:22/tin/x.html"), "outside"),
    "to another door of the host": (page(302, Location="http://127.0.0.1:22/tin/x.html"), "outside"),
    "to IPv6 loopback": (page(302, Location="http://[::1]:80/tin/x.html"), "outside"),
    "to a stranger": (page(301, Location=AWAY), "outside"),
    "to a stranger without a scheme": (page(301, Location="//example.org/tin/x.html"), "outside"),
    "with a password": (page(302, Location="http://a:b@example.org/tin/x.html"), "outside"),
    "to an address of 9000 letters": (page(302, Location="/tin/" + "x" * 9000 + ".html"), "outside"),
    "a page of 100 000 open tags": (page(body="<div>" * 100_000 + "Tin"), None),
    "a page in an unknown encoding": (page(body="Tin", Content_Type="text/html; charset=x-nobody"), None),
    "a page of control characters": (page(body="<p>\x00\x01\x02 Tin"), None),
}


def run_watched(tmp_path, folder):
    """Crawl in a process of its own; return the health, the peak memory in KiB, and whom it connected to."""
    hook, log = tmp_path / "hook", tmp_path / "connects"
    hook.mkdir()
    log.touch()
    (hook / "sitecustomize.py").write_text(
        "import sys\n"
        "def watch(event, args):\n"
        "    if event == 'socket.connect' and isinstance(args[1], tuple):\n"
        f"        open({str(log)!r}, 'a').write(f'{{args[1][0]}}:{{args[1][1]}}\\n')\n"
        "sys.addaudithook(watch)\n")
    script = ("import json, resource, sys; from pathlib import Path; from crawler.run import crawl\n"
              "site = crawl(Path(sys.argv[1]), [], Path(sys.argv[2])).sites[0]\n"
              "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
              "print(json.dumps([site.state, site.stored, site.failed, site.gone, peak]))")
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "data"), str(folder)], check=True,
                          capture_output=True, timeout=240, env={**os.environ, "PYTHONPATH": os.pathsep.join(
                              [str(hook), *sys.path])})
    return json.loads(done.stdout), set(log.read_text().split())


def classes(data):
    with sqlite3.connect(data / "pages.db") as db:
        return dict(db.execute("select url, failure from addresses where kind = 'article'"))


def test_every_hostile_answer_ends_in_its_class(tmp_path):
    assert len(BATTERY) >= 40
    with ScriptedSite() as site:
        paths = {name: f"/tin/bai-{number}.html" for number, name in enumerate(BATTERY)}
        for name, path in paths.items():
            answer = BATTERY[name][0]
            if answer.headers.get("Location") == "{self}":
                answer.headers["Location"] = path
            site.pages[path] = answer
        site.pages["/tin"] = listing(list(paths.values()))
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"], timeout=1.0)
        (_, stored, failed, _, peak), connected = run_watched(tmp_path, folder)
        found = classes(tmp_path / "data")
        assert {name: found.get(site.base + path) for name, path in paths.items()} == {
            name: wanted for name, (_, wanted) in BATTERY.items()}
        kept = sum(wanted is None for _, wanted in BATTERY.values())
        assert (stored, failed) == (kept, len(BATTERY) - kept)
        assert connected == {site.host}
        print(f"{len(BATTERY)} hostile answers, peak {peak / 1024:.0f} MiB")
        assert peak < MEMORY


def test_a_chain_of_redirects_from_article_to_article_has_an_end(tmp_path):
    class Chain(dict):
        def get(self, path, default):
            if not path.startswith("/tin/buoc-"):
                return super().get(path, default)
            number = int(path.removeprefix("/tin/buoc-").removesuffix(".html"))
            return page(302, Location=f"/tin/buoc-{number + 1}.html")

    with ScriptedSite() as site:
        site.pages = Chain({"/tin": listing(["/tin/buoc-1.html", "/tin/vong-a.html"]),
                            "/tin/vong-a.html": page(301, Location="/tin/vong-b.html"),
                            "/tin/vong-b.html": page(301, Location="/tin/vong-a.html")})
        crawl(tmp_path, [], site.write(tmp_path / "sites", listings=[f"{site.base}/tin"]))
        assert len(site.paths()) < 15
        assert "loop" in classes(tmp_path).values()


def test_session_ids_are_one_page(tmp_path):
    with ScriptedSite() as site:
        site.pages["/tin"] = listing([f"/tin/bai-1.html?PHPSESSID={n}" for n in range(50)]
                                     + [f"/tin/bai-1.html;jsessionid={n}A" for n in range(50)])
        site.pages["/tin/bai-1.html"] = article(1)
        assert crawl(tmp_path, [], site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])).sites[0].stored == 1
        assert site.paths() == ["/tin", "/tin/bai-1.html"]


def certificate(tmp_path, days):
    """A self-signed certificate's context; with negative days it has expired too."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "congdoan.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=99),
                                   now + timedelta(days=days)).sign(key, hashes.SHA256())
    path = tmp_path / f"cert{days}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize("days", [9, -9])
def test_a_certificate_nobody_vouches_for(tmp_path, days):
    with ScriptedSite(tls=certificate(tmp_path, days)) as site:
        site.pages["/tin"] = listing(["/tin/bai-1.html"])
        health = crawl(tmp_path, [], site.write(tmp_path / "sites", listings=[f"{site.base}/tin"])).sites[0]
        assert (health.state, "tls" in health.note) == ("failed", True)
        assert site.paths() == []


def test_a_tls_port_that_speaks_plain_http(tmp_path):
    with ScriptedSite() as site:
        base = site.base.replace("http:", "https:")
        health = crawl(tmp_path, [], site.write(tmp_path / "sites", base=base, listings=[f"{base}/tin"])).sites[0]
        assert (health.state, "tls" in health.note) == ("failed", True)


@pytest.mark.parametrize(("robots", "why"), [
    (Answer("User-agent: *\nDisallow: /x\n" * 400_000), "size"), (Answer("User-agent: *\n" * 9, drip=0.3), "timeout"),
    (raw("wait", "wait", "wait"), "timeout"), (raw(b"\x00\x01"), "connection"),
    (page(302, Location="http://169.254.169.254/robots.txt"), "outside"), (page(302, Location="/robots.txt"), "loop"),
])
def test_a_robots_txt_that_cannot_be_read_keeps_us_out(tmp_path, robots, why):
    with ScriptedSite() as site:
        site.pages |= {"/robots.txt": robots, "/tin": listing(["/tin/bai-1.html"]), "/tin/bai-1.html": article(1)}
        folder = site.write(tmp_path / "sites", listings=[f"{site.base}/tin"], timeout=1.0)
        health = crawl(tmp_path, [], folder).sites[0]
        assert site.paths() == []
        assert health.state == "failed"
        assert why in health.note
