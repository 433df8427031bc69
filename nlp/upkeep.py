"""The commands that look after what is there: schedule, serve, publish, backup, evaluate, check."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from nlp.console import FILE, FLOORS, FOLDER, progress


@click.command()
@click.option("--cron", "how", flag_value="cron", help="Put the line into your crontab.")
@click.option("--systemd", "how", flag_value="systemd", help="Write units for your own systemd.")
@click.option("--github", "how", flag_value="github", help="Write a workflow for GitHub Actions into this clone.")
@click.option("--print", "how", flag_value="print", default="print", help="Print and install nothing (default).")
@click.pass_obj
def schedule(data: Path, how: str) -> None:
    """Print or install the timer of `unionnews refresh`.

    \b
        unionnews schedule
        unionnews schedule --cron
    """
    from nlp.schedule import find_program, set_up

    click.echo(set_up(how, find_program(), data.resolve()))


@click.command()
@click.option("--port", default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", type=click.IntRange(min=1), help="Processes that answer; two where there are two cores.")
@click.option("--prefix", default="/", show_default=True, help="Path under which a proxy shows it.")
@click.pass_obj
def serve(data: Path, port: int, host: str, workers: int | None, prefix: str) -> None:
    """Open news.db in Datasette with our pages, for reading only.

    \b
        unionnews serve --port 8001
        unionnews serve --prefix /union-news/ --workers 4
    """
    from nlp.serve import PROCESSES, run_datasette

    sys.exit(run_datasette(data, host, port, workers or PROCESSES, prefix))


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--no-bodies", is_flag=True, help="Leave article and sentence texts out.")
@click.pass_obj
def publish(data: Path, folder: Path, no_bodies: bool) -> None:
    """Write a dated, hashed, citable release: database, CSVs, data card, SHA256SUMS; none when nothing changed.

    \b
        unionnews publish releases/
    """
    from store.addresses import VIETNAM
    from store.publish import publish as publish_release

    # The day it is where the news are made, wherever the server stands.
    day = datetime.now(VIETNAM).date().isoformat()
    files = publish_release(data, folder, day, bodies=not no_bodies)
    click.echo("\n".join(map(str, files)) or f"{folder}: nothing changed since the last release.")


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--keep", type=click.IntRange(min=1), help="Remove all but so many backups of each database.")
@click.pass_obj
def backup(data: Path, folder: Path, keep: int | None) -> None:
    """Copy both databases, also while they are in use. To put one back, copy it over pages.db or news.db.

    \b
        unionnews backup /mnt/backups --keep 14
    """
    from store.backup import backup as copy_databases

    with progress("backup") as move:
        files = copy_databases(data, folder, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}", keep=keep, progress=move)
    click.echo("\n".join(map(str, files)))


@click.command()
@click.argument("keys", type=FILE)
@FLOORS
@click.option("--show", metavar="KIND", help="List every miss (-) and false find (+) of a kind.")
@click.option("--facts", is_flag=True, help="Say also what figures are attached to wrongly, and how often rightly.")
@click.pass_obj
def evaluate(data: Path, keys: Path, floors: Path | None, show: str | None, facts: bool) -> None:
    """Print precision, recall and F1 by kind against answer keys.

    \b
        unionnews evaluate datasets/gold/demo.json --floors datasets/gold/floors.json
    """
    from nlp.evaluate import below_floor, format_scores, load_floors, show_differences
    from nlp.evaluate import evaluate as evaluate_keys
    from nlp.facts import describe_facts

    if show:
        click.echo("\n".join(show_differences(data / "news.db", keys, show)))
    if facts:
        click.echo(describe_facts(data / "news.db", keys), nl=False)
    scores = evaluate_keys(data / "news.db", keys)
    click.echo(format_scores(scores))
    below = below_floor(scores, load_floors(floors, keys)) if floors else []
    for line in below:
        click.echo(line, err=True)
    sys.exit(1 if below else 0)


@click.command()
@click.pass_obj
def check(data: Path) -> None:
    """Prove both databases whole: integrity, offsets, foreign keys, search index. Exit 1 with what is wrong.

    \b
        unionnews check
    """
    from store.check import check_databases

    with progress("check") as move:
        problems = list(check_databases(data, move))
    click.echo("".join(f"{problem}\n" for problem in problems), err=True, nl=False)
    click.echo(f"{len(problems)} problems" if problems else "All is well.")
    sys.exit(1 if problems else 0)


COMMANDS = (schedule, serve, publish, backup, evaluate, check)
