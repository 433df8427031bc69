"""One run at a time: a lock file with its owner and since when, freed by the system when the owner dies."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


class LockError(RuntimeError):
    """Another run holds the lock."""


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file. Raises LockError, with owner and age, when another run has it.

    The lock is the open file's, not the file's existence: a killed run leaves nothing to clear away.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LockError(f"{path}: {describe_owner(file.read())}; wait for it or stop it") from None
        file.truncate(0)
        file.write(f"{os.getpid()} {socket.gethostname() or '-'} {datetime.now(UTC).isoformat(timespec='seconds')}\n")
        file.flush()
        yield


def describe_owner(written: str, now: datetime | None = None) -> str:
    """Say who holds a lock and for how long, from what its file says.

    >>> describe_owner("12 db1 2026-05-01T08:00:00+00:00", datetime(2026, 5, 1, 9, 30, tzinfo=UTC))
    'process 12 on db1 is running for 1 h 30 min'
    """
    owner, _, rest = written.strip().partition(" ")
    host, _, since = rest.partition(" ")
    who = f"process {owner or 'unknown'}{f' on {host}' if host else ''} is running"
    try:
        age = (now or datetime.now(UTC)) - datetime.fromisoformat(since)
    except (ValueError, TypeError):
        return who
    # A clock that was set back must not give an age below nothing.
    minutes = max(0, int(age.total_seconds() // 60))
    return f"{who} for {f'{minutes // 60} h ' if minutes >= 60 else ''}{minutes % 60} min"
