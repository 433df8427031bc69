"""Security headers on every answer, a strict content policy on our own pages, and the remembered language."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from datasette import hookimpl

FOLDERS = "articles|entities|campaigns|people|organizations|awards|places|documents|feeds"
PAGES = r"|search|search\.json|figures|figures\.csv|map|about|dictionary|addresses"
OURS = re.compile(rf"/({PAGES}|(?:{FOLDERS})/.*|-/health)$")
SHUT = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# Our pages run the bundled charts and nothing else: no inline script, no inline style, whatever a text smuggles in.
STRICT = f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; {SHUT}"
# Datasette's own pages carry inline scripts and styles that cannot be named one by one.
PLAIN = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' data:; {SHUT}"
)
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
A_YEAR = 365 * 24 * 3600
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def language_cookie(scope: dict[str, Any], base: str) -> list[tuple[bytes, bytes]]:
    """Return the header that remembers the language asked for with ?lang=, if one was."""
    lang = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    if lang not in ("vi", "en"):
        return []
    cookie = f"lang={lang}; Path={base}; Max-Age={A_YEAR}; SameSite=Lax; HttpOnly"
    # Not to be shared between readers: a cache would hand one reader's choice to the next.
    return [(b"set-cookie", cookie.encode()), (b"cache-control", b"private, no-store")]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Add the headers to what leaves the server."""
    base = datasette.setting("base_url")

    def wrap(app: App) -> App:
        async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            path = scope["path"]
            ours = OURS.match("/" + path[len(base) :] if path.startswith(base) else path)
            policy = STRICT if ours else PLAIN
            extra = [(b"content-security-policy", policy.encode()), *ALWAYS]
            extra += language_cookie(scope, base) if ours else []

            async def send_with_headers(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    names = {name for name, _ in extra} - {b"set-cookie"}
                    kept = [(k, v) for k, v in message.get("headers", []) if k.lower() not in names]
                    message = {**message, "headers": kept + extra}
                await send(message)

            await app(scope, receive, send_with_headers)

        return answer

    return wrap
