"""Pages kept as long as the database stands still: the next reader of a page gets it without its being made anew."""

import re
import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl

FOLDERS = "articles|campaigns|people|organizations|awards|places|documents|feeds"
KEPT = re.compile(rf"/(|search|search\.json|figures|map|about|dictionary|addresses|(?:{FOLDERS})/[^/]+(?:/[^/]+)?)$")
MOST_BYTES = 64_000_000
LARGEST = 1_000_000
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
Messages = list[dict[str, Any]]


class Pages:
    """The pages made since the database last changed, the oldest dropped first."""

    def __init__(self) -> None:
        self.version: object = None
        self.pages: OrderedDict[tuple[Any, ...], Messages] = OrderedDict()
        self.size = 0

    def find(self, version: object, key: tuple[Any, ...]) -> Messages | None:
        """Return a page if it was made from this version of the database."""
        if version != self.version:
            self.version, self.size = version, 0
            self.pages.clear()
        if key in self.pages:
            self.pages.move_to_end(key)
        return self.pages.get(key)

    def keep(self, version: object, key: tuple[Any, ...], messages: Messages) -> None:
        """Keep a page made from this version, unless the database has changed since."""
        size = weigh(messages)
        if version != self.version or size > LARGEST or key in self.pages:
            return
        self.pages[key] = messages
        self.size += size
        while self.size > MOST_BYTES:
            _, dropped = self.pages.popitem(last=False)
            self.size -= weigh(dropped)


def weigh(messages: Messages) -> int:
    """Return the bytes of an answer."""
    return sum(len(message.get("body", b"")) for message in messages)


def key_of(scope: dict[str, Any], base: str) -> tuple[Any, ...] | None:
    """Return what tells one answer from another, or None for what is not kept."""
    path, query = scope["path"], scope.get("query_string", b"")
    inside = "/" + path[len(base) :] if path.startswith(base) else path
    # An answer that sets the language's cookie is one reader's own.
    if scope.get("method") != "GET" or not KEPT.match(inside) or b"lang=" in query:
        return None
    headers = dict(scope.get("headers", ()))
    lang = re.search(rb"(?:^|;\s*)lang=(\w*)", headers.get(b"cookie", b""))
    return scope.get("scheme"), headers.get(b"host"), path, query, lang[1] if lang else b""


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Answer from the pages kept, where the database has not changed."""
    base, pages = datasette.setting("base_url"), Pages()
    watcher: list[sqlite3.Connection] = []

    def version() -> object:
        path = datasette.get_database("news").path
        if not watcher:
            address = f"{Path(path).resolve().as_uri()}?mode=ro"
            watcher.append(sqlite3.connect(address, uri=True, check_same_thread=False))
        # Another process's commit changes it; asking costs microseconds.
        return watcher[0].execute("pragma data_version").fetchone()[0]

    def wrap(app: App) -> App:
        async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
            key = key_of(scope, base) if scope["type"] == "http" else None
            if key is None:
                await app(scope, receive, send)
                return
            now = version()
            kept = pages.find(now, key)
            if kept is not None:
                for message in kept:
                    await send(message)
                return
            messages: Messages = []

            async def send_and_note(message: dict[str, Any]) -> None:
                messages.append(message)
                await send(message)

            await app(scope, receive, send_and_note)
            if messages and messages[0].get("status") == 200:
                pages.keep(now, key, messages)

        return answer

    return wrap
