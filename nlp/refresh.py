"""The road from sites to facts as steps: bounded in time, each one's outcome kept, one summary for people and machines."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from sqlite_utils import Database

PARTLY = 3
# What crawling may take of the time given: what was fetched must also be read.
CRAWL_SHARE = 0.6
# A run dated later than this many hours from now was made by a clock that was wrong.
CLOCK_HOURS = 1

Bar = Callable[..., AbstractContextManager[Callable[[int], None]]]


class TimeUp(RuntimeError):
    """The time given to a step is over; what it did is kept."""


class Watch:
    """The time a step has, and the bar it moves. Monotonic: a clock that is set neither ends nor prolongs a run."""

    def __init__(self, bar: Bar, until: float | None = None, now: Callable[[], float] = monotonic) -> None:
        self.bar, self.until, self.now = bar, until, now

    def is_over(self) -> bool:
        """Whether the step should come to an end."""
        return self.until is not None and self.now() >= self.until

    def stopping(self, move: Callable[[int], None]) -> Callable[[int], None]:
        """Return a function that moves the bar and raises TimeUp when time is over: at least one piece gets done."""

        def step(steps: int) -> None:
            move(steps)
            if self.is_over():
                raise TimeUp

        return step


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
    def exit_code(self) -> int:
        """What the command ends with."""
        return 1 if self.error else PARTLY if self.wrong else 0

    @property
    def line(self) -> str:
        """Say it to a person, in one line."""
        said = [outcome.said for outcome in self.outcomes.values() if outcome.said]
        stopped = [name for name, outcome in self.outcomes.items() if outcome.state == "stopped"]
        rest = [f"time is up, the rest of {' and '.join(stopped)} next time"] if stopped else []
        return "; ".join([*said, *rest, f"{sum(self.seconds.values()):.0f} s"])

    def as_json(self) -> str:
        """Say it to a machine, in one line."""
        steps = [
            {"name": name, "seconds": round(self.seconds[name], 1)}
            | {key: value for key, value in asdict(outcome).items() if key not in ("said", "notes")}
            for name, outcome in self.outcomes.items()
        ]
        told: dict[str, Any] = {"started_at": self.started_at, "seconds": round(sum(self.seconds.values()), 1)}
        told |= {"exit": self.exit_code, "steps": steps, "error": str(self.error) if self.error else None}
        return json.dumps(told, ensure_ascii=False)


def run_steps(
    steps: Iterable[Step],
    bar: Bar,
    *,
    minutes: float | None = None,
    refused: tuple[type[Exception], ...] = (RuntimeError, ValueError, OSError),
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
        except TimeUp:
            report.outcomes[step.name] = Outcome(state="stopped")
        except refused as error:
            report.outcomes[step.name] = Outcome(wrong=(f"{step.name}: {error}",), state="failed")
            report.error = None if step.spared else error
        report.seconds[step.name] = now() - start
        if report.error:
            break
    return report


def read_step(
    data: Path, *, everything: bool = False, workers: int = 1, scheduler: str | None = None, where: str | None = None
) -> Step:
    """Return the step that turns articles into findings, and names into entities."""

    def work(watch: Watch) -> Outcome:
        from nlp.read import find_unread, read_articles
        from store.db import open_news

        news = open_news(data)
        unread = find_unread(news, everything=everything, where=where)
        with watch.bar("read", len(unread)) as move:
            found = read_articles(news, unread, workers=workers, scheduler=scheduler, progress=move,
                                  is_over=watch.is_over)
        counts = {"articles": found.articles, "findings": found.findings, "failed": found.failed}
        wrong = (f"{found.failed} articles could not be read: see articles.failure",) if found.failed else ()
        state = "stopped" if found.articles < len(unread) else "done"
        return Outcome(f"{found.articles} read, {found.findings} findings", counts, wrong, state=state)

    return Step("read", work, share=1.0)


def stories_step(data: Path) -> Step:
    """Return the step that links copies."""

    def work(watch: Watch) -> Outcome:
        from nlp.stories import link_stories
        from store.db import open_news

        stories = link_stories(open_news(data))
        return Outcome(f"{stories} stories of several articles", {"stories": stories})

    return Step("stories", work)


def derived_step(data: Path) -> Step:
    """Return the step that counts what is derived, and leaves both databases small and quick.

    Feeds are no files: they are read from news.db when somebody asks for one.
    """

    def work(watch: Watch) -> Outcome:
        from store.db import open_news, open_pages
        from store.entities import count_entities

        news = open_news(data)
        count_entities(news)
        for db in (news, open_pages(data)):
            db.execute("pragma optimize").fetchall()
            db.execute("pragma wal_checkpoint(truncate)").fetchall()
        return Outcome()

    return Step("derived", work)


def health_step(data: Path, now: datetime | None = None) -> Step:
    """Return the step that looks at how every site stood at last, and at the clock."""

    def work(watch: Watch) -> Outcome:
        from store.db import open_news

        news = open_news(data)
        return Outcome("", count_states(news), tuple(find_clock_jump(news, now or datetime.now(UTC))))

    return Step("health", work)


def count_states(news: Database) -> dict[str, int]:
    """Return how many sites are in which state, by the last run that looked at each."""
    sql = """select state, count(*) from site_health h
             where run_id = (select max(run_id) from site_health where site = h.site) group by state order by state"""
    return dict(news.execute(sql).fetchall())


def find_clock_jump(news: Database, now: datetime) -> list[str]:
    """Say that a run is dated in the future, for then nothing is due until that day."""
    row = news.execute("select max(started_at) from crawl_runs").fetchone()
    latest = datetime.fromisoformat(row[0]) if row and row[0] else now
    if latest.tzinfo and latest > now + timedelta(hours=CLOCK_HOURS):
        return [f"clock: a run is dated {row[0]}, now is {now.isoformat(timespec='seconds')}; set the clock, then"
                " run `unionnews crawl --full` once"]
    return []
