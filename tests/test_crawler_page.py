"""Pages of the systems union sites run on become clean articles, with the rules for their family and without them."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from crawler import page as page_module
from crawler.families import FamilyError, find_family, load_families, make_family
from crawler.markup import parse_html
from crawler.page import PageError, read_draft, read_page
from crawler.page_dates import find_stamps, read_moment, read_stamp
from store.records import Page
from store.text import normalize

DATA = Path(__file__).parent / "data"
EXPECTED = tomllib.loads((DATA / "pages/expected.toml").read_text("utf-8"))
DATES = tomllib.loads((DATA / "cases/page_dates.toml").read_text("utf-8"))
FETCHED = "2025-11-21T10:00:00+07:00"


def page(body, url="https://congdoan.example/tin/bai-viet-12.html", **more):
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url, "demo", body if isinstance(body, bytes) else body.encode(), FETCHED, headers=headers, **more)


def stored(name):
    return page((DATA / "pages" / name).read_bytes())


@pytest.mark.parametrize("case", EXPECTED["page"], ids=lambda case: case["file"])
def test_families(case):
    article = read_page(stored(case["file"]), None)
    assert article.title == case["title"]
    assert article.author == case.get("author")
    assert (article.published_at, article.updated_at) == (case["published_at"], case.get("updated_at"))
    assert article.body.split("\n") == normalize(case["body"]).split("\n")
    assert article.section == case.get("section", article.section)


def words_f1(got, want):
    got, want = Counter(re.findall(r"\w+", got)), Counter(re.findall(r"\w+", want))
    return 2 * (got & want).total() / (got.total() + want.total())


def test_without_family_rules(monkeypatch):
    monkeypatch.setattr(page_module, "find_family", lambda tree: None)
    scores = []
    for case in EXPECTED["page"]:
        article = read_page(stored(case["file"]), None)
        scores.append(words_f1(article.body, normalize(case["body"])))
        assert article.title == case["title"], case["file"]
        assert article.published_at[:10] == case["published_at"][:10], case["file"]
    assert sum(scores) / len(scores) >= 0.95, scores


@pytest.mark.parametrize("case", EXPECTED["refused"], ids=lambda case: case["file"])
def test_no_articles(case):
    with pytest.raises(PageError, match=case["reason"]):
        read_page(stored(case["file"]), None)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://congdoan.example/", "home"),
        ("https://congdoan.example/tag/thi-dua", "tag"),
        ("https://congdoan.example/?s=thi+dua", "search"),
        ("https://congdoan.example/vi/news/print/tin/bai-12.html", "print"),
        ("https://congdoan.example/chuyen-muc/tin-tuc/page/3/", "listing"),
        ("https://congdoan.example/Print.aspx?NewsID=12", "print"),
        ("https://congdoan.example/users/login/", "login"),
    ],
)
def test_addresses_of_no_articles(url, reason):
    with pytest.raises(PageError, match=reason):
        read_page(page((DATA / "pages/nukeviet4.html").read_bytes(), url), None)


@pytest.mark.parametrize("case", DATES["case"], ids=lambda case: case["text"])
def test_page_dates(case):
    assert [s.iso for s in find_stamps(case["text"], read_moment(FETCHED)) if s.role != "clock"] == case["want"]


@pytest.mark.parametrize("case", DATES["stamp"], ids=lambda case: case["text"])
def test_machine_stamps(case):
    assert read_stamp(case["text"], read_moment(FETCHED)) == (case["want"] or None)


def test_each_field_says_where_it_came_from():
    draft = read_draft(stored("nukeviet4.html"), None)
    assert {name: draft.evidence[name] for name in ("title", "body", "published_at")} == dict.fromkeys(
        ("title", "body", "published_at"), "nukeviet"
    )


def test_families_are_told_by_fingerprints():
    found = {
        name: find_family(parse_html((DATA / f"pages/{name}.html").read_text("utf-8")))
        for name in (
            "nukeviet4",
            "nukeviet3",
            "wordpress_block",
            "dotnetnuke",
            "sharepoint",
            "newspaper_lede",
            "homemade",
        )
    }
    assert [family.name if family else None for family in found.values()] == [
        "nukeviet",
        "nukeviet",
        "wordpress",
        "dotnetnuke",
        "sharepoint",
        "newspaper",
        None,
    ]
    assert len(load_families()) >= 5


def test_a_bad_family_file_is_named():
    with pytest.raises(FamilyError, match=r"x\.toml: unknown key 'titel'; known: author"):
        make_family("x.toml", 'titel = ["h1"]')
    with pytest.raises(FamilyError, match=r"x\.toml: title: 'h1\[': .*; write a CSS selector"):
        make_family("x.toml", 'title = ["h1["]')


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe",
        b"<html>",
        b"<script>" + b"x" * 200_000 + b"</script>",
        b"<div>" * 10_000 + "Công đoàn".encode(),
        b"<html><body>" + b"<p>a</p>" * 50_000,
        b"\xff\xd8\xff\xe0" * 500,
    ],
)
def test_hostile_pages_end_with_a_reason(body):
    with pytest.raises(PageError):
        read_page(page(body), None)


def test_other_types_are_refused():
    bare = Page(
        "https://congdoan.example/a.zip", "demo", b"PK", FETCHED, headers={"Content-Type": "application/zip"}
    )
    with pytest.raises(PageError, match="no text"):
        read_page(bare, None)


def test_a_page_too_large_for_a_newsroom_is_refused():
    with pytest.raises(PageError, match="too large"):
        read_page(page("<p>Công đoàn cơ sở trao quà cho đoàn viên có hoàn cảnh khó khăn.</p>" * 50_000), None)


def test_pictures_and_scripts_written_into_a_page_do_not_count():
    text = (DATA / "pages/nukeviet4.html").read_text("utf-8")
    heavy = text.replace("</h1>", f'</h1><img src="data:image/png;base64,{"A" * 4_000_000}"><script>{"x" * 9}</script>')
    assert read_page(page(heavy), None).body == read_page(page(text), None).body


TRAPS = """<html><head><meta charset="utf-8"><title>Trao quà cho đoàn viên ở bến cá Gành Đỏ - CĐ</title>
{head}</head><body>
<div class="top">{clock}</div><h1>Trao quà cho đoàn viên ở bến cá Gành Đỏ</h1>{date}
<p>Ngày 21.9, công đoàn bến cá trao 45 phần quà cho đoàn viên có tàu hỏng sau trận bão đầu mùa.</p>
<p>Mỗi phần quà gồm 700.000 đồng và hai can dầu, do các chủ vựa và công đoàn huyện cùng góp.</p>{foot}</body></html>"""
FUTURE = "2031-01-01T00:00:00+07:00"
LD = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"%s"}</script>'


@pytest.mark.parametrize(
    ("parts", "want"),
    [
        ({"date": "<p>21/09/2021 15:25</p>"}, "2021-09-21T15:25:00+07:00"),
        ({"clock": "Thứ sáu, 21/11/2025", "foot": "<p>Ngày đăng: 21/09/2021</p>"}, "2021-09-21"),
        ({"clock": "Thứ sáu, 21/11/2025"}, None),
        ({"clock": "Thứ sáu, 21/11/2025 10:01"}, None),
        ({"clock": "Hôm nay: 20/11/2025", "date": "Thứ ba, 21/9/2021, 15:25 (GMT+7)"}, "2021-09-21T15:25:00+07:00"),
        ({"head": LD % FUTURE, "date": "<p>02/10/2021 04:39:42 PM</p>"}, "2021-10-02T16:39:42+07:00"),
        ({"head": LD % FUTURE}, None),
        ({"date": "<p>12/12/2031 08:00</p>", "head": LD % "2021-09-21T08:25:00Z"}, "2021-09-21T15:25:00+07:00"),
        ({"date": "Cập nhật lần cuối: 30/9/2021", "head": LD % "2021-09-21T15:25:00"}, "2021-09-21T15:25:00+07:00"),
        ({"date": "<p>12:05:09 AM 21/09/2021</p>"}, "2021-09-21T00:05:09+07:00"),
        ({"date": "<span>Ngày đăng</span><br><span>21/09/2021</span>"}, "2021-09-21"),
        ({"date": "<p>Ngày 21 tháng 9 năm 2021</p>", "clock": "21/11/2025 09:59:30 AM"}, "2021-09-21"),
    ],
)
def test_date_traps_of_whole_pages(parts, want):
    html = TRAPS.format(**{"head": "", "clock": "", "date": "", "foot": ""} | parts)
    assert read_page(page(html), None).published_at == want


def test_a_wordpress_address_without_names_is_an_article():
    assert read_page(page((DATA / "pages/wordpress_block.html").read_bytes(), "https://cd.example/?p=812"), None).title
    with pytest.raises(PageError, match="listing"):
        read_page(page((DATA / "pages/wordpress_block.html").read_bytes(), "https://cd.example/tin-tuc?p=3"), None)
