"""Datasette over news.db, with the pages of datasette_config/."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path

from nlp.application import CONFIG, PREFIX, SERVED
from store.db import read_news

# Python answers one request at a time; more processes than this gain little on a small server, each takes 150 MB.
PROCESSES = min(2, os.cpu_count() or 1)


class ServeError(RuntimeError):
    """There is nothing to serve with."""


def serve_command(host: str, port: int, processes: int = PROCESSES) -> list[str]:
    """Return the command that serves what `serve_environment` names, in several processes on one port."""
    command = [sys.executable, "-m", "uvicorn", "nlp.application:make_application", "--factory"]
    command += ["--host", host, "--port", str(port), "--workers", str(processes)]
    return [*command, "--log-level", "warning"]


def serve_environment(data: Path, prefix: str = "/") -> dict[str, str]:
    """Return the environment of that command, for DATA/news.db under an address that begins with `prefix`.

    Raises StoreError when there is no database yet, or one of another release; ServeError when the pages are not
    installed beside the program.
    """
    read_news(data).close()
    if not CONFIG.is_dir():
        raise ServeError(f"{CONFIG}: not there; install from a clone with `pip install -e .`")
    told = {SERVED: str((data / "news.db").resolve()), PREFIX: f"/{prefix.strip('/')}/".replace("//", "/")}
    return {"DATASETTE_SECRET": secrets.token_hex(32)} | os.environ | told


def welcome(port: int) -> str:
    """Return the addresses worth opening after the demo."""
    at = f"http://127.0.0.1:{port}"
    return (f"\nOpen {at}/\nAn article with its findings: {at}/articles/1\nFigures: {at}/news/figures\n"
            f"Stored queries: {at}/news\nStop with Ctrl+C.")


def refuse_port(host: str, port: int) -> None:
    """Raise ServeError where nothing can listen: Datasette would say so after five lines of its own."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except (OSError, OverflowError) as error:
        told = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        raise ServeError(f"{host}:{port}: {told}; choose another --port or --host") from None


def run_datasette(data: Path, host: str, port: int, processes: int = PROCESSES, prefix: str = "/") -> int:
    """Serve until interrupted; return the server's exit code."""
    environment = serve_environment(data, prefix)
    refuse_port(host, port)
    server = subprocess.Popen(serve_command(host, port, processes), env=environment)
    # Whoever stops us means the server too; left alone it would keep the port.
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return max(0, server.wait())
    except KeyboardInterrupt:
        server.wait()
        return 0
