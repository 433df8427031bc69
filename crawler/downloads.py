"""The request itself: the wait after it, Retry-After, its line in the ledger and the archive, public addresses only."""

from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _LenientHTTP11ClientFactory
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IHostResolution, IResolutionReceiver
from twisted.python.failure import Failure
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.answers import name_failure
from crawler.hosts import is_private_address
from crawler.limits import Unanswered
from crawler.manners import Outside, Postponed
from crawler.site import load_sites
from crawler.visits import Visits, find_local_hosts, find_visits, sites_folder
from crawler.waits import read_retry_after
from store.addresses import VIETNAM, stamp

if TYPE_CHECKING:
    from crawler.warcs import WarcFolder

# Waits no longer than this are sat out; for longer ones the crawl leaves, and remembers until when.
MAX_WAIT = 120.0
# What a bare 429 or 503 costs, as a multiple of the site's own delay; doubled each time.
BACK_OFF = 30.0
BUSY = (429, 503)
MAX_HEADERS = 256 * 1024
MEDIA = ("image/", "video/", "audio/", "font/")
NOT_TEXT = (*MEDIA, "application/pdf", "application/msword", "application/vnd.")


class HeadersTooLong(Exception):
    """A server goes on and on before it comes to the page."""


class ShortHeaders(_LenientHTTP11ClientFactory):
    """Makes connections that end when a server's headers do not: Twisted would keep them all in memory."""

    def buildProtocol(self, addr: Any) -> Any:
        """Build a connection's protocol as Scrapy does, and watch what comes before the body."""
        protocol: Any = super().buildProtocol(addr)
        receive = protocol.dataReceived
        heads: dict[int, int] = {}

        def receive_some(data: bytes) -> None:
            parser = protocol._parser
            if parser is not None and parser.state in ("STATUS", "HEADER"):
                size = heads.pop(id(parser), 0) + len(data)
                heads.clear()
                heads[id(parser)] = size
                if size > MAX_HEADERS:
                    error = HeadersTooLong(f"HeadersTooLong: over {MAX_HEADERS} bytes")
                    protocol._giveUp(Failure(error))  # type: ignore[no-untyped-call]
                    protocol.transport.abortConnection()
                    return
            receive(data)

        protocol.dataReceived = receive_some
        return protocol


class GuestHandler(HTTP11DownloadHandler):
    """Makes the request: counts the wait from the end of the last one, obeys Retry-After, keeps the ledger."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        self._pool._factory = ShortHeaders
        folder = crawler.settings.get("WARC_DIR")
        self.warc = open_folder(folder, crawler.settings["USER_AGENT"]) if folder else None
        crawler.signals.connect(self.refuse_type, signal=signals.headers_received)
        crawler.signals.connect(self.end, signal=signals.engine_stopped)

    async def download_request(self, request: Request) -> Response:
        """Fetch one address, and set when the site's next request may go out."""
        visits = find_visits(self.crawler)
        name = request.meta["download_slot"]
        slot, kind = self.crawler.engine.downloader.slots[name], request.meta.get("kind", "")
        # Where a redirect leads is part of what was asked for.
        begun = request.meta.get("hops") or request.meta.get("redirect_times")
        if not begun and not visits.limit.admits(name, kind):
            visits.limit.skip(name, slot)
            raise (Unanswered if request.meta.get("retry_times") else Postponed)("time is up")
        # It may have waited in the queue while the answer to another said "not now".
        if name in visits.postponed or not visits.spend(name):
            visits.refuse(name, request.url, visits.notes[name])
            raise Postponed(visits.notes[name])
        self.crawler.stats.inc_value(f"site/{name}/requests")
        visits.limit.note(name, kind)
        # Marked once a crawl: a retry is no second crawl that was killed.
        first = request.meta.get("kind") in ("article", "attachment") and not request.meta.get("retry_times")
        article = request.meta["address"] if first and not request.meta.get("hops") else None
        number, began, at = visits.begin(name, request.url, article), monotonic(), datetime.now(VIETNAM)
        wait = 0.0
        try:
            response = await super().download_request(request)
            if response.status in BUSY:
                wait = self.read_wait(visits, request, response)
            if response.ip_address and is_private_address(str(response.ip_address)) and not visits.sites[name].local:
                raise Outside(f"private address {response.ip_address}")
        except Exception as error:
            visits.end(number, "failed", name_failure(error), None, None, monotonic() - began)
            raise
        finally:
            slot.lastseen = visits.limit.free_at[name] = monotonic() + max(0.0, wait - slot.delay)
        visits.end(number, "answered", None, response.status, len(response.body), monotonic() - began)
        if (response.headers.get("Content-Encoding") or b"").strip().lower() in (b"gzip", b"x-gzip"):
            request.meta["packed"] = response.body
        if self.warc:
            self.warc.write(request, response, at)
        return response

    def read_wait(self, visits: Visits, request: Request, response: Response) -> float:
        """Return how long a busy site wants us to wait; where that is too long, leave it for this crawl."""
        now = datetime.now(VIETNAM)
        name = request.meta["download_slot"]
        header = response.headers.get("Retry-After")
        wait = read_retry_after(header.decode("latin-1") if header else None, now)
        if wait is None:
            wait = BACK_OFF * visits.sites[name].delay * 2 ** request.meta.get("retry_times", 0)
        if wait > MAX_WAIT:
            until = now + timedelta(seconds=wait)
            visits.leave(name, until, f"asked to wait until {stamp(until)}")
            request.meta["dont_retry"] = True
            return 0.0
        if visits.limit.is_over(wait):
            request.meta["dont_retry"] = True
        return wait

    def refuse_type(self, headers: Headers, request: Request) -> None:
        """Stop before the body of what cannot be a page."""
        content_type = (headers.get("Content-Type") or b"").decode("latin-1").lower()
        if content_type.startswith(MEDIA if request.meta.get("kind") == "attachment" else NOT_TEXT):
            raise StopDownload(fail=True)

    def end(self) -> None:
        """Close the ledger's last lines and the archive when the crawl ends."""
        find_visits(self.crawler).close_lines()
        if self.warc:
            self.warc.close()


def open_folder(folder: str, software: str) -> "WarcFolder":
    """Return the writer of a folder of WARC files."""
    # Few crawls archive, and warcio takes a while to import.
    from crawler.warcs import WarcFolder

    return WarcFolder(folder, software)


@implementer(IResolutionReceiver)
class PublicAddresses:
    """Hands on the public addresses of a name, and no others: so no other is ever connected to."""

    def __init__(self, receiver: Any) -> None:
        self.receiver = receiver

    def resolutionBegan(self, resolution: Any) -> None:
        """Hand it on."""
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        """Hand on a public address."""
        if not is_private_address(address.host):
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        """Hand it on."""
        self.receiver.resolutionComplete()


class PublicResolver(CachingHostnameResolver):
    """Resolves names to public addresses only, at every connection; hosts of local sites excepted."""

    local_hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "PublicResolver":
        """Build it as Scrapy does, which hands it settings and no spider."""
        resolver = cls(reactor, crawler.settings.getint("DNSCACHE_SIZE"))
        resolver.local_hosts = frozenset(crawler.settings.getlist("LOCAL_HOSTS"))
        if folder := sites_folder(crawler.settings):
            # Under `scrapy shell` nobody has named them.
            resolver.local_hosts |= frozenset(find_local_hosts(load_sites(folder)))
        return resolver

    def resolveHostName(self, resolutionReceiver: IResolutionReceiver, hostName: str, *args: Any,
                        **kwargs: Any) -> IHostResolution:
        """Resolve a name."""
        receiver: Any = resolutionReceiver if hostName in self.local_hosts else PublicAddresses(resolutionReceiver)
        return super().resolveHostName(receiver, hostName, *args, **kwargs)
