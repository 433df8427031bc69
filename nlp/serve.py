"""Datasette over news.db, with the pages of datasette_config/."""

import json
import signal
import subprocess
import sys
from pathlib import Path

CONFIG = Path(__file__).resolve().parent.parent / "datasette_config"


class ServeError(RuntimeError):
    """There is nothing to serve, or nothing to serve it with."""


def datasette_command(data: Path, host: str, port: int) -> list[str]:
    """Return the command that serves DATA/news.db; Datasette opens it for reading only.

    Raises ServeError when there is no database yet, or the pages are not installed beside the program.
    """
    database = data / "news.db"
    if not database.exists():
        raise ServeError(f"{database}: no such database; run `unionnews demo` or `unionnews crawl` first")
    if not CONFIG.is_dir():
        raise ServeError(f"{CONFIG}: not there; install from a clone with `pip install -e .`")
    settings = json.loads((CONFIG / "settings.json").read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "datasette", "serve", str(database), "--host", host, "--port", str(port)]
    command += ["--metadata", str(CONFIG / "metadata.yaml"), "--plugins-dir", str(CONFIG / "plugins")]
    command += ["--template-dir", str(CONFIG / "templates"), "--static", f"static:{CONFIG / 'static'}"]
    for name, value in settings.items():
        command += ["--setting", name, json.dumps(value) if isinstance(value, bool) else str(value)]
    return command


def welcome(port: int) -> str:
    """Return the addresses worth opening after the demo."""
    at = f"http://127.0.0.1:{port}"
    return (f"\nOpen {at}/\nAn article with its findings: {at}/articles/1\nFigures: {at}/news/figures\n"
            f"Stored queries: {at}/news\nStop with Ctrl+C.")


def run_datasette(data: Path, host: str, port: int) -> int:
    """Serve until interrupted; return Datasette's exit code."""
    server = subprocess.Popen(datasette_command(data, host, port))
    # Whoever stops us means the server too; left alone it would keep the port.
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return max(0, server.wait())
    except KeyboardInterrupt:
        server.wait()
        return 0
