"""`unionnews sites --try`: each field of one page with its evidence."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from crawler.trial import TrialError, try_page

PAGES = Path(__file__).parent / "data/pages"


def test_a_file_is_told_field_by_field():
    told = try_page(str(PAGES / "wordpress_block.html")).split("\n")
    assert "author         Tân Phú   [wordpress]" in told
    assert "updated_at     2023-07-20T09:00:00+07:00   [json-ld]" in told
    assert "heading        Thầy giáo là công nhân" in told
    assert sum(line.startswith("row ") for line in told) == 2


def test_what_is_no_article_is_said_in_one_line(tmp_path):
    with pytest.raises(TrialError, match=r"listing\.html: refused as listing"):
        try_page(str(PAGES / "listing.html"))
    with pytest.raises(TrialError, match="no page in it"):
        try_page(str(tmp_path))
    with pytest.raises(TrialError, match="check the path"):
        try_page(str(tmp_path / "none.html"))


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        robots = self.path == "/robots.txt"
        body = b"User-agent: *\nDisallow: /kin/" if robots else (PAGES / "nukeviet4.html").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain" if robots else "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_an_address_is_asked_where_robots_allow_it(site):
    told = try_page(f"{site}/tin/1.html")
    assert "title          Công đoàn Than Mạo Khê khởi công nhà ở cho thợ lò   [nukeviet]" in told
    with pytest.raises(TrialError, match=r"robots\.txt keeps it from us"):
        try_page(f"{site}/kin/1.html")


def test_a_dead_address_is_said_in_one_line():
    with pytest.raises(TrialError, match="check the address"):
        try_page("http://127.0.0.1:9/tin/1.html")
