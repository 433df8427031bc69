"""Documents that hold an article's story are fetched from its own site, as politely as the article, and read in it."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scripted_site import Answer, ScriptedSite, await_midnight, listing

from crawler.attachments import BIGGEST_STUB, MAX_DOCUMENT, find_wanted
from crawler.parse import parse_pages
from crawler.run import crawl
from crawler.site import Site, load_sites
from store.addresses import VIETNAM
from store.records import Page

PDF = (Path(__file__).parent / "data/pages/com-0-dong.pdf").read_bytes()
DOCUMENT = Answer(PDF, headers={"Content-Type": "application/pdf"})
TITLE = "Công đoàn cảng Vũng Rô mở quán cơm 0 đồng cho thợ bốc xếp"
LEAD = "<p>Trân trọng giới thiệu bài viết của cộng tác viên về quán cơm của thợ bốc xếp ở cảng.</p>"
WHOLE = "".join(f"<p>Quán cơm của công đoàn cảng mở cửa buổi trưa thứ {n}, thợ bốc xếp vào ăn không phải trả tiền, ai "
                "muốn góp gạo góp rau thì ghi vào sổ treo ở cửa bếp.</p>" for n in range(2, 8))


def make_page(*links, text=LEAD):
    hung = "".join(f'<p><a href="{link}">Xem tại đây</a></p>' for link in links)
    return Answer(f"<html><head><title>{TITLE}</title><meta property='og:type' content='article'></head><body>"
                  f"<h1>{TITLE}</h1><p class='date'>05/05/2023 08:00</p><div>{text}{hung}</div></body></html>")


@pytest.fixture
def site(tmp_path):
    with ScriptedSite() as server:
        server.pages |= {"/tin": listing(["/tin/bai-1.html"]), "/tin/bai-1.html": make_page("/upload/bai-1.pdf"),
                         "/upload/bai-1.pdf": DOCUMENT}
        server.folder = server.write(tmp_path / "sites", listings=[f"{server.base}/tin"])
        yield server


def query(path, sql):
    with sqlite3.connect(path) as db:
        return db.execute(sql).fetchall()


def read(tmp_path, site):
    """Parse what was crawled; return the body of the one article, or the reason why there is none."""
    parse_pages(tmp_path, load_sites(site.folder))
    found = query(tmp_path / "news.db", "select body from articles union all select reason from refusals")
    assert len(found) == 1
    return found[0][0]


def test_the_document_of_a_story_is_fetched_kept_and_read(tmp_path, site):
    health = crawl(tmp_path, [], site.folder).sites[0]
    assert (health.state, health.stored, health.requests) == ("ok", 1, len(site.log))
    assert site.paths() == ["/tin", "/tin/bai-1.html", "/upload/bai-1.pdf"]
    assert "application/pdf" in site.log[-1].headers["Accept"]
    assert query(tmp_path / "pages.db", "select kind, status, asked from addresses where url like '%.pdf'") == [
        ("attachment", 200, 0)]
    body = read(tmp_path, site)
    assert body.startswith("Trân trọng giới thiệu") and "180 suất" in body
    # An article, not two; and the second crawl asks whether it has changed, like any page of this server.
    crawl(tmp_path, [], site.folder)
    assert [(asked.path, asked.status) for asked in site.log].count(("/upload/bai-1.pdf", 304)) == 1
    assert query(tmp_path / "news.db", "select state from site_health order by run_id") == [("ok",), ("quiet",)]
    passages = query(tmp_path / "news.db", "select count(*) from passages where role = 'attachment'")
    assert passages == [(1,)]


def test_a_document_that_comes_later_or_changes_is_read_into_its_article(tmp_path, site):
    site.pages["/upload/bai-1.pdf"] = Answer("busy", 500)
    assert crawl(tmp_path, [], site.folder).sites[0].state == "ok"
    assert "180 suất" not in read(tmp_path, site)
    site.pages["/upload/bai-1.pdf"] = DOCUMENT
    crawl(tmp_path, [], site.folder)
    assert "180 suất" in read(tmp_path, site)
    with sqlite3.connect(tmp_path / "pages.db") as db:
        assert db.execute("select count(*) from attachments").fetchone() == (1,)


@pytest.mark.parametrize(("links", "text", "asked"), [
    (["/upload/bai-1.pdf"], WHOLE, []),
    (["/upload/a.pdf", "/upload/b.docx", "/upload/c.pdf"], LEAD, ["/upload/a.pdf", "/upload/b.docx"]),
    (["http://127.0.0.9:9/upload/a.pdf", "ftp://127.0.0.1/a.pdf", "file:///etc/a.pdf"], LEAD, []),
    (["/upload/gi%E1%BA%A5y%20m%E1%BB%9Di.PDF#page=2"], LEAD, ["/upload/gi%E1%BA%A5y%20m%E1%BB%9Di.PDF"]),
    (["/upload/giấy mời.pdf"], LEAD, ["/upload/gi%E1%BA%A5y%20m%E1%BB%9Di.pdf"]),
])
def test_only_what_the_story_needs_and_the_site_has_is_asked_for(tmp_path, site, links, text, asked):
    site.pages["/tin/bai-1.html"] = make_page(*links, text=text)
    crawl(tmp_path, [], site.folder)
    assert site.paths()[2:] == asked


@pytest.mark.parametrize(("answer", "failure"), [
    (Answer("<html>Log in first</html>", headers={"Content-Type": "application/pdf"}), "type"),
    (Answer(PDF, headers={"Content-Type": "image/png"}), "type"),
    (Answer(PDF, headers={"Content-Type": "application/pdf", "X-Robots-Tag": "noindex"}), "opted out"),
    (Answer(b"%PDF-" + b"x" * MAX_DOCUMENT, headers={"Content-Type": "application/pdf"}), "size"),
    (Answer("", 302, {"Location": "http://127.0.0.9:9/a.pdf"}), "outside"),
    (Answer("", 302, {"Location": "/upload/bai-1.pdf"}), "loop"),
    (Answer("no", 403), "forbidden"),
])
def test_bad_documents_cost_nothing_but_themselves(tmp_path, site, answer, failure):
    site.pages["/upload/bai-1.pdf"] = answer
    health = crawl(tmp_path, [], site.folder).sites[0]
    assert (health.state, health.stored, health.failed) == ("ok", 1, 0)
    assert query(tmp_path / "pages.db", "select failure from addresses where url like '%.pdf'") == [(failure,)]


def test_a_redirect_within_the_site_is_followed(tmp_path, site):
    site.pages["/upload/bai-1.pdf"] = Answer("", 302, {"Location": "/kho/2023/bai-1.pdf?tai=1"})
    site.pages["/kho/2023/bai-1.pdf?tai=1"] = DOCUMENT
    crawl(tmp_path, [], site.folder)
    assert "180 suất" in read(tmp_path, site)


def test_robots_budget_and_opt_outs_hold_for_documents(tmp_path, site):
    await_midnight()
    site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /upload/\n", headers={"Content-Type": "text/plain"})
    crawl(tmp_path / "a", [], site.folder)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "optouts.csv").write_text(f"address,since,source\n{site.host}/upload,2025-01-01,a letter\n")
    del site.pages["/robots.txt"]
    crawl(tmp_path / "b", [], site.folder)
    site.write(tmp_path / "sites", listings=[f"{site.base}/tin"], daily_budget=3)
    crawl(tmp_path / "c", [], site.folder)
    assert "/upload/bai-1.pdf" not in site.paths()
    # The budget of another day brings it.
    yesterday = (datetime.now(VIETNAM) - timedelta(days=1)).date().isoformat()
    with sqlite3.connect(tmp_path / "c" / "pages.db") as db:
        db.execute("update site_days set day = ?", [yesterday])
    crawl(tmp_path / "c", [], site.write(tmp_path / "sites", listings=[f"{site.base}/tin"]))
    assert "/upload/bai-1.pdf" in site.paths()


def test_what_is_no_page_at_all_wants_no_document():
    site = Site("cd", "x", "cd.example", "https://cd.example")
    stub = make_page("/x.pdf").body.encode()
    bodies = {b".pdf": 0, b"<a href='a.pdf'>": 0, b"<a href='/x.pdf'>x</a>" * 9_000: 0, b"\x00.pdf": 0, stub: 1,
              stub + b" " * BIGGEST_STUB: 0}
    for body, wanted in bodies.items():
        page = Page("https://cd.example/1", "cd", body, "2025-01-01", 200, {"content-type": "text/html"})
        assert len(find_wanted(page, site)) == wanted
