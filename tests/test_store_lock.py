"""One run at a time, whoever dies: owner and age are told, a dead owner holds nothing."""

import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from conftest import ROOT

from store.lock import LockError, describe_owner, hold_lock

HOLD = """
import sys, time
from pathlib import Path
from store.lock import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(path):
    child = subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True,
                             cwd=ROOT / "datasets")
    assert child.stdout.readline() == "held\n"
    return child


def test_a_dead_owner_holds_nothing(tmp_path):
    path = tmp_path / "deep" / "refresh.lock"
    child = hold(path)
    with pytest.raises(LockError, match=rf"process {child.pid} on \S+ is running for 0 min; wait for it or stop it"), \
            hold_lock(path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert str(child.pid) in path.read_text(encoding="utf-8")
    with hold_lock(path):
        assert str(child.pid) not in path.read_text(encoding="utf-8")


def test_freed_when_the_work_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), hold_lock(tmp_path / "lock"):
        raise ZeroDivisionError
    with hold_lock(tmp_path / "lock"):
        pass


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "process unknown is running"),
        ("77\n", "process 77 is running"),
        ("77 db yesterday", "process 77 on db is running"),
        ("77 db 2026-05-01T08:00:00", "process 77 on db is running"),
        ("77 db 2026-05-01T15:00:00+07:00", "process 77 on db is running for 1 h 5 min"),
        ("77 db 2027-05-01T15:00:00+07:00", "process 77 on db is running for 0 min"),
    ],
)
def test_owners_are_told_as_far_as_known(written, said):
    assert describe_owner(written, datetime(2026, 5, 1, 9, 5, tzinfo=UTC)) == said
