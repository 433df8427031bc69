"""Timers for `unionnews refresh`: a cron line, and a systemd service with its timer."""

import shlex
import subprocess
from pathlib import Path

MARK = "# unionnews refresh"


class ScheduleError(RuntimeError):
    """The timer cannot be installed here."""


def command_line(program: Path, data: Path) -> str:
    """Return the command a scheduler runs."""
    return f"{shlex.quote(str(program))} --data {shlex.quote(str(data))} refresh"


def cron_line(program: Path, data: Path) -> str:
    """Return a crontab line: every hour, at a minute that not everybody uses.

    A per cent sign means a new line to cron, so it is escaped.
    """
    return f"17 * * * * {command_line(program, data)} {MARK}".replace("%", r"\%")


def systemd_units(program: Path, data: Path) -> dict[str, str]:
    """Return the text of the service and the timer, by file name."""
    run = " ".join(f'"{part}"'.replace("%", "%%") for part in (program, "--data", data, "refresh"))
    service = f"""[Unit]
Description=Union News: crawl, read and publish what is new
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={run}
# 3: some site failed, the rest is in; 4: another refresh is running. Neither is a failure of the service.
SuccessExitStatus=3 4
Nice=10
"""
    timer = """[Unit]
Description=Run Union News every hour

[Timer]
OnCalendar=hourly
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {"unionnews.service": service, "unionnews.timer": timer}


def install_cron(line: str) -> None:
    """Put the line into the user's crontab, in place of an earlier one of ours."""
    try:
        listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
        kept = [one for one in listed.stdout.splitlines() if not one.endswith(MARK)]
        subprocess.run(["crontab", "-"], input="\n".join([*kept, line, ""]), text=True, check=True)
    except FileNotFoundError:
        raise ScheduleError("crontab: not installed; use --systemd, or --print and your own scheduler") from None
    except subprocess.CalledProcessError as error:
        raise ScheduleError(f"crontab: exit {error.returncode}; add by hand: {line}") from None


def install_systemd(units: dict[str, str], folder: Path) -> list[Path]:
    """Write the units for the user's own systemd; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in units]
