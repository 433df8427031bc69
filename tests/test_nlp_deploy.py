"""The image without Docker: its file is clean, what it copies is enough, its services say commands that are there."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from conftest import ROOT, free_port

DEPLOY = ROOT / ".deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def instructions(name):
    """The arguments of every instruction of a name, continued lines joined."""
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return [line.split(None, 1)[1] for line in lines if line.startswith(f"{name} ")]


def copied():
    """What the image takes from the clone."""
    words = [line.split() for line in instructions("COPY") if "--from" not in line]
    return [word for line in words for word in line[:-1]]


def test_dockerfile_is_clean():
    # Beside this Python, where the environment is not on the path.
    hadolint = shutil.which("hadolint") or shutil.which("hadolint", path=Path(sys.executable).parent)
    if not hadolint:
        pytest.skip("hadolint is not installed here")
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_runs_as_nobody_and_says_how_it_is():
    assert instructions("USER")[-1] == "10001:10001"
    assert instructions("HEALTHCHECK")
    # Whoever comes after the last USER is that user.
    assert DOCKERFILE.rindex("\nUSER ") > DOCKERFILE.rindex("\nRUN ")


def test_what_is_copied_is_there_and_let_through():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in copied():
        assert (ROOT / name).exists() and f"!{name}" in ignored, name


def test_what_is_copied_is_enough(tmp_path):
    """The steps of the build, without pip: the copied files alone run the demo as the image would."""
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("*.db", "*.db-*", "__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(tmp_path / "datasets")]),
                                "UNIONNEWS_DATA": str(tmp_path / "volume")}
    done = subprocess.run([sys.executable, "-m", "nlp.cli", "demo", "--no-serve"], cwd=tmp_path, env=environment,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    code = "import nlp.cli, store.db; print(nlp.cli.__file__, store.db.__file__)"
    where = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True,
                           check=True).stdout
    assert where.count(str(tmp_path)) == 2


def commands():
    """Every command line of ours that image and services say."""
    entry = json.loads(instructions("ENTRYPOINT")[-1])
    yield [*entry, *json.loads(instructions("CMD")[-1])]
    for service in COMPOSE["services"].values():
        words = service.get("command", [])
        if "unionnews" in words:
            yield words[words.index("unionnews"):]


def test_commands_are_there():
    from nlp.cli import cli

    found = list(commands())
    assert [words[1] for words in found] == ["serve", "refresh"]
    for _, name, *rest in found:
        options = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options


def test_services_are_closed():
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"]
        # Nothing is open to other machines.
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        assert any(volume.endswith(":/data") for volume in service["volumes"])


def test_scripts_that_are_named_are_there():
    text = DOCKERFILE + (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"/app/(\.deploy/\w+\.py)", text))
    assert named and all((ROOT / name).exists() for name in named)


def healthcheck(*arguments, **environment):
    return subprocess.run([sys.executable, DEPLOY / "healthcheck.py", *arguments], env=os.environ | environment,
                          capture_output=True, text=True).returncode


@pytest.mark.parametrize(("status", "code"), [(200, 0), (500, 1), (404, 1)])
def test_health_of_the_server(status, code):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    assert healthcheck(UNIONNEWS_PORT=str(server.server_port)) == code
    assert asked == ["/-/health"]
    server.shutdown()
    server.server_close()


def test_nobody_there_is_not_well(tmp_path):
    assert healthcheck(UNIONNEWS_PORT=str(free_port())) == 1
    assert healthcheck("--data", UNIONNEWS_DATA=str(tmp_path)) == 1
    (tmp_path / "news.db").touch()
    assert healthcheck("--data", UNIONNEWS_DATA=str(tmp_path)) == 0


def test_timer_runs_again_and_ends_when_told(tmp_path):
    log = tmp_path / "log"
    timer = subprocess.Popen([sys.executable, DEPLOY / "timer.py", "--every", "0.005", "--", "sh", "-c",
                              f"echo run >> {log}; exit 7"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not log.exists() or log.read_text().count("run") < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    timer.send_signal(signal.SIGTERM)
    _, err = timer.communicate(timeout=20)
    assert timer.returncode == 0 and "timer: sh ended with 7" in err


def test_timer_ends_what_runs(tmp_path):
    timer = subprocess.Popen([sys.executable, DEPLOY / "timer.py", "--", "sh", "-c",
                              f"echo $$ > {tmp_path / 'pid'}; exec sleep 60"], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    timer.terminate()
    assert timer.wait(20) == 0
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
