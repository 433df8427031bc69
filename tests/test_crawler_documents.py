"""Articles that are a PDF or a Word document, alone or behind a page that only links to them."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from crawler.documents import document_kind, read_document
from crawler.ingest import find_pages
from crawler.page import PageError, read_page
from store.records import Page

PDF = (Path(__file__).parent / "data/pages/com-0-dong.pdf").read_bytes()
FETCHED = "2025-11-21T10:00:00+07:00"
TITLE = "Công đoàn cảng Vũng Rô mở quán cơm 0 đồng cho thợ bốc xếp"
TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
STUB = """<html><head><meta charset="utf-8"><title>{title} - CĐ cảng</title>
<meta property="og:type" content="article"></head>
<body><h1>{title}</h1><p class="date">05/05/2023 08:00</p><div>{text}{link}</div></body></html>"""


def make_docx(paragraphs, rows=()):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


WORD = make_docx(
    [TITLE, "Từ ngày 5/5/2023, thợ bốc xếp của cảng được ăn một bữa cơm nóng mà không phải trả tiền tại căn nhà cũ.",
     "Quán do công đoàn cảng đứng ra lo, mỗi ngày nấu 180 suất từ quỹ tương trợ của đoàn viên."],
    [("Tổ", "Số suất"), ("Tổ 1", "90")],
)  # fmt: skip


def page(body, kind="pdf", url="https://cd.example/tin/com-0-dong.pdf"):
    return Page(url, "demo", body, FETCHED, headers={"content-type": TYPES.get(kind, kind)})


def stub(link, text=""):
    html = STUB.format(title=TITLE, link=link, text=text)
    return Page("https://cd.example/tin/12.html", "demo", html.encode(), FETCHED, headers={"content-type": "text/html"})


def test_a_pdf_is_an_article():
    article = read_page(page(PDF), None)
    assert (article.title, article.evidence["body"]) == (TITLE, "pdf")
    lines = article.body.split("\n")
    assert len(lines) == 7
    assert lines[0].startswith("Từ ngày 5/5/2023") and lines[0].endswith("nay đã sơn lại.")
    assert lines[-1] == "- Tổ 2: ông Mai Xuân Lộc và bà Từ Thị Yên."
    assert [(p.start, p.end, p.role) for p in article.passages] == [(0, len(article.body), "attachment")]


def test_a_word_document_is_an_article_tables_and_all():
    article = read_page(page(WORD, "docx"), None)
    assert article.title == TITLE
    assert article.body.split("\n")[1].startswith("Quán do công đoàn cảng")
    assert read_document(page(WORD, "docx"), "docx")[-2:] == ["Tổ | Số suất", "Tổ 1 | 90"]


def test_documents_are_told_by_their_first_bytes():
    assert document_kind(page(PDF, "application/octet-stream")) == "pdf"
    assert document_kind(page(WORD, "application/octet-stream")) == "docx"
    assert document_kind(page(b"<html>", "text/html")) is None


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/upload/com-0-dong.pdf">Xem chi tiết tại đây</a>',
        '<iframe src="https://docs.google.com/viewer?url=https%3A%2F%2Fcd.example%2Fupload%2Fcom-0-dong.pdf&embedded=true"></iframe>',
        '<iframe src="/pdfjs/web/viewer.html?file=/upload/com-0-dong.pdf"></iframe>',
        '<object data="../upload/com-0-dong.pdf" type="application/pdf"></object>',
    ],
)
def test_a_page_whose_story_is_a_document(link):
    asked = []

    def find(url):
        asked.append(url)
        return page(PDF, url=url)

    lead = "Ban Thường vụ công đoàn cảng trân trọng giới thiệu bài viết của cộng tác viên về quán cơm của thợ bốc xếp."
    article = read_page(stub(link, f"<p>{lead}</p>"), None, find)
    assert asked == ["https://cd.example/upload/com-0-dong.pdf"]
    assert (article.title, article.published_at) == (TITLE, "2023-05-05T08:00:00+07:00")
    assert article.body.startswith(f"{lead}\n") and "180 suất" in article.body
    assert article.evidence["body"].endswith("pdf https://cd.example/upload/com-0-dong.pdf")
    marked = [p for p in article.passages if p.role == "attachment"]
    assert [(p.start, p.end) for p in marked] == [(len(lead) + 1, len(article.body))]


def test_a_page_with_nothing_but_a_document_we_lack_is_told_apart():
    with pytest.raises(PageError, match="attachment"):
        read_page(stub('<a href="/upload/com-0-dong.pdf">Tải về</a>'), None, lambda url: None)


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "<x/>")
        out.writestr("word/document.xml", b"a" * 120_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (b"%PDF-1.4", "pdf", "damaged document"),
        (PDF[:9_000], "pdf", "damaged document|scanned|empty"),
        (PDF.replace(b"endobj", b"endbbj"), "pdf", "damaged document|scanned|empty"),
        (b"PK\x03\x04 nothing", "docx", "damaged document"),
        (WORD[:3_000], "docx", "damaged document"),
        (make_docx([]), "docx", "scanned"),
        (bomb(), "docx", "too large"),
    ],
)
def test_bad_documents_end_with_a_class(body, kind, reason):
    with pytest.raises(PageError, match=reason):
        read_page(page(body, kind), None)


def test_documents_are_taken_from_files(tmp_path):
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "b.docx").write_bytes(WORD)
    pages = list(find_pages(tmp_path))
    assert [page.headers["content-type"] for page in pages] == [TYPES["pdf"], TYPES["docx"]]
    assert [read_page(page, None).title for page in pages] == [TITLE, TITLE]
