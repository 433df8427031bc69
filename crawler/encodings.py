"""Bytes become text: declared, detected, and repaired where UTF-8 was once read as something else."""

import re
import unicodedata

from charset_normalizer import from_bytes

from store.records import Page

MARKS = [(b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")]
META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.I
)
HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
# What a declaration may be looked for in; it stands in the head, the rest may be megabytes.
HEAD = 4096
SAMPLE = 65536
# Pages name these and hold windows-125x bytes, as browsers know.
BROADER = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
VIETNAMESE = re.compile(r"[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơưăĩũ]", re.I)
# UTF-8 lead bytes of Vietnamese letters, read as Latin-1 or windows-1252.
DOUBLED = re.compile("(?:á[º»\u00ba\u00bb]|Ä[\u0090\u0091‘\u2018\x83\xa8©ƒ]|Æ[°¡¯\xa0]|Ã[\x80-\xbf€-™¡-¿ ]|Ä(?=á))")
# Editors swallow a control character and widen a no-break space: "Ä" + 0x90 is Đ, "Ã" + 0xA0 is à.
LOST = [(re.compile("Ä(?=[áÃÆÄa-z])"), "Ä\x90"), (re.compile("Ã (?=[a-z\\s,.;:)]|$)"), "Ã\xa0")]
# TCVN3 and VNI are fonts over Latin-1, not encodings Python knows; a repair for them goes into this list.
REPAIRS = ("cp1252", "latin-1")


def read_text(page: Page) -> str:
    """Return a page's text in NFC, by its byte-order mark, its own declarations, or detection.

    >>> read_text(Page("u", "s", "Lao động".encode(), "t"))
    'Lao động'
    """
    return unicodedata.normalize("NFC", repair(decode(page.body, declared(page))))


def declared(page: Page) -> list[str]:
    """Return the encodings a page claims, most trusted first: mark, header, crawler, meta."""
    names = [name for mark, name in MARKS if page.body.startswith(mark)]
    content_type = next((v for k, v in page.headers.items() if k.lower() == "content-type"), "")
    header = HEADER.search(content_type)
    if header:
        names.append(header[1])
    if page.encoding:
        names.append(page.encoding)
    meta = META.search(page.body[:HEAD])
    if meta:
        names.append((meta[1] or meta[2]).decode("ascii"))
    return [BROADER.get(name.lower(), name.lower()) for name in names]


def decode(body: bytes, names: list[str]) -> str:
    """Return bytes as text: UTF-8 wherever it fits whole, then what is declared, then what is likely."""
    for name in ["utf-16"] if "utf-16" in names[:1] else ["utf-8-sig"]:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            pass
    for name in names:
        try:
            # One broken byte in a page of UTF-8 must not turn the page into another encoding.
            return body.decode(name, "replace" if name.startswith("utf-8") and is_mostly_utf8(body) else "strict")
        except (LookupError, UnicodeDecodeError):
            continue
    if is_mostly_utf8(body):
        return body.decode("utf-8", "replace")
    best = from_bytes(body[:SAMPLE], cp_isolation=["cp1258", "cp1252", "utf_8", "utf_16"]).best()
    return body.decode(best.encoding if best else "cp1252", "replace")


def is_mostly_utf8(body: bytes) -> bool:
    """Whether nearly every byte above ASCII belongs to a UTF-8 sequence."""
    sample = body[:SAMPLE]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    return high > 0 and broken * 20 <= high


def repair(text: str) -> str:
    """Return text with UTF-8 that was read as Latin-1 put right ("Lao Äá»™ng"); any other text as it is."""
    sample = text[:SAMPLE]
    if len(DOUBLED.findall(sample)) < 2 or len(DOUBLED.findall(sample)) * 2 < len(VIETNAMESE.findall(sample)):
        return text
    for name in REPAIRS:
        mended = "".join(mend_line(line, name) for line in text.splitlines(keepends=True))
        if len(VIETNAMESE.findall(mended[:SAMPLE])) > len(VIETNAMESE.findall(sample)):
            return mended
    return text


def mend_line(line: str, name: str) -> str:
    """Return one line read again as UTF-8; a line that never was doubled, or cannot be mended, stays."""
    if not DOUBLED.search(line):
        return line
    for lost, found in LOST:
        line = lost.sub(found, line)
    try:
        # windows-1252 leaves five bytes undefined; decoders pass them through as control characters.
        return b"".join(encode_one(char, name) for char in line).decode("utf-8")
    except UnicodeError:
        return line


def encode_one(char: str, name: str) -> bytes:
    """Return the byte a character was read from."""
    try:
        return char.encode(name)
    except UnicodeEncodeError:
        if ord(char) < 256:
            return bytes([ord(char)])
        raise
