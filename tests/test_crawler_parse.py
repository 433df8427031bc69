"""Stored pages become articles once, again only when page or parser changed, always in one order."""

import dataclasses
import json
import socket
from pathlib import Path

import pytest

from crawler import parse
from crawler.families import load_families
from crawler.parse import parse_pages
from crawler.site import make_site
from store.addresses import mark_gone, mark_moved
from store.db import open_news, open_pages
from store.pages import save_page
from store.records import Page

AT, LATER = "2024-06-01T08:00:00+07:00", "2024-06-02T08:00:00+07:00"
HTML = """<html><head><meta charset="utf-8"><meta property="og:type" content="article">
<title>{title} - CĐ</title></head><body><h1>{title}</h1><p>{lead}</p>
<p>Buổi lễ có đông đủ cán bộ công đoàn của các phân xưởng tham dự từ đầu giờ sáng.</p></body></html>"""
SITE = make_site(
    "mo", {"title": "Mỏ", "domain": "mo.example", "base": "https://mo.example/", "body": "div.bai"}, "mo.toml"
)


def page(number, site="demo", lead="Ba tổ sản xuất của xưởng nhận giấy khen vì an toàn trong quý vừa qua.", at=AT):
    body = HTML.format(title=f"Khen thưởng tổ sản xuất số {number}", lead=lead)
    return Page(
        f"https://{site}.example/tin-{number}.html", site, body.encode(), at, headers={"content-type": "text/html"}
    )


@pytest.fixture
def data(tmp_path):
    pages = open_pages(tmp_path)
    for item in (page(2), page(1), page(3, "mo")):
        save_page(pages, item)
    save_page(pages, Page("https://demo.example/tag/khen-thuong", "demo", b"<html><p>x</p></html>", AT))
    return tmp_path


def articles(data):
    return [(r["id"], r["url"]) for r in open_news(data).query("select id, url from articles order by id")]


def test_pages_are_parsed_once_and_in_order(data):
    seen = []
    summary = parse_pages(data, [SITE], progress=seen.append)
    assert (summary.new, summary.refused, dict(summary.reasons)) == (3, 1, {"tag": 1})
    assert articles(data) == [
        (1, "https://demo.example/tin-1.html"),
        (2, "https://demo.example/tin-2.html"),
        (3, "https://mo.example/tin-3.html"),
    ]
    assert len(seen) == 4
    again = parse_pages(data, [SITE])
    assert (again.new, again.changed, again.same, again.refused, again.skipped) == (0, 0, 0, 0, 4)


def test_a_changed_page_changes_its_article_alone(data):
    parse_pages(data, [])
    save_page(
        open_pages(data),
        page(1, lead="Bốn tổ sản xuất của xưởng nhận giấy khen vì an toàn trong quý vừa qua.", at=LATER),
    )
    summary = parse_pages(data, [])
    assert (summary.new, summary.changed, summary.skipped) == (0, 1, 3)
    rows = list(
        open_news(data).query("select a.id, a.lead, r.body from articles a join revisions r on r.article_id = a.id")
    )
    assert [(r["id"], r["lead"][:3], r["body"][:2]) for r in rows] == [(1, "Bốn", "Ba")]


def test_everything_again_changes_nothing(data):
    parse_pages(data, [])
    summary = parse_pages(data, [], everything=True)
    assert (summary.new, summary.changed, summary.same, summary.refused) == (0, 0, 3, 1)


def test_a_new_parser_reads_every_page(data, monkeypatch):
    parse_pages(data, [])
    monkeypatch.setattr(parse, "parser_version", lambda: "next")
    assert parse_pages(data, []).same == 3
    assert parse_pages(data, []).skipped == 4


def test_an_interrupted_run_is_finished_to_the_same_rows(data, tmp_path_factory):
    seen = []

    def stop(count):
        seen.append(count)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parse_pages(data, [], progress=stop)
    assert len(articles(data)) == 1
    summary = parse_pages(data, [])
    assert (summary.new, [a[0] for a in articles(data)]) == (2, [1, 2, 3])


def test_gone_moved_and_back(data):
    parse_pages(data, [])
    pages = open_pages(data)
    mark_gone(pages, "https://demo.example/tin-1.html", "demo", 410, LATER, None)
    mark_moved(pages, "https://demo.example/tin-2.html", "demo", 301, "https://demo.example/tin-22.html", LATER, None)
    assert parse_pages(data, []).gone == 1
    rows = {
        r["id"]: (r["url"][-11:], r["gone_at"]) for r in open_news(data).query("select * from articles order by id")
    }
    assert rows[1] == ("/tin-1.html", LATER)
    assert rows[2][0].endswith("tin-22.html")
    save_page(pages, page(1, at=LATER))
    parse_pages(data, [])
    assert open_news(data).execute("select count(*) from articles where gone_at is not null").fetchone()[0] == 0


def test_site_selectors_come_first(data):
    body = HTML.replace(
        "<p>{lead}</p>",
        "<p>{lead}</p><div class='bai'><p>Phần này mới là bài viết theo lời của tệp trang, "
        "gồm một đoạn duy nhất nói về bữa cơm ca ba ở mỏ.</p></div>",
    )
    text = body.format(title="Bữa cơm ca ba ở mỏ", lead="Đoạn này đứng ngoài khung của bài viết và không được giữ lại.")
    save_page(open_pages(data), Page("https://mo.example/tin-9.html", "other", text.encode(), AT))
    parse_pages(data, [SITE])
    row = next(open_news(data).query("select * from articles where url = 'https://mo.example/tin-9.html'"))
    assert row["body"].startswith("Phần này mới là bài viết") and "\n" not in row["body"]


def snapshot(data):
    rows = open_news(data).query("select * from articles order by id")
    return {row["url"]: tuple(row.items()) for row in rows}


def test_a_rule_change_touches_only_the_articles_it_changes(data, monkeypatch):
    parse_pages(data, [SITE])
    before = snapshot(data)
    monkeypatch.setattr(parse, "parser_version", lambda: "next")
    monkeypatch.setattr(socket, "socket", None)
    read = parse.read_page

    def renamed(page, *more):
        article = read(page, *more)
        return dataclasses.replace(article, author="Thu Hà") if "tin-2" in page.url else article

    monkeypatch.setattr(parse, "read_page", renamed)
    summary = parse_pages(data, [SITE])
    assert (summary.new, summary.changed, summary.same, dict(summary.fields)) == (0, 1, 2, {"author": 1})
    after = snapshot(data)
    assert [url for url in before if before[url] != after[url]] == ["https://demo.example/tin-2.html"]


def test_a_changed_family_rule_is_followed(data, monkeypatch):
    page = (Path(__file__).parent / "data/pages/nukeviet4.html").read_bytes()
    url = "https://nv.example/vi/news/tin/nha-o-12.html"
    save_page(open_pages(data), Page(url, "nv", page, AT, headers={"content-type": "text/html; charset=utf-8"}))
    parse_pages(data, [])
    before = snapshot(data)
    families = tuple(
        dataclasses.replace(family, title=("div.hometext",)) if family.name == "nukeviet" else family
        for family in load_families()
    )
    monkeypatch.setattr("crawler.families.load_families", lambda: families)
    monkeypatch.setattr(parse, "parser_version", lambda: "next")
    summary = parse_pages(data, [])
    after = snapshot(data)
    assert [url for url in before if before[url] != after[url]] == [url]
    assert (summary.changed, summary.same) == (1, 3)
    assert summary.fields["title"] == 1 and "author" not in summary.fields


def test_a_changed_site_file_touches_that_site_alone(data):
    parse_pages(data, [SITE])
    told = dataclasses.replace(SITE, remove=("p:nth-of-type(2)",))
    summary = parse_pages(data, [told])
    assert (summary.changed, summary.same, summary.skipped, dict(summary.fields)) == (1, 0, 3, {"body": 1})
    assert parse_pages(data, [told]).skipped == 4


def test_passages_and_evidence_are_kept(data):
    html = HTML.replace("</body>", "<h3>Ba tổ được khen</h3><ul><li>Tổ khoan số 5</li></ul><p>Lễ khen thưởng kết thúc "
                        "lúc mười giờ sáng cùng ngày tại hội trường.</p></body>")
    text = html.format(title="Khen thưởng tổ khoan số 5", lead="Ba tổ sản xuất của xưởng nhận giấy khen trong quý qua.")
    save_page(open_pages(data), Page("https://demo.example/tin-7.html", "demo", text.encode(), AT))
    parse_pages(data, [])
    sql = """select substr(a.body, p.start + 1, p.end - p.start), p.role, a.evidence from passages p
             join articles a on a.id = p.article_id where a.url like '%tin-7.html' order by p.start"""
    rows = open_news(data).execute(sql).fetchall()
    assert [row[:2] for row in rows] == [("Ba tổ được khen", "heading"), ("Tổ khoan số 5", "item")]
    assert json.loads(rows[0][2])["title"] == "heading"
