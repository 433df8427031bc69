"""What a server's answer means: its headers, how old it says a page is, the class of a failure."""

from datetime import datetime
from email.utils import parsedate_to_datetime

from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response

from store.addresses import Address, moment


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
    if "redirect" in str(error):
        return "loop"
    name = type(error).__name__
    if isinstance(error, IgnoreRequest) or name == "DownloadCancelledError":
        return "size"
    words = {"CannotResolve": "dns", "Timeout": "timeout", "Refused": "refused", "DataLoss": "cut off", "SSL": "tls"}
    if "SSL" in str(error) or "certificate" in str(error):
        return "tls"
    return next((word for part, word in words.items() if part in name), "connection")


def read_headers(response: Response) -> dict[str, str]:
    """Return all response headers, by small name; those sent twice are joined."""
    return {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in sorted(response.headers.items())}


def header(response: Response, name: str) -> str | None:
    """Return one response header as text."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
