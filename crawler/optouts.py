"""Who has asked us not to come: owners by letter (optouts.csv), pages by their own robots marks."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler.site import HOST, SiteError

FILE = Path(__file__).with_name("optouts.csv")
COLUMNS = ["address", "since", "source"]
# A page marked so is asked to be in nobody's index. `noarchive` is no such word: it speaks of showing cached copies.
WORDS = re.compile(r"(?:^|[,;\s])(noindex|none|noai)(?=$|[,;\s])", re.I)
META = re.compile(rb"<meta\s[^>]{0,300}?>", re.I)
NAMED = re.compile(rb"name\s*=\s*[\"']?\s*(robots|unionnews|tdm-reservation)\b", re.I)
CONTENT = re.compile(rb"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
HEAD = 16_384
AGENT = "unionnews"


@dataclass(frozen=True, slots=True)
class OptOut:
    """A host, or a part of it, whose owner wants no visits of ours; `source` says where that was asked."""

    host: str
    path: str
    since: str
    source: str


def load_optouts(*paths: Path) -> tuple[OptOut, ...]:
    """Return the opt-outs of our own list and of further files. Raises SiteError naming file and line."""
    found: list[OptOut] = []
    for path in (FILE, *(p for p in paths if p.is_file())):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            if reader.fieldnames != COLUMNS:
                raise SiteError(f"{path.name}:1: columns {reader.fieldnames}; needed: {','.join(COLUMNS)}")
            for row in reader:
                host, _, rest = (row["address"] or "").strip().lower().partition("/")
                if not HOST.match(host) or not row["source"]:
                    raise SiteError(f"{path.name}:{reader.line_num}: {row['address']!r}; write host or host/path, the"
                                    " day, and who asked")
                found.append(OptOut(host.removeprefix("www."), f"/{rest}", row["since"] or "", row["source"]))
    return tuple(found)


def is_opted_out(optouts: tuple[OptOut, ...], url: str) -> bool:
    """Say whether the owner of an address has asked us to stay away; a host speaks for its subdomains.

    >>> is_opted_out((OptOut("a.vn", "/rieng", "", "letter"),), "https://www.a.vn/rieng/1.html")
    True
    """
    parts = urlsplit(url)
    host, path = parts.netloc.lower(), unquote(parts.path).lower() or "/"
    return any((host == out.host or host.endswith(f".{out.host}")) and path.startswith(out.path) for out in optouts)


def refuses_index(headers: dict[str, str], body: bytes) -> bool:
    """Say whether a page asks, by X-Robots-Tag, robots meta or TDM reservation, not to be kept by programs.

    >>> refuses_index({"x-robots-tag": "noindex, nofollow"}, b"")
    True
    """
    if headers.get("tdm-reservation", "").strip() == "1":
        return True
    named = AGENT
    for part in headers.get("x-robots-tag", "").split(","):
        # An agent's name holds for the words after it, until another is named.
        agent, colon, words = part.rpartition(":")
        named = agent.strip().lower() if colon else named
        if WORDS.search(words) and named in (AGENT, "*"):
            return True
    for tag in META.findall(body[:HEAD]):
        name, content = NAMED.search(tag), CONTENT.search(tag)
        if name and content:
            words = b"".join(content.groups(b"")).decode("latin-1")
            if words.strip() == "1" if name[1].lower() == b"tdm-reservation" else WORDS.search(words):
                return True
    return False
