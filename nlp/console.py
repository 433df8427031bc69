"""What the command says: errors in one line, progress on a terminal, tables of counts."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

OURS = {"crawler", "nlp", "store"}
LOCKED = 4


class OneLine(click.Group):
    """A group in which an error of ours is one line and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what it refuses into a message."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except (ValueError, RuntimeError, OSError, sqlite3.OperationalError) as error:
            # Only what says place, offender and way out; a bug keeps its traceback.
            ours = type(error).__module__.partition(".")[0] in OURS
            if not ours and not isinstance(error, OSError | sqlite3.OperationalError):
                raise
            failure = click.ClickException(str(error))
            failure.exit_code = LOCKED if type(error).__name__ == "LockError" else 1
            raise failure from None


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
