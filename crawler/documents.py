"""PDF and Word documents become paragraphs, through pdfminer.six and python-docx; bounded, for anyone can send them."""

import logging
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
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
# A line that ends before this share of the column's right edge ends its paragraph.
SHORT = 0.15
# Points by which the first line of a paragraph is set in.
INDENT = 8
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
    """Return the paragraphs of a PDF: the lines of each of its boxes, unwrapped."""
    # Slow to import, and few pages need it.
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTTextBox, LTTextLine
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException

    # It tells of every flaw of every file; what comes of them is told by our refusals.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    found: list[str] = []
    size = 0
    try:
        # Without boxes_flow boxes come from top to bottom, and many of them cost no more than few.
        for number, sheet in enumerate(extract_pages(BytesIO(body), laparams=LAParams(boxes_flow=None))):
            if number >= MOST_PAGES or size > LONGEST:
                raise PageError("too large")
            for box in (box for box in sheet if isinstance(box, LTTextBox)):
                lines = [(line.get_text().strip(), line.x0, line.x1) for line in box if isinstance(line, LTTextLine)]
                if not PAGE_NUMBER.fullmatch(" ".join(text for text, _, _ in lines)):
                    found += unwrap([Printed(*line) for line in lines if line[0]])
                size += sum(len(line[0]) for line in lines)
    except PDFPasswordIncorrect:
        raise PageError("locked document") from None
    except (PSException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, ArithmeticError,
            RecursionError, NotImplementedError, AssertionError, OSError, zlib.error, struct.error) as error:
        # Many damaged files end in Python's own errors.
        raise error if isinstance(error, PageError) else PageError("damaged document") from None
    return join_sheets(found)


@dataclass(frozen=True, slots=True)
class Printed:
    """One line as it is printed: its text, where it begins and ends on the sheet."""

    text: str
    left: float
    right: float


def unwrap(lines: list[Printed]) -> Iterator[str]:
    """Yield paragraphs from the lines of a column: a line that fills it goes on in the next, unless that is indented.

    >>> list(unwrap([Printed("Công đoàn tặng", 70, 500), Printed("quà.", 70, 90), Printed("Bế mạc.", 70, 180)]))
    ['Công đoàn tặng quà.', 'Bế mạc.']
    """
    left, right = min((line.left for line in lines), default=0), max((line.right for line in lines), default=0)
    paragraph = ""
    for at, line in enumerate(lines):
        before = lines[at - 1]
        centred = len(lines) > 1 and line.left > left + INDENT and line.right < right - INDENT
        full = before.right >= right - SHORT * (right - left) or centred
        indented = line.left > left + INDENT and not centred
        if paragraph and not is_item(line.text) and (line.text[:1].islower() or (full and not indented)):
            paragraph = f"{paragraph} {line.text}"
        else:
            if paragraph:
                yield paragraph
            paragraph = line.text
    if paragraph:
        yield paragraph


def join_sheets(paragraphs: list[str]) -> list[str]:
    """Return paragraphs, those cut in two by the end of a sheet made whole."""
    joined: list[str] = []
    for text in paragraphs:
        if joined and text[:1].islower() and not is_item(text) and not STOPS.search(joined[-1]):
            joined[-1] = f"{joined[-1]} {text}"
        else:
            joined.append(text)
    return joined


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
