"""The timers say what they run, and their quoting holds."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from nlp.schedule import (
    MINUTES,
    ScheduleError,
    cron_line,
    find_program,
    install_cron,
    install_systemd,
    install_workflow,
    set_up,
    systemd_units,
    workflow,
)

PROGRAM, DATA = Path("/opt/union news/bin/unionnews"), Path("/srv/50% union/data")


def test_cron_line_survives_the_shell_and_cron():
    line = cron_line(PROGRAM, DATA)
    assert "50\\%" in line
    fields = line.replace("\\%", "%").split(" ", 5)
    assert fields[:5] == ["17", "*", "*", "*", "*"]
    ran = shlex.split(fields[5], comments=True)
    assert ran == [str(PROGRAM), "--data", str(DATA), "refresh", "--quiet", "--for", "50"]


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


@pytest.fixture
def crontab(tmp_path, monkeypatch):
    """A crontab of our own making: it lists and takes a file, and can be told to fail."""
    program, table = tmp_path / "bin" / "crontab", tmp_path / "table"
    program.parent.mkdir()
    program.write_text(f"""#!/bin/sh
if [ -e {table}.closed ]; then echo "you ($USER) are not allowed to use this program" >&2; exit 1; fi
if [ "$1" = -l ]; then
  cat {table} 2>/dev/null || {{ echo "no crontab for you" >&2; exit 1; }}
else
  cat > {table}
fi
""")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return table


def test_cron_line_is_installed_once_and_others_stay(crontab):
    set_up("cron", PROGRAM, DATA)
    assert crontab.read_text() == cron_line(PROGRAM, DATA) + "\n"
    crontab.write_text("0 4 * * * backup\n" + crontab.read_text())
    told = set_up("cron", PROGRAM, Path("/srv/other"))
    assert crontab.read_text().splitlines() == ["0 4 * * * backup", told.removeprefix("In your crontab: ")]
    assert "/srv/other" in told


def test_a_closed_crontab_is_one_line(crontab):
    crontab.with_name("table.closed").touch()
    with pytest.raises(ScheduleError, match="are not allowed to use this program; add by hand: 17"):
        install_cron("17 * * * * x")


def test_cron_runs_the_line(crontab, tmp_path):
    """What cron does with a line: the percent signs unescaped, then `sh -c` in a bare environment."""
    program = tmp_path / "50% union" / "unionnews"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@" > "$(dirname "$0")/said"\n')
    program.chmod(0o755)
    set_up("cron", program, DATA)
    command = crontab.read_text().split(" ", 5)[5].replace("\\%", "%")
    subprocess.run(["/bin/sh", "-c", command], env={"PATH": "/usr/bin:/bin"}, cwd="/", check=True)
    assert (program.parent / "said").read_text() == f"--data {DATA} refresh --quiet --for 50\n"


def test_systemd_is_told_how_to_start(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    told = set_up("systemd", PROGRAM, DATA)
    assert "enable --now unionnews.timer" in told
    assert {p.name for p in (tmp_path / ".config/systemd/user").iterdir()} == {"unionnews.service", "unionnews.timer"}


def test_workflow_is_installed_into_a_clone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScheduleError, match="no clone of a repository"):
        set_up("github", PROGRAM, DATA)
    (tmp_path / ".git").mkdir()
    assert "union-news.yml" in set_up("github", PROGRAM, DATA)
    written = tmp_path / ".github/workflows/union-news.yml"
    assert written.read_text() == workflow()
    install_workflow(tmp_path)
    written.write_text("name: somebody else's")
    with pytest.raises(ScheduleError, match="is not ours"):
        install_workflow(tmp_path)


def steps_of_workflow():
    job = yaml.safe_load(workflow())["jobs"]["refresh"]
    return job, {step["name"]: step for step in job["steps"] if "name" in step}


def test_workflow_ends_before_its_job_does():
    job, _ = steps_of_workflow()
    assert job["timeout-minutes"] > MINUTES + 10
    assert "@MINUTES@" not in workflow() and "@TIMEOUT@" not in workflow()


@pytest.mark.parametrize(("code", "ends", "says"), [(0, 0, ""), (3, 0, "::warning::"), (4, 4, ""), (1, 1, "")])
def test_workflow_tells_some_from_all(tmp_path, code, ends, says):
    """Its shell step, run as a runner runs it, with a program that ends with each code of the contract."""
    program = tmp_path / "unionnews"
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    _, steps = steps_of_workflow()
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", steps["Refresh"]["run"]], capture_output=True,
                          text=True, env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert done.returncode == ends and says in done.stdout


def test_workflow_says_only_commands_that_are_there():
    from nlp.cli import cli

    _, steps = steps_of_workflow()
    said = [line.split() for step in steps.values() for line in step.get("run", "").splitlines()]
    ours = [words for words in said if words and words[0] == "unionnews"]
    assert {words[1] for words in ours} == {"refresh", "check", "publish"}
    for words in ours:
        options = {name for parameter in cli.commands[words[1]].params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_workflow_is_one_by_the_schema_of_github(tmp_path):
    pytest.importorskip("check_jsonschema")
    schema = ["--builtin-schema", "vendor.github-workflows"]
    for text, ends in ((workflow(), 0), (workflow().replace("timeout-minutes:", "timeout:"), 1)):
        (tmp_path / "w.yml").write_text(text)
        done = subprocess.run([sys.executable, "-m", "check_jsonschema", *schema, tmp_path / "w.yml"],
                              capture_output=True, text=True)
        assert done.returncode == ends, done.stdout
    # It looks into expressions and scripts too, where somebody has it: no registry of packages brings it.
    if program := shutil.which("actionlint"):
        (tmp_path / "w.yml").write_text(workflow())
        done = subprocess.run([program, tmp_path / "w.yml"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_the_scripts_of_the_workflow_are_shell():
    _, steps = steps_of_workflow()
    for name, step in steps.items():
        done = subprocess.run(["bash", "-n"], input=step.get("run", ""), capture_output=True, text=True)
        assert done.returncode == 0, (name, done.stderr)


def test_the_program_is_one_that_can_be_run():
    """Also when called as a module: a .py file is none that cron could run."""
    if not Path(sys.executable).with_name("unionnews").exists():
        pytest.skip("not installed, run from the source")
    done = subprocess.run([find_program(), "--version"], capture_output=True, text=True)
    assert done.returncode == 0
