"""What the command says: errors in one line, progress on a terminal, tables of counts."""

import errno
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from nlp.refresh import Report

OURS = {"crawler", "nlp", "store"}
PARTLY, LOCKED = 3, 4
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FLOORS = click.option("--floors", type=FILE, help="JSON of the F1 by kind below which to exit 1.")
# What SQLite says, and what it means for whoever reads it.
TOLD = {
    "disk is full": "the disk is full; free some space and run again, nothing that was kept is lost",
    "disk I/O error": "the disk cannot be read or written; check it and its free space, then run again",
    "readonly database": "cannot be written; give yourself the right to write there, or choose another --data",
    "unable to open": "cannot be opened; give yourself the right to read and write there, or choose another --data",
    "malformed": "a database is damaged; run `unionnews check`, then put back the last backup",
    "not a database": "a file there is no database; put back the last backup, or choose another --data",
    "is locked": "another program keeps writing there; wait for it or stop it",
}
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class OneLine(click.Group):
    """A group in which an error, ours or of the options, is one line and an exit code, never a traceback."""

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None,
                     **extra: Any) -> click.Context:
        """Read the options before the command."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise shorten(error) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what it refuses into a message."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise shorten(error) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except (ValueError, RuntimeError, OSError, sqlite3.Error) as error:
            if not is_told(error):
                raise
            failure = Locked if type(error).__name__ == "LockError" else click.ClickException
            raise failure(describe_error(error, ctx.obj)) from None


class Misused(click.ClickException):
    """Options that make no sense; exit 2 is what shells know for it."""

    exit_code = 2


def shorten(error: click.UsageError) -> click.ClickException:
    """Return a mistake in the options as one line that names the way out; help itself stays as it is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    place = error.ctx.command_path if error.ctx else "unionnews"
    return Misused(f"{error.format_message().rstrip('.')}; see {place} --help")


class Locked(click.ClickException):
    """Another run is under way."""

    exit_code = LOCKED


def is_told(error: Exception) -> bool:
    """Whether an error says place, offender and way out, or can be told so; a bug keeps its traceback."""
    ours = type(error).__module__.partition(".")[0] in OURS
    # A damaged file is told by the parent class itself; its other children are mistakes of ours.
    return ours or isinstance(error, OSError | sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def describe_error(error: Exception, place: object) -> str:
    """Say an error in one line with its place and a way out."""
    if isinstance(error, sqlite3.Error):
        return next((f"{place}: {told}" for said, told in TOLD.items() if said in str(error)), str(error))
    if isinstance(error, OSError) and type(error).__module__ == "builtins":
        told = TOLD["disk is full"] if error.errno in NO_SPACE else f"{error.strerror or error}; check the path"
        return f"{error.filename or place}: {told}"
    return " ".join(str(error).split())


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function that moves a bar; the bar shows after two seconds, and only on a terminal."""
    from tqdm import tqdm

    with tqdm(total=total, desc=label, disable=None, delay=2, leave=False) as bar:

        def move(steps: int) -> None:
            bar.update(steps)

        yield move


def print_counts(title: str, counts: Mapping[str, int]) -> None:
    """Print a table of two columns."""
    click.echo(f"\n{title}")
    width = max((len(name) for name in counts), default=0)
    for name, number in counts.items():
        click.echo(f"  {name:<{width}}  {number:>7,}")


def tell_report(
    report: "Report", name: str = "", *, notes: bool = False, as_json: bool = False, quiet: bool = False
) -> None:
    """Say how a run went: what is wrong on stderr, the rest on stdout; then raise the error that ended it."""
    if as_json:
        click.echo(report.as_json())
    else:
        if notes:
            click.echo("".join(f"{line}\n" for line in report.notes), nl=False)
        # A site that failed has its line among the notes.
        told = set(report.notes) if notes else set()
        click.echo("".join(f"{line}\n" for line in report.wrong if line not in told), err=True, nl=False)
        if report.said and not (quiet and not report.exit_code):
            click.echo(f"{name}: {report.line}" if name else report.said)
    if report.error:
        raise report.error
