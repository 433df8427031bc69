"""The registry: one TOML file a site in crawler/sites/, checked when it is loaded."""

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator

from store.reference import load_reference
from store.text import name_key

FOLDER = Path(__file__).resolve().parent / "sites"
LEVELS = ("central", "sector", "province", "district", "press")
MIN_DELAY = 1.0
HOST = re.compile(r"(?!-)[a-z0-9.-]+(:\d{1,5})?\Z")
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
# Names that never lead to a public address, whatever a resolver says.
INNER_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet")
SELECTORS = ("next_page", "article_link", "headline", "lead", "body", "published", "author")


class SiteError(ValueError):
    """A site file cannot be used as it stands."""


@dataclass(frozen=True)
class Site:
    """One site: where it lists its articles, what an article's address looks like, where its parts stand.

    `aliases` are other hosts that show the same pages (amp., m.); `drop_query` are query keys that change no page;
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


DEFAULT_PORTS = {"http": 80, "https": 443}
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


def is_private_name(host: str) -> bool:
    """Say whether a host, by its name alone, is not on the public web.

    >>> [is_private_name(h) for h in ("127.0.0.1:80", "10.0.0.1", "localhost", "congdoan.vn", "169.254.169.254")]
    [True, True, True, False, True]
    """
    name = host.rpartition(":")[0] if re.search(r":\d+\Z", host) else host
    try:
        return is_private_address(name)
    except ValueError:
        name = name.rstrip(".")
        # Digits alone, octal or hexadecimal, are addresses too in the eyes of some resolvers.
        odd = re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*", name) is not None
        return odd or "." not in name or name.endswith(INNER_NAMES)


def is_private_address(address: str) -> bool:
    """Say whether an IP address is not public, also where IPv6 wraps an IPv4 one. Raises ValueError if it is none."""
    ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return not ip.is_global or ip.is_multicast


def host_of(url: str) -> str | None:
    """Return the host[:port] of an http(s) address, without www., or None where it is none.

    >>> host_of("https://www.congdoan.vn/a"), host_of("javascript:alert(1)")
    ('congdoan.vn', None)
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or any(c.isspace() for c in url):
        return None
    host = parts.hostname.removeprefix("www.")
    return f"{host}:{port}" if port and port != DEFAULT_PORTS[parts.scheme] else host
