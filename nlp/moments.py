"""What a date says: a moment as precise as its text, and where it is written."""

from calendar import monthrange
from dataclasses import dataclass

EARLIEST, LATEST = 1800, 2100


@dataclass(frozen=True, slots=True)
class Moment:
    """A written date; what is not written is None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def is_real(self) -> bool:
        """Whether the calendar has such a day."""
        if self.year is not None and not EARLIEST <= self.year <= LATEST:
            return False
        if self.day is None or self.month is None:
            return self.year is not None or self.month is not None
        return self.day <= (monthrange(self.year, self.month)[1] if self.year else (29 if self.month == 2 else 31))

    def iso(self) -> str:
        """Return the ISO form, as precise as the text."""
        return "-".join([f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part)])


@dataclass(frozen=True, slots=True)
class Written:
    """One date or period at [start, end), with the rule that read it."""

    start: int
    end: int
    first: Moment
    last: Moment | None
    rule: str
