"""The version of the parser: it changes whenever a rule does, so no article stays as an older rule left it."""

import re
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from crawler.site import Site

OURS = re.compile(r"^\s*from crawler\.(\w+) import", re.M)
# Sites have a version of their own each; the module only checks their files.
NO_RULES = {"site"}
LIBRARIES = ("lxml", "pdfminer.six", "python-docx", "trafilatura")


@cache
def parser_version() -> str:
    """Return the release and a fingerprint of everything that decides what a page becomes.

    That is the page reader with all it imports, the lists beside it, the families, and the libraries it reads with.
    """
    digest = sha256(" ".join(version(name) for name in LIBRARIES).encode())
    for name, content in sorted(find_rules().items()):
        digest.update(name.encode() + b"\0" + content)
    return f"{version('union-news')}+{digest.hexdigest()[:8]}"


def find_rules() -> dict[str, bytes]:
    """Return the files that decide what a page becomes, by name."""
    folder = files("crawler")
    lists = [*folder.iterdir(), *folder.joinpath("families").iterdir()]
    found = {path.name: path.read_bytes() for path in lists if path.name.endswith(".toml")}
    waiting = ["page"]
    while waiting:
        name = waiting.pop()
        if f"{name}.py" not in found and name not in NO_RULES:
            found[f"{name}.py"] = folder.joinpath(f"{name}.py").read_bytes()
            waiting += OURS.findall(found[f"{name}.py"].decode())
    return found


def site_version(site: Site) -> str:
    """Return a fingerprint of what a site's file says of its articles; its addresses and manners do not count."""
    told = (site.headline, site.lead, site.body, site.published, site.author, site.remove, site.province)
    return sha256(repr(told).encode()).hexdigest()[:8]
