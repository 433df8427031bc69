"""PDF and Word documents become lines of text, through pypdf and python-docx; bounded, for anyone can send them."""

import logging
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from crawler.lines import is_item
from crawler.refusals import LONGEST, PageError
from store.records import Page
from store.text import normalize

KINDS = {
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
ENDINGS = (".pdf", ".docx")
MOST_PAGES = 200
BIGGEST_UNPACKED = 100_000_000
# A line that reaches so far into the column goes on in the next one.
FULL = 0.8
PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-–]?", re.I)
STOPS = re.compile(r"[.!?:;]['”\"»)]*$")


def document_kind(page: Page) -> str | None:
    """Return pdf or docx for a page that is such a document by type or by its first bytes, else None."""
    content_type = next((v.lower() for k, v in page.headers.items() if k.lower() == "content-type"), "")
    kind = KINDS.get(content_type.partition(";")[0].strip())
    if page.body.startswith(b"%PDF-"):
        return "pdf"
    if page.body.startswith(b"PK\x03\x04") and (kind == "docx" or b"word/" in page.body[:4_000]):
        return "docx"
    return kind


def read_document(page: Page, kind: str) -> list[str]:
    """Return the paragraphs of a document. Raises PageError where it is damaged, locked, too large or only pictures."""
    found = [normalize(line).replace("\n", " ") for line in (read_pdf if kind == "pdf" else read_docx)(page.body)]
    found = [line for line in found if line]
    if not found:
        raise PageError("scanned")
    return found


def read_pdf(body: bytes) -> list[str]:
    """Return the paragraphs of a PDF: its lines, unwrapped."""
    # Slow to import, and few pages need it.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # It tells of every flaw of every file; what comes of them is told by our refusals.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pieces: list[str] = []
    size = 0
    try:
        reader = PdfReader(BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PageError("locked document")
        for number, sheet in enumerate(reader.pages):
            if number >= MOST_PAGES:
                raise PageError("too large")
            lines = [line.strip() for line in sheet.extract_text().split("\n")]
            pieces += strip_numbers(lines)
            size += sum(map(len, lines))
            if size > LONGEST:
                raise PageError("too large")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, ArithmeticError,
            RecursionError, NotImplementedError, AssertionError, OSError, ImportError) as error:
        # pypdf leaves many damaged files to Python's own errors.
        raise error if isinstance(error, PageError) else PageError("damaged document") from None
    return list(unwrap(pieces))


def strip_numbers(lines: list[str]) -> list[str]:
    """Return a sheet's lines without the page number at its top or foot."""
    while lines and (not lines[0] or PAGE_NUMBER.fullmatch(lines[0])):
        lines = lines[1:]
    while lines and (not lines[-1] or PAGE_NUMBER.fullmatch(lines[-1])):
        lines = lines[:-1]
    return lines


def unwrap(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs from the lines of a column: a line that fills it goes on in the next.

    >>> list(unwrap(["Công đoàn cơ sở đã tặng quà cho đoàn", "viên dịp Tết.", "Hội nghị bế mạc."]))
    ['Công đoàn cơ sở đã tặng quà cho đoàn viên dịp Tết.', 'Hội nghị bế mạc.']
    """
    lengths = sorted(len(line) for line in lines if line)
    column = lengths[int(len(lengths) * 0.9)] if lengths else 0
    paragraph = last = ""
    for line in lines:
        goes_on = bool(paragraph and line) and not is_item(line) and not line.isupper() and (
            line[:1].islower() or (len(last) >= FULL * column and not STOPS.search(last) and not last.isupper())
        )
        if goes_on:
            paragraph = f"{paragraph} {line}"
        else:
            if paragraph:
                yield paragraph
            paragraph = line
        last = line
    if paragraph:
        yield paragraph


def read_docx(body: bytes) -> list[str]:
    """Return the paragraphs and table rows of a Word document, in order."""
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from lxml import etree

    try:
        with zipfile.ZipFile(BytesIO(body)) as packed:
            if sum(item.file_size for item in packed.infolist()) > BIGGEST_UNPACKED:
                raise PageError("too large")
        found: list[str] = []
        for part in Document(BytesIO(body)).iter_inner_content():
            if isinstance(part, Paragraph):
                found += part.text.split("\n")
            elif isinstance(part, Table):
                for row in part.rows:
                    # A merged cell comes once for each column it spans.
                    cells = list(dict.fromkeys(re.sub(r"\s+", " ", cell.text).strip() for cell in row.cells))
                    found.append(" | ".join(cell for cell in cells if cell))
            if sum(map(len, found[-50:])) > LONGEST or len(found) > LONGEST // 20:
                raise PageError("too large")
    except (OpcError, zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, AttributeError, OSError,
            RecursionError, NotImplementedError) as error:
        raise error if isinstance(error, PageError) else PageError("damaged document") from None
    return found
