"""The command as its users run it: every promise of the help, one line for bad input, exit codes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT

from nlp.cli import cli
from store.db import open_news

PROMISED = ["demo", "sites", "crawl", "ingest", "extract", "refresh", "schedule", "serve", "publish", "evaluate",
            "check"]
# Beside what is promised.
OURS = ["backup"]


def run(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="unionnews")


def run_process(*arguments, **options):
    command = [sys.executable, "-m", "nlp.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False, **options)


def test_every_promised_command_is_there():
    assert set(cli.commands) == set(PROMISED + OURS)


@pytest.mark.parametrize("name", PROMISED + OURS)
def test_every_command_has_help_an_example_and_a_place_in_the_readme(name):
    command = cli.commands[name]
    assert command.help and f"unionnews {name}" in command.help.replace("--data /tmp/try ", "")
    assert f"unionnews {name}" in (ROOT / "README.md").read_text(encoding="utf-8")
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help or option.name in {"port", "host"}, option.name


def test_help_imports_nothing_slow():
    code = "import sys, nlp.cli; print(sorted({'spacy', 'scrapy', 'underthesea', 'sqlite_utils'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve"], "no such database; run `unionnews demo`"),
        (["publish", "{tmp}/out"], "no such database; run `unionnews demo`"),
        (["check"], "no such database; run `unionnews demo`"),
        (["sites", "nowhere"], "no site 'nowhere'"),
        (["crawl", "nowhere"], "no site 'nowhere'"),
        (["evaluate", "{tmp}/keys.json"], "keys.json"),
        (["extract", "--where", "colour = 'red'"], "no such column: colour"),
        (["extract", "--scheduler", "tcp://127.0.0.1:9"], "start one with `dask scheduler`"),
    ],
)
def test_bad_input_is_one_line(tmp_path, monkeypatch, arguments, says):
    from nlp import cluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    (tmp_path / "keys.json").write_text("{", encoding="utf-8")
    done = run("--data", tmp_path / "data", *(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert done.exit_code == 1, done.output
    error = [line for line in done.output.splitlines() if line.startswith("Error: ")]
    assert len(error) == 1 and says in error[0]
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "No such command 'nonsense'; see unionnews --help"),
        (["ingest"], "Missing argument 'PATHS...'; see unionnews ingest --help"),
        (["crawl", "--max-pages", "x"], "'x' is not a valid integer range; see unionnews crawl --help"),
        (["extract", "--swap"], "go with --diff, and the last two together; see unionnews extract --help"),
    ],
)
def test_a_mistake_in_the_options_is_one_line(arguments, says):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.output.count("\n") == 1 and says in done.output


def test_a_missing_file_costs_no_other(tmp_path):
    (tmp_path / "a.html").write_text("<h1>Tin</h1>", encoding="utf-8")
    done = run("--data", tmp_path / "data", "ingest", tmp_path / "nope.html", tmp_path / "a.html")
    assert done.exit_code == 3
    assert "nope.html: No such file or directory" in done.output and "1 pages kept, 1 refused" in done.output


def test_a_database_that_is_none(tmp_path):
    (tmp_path / "news.db").write_bytes(b"no database" * 1000)
    done = run("--data", tmp_path, "extract")
    assert done.exit_code == 1 and "news.db: file is not a database" in done.output


def test_refresh_runs_once_at_a_time(tmp_path):
    from store.lock import hold_lock

    with hold_lock(tmp_path / "refresh.lock"):
        done = run_process("--data", tmp_path, "refresh", "--sites-dir", make_empty(tmp_path / "sites"))
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1 and "is running" in done.stderr


def make_empty(folder):
    folder.mkdir()
    return folder


def test_ingest_extract_twice_then_edit(tmp_path):
    page = tmp_path / "in" / "tin.jsonl"
    page.parent.mkdir()
    body = "Sáng 3/2/2024, LĐLĐ tỉnh Sơn La họp tổng kết, biểu dương người lao động. " * 4
    gifts = "Dịp này, công đoàn trao 1.200 suất quà cho đoàn viên."
    text = f"Sơn La: Trao quà Tết cho đoàn viên khó khăn\n\n{body}\n\n{gifts}"

    def write(text):
        page.write_text(json.dumps({"url": "https://congdoan.example/tin-1", "text": text}) + "\n", encoding="utf-8")

    write(text)
    assert run("--data", tmp_path, "ingest", page).exit_code == 0
    done = run("--data", tmp_path, "extract")
    assert done.exit_code == 0 and "1 articles new" in done.output, done.output
    done = run("--data", tmp_path, "extract")
    assert "Nothing changed" in done.output
    write(text.replace("1.200", "1.250"))
    run("--data", tmp_path, "ingest", page)
    done = run("--data", tmp_path, "extract")
    assert "0 articles new, 1 changed" in done.output, done.output
    news = open_news(tmp_path)
    assert news["articles"].count == news["revisions"].count == 1
    assert "1.200" in next(news["revisions"].rows)["body"]
    values = [row["value"] for row in news["figures"].rows]
    assert 1250 in values and 1200 not in values
    assert run("--data", tmp_path, "check").exit_code == 0


def test_ingest_refuses_with_a_reason(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"url": "https://congdoan.example/1"\n', encoding="utf-8")
    done = run("--data", tmp_path, "ingest", bad)
    assert done.exit_code == 3
    assert "bad.jsonl" in done.output and "1 refused" in done.output


def test_schedule_prints_by_default():
    done = run("schedule")
    assert "refresh" in done.output and "[Timer]" in done.output and done.exit_code == 0


def test_serve_answers(tmp_path):
    import httpx
    from conftest import add_article, free_port

    add_article(open_news(tmp_path), "LĐLĐ tỉnh trao 15 suất quà.")
    port = free_port()
    command = [sys.executable, "-m", "nlp.cli", "--data", tmp_path, "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/articles/1")
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline and server.poll() is None
                time.sleep(0.2)
        assert answer.status_code == 200 and "15 suất quà" in answer.text
    finally:
        server.terminate()
        server.wait(20)


def test_sites_check():
    done = run("sites", "--check")
    assert done.exit_code == 0, done.output
    assert Path(ROOT / "crawler" / "sites").is_dir()


# The demo has no --host.
@pytest.mark.parametrize(("command", "host", "port"), [
    (["serve"], "127.0.0.1", None), (["serve"], "127.0.0.1", 99999), (["serve"], "203.0.113.9", 8001),
    (["demo"], "127.0.0.1", None), (["demo"], "127.0.0.1", 99999),
])
def test_no_place_to_listen_is_told_in_one_line(command, host, port, tmp_path):
    import socket

    open_news(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = port or taken.getsockname()[1]
        where = ["--host", host] if command == ["serve"] else []
        told = CliRunner().invoke(cli, ["--data", str(tmp_path), *command, *where, "--port", str(port)])
    assert told.exit_code == 1
    assert told.output.startswith(f"Error: {host}:{port}: ") and told.output.count("\n") == 1
