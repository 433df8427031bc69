"""The timers say what they run, and their quoting holds."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from nlp.schedule import ScheduleError, cron_line, install_cron, install_systemd, systemd_units

PROGRAM, DATA = Path("/opt/union news/bin/unionnews"), Path("/srv/50% union/data")


def test_cron_line_survives_the_shell_and_cron():
    line = cron_line(PROGRAM, DATA)
    assert "50\\%" in line
    fields = line.replace("\\%", "%").split(" ", 5)
    assert fields[:5] == ["17", "*", "*", "*", "*"]
    assert shlex.split(fields[5], comments=True) == [str(PROGRAM), "--data", str(DATA), "refresh"]


def test_units_name_the_program(tmp_path):
    service, timer = install_systemd(systemd_units(PROGRAM, DATA), tmp_path / "user")
    assert 'ExecStart="/opt/union news/bin/unionnews" "--data" "/srv/50%% union/data" "refresh"' in service.read_text()
    assert "OnCalendar=hourly" in timer.read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed here")
def test_units_pass_systemd(tmp_path):
    units = install_systemd(systemd_units(Path(shutil.which("true")), DATA), tmp_path)
    # A user's manager wants a runtime folder; a bare machine has none.
    done = subprocess.run(["systemd-analyze", "verify", "--user", *map(str, units)], capture_output=True, text=True,
                          env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr


def test_no_crontab_is_one_line(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ScheduleError, match="not installed"):
        install_cron("17 * * * * x")
