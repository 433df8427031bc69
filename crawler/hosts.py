"""Hosts and addresses on the network: which are public, which never may be."""

import ipaddress
import re
from urllib.parse import urlsplit

# Names that never lead to a public address, whatever a resolver says.
INNER_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet")
DEFAULT_PORTS = {"http": 80, "https": 443}


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
