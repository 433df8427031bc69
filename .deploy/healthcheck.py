"""Say by the exit code whether the server answers; with --data, whether there is a database to serve."""

import os
import sys
import urllib.request
from pathlib import Path

PORT = os.environ.get("UNIONNEWS_PORT", "8001")


def main() -> int:
    """Return 0 when all is well."""
    if "--data" in sys.argv[1:]:
        return 0 if (Path(os.environ["UNIONNEWS_DATA"]) / "news.db").exists() else 1
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/-/health", timeout=8) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
