"""What a release tells of itself: `datapackage.json` for machines, the data card for people."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent.parent
DATA_CARD = HERE / "README.md"
# Where every column is described for those who look at it in Datasette.
DESCRIPTIONS = HERE.parent / "datasette_config" / "metadata.yaml"
TYPES = {"integer": "integer", "numeric": "number", "real": "number", "text": "string"}
NAME = "union-news"
TITLE = "Union News: facts read in Vietnamese trade-union news"
# The one licence the program can give; whose the texts are, the data card says.
LICENSES = [{"name": "Apache-2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0",
             "title": "Apache License 2.0, for program and structure; texts belong to their sites"}]


def describe_package(conn: sqlite3.Connection, folder: Path, day: str, tables: Iterable[str], content: str) -> str:
    """Return datapackage.json for the files of a release: each table with its fields and keys, and the database."""
    told = load_descriptions()
    listed = list(tables)
    resources = [describe_table(conn, folder, table, listed, told.get(table, {})) for table in listed]
    database = folder / f"{NAME}-{day}.db"
    resources.append(
        {"name": "database", "type": "file", "path": database.name, "format": "sqlite",
         "mediatype": "application/vnd.sqlite3", **measure(database)}
    )
    package = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": NAME, "title": TITLE,
               "version": day, "licenses": LICENSES, "contentHash": content, "resources": resources}
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def describe_table(
    conn: sqlite3.Connection, folder: Path, table: str, tables: list[str], told: dict[str, Any]
) -> dict[str, Any]:
    """Return the resource of one table: its CSV, the type of every column, what is unique and what points where."""
    columns = conn.execute(f"pragma table_info({table})").fetchall()
    described = told.get("columns", {})
    fields = []
    for _, name, type_, required, _, key in columns:
        field: dict[str, Any] = {"name": name, "type": TYPES.get(type_.lower(), "any")}
        if name in described:
            field["description"] = described[name]
        # An empty text and none are written alike in CSV, so only numbers can be promised.
        if (required or key) and field["type"] != "string":
            field["constraints"] = {"required": True}
        fields.append(field)
    keys = [
        {"fields": [column], "reference": {"resource": "" if parent == table else parent, "fields": [other or "id"]}}
        for _, _, parent, column, other, *_ in sorted(conn.execute(f"pragma foreign_key_list({table})"))
        if parent in tables
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if primary := [name for _, name, _, _, _, key in columns if key]:
        schema["primaryKey"] = primary
    if keys:
        schema["foreignKeys"] = keys
    path = folder / f"{table}.csv"
    resource = {"name": table, "type": "table", "path": path.name, "scheme": "file", "format": "csv",
                "mediatype": "text/csv", "encoding": "utf-8", **measure(path)}
    if "description" in told:
        resource["description"] = told["description"]
    return resource | {"schema": schema}


def load_descriptions() -> dict[str, dict[str, Any]]:
    """Return what is told of every table and its columns; nothing where the pages are not installed."""
    if not DESCRIPTIONS.exists():
        return {}
    tables: dict[str, dict[str, Any]] = yaml.safe_load(DESCRIPTIONS.read_text(encoding="utf-8"))["databases"]["news"][
        "tables"]
    return tables


def measure(path: Path) -> dict[str, Any]:
    """Return size and hash of a file as a data package tells them."""
    return {"bytes": path.stat().st_size, "hash": f"sha256:{digest(path)}"}


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_card(conn: sqlite3.Connection, day: str, tables: Iterable[str], content: str, *, bodies: bool) -> str:
    """Return the data card: what is true of every release, then what is in this one."""
    general = DATA_CARD.read_text(encoding="utf-8") if DATA_CARD.exists() else f"# {TITLE}\n"
    sites, first, last = conn.execute(
        "select count(distinct site), min(substr(published_at, 1, 10)), max(substr(published_at, 1, 10)) from articles"
    ).fetchone()
    versions = [row[0] for row in conn.execute(
        "select extractor from articles where extractor is not null group by 1 order by count(*) desc, 1")]
    lines = [
        general.rstrip(), "", "## This release", "",
        f"- Made on {day}; content {content[:16]}.",
        f"- {sites} sites, articles published from {first or 'no day'} to {last or 'no day'}.",
        f"- Read by extractor {', '.join(versions) or 'none yet'}.",
        "- Texts of articles and sentences are included." if bodies else
        "- Texts of articles and sentences are left out; findings keep their words and offsets.",
        f"- Cite as: Union News, release {day}, content {content[:16]}.", "", "| table | rows |", "|---|---|",
        *(f"| `{table}` | {conn.execute(f'select count(*) from {table}').fetchone()[0]} |" for table in tables), "",
    ]
    return "\n".join(lines)
