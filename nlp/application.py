"""The application that `unionnews serve` runs in each of its processes: Datasette over news.db, with our pages."""

import json
import os
from pathlib import Path
from typing import Any

CONFIG = Path(__file__).resolve().parent.parent / "datasette_config"
# How the processes are told what to serve: they share nothing else with the command.
SERVED, PREFIX = "UNIONNEWS_SERVED", "UNIONNEWS_PREFIX"


def open_datasette(database: Path | str, **settings: Any) -> Any:
    """Return Datasette over a database, for reading only; `settings` go before ours."""
    from datasette.app import Datasette
    from datasette.utils import parse_metadata

    ours = json.loads((CONFIG / "settings.json").read_text(encoding="utf-8"))
    return Datasette(
        [str(database)],
        metadata=parse_metadata((CONFIG / "metadata.yaml").read_text(encoding="utf-8")),
        plugins_dir=str(CONFIG / "plugins"),
        template_dir=str(CONFIG / "templates"),
        static_mounts=[("static", str(CONFIG / "static"))],
        settings=ours | settings,
        # One secret for all processes: a cookie that one signs another must believe.
        secret=os.environ.get("DATASETTE_SECRET"),
    )


def make_application() -> Any:
    """Return the application over the database that the environment names."""
    return open_datasette(os.environ[SERVED], base_url=os.environ.get(PREFIX, "/")).app()
