"""Timers for `unionnews refresh`: a cron line, a systemd service with its timer, and a workflow for GitHub Actions."""

import shlex
import subprocess
import sys
from pathlib import Path

MARK = "# unionnews refresh"
TEMPLATE = Path(__file__).with_name("workflow.yml.template")
WORKFLOW = Path(".github") / "workflows" / "union-news.yml"
# A run on somebody else's machine ends before its job is ended.
MINUTES, MARGIN = 45, 30
# So many minutes of each hour a run of cron may take: the next would find the lock held, and say so.
HOURLY = 50


class ScheduleError(RuntimeError):
    """The timer cannot be installed here."""


def find_program() -> Path:
    """Return the command as installed beside this Python; else what was called."""
    beside = Path(sys.executable).with_name("unionnews")
    return beside if beside.exists() else Path(sys.argv[0]).resolve()


def set_up(how: str, program: Path, data: Path) -> str:
    """Install a timer (cron, systemd, github), or none (print); return what to tell.

    Raises ScheduleError where this machine has no such scheduler.
    """
    line, units = cron_line(program, data), systemd_units(program, data)
    if how == "cron":
        install_cron(line)
        return f"In your crontab: {line}"
    if how == "systemd":
        written = install_systemd(units, Path.home() / ".config" / "systemd" / "user")
        return (f"Written: {', '.join(map(str, written))}\nStart it: systemctl --user enable --now unionnews.timer\n"
                "Let it run while you are logged out: loginctl enable-linger")
    if how == "github":
        return f"Written: {install_workflow(Path.cwd())}\nCommit it and push; it runs every six hours."
    return "\n".join([f"# crontab\n{line}\n", *(f"# {name}\n{text}" for name, text in units.items())])


def command_line(program: Path, data: Path) -> str:
    """Return the command cron runs. Quiet: cron mails whatever is said; and it starts the next before this one ends."""
    return f"{shlex.quote(str(program))} --data {shlex.quote(str(data))} refresh --quiet --for {HOURLY}"


def cron_line(program: Path, data: Path) -> str:
    """Return a crontab line: every hour, at a minute that not everybody uses.

    A per cent sign means a new line to cron, so it is escaped.
    """
    return f"17 * * * * {command_line(program, data)} {MARK}".replace("%", r"\%")


def systemd_units(program: Path, data: Path) -> dict[str, str]:
    """Return the text of the service and the timer, by file name."""
    run = " ".join(map(quote_unit, (program, "--data", data, "refresh")))
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
IOSchedulingClass=idle
NoNewPrivileges=true
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


def quote_unit(part: object) -> str:
    """Quote a word for a unit file, where %, $ and backslash mean something.

    >>> quote_unit("/srv/50% $union")
    '"/srv/50%% $$union"'
    """
    escaped = str(part).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def workflow() -> str:
    """Return the text of the workflow."""
    text = TEMPLATE.read_text(encoding="utf-8")
    return text.replace("@MINUTES@", str(MINUTES)).replace("@TIMEOUT@", str(MINUTES + MARGIN))


def install_cron(line: str) -> None:
    """Put the line into the user's crontab, in place of an earlier one of ours."""
    try:
        listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
        # Exit 1 is also said where there is no crontab yet; anything else that fails must not cost the user his lines.
        if listed.returncode and "no crontab" not in listed.stderr:
            raise ScheduleError(f"crontab: {listed.stderr.strip()}; add by hand: {line}")
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


def install_workflow(clone: Path) -> Path:
    """Write the workflow into a clone. Raises ScheduleError where there is none, or another's file is in the way."""
    path = clone / WORKFLOW
    if not (clone / ".git").exists():
        raise ScheduleError(f"{clone}: no clone of a repository; run this in its top folder")
    if path.exists() and "unionnews schedule" not in path.read_text(encoding="utf-8"):
        raise ScheduleError(f"{path}: is not ours; move it away")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(workflow(), encoding="utf-8")
    return path
