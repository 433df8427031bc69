"""The registry: one TOML file a site in crawler/sites/, checked when it is loaded."""

import re
import tomllib
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator

from crawler.hosts import DEFAULT_PORTS, is_private_name
from store.reference import load_reference
from store.text import name_key

FOLDER = Path(__file__).resolve().parent / "sites"
LEVELS = ("central", "sector", "province", "district", "press")
MIN_DELAY = 1.0
HOST = re.compile(r"(?!-)[a-z0-9.-]+(:\d{1,5})?\Z")
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
# What a site may cost its owner in a day, robots.txt and all; a site file may ask for less, or for so much at most.
DAILY_BUDGET, MAX_DAILY_BUDGET = 5_000, 20_000
TIMEOUT, MAX_TIMEOUT = 30.0, 120.0
ARROW = " -> "
SELECTORS = ("next_page", "article_link", "headline", "lead", "body", "published", "author")


class SiteError(ValueError):
    """A site file cannot be used as it stands."""


@dataclass(frozen=True)
class Site:
    """One site: where it lists its articles, what an article's address looks like, where its parts stand.

    `aliases` are other hosts that show the same pages (amp., m.); `drop_query` are query keys that change no page;
    `rewrite` turns the paths of second views (print, savefile) into the article's, "pattern -> replacement" each;
    the selectors are CSS. `local` marks a server of our own, on loopback: only such a site may be asked faster.
    """

    name: str
    title: str
    domain: str
    base: str
    organization: str | None = None
    level: str | None = None
    province: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    article_pattern: str | None = None
    drop_query: tuple[str, ...] = ()
    rewrite: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    next_page: str | None = None
    article_link: str | None = None
    headline: str | None = None
    lead: str | None = None
    body: str | None = None
    published: str | None = None
    author: str | None = None
    remove: tuple[str, ...] = ()
    delay: float = MIN_DELAY
    timeout: float = TIMEOUT
    daily_budget: int | None = None
    min_articles: int = 0
    local: bool = False
    verified: bool = False
    evidence: str | None = None
    file: str = field(default="", compare=False)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Every host[:port] of this site, `www.` or not."""
        named = {self.domain, urlsplit(self.base).netloc.lower(), *self.aliases}
        bare = {host.removeprefix("www.") for host in named}
        return frozenset(named | bare | {f"www.{host}" for host in bare if not self.local})

    @cached_property
    def rewrites(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """The patterns and replacements of `rewrite`."""
        pairs = (line.partition(ARROW) for line in self.rewrite)
        return tuple((re.compile(pattern.strip()), new.strip()) for pattern, _, new in pairs)

    @property
    def names_sources(self) -> bool:
        """Whether the site file says where to look; else the front page has to do."""
        return bool(self.feeds or self.sitemaps or self.listings)

    @property
    def budget(self) -> int | None:
        """How many requests a day this site may get; None for a server of our own that names no number."""
        return self.daily_budget or (None if self.local else DAILY_BUDGET)

    @cached_property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """(kind, url) of what is asked at every crawl; a site that names none is read from its front page."""
        named = [*(("feed", url) for url in self.feeds), *(("sitemap", url) for url in self.sitemaps),
                 *(("listing", url) for url in self.listings)]
        return tuple(named) or (("listing", self.base),)

    def owns(self, url: str) -> bool:
        """Say whether an address is http(s) and on one of the site's hosts."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        host = (parts.hostname or "") + (f":{port}" if port and port != DEFAULT_PORTS.get(parts.scheme) else "")
        return parts.scheme in DEFAULT_PORTS and parts.username is None and host in self.hosts


KEYS = {f.name: f for f in fields(Site) if f.name not in ("name", "file")}
LISTS = {name for name, f in KEYS.items() if str(f.type).startswith("tuple")}
REQUIRED = ("title", "domain", "base")


def site_names(folder: Path | None = None) -> list[str]:
    """Return the names of all sites, sorted."""
    return sorted(path.stem for path in (folder or FOLDER).glob("*.toml"))


def load_site(name: str, folder: Path | None = None) -> Site:
    """Return one site. Raises SiteError naming the file, the offender and what would do."""
    path = (folder or FOLDER) / f"{name}.toml"
    if not NAME.match(name) or not path.is_file():
        raise SiteError(f"no site {name!r}: have {', '.join(site_names(folder)) or 'none'}")
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SiteError(f"{path.name}: {error}; a site file is TOML in UTF-8") from None
    return make_site(name, keys, path.name)


def load_sites(folder: Path | None = None) -> list[Site]:
    """Return all sites by name. Raises SiteError at the first bad file, or where two sites claim one host."""
    sites = [load_site(name, folder) for name in site_names(folder)]
    for problem in find_shared_hosts(sites):
        raise SiteError(problem)
    return sites


def check_sites(folder: Path | None = None) -> tuple[list[str], int]:
    """Return every problem of the registry, and how many files it has."""
    problems, sites = [], []
    names = site_names(folder)
    for name in names:
        try:
            sites.append(load_site(name, folder))
        except SiteError as error:
            problems.append(str(error))
    return [*problems, *find_shared_hosts(sites)], len(names)


def find_shared_hosts(sites: list[Site]) -> list[str]:
    """Return a line for each host that two sites claim: its pages would be fetched, and counted, twice."""
    owner: dict[str, Site] = {}
    problems = []
    for site in sites:
        for host in sorted(site.hosts):
            if host in owner:
                problems.append(f"{site.file}: host {host!r} is already in {owner[host].file}; keep it in one of them")
            owner.setdefault(host, site)
    return problems


def describe_site(site: Site) -> str:
    """Return a site's keys, one a line, those not given left out."""
    shown = {name: getattr(site, name) for name in KEYS}
    lines = [f"{k}: {', '.join(v) if isinstance(v, tuple) else v}" for k, v in shown.items() if v not in (None, ())]
    return "\n".join([f"name: {site.name}", *lines])


def make_site(name: str, keys: dict[str, Any], file: str) -> Site:
    """Return a site from its keys, or raise SiteError at the first that cannot be."""
    if not NAME.match(name):
        raise SiteError(f"{file}: bad name {name!r}; use small letters, digits and hyphens")
    for key in sorted(keys):
        if key not in KEYS:
            raise SiteError(f"{file}: unknown key {key!r}; known: {', '.join(sorted(KEYS))}")
    for key in REQUIRED:
        if not keys.get(key):
            raise SiteError(f"{file}: no {key!r}; every site needs {', '.join(REQUIRED)}")
    values = {key: check_type(file, key, value) for key, value in keys.items()}
    site = Site(name=name, file=file, **values)
    check_hosts(site)
    check_addresses(site)
    check_values(site)
    return site


def check_type(file: str, key: str, value: Any) -> Any:
    """Return the value as the dataclass holds it; an empty text is as good as none."""
    wanted = str(KEYS[key].type)
    if key in LISTS:
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise SiteError(f'{file}: {key} = {value!r}; write a list of texts, ["…"]')
        return tuple(v.strip() for v in value)
    kinds: dict[str, tuple[type, ...]] = {"float": (int, float), "int": (int,), "bool": (bool,)}
    kind = next((kinds[k] for k in kinds if k in wanted), (str,))
    if not isinstance(value, kind) or (isinstance(value, bool) and bool not in kind):
        raise SiteError(f"{file}: {key} = {value!r}; write {wanted.partition(' ')[0].replace('str', 'a text')}")
    return (value.strip() or None) if isinstance(value, str) else value


def check_hosts(site: Site) -> None:
    for host in (site.domain, *site.aliases):
        if not HOST.match(host):
            raise SiteError(f"{site.file}: bad host {host!r}; write host or host:port in small letters, no http://")
        if not site.local and is_private_name(host):
            raise SiteError(f"{site.file}: {host!r} is not on the public web; a site of our own says local = true")
        # Else `local` would be the key that switches our manners off.
        if site.local and not is_private_name(host):
            raise SiteError(f"{site.file}: local = true, but {host!r} is no name or address of our own; leave it out")


def check_addresses(site: Site) -> None:
    for key in ("base", "feeds", "sitemaps", "listings"):
        value = getattr(site, key)
        for url in [value] if isinstance(value, str) else value:
            if not url.startswith(("http://", "https://")):
                raise SiteError(f"{site.file}: {key}: {url!r} is no address; begin with http:// or https://")
            if not site.owns(url):
                raise SiteError(f"{site.file}: {key}: {url!r} is not on {site.domain}; add its host to aliases")
    host = urlsplit(site.base).netloc.lower()
    if host.removeprefix("www.") != site.domain.removeprefix("www."):
        raise SiteError(f"{site.file}: base {site.base!r} is not on the domain {site.domain!r}; make them agree")


def check_values(site: Site) -> None:
    if site.level is not None and site.level not in LEVELS:
        raise SiteError(f"{site.file}: level = {site.level!r}; known: {', '.join(LEVELS)}")
    if site.delay < 0 or (site.delay < MIN_DELAY and not site.local):
        raise SiteError(f"{site.file}: delay = {site.delay}; a guest waits {MIN_DELAY} s or more between requests")
    if site.min_articles < 0:
        raise SiteError(f"{site.file}: min_articles = {site.min_articles}; write 0 or more")
    if not 1.0 <= site.timeout <= MAX_TIMEOUT:
        raise SiteError(f"{site.file}: timeout = {site.timeout}; write 1 to {MAX_TIMEOUT:.0f} seconds")
    if site.daily_budget is not None and not 1 <= site.daily_budget <= MAX_DAILY_BUDGET:
        raise SiteError(f"{site.file}: daily_budget = {site.daily_budget}; write 1 to {MAX_DAILY_BUDGET} requests")
    for line in site.rewrite:
        pattern, arrow, new = line.partition(ARROW)
        try:
            re.compile(pattern.strip()).sub(new.strip(), "/")
        except (re.error, IndexError) as error:
            raise SiteError(f"{site.file}: rewrite: {line!r}: {error}; write 'pattern -> replacement'") from None
        if not arrow or not new.strip().startswith(("/", "\\")):
            raise SiteError(f"{site.file}: rewrite: {line!r}; write 'pattern -> /path'")
    try:
        re.compile(site.article_pattern or "")
    except re.error as error:
        raise SiteError(f"{site.file}: article_pattern: {error}; write a regular expression") from None
    for key, css in [*((key, getattr(site, key)) for key in SELECTORS), *(("remove", css) for css in site.remove)]:
        try:
            HTMLTranslator().css_to_xpath(css or "*")
        except (SelectorError, ValueError) as error:
            raise SiteError(f"{site.file}: {key}: {css!r}: {error}; write a CSS selector") from None
    if site.province is not None:
        provinces = load_reference("provinces")
        if not any(site.province == p.code or name_key(site.province) in map(name_key, p.names) for p in provinces):
            raise SiteError(f"{site.file}: no province {site.province!r}; see reference/provinces.csv")
