"""A run of steps: bounded in time, each one's outcome kept, one summary for people and for machines."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

PARTLY = 3
# Counts that say that an article is other than it was.
CHANGES = ("new", "changed", "gone", "articles", "failed")

Bar = Callable[..., AbstractContextManager[Callable[[int], None]]]


class Watch:
    """The time a step has, and the bar it moves. Monotonic: a clock that is set neither ends nor prolongs a run."""

    def __init__(self, bar: Bar, until: float | None = None, now: Callable[[], float] = monotonic) -> None:
        self.bar, self.until, self.now = bar, until, now

    def is_over(self) -> bool:
        """Whether the step should come to an end."""
        return self.until is not None and self.now() >= self.until

    def left(self) -> float | None:
        """Return the seconds that are left; None: as many as it takes."""
        return None if self.until is None else max(0.0, self.until - self.now())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did: said to people, counted for machines; `wrong` is what somebody must look at."""

    said: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    state: str = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the road. `share`: of the time given, from the beginning; None: it is always finished.

    `spared`: when it fails, the steps after it still have work to do.
    """

    name: str
    work: Callable[[Watch], Outcome]
    share: float | None = None
    spared: bool = False


@dataclass(slots=True)
class Report:
    """How a run went, step by step."""

    started_at: str
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    error: Exception | None = None

    @property
    def wrong(self) -> list[str]:
        """What somebody must look at, in order."""
        return [line for outcome in self.outcomes.values() for line in outcome.wrong]

    @property
    def notes(self) -> list[str]:
        """What somebody who looks on wants to know, in order."""
        return [line for outcome in self.outcomes.values() for line in outcome.notes]

    @property
    def changed(self) -> bool:
        """Whether an article is other than it was."""
        return any(self.outcomes[name].counts.get(what) for name in self.outcomes for what in CHANGES)

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return 1 if self.error else PARTLY if self.wrong else 0

    @property
    def said(self) -> str:
        """What was done, in one line."""
        return "; ".join(outcome.said for outcome in self.outcomes.values() if outcome.said)

    @property
    def line(self) -> str:
        """What was done, what was left for the next time, and how long it took."""
        stopped = [name for name, outcome in self.outcomes.items() if outcome.state == "stopped"]
        rest = [f"time is up, the rest of {' and '.join(stopped)} next time"] if stopped else []
        return "; ".join([*([self.said] if self.said else []), *rest, f"{sum(self.seconds.values()):.0f} s"])

    def told(self) -> dict[str, Any]:
        """Say it to a machine."""
        steps = [
            {"name": name, "state": outcome.state, "seconds": round(self.seconds[name], 1)}
            | {"counts": dict(outcome.counts), "wrong": list(outcome.wrong)}
            for name, outcome in self.outcomes.items()
        ]
        told: dict[str, Any] = {"started_at": self.started_at, "seconds": round(sum(self.seconds.values()), 1)}
        return told | {"exit": self.exit_code, "steps": steps, "error": str(self.error) if self.error else None}

    def as_json(self) -> str:
        """Say it to a machine, in one line."""
        return json.dumps(self.told(), ensure_ascii=False)


def run_steps(
    steps: Iterable[Step],
    bar: Bar,
    *,
    minutes: float | None = None,
    refused: tuple[type[Exception], ...] = (RuntimeError, ValueError, OSError, sqlite3.Error),
    now: Callable[[], float] = monotonic,
) -> Report:
    """Run the steps in order. Each continues where it was left, so a run that ends early is done again, not lost.

    An error that a step refuses work with is noted; unless the step is spared, the steps after it do not run.
    """
    began = now()
    report = Report(datetime.now(UTC).isoformat(timespec="seconds"))
    for step in steps:
        start = now()
        bounded = minutes is not None and step.share is not None
        until = began + 60 * (minutes or 0) * (step.share or 0) if bounded else None
        try:
            report.outcomes[step.name] = step.work(Watch(bar, until, now))
        except refused as error:
            wrong = (f"{step.name}: {error}",) if step.spared else ()
            report.outcomes[step.name] = Outcome(wrong=wrong, state="failed")
            report.error = None if step.spared else error
        report.seconds[step.name] = now() - start
        if report.error:
            break
    return report
