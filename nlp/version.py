"""The version of the extractor: it changes whenever a reader, a list or underthesea does, so nothing stays misread."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from store.reference import FOLDER

HERE = Path(__file__).parent
# What these say cannot change a finding.
NO_READERS = {
    "agreement.py", "batches.py", "bridges.py", "cli.py", "cluster.py", "comparison.py", "console.py", "evaluate.py",
    "facts.py", "read.py", "refresh.py", "schedule.py", "serve.py", "shingles.py", "steps.py", "stories.py",
    "upkeep.py", "workers.py",
}  # fmt: skip


@cache
def extractor_version() -> str:
    """Return the release and a fingerprint of everything that decides what is read.

    Two machines with the same release give the same version, so workers may be compared by it.
    """
    rules = [p for p in sorted(HERE.glob("*.py")) + sorted(HERE.glob("*.toml")) if p.name not in NO_READERS]
    digest = sha256(version("underthesea").encode())
    for path in (*rules, *sorted(FOLDER.glob("*.csv"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{version('union-news')}+{digest.hexdigest()[:8]}"
