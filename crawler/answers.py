"""What a server's answer means: its headers, how old it says a page is, the class of a failure."""

import gzip
import re
import zlib
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from io import BytesIO

from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response

from crawler.attachments import is_document
from crawler.optouts import refuses_index
from store.addresses import Address, moment

HARD = {"forbidden", "robots", "type", "outside", "opted out", "size"}
SOFT = {"empty", "challenge", "soft 404", "redirected", "loop", "unreadable"}
MAX_STAND_IN = 60_000
# Pictures, papers, archives and programs that are sent as HTML.
NO_TEXT = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04", b"\x7fELF", b"MZ\x90", b"Rar!", b"RIFF",
           b"\xd0\xcf\x11\xe0", b"\x00\x00\x00")
PAGE_TYPES = ("text/", "application/xhtml", "application/xml")
CHALLENGES = re.compile(rb"cdn-cgi/challenge-platform|<title>\s*(?:just a moment|attention required|access denied|"
                        rb"ddos-guard|checking your browser|please wait\.\.\.)|g-recaptcha[^>]{0,200}data-callback|"
                        rb"document\.cookie\s*=\s*[\"']D1N=|_Incapsula_Resource", re.I)
CHALLENGE_MARKS = (b"cdn-cgi/", b"just a moment", b"attention required", b"access denied", b"ddos-guard",
                   b"checking your browser", b"please wait", b"g-recaptcha", b"document.cookie", b"_incapsula_resource")
TITLE = re.compile(rb"<title[^>]*>([^<]{0,300})", re.I)
NOT_FOUND = re.compile(r"^\W*(?:(?:error\s*)?404\b|page not found|not found\b|(?:trang|bài viết|nội dung) không "
                       r"(?:tồn tại|tìm thấy)|không tìm thấy (?:trang|bài viết|nội dung))", re.I)


def validators(known: Address | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed."""
    if known is None or not known.body_hash:
        return {}
    return {name: value for name, value in (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
            if value}


def known_age(known: Address | None, headers: dict[str, str]) -> datetime | None:
    """Return since when the article has been as it is, as far as anybody told us."""
    try:
        return moment(parsedate_to_datetime(headers["last-modified"]).isoformat())
    except (KeyError, ValueError, TypeError, IndexError):
        pass
    if known is None:
        return None
    if known.body_hash:
        return moment(known.first_seen)
    return moment(known.last_modified) if known.last_modified else None


def name_failure(error: BaseException) -> str:
    """Return the class of a failure, as pages.db keeps it."""
    # Our own refusals know their class.
    if isinstance(error, IgnoreRequest) and (own := getattr(error, "failure", None)):
        return str(own)
    if isinstance(error, StopDownload):
        return "type"
    if "HeadersTooLong" in str(error):
        return "size"
    if "redirect" in str(error):
        return "loop"
    name = type(error).__name__
    if isinstance(error, IgnoreRequest) or name == "DownloadCancelledError":
        return "size"
    words = {"CannotResolve": "dns", "Timeout": "timeout", "Refused": "refused", "DataLoss": "cut off", "SSL": "tls"}
    if isinstance(error, (gzip.BadGzipFile, zlib.error, EOFError)):
        return "cut off"
    if "SSL" in str(error) or "certificate" in str(error):
        return "tls"
    return next((word for part, word in words.items() if part in name), "connection")


def failure_class(failure: str) -> str:
    """Return what a failure means for the next try.

    `hard`: the site says no, or there is nothing for us; `soft`: it answers, but with no page; `temporary`: later may
    do.

    >>> [failure_class(name) for name in ("robots", "challenge", "status 503")]
    ['hard', 'soft', 'temporary']
    """
    return "hard" if failure in HARD else "soft" if failure in SOFT else "temporary"


def name_stand_in(body: bytes) -> str | None:
    """Return what stands in for a page: `challenge` (are you human?), `soft 404`, `type`; None where it may be one.

    >>> name_stand_in(b"<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script>")
    'challenge'
    """
    if body.startswith(NO_TEXT):
        return "type"
    # Long pages speak of such things; a page that is one is short.
    if len(body) > MAX_STAND_IN:
        return None
    title = TITLE.search(body)
    lowered = body.lower()
    # Plain words first: nearly every page has none of them, and the pattern takes forty times as long.
    if any(mark in lowered for mark in CHALLENGE_MARKS) and CHALLENGES.search(body):
        return "challenge"
    # Told in the title or nowhere: an article may well be about lost pages.
    return "soft 404" if title and NOT_FOUND.search(unescape(title[1].decode("utf-8", "replace"))) else None


def find_fault(response: Response) -> str | None:
    """Return why an answer holds no page for us, or None where it does."""
    body, status = response.body, response.status
    packed = response.meta.pop("packed", None)
    if status != 200:
        return {401: "forbidden", 403: "forbidden", 429: "retry-after"}.get(status, f"status {status}")
    if packed and is_half_gzip(packed, len(body)):
        return "cut off"
    if not body.strip():
        return "empty"
    if response.meta.get("kind") == "attachment":
        refused = "opted out" if refuses_index(read_headers(response), b"") else None
        return refused if is_document(body) else "type"
    if not (header(response, "Content-Type") or "text/html").strip().lower().startswith(PAGE_TYPES):
        return "type"
    return "opted out" if refuses_index(read_headers(response), body) else name_stand_in(body)


def is_half_gzip(packed: bytes, unpacked_size: int) -> bool:
    """Say whether a gzip body was cut short: unpackers give what there is without complaint.

    >>> is_half_gzip(gzip.compress(b"x" * 99), 99), is_half_gzip(gzip.compress(b"x" * 99)[:-9], 98)
    (False, True)
    """
    if int.from_bytes(packed[-4:], "little") == unpacked_size & 0xFFFFFFFF:
        return False
    try:
        with gzip.GzipFile(fileobj=BytesIO(packed)) as stream:
            while stream.read(2**20):
                pass
    except (OSError, EOFError, zlib.error):
        return True
    return False


def read_headers(response: Response) -> dict[str, str]:
    """Return all response headers, by small name; those sent twice are joined."""
    return {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in sorted(response.headers.items())}


def header(response: Response, name: str) -> str | None:
    """Return one response header as text."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
