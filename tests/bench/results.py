"""Score the extractor on the gold of the sample site and write the README's tables: python tests/bench/results.py."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nlp.evaluate import evaluate

ROOT = Path(__file__).resolve().parents[2]
KEYS = ROOT / "datasets" / "gold" / "demo.json"
ACCURACY = ROOT / "datasette_config" / "accuracy.json"


def measure_sample(data: Path) -> dict[str, Any]:
    """Return the scores by kind of a database of the sample site, as the newsroom's page /about shows them."""
    kinds = {
        kind: {"precision": s.precision, "recall": s.recall, "f1": s.f1, "expected": s.hits + s.missed}
        for kind, s in evaluate(data / "news.db", KEYS).items()
    }
    articles = len(json.loads(KEYS.read_text(encoding="utf-8")))
    return {"name": "sample", "articles": articles, "at": date.today().isoformat(), "kinds": kinds}


def make_table(kinds: dict[str, dict[str, float]]) -> str:
    """Return one set's scores as a table."""
    lines = ["| kind | precision | recall | F1 | expected |", "|---|---|---|---|---|"]
    for kind, score in kinds.items():
        shares = " | ".join(f"{score[name]:.3f}" for name in ("precision", "recall", "f1"))
        lines.append(f"| {kind} | {shares} | {score['expected']} |")
    return "\n".join(lines) + "\n"


def replace_table(readme: str, name: str, table: str) -> str:
    """Return the README with a set's table between that set's marks."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    head, rest = readme.split(begin)
    return head + begin + table + end + rest.split(end)[1]


def main() -> None:
    """Build the sample data, measure it, and write what was measured where readers look."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "nlp.cli", "--data", folder, "demo", "--no-serve"]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        sample = measure_sample(Path(folder))
    # What was measured once, on articles nobody had seen, stays as it was measured.
    kept = [one for one in json.loads(ACCURACY.read_text(encoding="utf-8"))["sets"] if one["name"] != "sample"]
    told = {"sets": [*kept, sample]}
    ACCURACY.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    path = ROOT / "README.md"
    readme = path.read_text(encoding="utf-8")
    for one in told["sets"]:
        readme = replace_table(readme, one["name"], make_table(one["kinds"]))
    path.write_text(readme, encoding="utf-8")
    print(make_table(sample["kinds"]))


if __name__ == "__main__":
    main()
