"""Run a command every so many minutes, from the end of the last run: cron for an image that has none."""

import argparse
import signal
import subprocess
import sys
import threading

PARTLY, LOCKED = 3, 4


def main() -> int:
    """Run until told to end; return 0 then, so that a stopped service is no failed one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=float, default=60.0, metavar="MINUTES")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    while not ended.is_set():
        with subprocess.Popen(options.command) as run:
            while run.poll() is None:
                if ended.wait(0.2):
                    run.terminate()
        if run.returncode not in (0, PARTLY, LOCKED) and not ended.is_set():
            print(f"timer: {options.command[0]} ended with {run.returncode}", file=sys.stderr, flush=True)
        ended.wait(60 * options.every)
    return 0


if __name__ == "__main__":
    sys.exit(main())
