"""Score the extractor on the gold of the sample site and write the README's table: python tests/bench/results.py."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from nlp.evaluate import evaluate

ROOT = Path(__file__).resolve().parents[2]
KEYS = ROOT / "datasets" / "gold" / "demo.json"
BEGIN, END = "<!-- results -->\n", "<!-- /results -->"


def make_table(data: Path) -> str:
    """Return the table of kinds for a database of the sample site."""
    lines = ["| kind | precision | recall | F1 | expected |", "|---|---|---|---|---|"]
    for kind, score in evaluate(data / "news.db", KEYS).items():
        shares = f"{score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f}"
        lines.append(f"| {kind} | {shares} | {score.hits + score.missed} |")
    return "\n".join(lines) + "\n"


def replace_table(readme: str, table: str) -> str:
    """Return the README with the table between its marks."""
    head, rest = readme.split(BEGIN)
    return head + BEGIN + table + END + rest.split(END)[1]


def write_accuracy(data: Path) -> None:
    """Write what the newsroom's page /about shows."""
    kinds = {
        kind: {"precision": s.precision, "recall": s.recall, "f1": s.f1, "expected": s.hits + s.missed}
        for kind, s in evaluate(data / "news.db", KEYS).items()
    }
    told = {"gold": "the sample site", "at": date.today().isoformat(), "kinds": kinds}
    path = ROOT / "datasette_config" / "accuracy.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Build the sample data and rewrite the README."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "nlp.cli", "--data", folder, "demo", "--no-serve"]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        table = make_table(Path(folder))
        write_accuracy(Path(folder))
    path = ROOT / "README.md"
    path.write_text(replace_table(path.read_text(encoding="utf-8"), table), encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
