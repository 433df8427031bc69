"""Numbers in digits, in both styles: "2.496" and "8,3", "34.8" and "5,000"."""

import re
from decimal import Decimal

RUN = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST_RUN = 40


def plain(value: Decimal) -> int | float:
    """Return an int where the value is whole, else a float."""
    return int(value) if value == value.to_integral_value() else float(value)


def read_digits(run: str) -> tuple[Decimal, Decimal | None] | None:
    """Return the value of a run of digits and separators, and its other reading; None if it is no number.

    >>> read_digits("2.496"), read_digits("8,3"), read_digits("24.6.2019")
    ((Decimal('2496'), Decimal('2.496')), (Decimal('8.3'), None), None)
    """
    if len(run) > LONGEST_RUN:
        return None
    if run.isdigit():
        return Decimal(run), None
    first, *rest = re.split(r"[.,]", run)
    marks = [c for c in run if c in ".,"]
    groups = 1 <= len(first) <= 3 and not (first.startswith("0") and len(rest) == 1)
    if len(marks) == 1:
        decimal = Decimal(f"{first}.{rest[0]}")
        if not groups or len(rest[0]) != 3:
            return decimal, None
        thousands = Decimal(first + rest[0])
        return (thousands, decimal) if marks[0] == "." else (decimal, thousands)
    if not groups:
        return None
    grouped = Decimal(first + "".join(rest)) if all(len(g) == 3 for g in rest) else None
    if len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and all(len(g) == 3 for g in rest[:-1]):
        # "1.234,567": the other mark parts the decimals, unless somebody mixed the two up.
        return Decimal(f"{first}{''.join(rest[:-1])}.{rest[-1]}"), grouped
    return (grouped, None) if grouped is not None else None
