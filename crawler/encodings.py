"""Bytes become text: declared, detected, and repaired where UTF-8 was once read as something else."""

import re
import unicodedata

from charset_normalizer import from_bytes

from crawler.legacy import mend_legacy, spelling
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
LEADS = ("áº", "á»", "Ä", "Æ", "Ã")
# Editors swallow a control character and widen a no-break space: "Ä" + 0x90 is Đ, "Ã" + 0xA0 is à.
LOST = [(re.compile("Ä(?=[áÃÆÄa-z])"), "Ä\x90"), (re.compile("Ã (?=[a-z\\s,.;:)]|$)"), "Ã\xa0")]
WESTERN = ("cp1252", "latin-1", "iso-8859-1")
# Such a share of the accented words must be spelt right before a guess overrules a declaration.
SPELT = 0.9
ESCAPED = {0xDC00 + byte: chr(byte) for byte in range(0x80, 0x100)}
REPAIRS = ("cp1252", "latin-1")


def read_text(page: Page) -> str:
    """Return a page's text in NFC, by its byte-order mark, its own declarations, or detection.

    >>> read_text(Page("u", "s", "Lao động".encode(), "t"))
    'Lao động'
    """
    return decode_page(page)[0]


def name_encoding(page: Page) -> str:
    """Return the name of the encoding a page turned out to be in, as its row keeps it."""
    return decode_page(page)[1]


def decode_page(page: Page) -> tuple[str, str]:
    """Return a page's text in NFC and what it was written in, with every repair named.

    >>> decode_page(Page("u", "s", "Liªn ®oµn Lao ®éng".encode("cp1252"), "t"))
    ('Liên đoàn Lao động', 'tcvn3')
    """
    text, name = decode(page.body, declared(page))
    doubled = repair(text)
    if doubled != text:
        text, name = doubled, f"{name}, utf-8 misread"
    elif legacy := mend_legacy(text):
        text, name = legacy[0], legacy[1] if name in WESTERN else f"{name}, {legacy[1]}"
    composed = unicodedata.normalize("NFC", text)
    return composed, f"{name}, decomposed" if composed != text and name != "cp1258" else name


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


def decode(body: bytes, names: list[str]) -> tuple[str, str]:
    """Return bytes as text, and as what: UTF-8 wherever it fits whole, then what is declared, then what is likely."""
    first = "utf-16" if names[:1] == ["utf-16"] else "utf-8"
    try:
        return body.decode("utf-8-sig" if first == "utf-8" else first), first
    except UnicodeDecodeError:
        pass
    # One broken byte in a page of UTF-8 must not turn the page into another encoding.
    if is_mostly_utf8(body) and (not names or any(name.startswith("utf-8") for name in names)):
        return body.decode("utf-8", "replace"), "utf-8"
    # Servers say windows-1252 of whatever they do not know: bytes of 1258 and of the old fonts are taken for that.
    western = decode_western(body)
    if mend_legacy(western):
        return western, "cp1252"
    vietnamese = decode_one(body, "cp1258")
    if vietnamese is not None and spelling(vietnamese[:SAMPLE]) > (SPELT, 1) and not is_spelt(body, names):
        return vietnamese, "cp1258"
    for name in names:
        if (text := decode_one(body, name)) is not None:
            return text, name
    if is_mostly_utf8(body):
        return body.decode("utf-8", "replace"), "utf-8"
    best = from_bytes(body[:SAMPLE], cp_isolation=["cp1258", "cp1252", "utf_8", "utf_16"]).best()
    name = best.encoding if best else "cp1252"
    return (western, name) if name == "cp1252" else (body.decode(name, "replace"), name)


def is_spelt(body: bytes, names: list[str]) -> bool:
    """Say whether a declared encoding gives Vietnamese as it is spelt."""
    texts = (decode_one(body, name) for name in names if name not in WESTERN)
    return any(text is not None and spelling(text[:SAMPLE])[0] > SPELT for text in texts)


def decode_one(body: bytes, name: str) -> str | None:
    """Return bytes read in one encoding, or None where it is unknown or does not fit."""
    try:
        return body.decode(name)
    except (LookupError, UnicodeError):
        return None


def decode_western(body: bytes) -> str:
    """Return bytes as windows-1252, its five empty places as the control characters of Latin-1."""
    return body.decode("cp1252", "surrogateescape").translate(ESCAPED)


def is_mostly_utf8(body: bytes) -> bool:
    """Whether nearly every byte above ASCII belongs to a UTF-8 sequence."""
    sample = body[:SAMPLE]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    return high > 0 and broken * 20 <= high


def repair(text: str) -> str:
    """Return text with UTF-8 that was read as Latin-1 put right ("Lao Äá»™ng"); any other text as it is."""
    sample = text[:SAMPLE]
    if not any(lead in sample for lead in LEADS):
        return text
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
