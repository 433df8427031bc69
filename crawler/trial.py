"""Try the page reader on one page, from the web or a file, and tell each field with its evidence."""

import gzip
import zlib
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from urllib.robotparser import RobotFileParser

from crawler.archive import Revisit
from crawler.ingest import find_pages
from crawler.page import BIGGEST, read_page
from crawler.refusals import PageError
from crawler.settings import USER_AGENT
from crawler.site import Site, load_sites
from store.addresses import stamp
from store.records import Article, Page

SECONDS = 30
WIDTH = 100
FIELDS = ("title", "author", "source", "published_at", "updated_at", "section", "canonical_url", "body")


class TrialError(ValueError):
    """A page cannot be tried: it is not there, or its site does not want us to ask."""


def try_page(target: str, sites_dir: Path | None = None) -> str:
    """Return what a page becomes, a line a field: value and evidence. Raises TrialError for what is no article."""
    page = fetch(target) if urlsplit(target).scheme in ("http", "https") else load(Path(target))
    site = next((site for site in load_sites(sites_dir) if site.owns(page.url)), None)
    try:
        return "\n".join(describe(read_page(page, site), site))
    except PageError as error:
        raise TrialError(f"{target}: refused as {error}; an article needs a headline and a Vietnamese text") from None


def describe(article: Article, site: Site | None) -> Iterator[str]:
    """Yield the lines that tell an article's fields, then its text with the role of each part."""
    yield f"{'site':<14} {site.name if site else 'none of the registry'}"
    for name in FIELDS:
        value = getattr(article, name)
        if name == "body":
            value = f"{len(value.split())} words in {value.count(chr(10)) + 1} lines"
        yield f"{name:<14} {value or '-'}" + (f"   [{article.evidence[name]}]" if name in article.evidence else "")
    roles = {passage.start: passage.role for passage in article.passages}
    start = 0
    for line in article.body.split("\n"):
        yield f"{roles.get(start, ''):<14} {line if len(line) <= WIDTH else line[: WIDTH - 1] + '…'}"
        start += len(line) + 1


def load(path: Path) -> Page:
    """Return the first page of a file. Raises TrialError where there is none."""
    item = next((item for item in find_pages(path) if not isinstance(item, Revisit)), None)
    if isinstance(item, Page):
        return item
    told = f"{item[0]}: {item[1]}" if item else f"{path}: no page in it; name an HTML, text, PDF or Word file"
    raise TrialError(told)


def fetch(url: str) -> Page:
    """Return a page from the web, asked for once and only where robots.txt allows it."""
    parts = urlsplit(url)
    robots = RobotFileParser()
    try:
        robots.parse(ask(f"{parts.scheme}://{parts.netloc}/robots.txt")[0].decode("utf-8", "replace").splitlines())
    except TrialError as error:
        if "HTTP Error 404" not in str(error):
            raise
        robots.parse([])
    if not robots.can_fetch(USER_AGENT, url):
        raise TrialError(f"{url}: its robots.txt keeps it from us; save the page by hand and try the file")
    body, headers = ask(url)
    return Page(url, parts.hostname or "trial", body, stamp(), headers=headers, source="trial")


def ask(url: str) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of an address. Raises TrialError with the reason."""
    request = Request(url, headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"})
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            body = answer.read(BIGGEST + 1)
            headers = {name.lower(): value for name, value in answer.headers.items()}
        if headers.get("content-encoding") == "gzip":
            body = zlib.decompressobj(wbits=31).decompress(body, BIGGEST + 1)
    except (URLError, HTTPException, OSError, ValueError, zlib.error, gzip.BadGzipFile) as error:
        raise TrialError(f"{url}: {error}; check the address and the connection") from None
    return body, headers
