"""When a figure is told for, and whether it has grown up to a moment: from its clause, paragraph, or the article."""

import re
from collections.abc import Sequence

from nlp.spans import first_after, last_before
from nlp.vocabulary import words_pattern
from store.records import Date

# The frame of a paragraph: "Trong 5 năm qua", "5 năm (2015 - 2020)" hold for the sentences after them.
FRAME = re.compile(
    r"(?:(?:[Tt]rong )?(?:\d\d?|hai|ba|bốn|năm) năm (?:qua|ấy|thực hiện)|thời gian qua|"
    r"[Gg]iai đoạn (?:này|qua)|[Nn]hiệm kỳ (?:này|qua))"
)
# "so với năm 2015" frames what is compared, not the figure.
COMPARED = re.compile(r"(?:so với|cùng kỳ|hơn|chỉ tiêu|kế hoạch)(?: [^\W\d]+){0,3} $")
# Who sat in the hall is no result of a period.
ATTENDANCE = re.compile(r"(?:^|[;:.\n] ?)\s*(?:(?:[Tt]ham|[Đđ]ến|[Tt]ới|[Cc]ùng|[Vv]ề) )?[Dd]ự (?!án|kiến|toán)")
# What stands now is no result of a period that is over.
AT_PRESENT = re.compile(
    r"(?<!\w)(?:đến nay|hiện nay|hiện tại|hiện có|hiện đang|hiện toàn|đến thời điểm)(?!\w)", re.IGNORECASE
)
UP_TO = re.compile(rf"(?<!\w)(?:{words_pattern('periods', 'up_to')})(?!\w)", re.IGNORECASE)
OVER_YEARS = re.compile(
    r"(?<!\w)(?:trong|qua|sau|hơn|gần)(?: hơn| gần)? (?:\d\d?|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) năm"
    r"(?= (?:qua|thực hiện|triển khai|phát động|hoạt động|thành lập|đi vào|đổi mới)|,)|"
    r"(?<!\w)(?:\d\d?|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) năm qua(?!\w)",
    re.IGNORECASE,
)
BESIDE = 30
OPENING = 12
REACH = 300
# A list of guests may be long; beyond this it has ended.
LONGEST_HALL = 1500


class Periods:
    """Answers when each figure of one document is told for."""

    def __init__(self, text: str, dates: Sequence[Date], figure_starts: Sequence[int]) -> None:
        self.text = text
        self.figure_starts = list(figure_starts)
        self.frames = [d for d in dates if _is_frame(d) and not self._is_compared(d)]
        self.starts = [d.start for d in self.frames]
        self.article_period = next((d for d in dates if _is_period(d)), None)
        self.phrases = [m.start() for m in FRAME.finditer(text)]

    def _is_compared(self, date: Date) -> bool:
        return COMPARED.search(self.text, max(0, date.start - BESIDE), date.start) is not None

    def find(self, start: int, sentence: tuple[int, int], clause: int, paragraph: int) -> Date | None:
        """Return the period of a figure: in its sentence, in its paragraph before it, or the article's frame."""
        left, right = sentence
        at = last_before(self.starts, left, start)
        if at is not None and self.starts[at] < clause and self._is_spent(self.frames[at], left, clause):
            at = None
        at = first_after(self.starts, start, right) if at is None else at
        hall = max(0, left - 2, start - LONGEST_HALL)
        if at is None and (
            ATTENDANCE.search(self.text, hall, start) or AT_PRESENT.search(self.text, max(left, clause), start)
        ):
            return None
        at = last_before(self.starts, paragraph, left) if at is None else at
        if at is not None:
            return self.frames[at]
        return self.article_period if last_before(self.phrases, 0, right) is not None else None

    def _is_spent(self, date: Date, left: int, clause: int) -> bool:
        """Whether a date closes an earlier clause whose figures stand before it: it dates those."""
        return (
            last_before(self.figure_starts, left, date.start) is not None
            and first_after(self.figure_starts, date.end, clause) is None
        )

    def is_cumulative(self, start: int, left: int, clause: int) -> bool:
        """Whether the text says that a figure has grown up to a moment or over years, and no time of its own since."""
        ends = [m.end() for m in UP_TO.finditer(self.text, max(left, start - REACH), start)]
        # "Trong 5 năm qua, …" opens the sentence or stands in the clause; elsewhere it says how long something took.
        over = OVER_YEARS.finditer(self.text, max(left, start - REACH), start)
        ends += [m.end() for m in over if m.start() >= clause or m.start() <= left + OPENING]
        # "Tính đến tháng 6/2024": the moment stands beside the mark; "riêng năm 2023" further on is the figure's own.
        return bool(ends) and last_before(self.starts, max(ends) + BESIDE, start) is None


def _is_period(date: Date) -> bool:
    return date.date_end is not None and len(date.date_start) == 4


def _is_frame(date: Date) -> bool:
    """Whether a date can frame figures: a year, a month or a period; no single day, no anniversary, no term to come."""
    if date.date_end is None:
        return len(date.date_start) < 10
    return not date.text.lower().startswith("nhiệm kỳ") and (
        len(date.date_start) < 10 or date.date_start[:4] == date.date_end[:4]
    )
