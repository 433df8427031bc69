"""The year of union news: how much of an ordinary day's news a day brings, with Tết, public holidays and union days."""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

# Newsrooms are thinly staffed at weekends, and all but closed over Tết.
WEEKDAYS = (1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.4)
TET_SHARE, HOLIDAY_SHARE = 0.1, 0.4
HOLIDAYS = {(1, 1), (9, 2), (9, 3)}
# May Day with the days before it, and 28 July, the unions' own day: far more news than usual.
PEAKS = {(4, 28), (4, 29), (4, 30), (5, 1), (5, 2), (7, 26), (7, 27), (7, 28), (7, 29)}
TET_BEFORE, TET_AFTER = 3, 6
VIETNAM_HOURS = 7.0


@lru_cache(maxsize=256)
def find_tet(year: int) -> date:
    """Return the first day of the lunar year: the new moon between 21 January and 20 February, in Vietnamese time.

    >>> find_tet(2024).isoformat(), find_tet(2025).isoformat(), find_tet(2007).isoformat()
    ('2024-02-10', '2025-01-29', '2007-02-17')
    """
    first = round((year - 2000 + 0.03) * 12.3685)
    for number in range(first - 2, first + 4):
        day = new_moon(number)
        if date(year, 1, 21) <= day <= date(year, 2, 20):
            return day
    raise ValueError(f"no new moon found around Tết {year}")


def new_moon(number: int) -> date:
    # Meeus, Astronomical Algorithms, chapter 49, its largest terms: right to a few minutes for our centuries.
    t = number / 1236.85
    days = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
    sun = math.radians(2.5534 + 29.10535670 * number)
    moon = math.radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    node = math.radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
    days += (-0.40720 * math.sin(moon) + 0.17241 * math.sin(sun) + 0.01608 * math.sin(2 * moon)
             + 0.01039 * math.sin(2 * node) + 0.00739 * math.sin(moon - sun) - 0.00514 * math.sin(moon + sun)
             + 0.00208 * math.sin(2 * sun))
    # Terrestrial time runs about a minute ahead of the clock in our time.
    return (datetime(2000, 1, 1, 12) + timedelta(days=days - 2451545.0, hours=VIETNAM_HOURS, seconds=-66)).date()


def is_tet(day: date) -> bool:
    """Say whether a day is of the Tết holiday, with the days before it on which newsrooms empty."""
    tet = find_tet(day.year)
    return tet - timedelta(days=TET_BEFORE) <= day <= tet + timedelta(days=TET_AFTER)


def is_special(day: date) -> bool:
    """Say whether a day tells nothing of ordinary ones: a holiday, or a day of far more news."""
    return (day.month, day.day) in HOLIDAYS | PEAKS or is_tet(day)


def weigh_day(day: date, weekdays: tuple[float, ...] = WEEKDAYS) -> float:
    """Return a day's share of an ordinary working day's news, as far as one may count on it.

    >>> weigh_day(date(2024, 2, 10)), weigh_day(date(2024, 6, 12)), weigh_day(date(2024, 6, 16))
    (0.1, 1.0, 0.4)
    """
    if is_tet(day):
        return TET_SHARE
    return min(HOLIDAY_SHARE, weekdays[day.weekday()]) if (day.month, day.day) in HOLIDAYS else weekdays[day.weekday()]


def weigh_span(began: datetime, ended: datetime, weekdays: tuple[float, ...] = WEEKDAYS) -> float:
    """Return how many ordinary days' news a span of time may bring."""
    return sum(weigh_day(day, weekdays) * share for day, share in find_days(began, ended))


def find_days(began: datetime, ended: datetime) -> Iterator[tuple[date, float]]:
    """Yield the days of a span, each with the share of it that lies within."""
    at = began
    while at < ended:
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time(), at.tzinfo)
        until = min(midnight, ended)
        yield at.date(), (until - at) / timedelta(days=1)
        at = until
