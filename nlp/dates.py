"""Calendar dates, months, years and periods, with the years that the text leaves to its reader."""

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc

from nlp.date_forms import find_written
from nlp.document_numbers import find_numbered
from nlp.layers import context
from nlp.moments import Moment, Written
from nlp.spans import Spans, nearest
from store.records import Date

# In January "ngày 30/12" is last year's, unless the sentence looks ahead.
AHEAD = re.compile(r"(?:đến|tới|trước|hết|hạn) (?:ngày )?$")
# A year of birth dates a person, not what is told.
BORN = re.compile(r"(?:sinh|SN|sn) $")
# "Bộ luật Lao động năm 2019": the year names the law.
LAW = re.compile(r"(?:[Ll]uật|[Pp]háp lệnh|Hiến pháp)(?: [^\W\d]+,?){0,9} $")
PUBLISHED = re.compile(r"(\d{4})(?:-(\d\d))?")


def find_dates(doc: Doc) -> Iterator[Date]:
    """Yield the dates of a document; a document's own date ("Chỉ thị 41-CT/TW ngày 09/5/2016") is the document's."""
    text = doc.text
    owned = Spans((n.start, n.whole_end) for n in find_numbered(text))
    written = [w for w in find_written(text) if not owned.touch(w.start, w.end) and not _names(w, text)]
    years = Years(written, context(doc).title, context(doc).published)
    for date in written:
        first, last = years.complete(date, text)
        if first.year is None or (
            last is not None and (last.year is None or last.iso() < first.iso()[: len(last.iso())])
        ):
            continue
        yield Date(
            start=date.start,
            end=date.end,
            text=text[date.start : date.end],
            rule=date.rule,
            date_start=first.iso(),
            date_end=last.iso() if last else None,
        )


def _names(date: Written, text: str) -> bool:
    """Whether a year belongs to a law or a birth rather than to what is told."""
    if date.rule != "year":
        return False
    return BORN.search(text, max(0, date.start - 5), date.start) is not None or (
        LAW.search(text, max(0, date.start - 60), date.start) is not None
    )


class Years:
    """Gives a day and month the year of publication; without one, the year the text speaks of beside it."""

    def __init__(self, written: list[Written], title: str, published: str | None) -> None:
        match = PUBLISHED.match(published or "")
        self.published = (int(match[1]), int(match[2]) if match[2] else None) if match else None
        # The title stands before the body.
        in_title = [replace(w, start=w.start - len(title) - 1, end=w.end - len(title) - 1) for w in find_written(title)]
        witnesses = sorted((rank, w.start, year) for w in in_title + written for rank, year in _years_of(w))
        best = witnesses[0][0] if witnesses else 0
        self.years = [year for rank, _, year in witnesses if rank == best]
        self.places = [start for rank, start, _ in witnesses if rank == best]

    def complete(self, date: Written, text: str) -> tuple[Moment, Moment | None]:
        """Return the moments of a written date with their years, open where nothing tells the year."""
        first, last = date.first, date.last
        if first.year is not None and (last is None or last.year is not None):
            return first, last
        year = self.year_of(last or first, date, text)
        if last is None:
            return replace(first, year=year), None
        last = replace(last, year=last.year or year)
        if first.year is None and last.year is not None:
            over_new_year = (first.month or 0) > (last.month or 0)
            first = replace(first, year=last.year - over_new_year)
        return first, last

    def year_of(self, moment: Moment, date: Written, text: str) -> int | None:
        """Return the year of a moment that is written without one."""
        if self.published is not None:
            year, month = self.published
            ahead = AHEAD.search(text, max(0, date.start - 16), date.start)
            late = month is not None and month <= 2 and (moment.month or 0) >= 11
            return year - 1 if late and not ahead else year
        index = nearest(self.places, date.start)
        return self.years[index] if index is not None else None


def _years_of(written: Written) -> Iterator[tuple[int, int]]:
    """Yield (rank, year): how well a written date tells the year of another; the lower the better."""
    first, last = written.first, written.last
    if first.year is None:
        return
    if last is None or written.rule in ("quarter", "months of a year"):
        yield 0, first.year
    elif last.year is not None and first.day and last.day:
        # An anniversary ends in the year that is told; a short period lies in it.
        yield 1, last.year
    elif last.year is not None and last.year - first.year <= 1:
        yield 1, last.year
    elif last.year is not None:
        # "nhiệm kỳ 2023 - 2028" begins where the congress meets; "giai đoạn 2016 - 2021" is told at its end.
        begins = written.rule == "period of years" and written.start >= 0
        yield 2, first.year if begins else last.year
