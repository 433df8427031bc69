"""What a figure belongs to: the verb that governs it, whose it is, its campaign, place and period."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from spacy.tokens import Doc

from nlp.layers import findings, sentences
from nlp.spans import first_after, last_before
from nlp.units import Unit, read_noun
from nlp.vocabulary import entries, words_pattern
from store.records import Date, Finding

CLAUSE_MARK = re.compile(r"[;:\n]|\.(?=\s)|, (?=(?:trong đó|đã|được|đồng thời|qua đó)\b)")
# A verb phrase after the noun: "được công nhận", "có trình độ …", "đoạt giải".
AFTER = re.compile(
    r"(?:[^.;:\n\d(]{0,60}?)?(?<!\w)"
    rf"((?:đã |cùng |vừa )?(?:{words_pattern('predicates', 'after')})(?: [^\W\d]+){{0,12}})"
)
BEFORE = re.compile(
    "".join(f"(?<!{word} )" for word in entries("figures", "predicates", "compounds"))
    + rf"(?<!\w)((?:{words_pattern('predicates', 'before')}))(?!\w)",
    re.IGNORECASE,
)
# Verbs that begin a noun: "bằng khen", "dự án", "thu nhập".
NOUNS = re.compile(
    r"(?:bằng (?:khen|lao)|dự (?:trù|án)|làm việc|thu nhập|tổ chức công đoàn|"
    r"cấp (?:trên|dưới|cơ sở|tỉnh|huyện|xã|ủy|bộ|nhà nước|ngành|thành|trung))",
    re.IGNORECASE,
)
PASSIVE = re.compile(r"^(?:đã |cùng |vừa )?(?:được|bị)\b")
COUNTS_SUM = re.compile(r"(tổng (?:số tiền|kinh phí|trị giá|giá trị|nguồn lực))", re.IGNORECASE)
OF_PREVIOUS = re.compile(r"(?:chiếm|trị giá|đạt|bằng|giá trị|\()")
# The frame of a paragraph: "Trong 5 năm qua", "5 năm (2015 - 2020)" hold for the sentences after them.
FRAME = re.compile(
    r"(?:(?:[Tt]rong )?(?:\d\d?|hai|ba|bốn|năm) năm (?:qua|ấy|thực hiện)|thời gian qua|"
    r"[Gg]iai đoạn (?:này|qua)|[Nn]hiệm kỳ (?:này|qua))"
)
# "so với năm 2015" frames what is compared, not the figure.
COMPARED = re.compile(r"(?:so với|cùng kỳ|hơn|chỉ tiêu|kế hoạch)(?: [^\W\d]+){0,3} $")
LONGEST_PREDICATE = 12
LONGEST_CLAUSE = 600
LISTED = re.compile(r",? ?(?:và |cùng )?(?:hơn |trên |gần )?")
TO_WHOM = re.compile(r"(\S(?:.*\S)? (?:cho|cho các|với)) +(?:hơn |trên |gần |khoảng )?", re.DOTALL)
RATE_OF = re.compile(r"(?:[Tt]ỷ lệ|[Tt]ỉ lệ)(?= [^\W\d])")
BRACKETED = re.compile(r" \((?:chiếm |đạt |bằng )?(?:gần |hơn |trên |khoảng )?$")
ATTENDANCE = re.compile(r"\s*(?:[Tt]ham |[Đđ]ến |[Tt]ới |[Cc]ùng )?[Dd]ự ")
COLLECTIVE = re.compile(
    r"[Cc]ác cấp [Cc]ông đoàn(?: (?:trong|toàn) tỉnh| toàn ngành| (?:tỉnh|thành phố)(?: [A-ZĐ]\w+){1,3})?"
)


class Attachment:
    """Answers, for each figure of one document by its index, what it belongs to."""

    def __init__(self, doc: Doc, figures: Sequence[tuple[int, int, Unit]]) -> None:
        self.text = doc.text
        self.figures = figures
        self.sentences = sentences(doc)
        self.starts = [start for start, _ in self.sentences]
        self.organizations = _Named(_owners(doc))
        self.campaigns = _Named(findings(doc, "campaigns"))
        self.places = _Named(findings(doc, "places"))
        dates = [d for d in findings(doc, "dates") if isinstance(d, Date)]
        self.periods = [d for d in dates if _is_frame(d) and not self._is_compared(d)]
        self.period_starts = [d.start for d in self.periods]
        self.article_period = next((d for d in dates if _is_period(d)), None)
        self.frames = [m.start() for m in FRAME.finditer(self.text)]
        self.predicates = self._predicates()
        self.counts = self._counts()

    def _is_compared(self, date: Date) -> bool:
        return COMPARED.search(self.text, max(0, date.start - 30), date.start) is not None

    def _sentence(self, at: int) -> tuple[int, int]:
        index = bisect_right(self.starts, at) - 1
        return self.sentences[index] if index >= 0 else (0, len(self.text))

    def _paragraph(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _clause(self, index: int) -> tuple[int, int]:
        """Return the clause around a figure: its sentence between semicolons and colons."""
        start, end, _ = self.figures[index]
        left, right = self._sentence(start)
        left, right = max(left, start - LONGEST_CLAUSE), min(right, end + LONGEST_CLAUSE)
        for mark in CLAUSE_MARK.finditer(self.text, left, start):
            left = mark.end()
        after = CLAUSE_MARK.search(self.text, end, right)
        return left, after.start() if after else right

    def _counts(self) -> list[str | None]:
        counts: list[str | None] = []
        for index in range(len(self.figures)):
            counts.append(self._counted(index, counts[-1] if counts else None))
        return counts

    def counted(self, index: int) -> str | None:
        """Return the whole counted noun phrase; for money and shares, what they are of."""
        return self.counts[index]

    def _counted(self, index: int, previous: str | None) -> str | None:
        start, end, unit = self.figures[index]
        if unit.kind == "count":
            counted = self.text[unit.start : max(unit.counted_end, unit.start)].strip(' ,“”"')
            return counted or unit.name
        left, _ = self._clause(index)
        if unit.kind == "share":
            noun = read_noun(self.text, end)
            if noun is not None and noun.known:
                return self.text[noun.start : noun.counted_end]
            if rate := list(RATE_OF.finditer(self.text, left, start)):
                noun = read_noun(self.text, rate[-1].end())
                if noun is not None and noun.known:
                    return self.text[noun.start : noun.counted_end]
        if total := list(COUNTS_SUM.finditer(self.text, left, start)):
            return total[-1][1]
        if index and self.figures[index - 1][0] >= left:
            before = self.figures[index - 1]
            if (
                unit.kind == "share"
                and before[2].kind == "count"
                and (m := BRACKETED.search(self.text, before[1], start))
            ):
                # "312 người biết ngoại ngữ (chiếm 18%)": the share is of all that stands before the bracket.
                return self.text[before[2].start : m.start()]
            if OF_PREVIOUS.search(self.text, before[1], start):
                return previous
        return None

    def _predicates(self) -> list[str | None]:
        found: list[str | None] = []
        following: str | None = None
        for index in range(len(self.figures) - 1, -1, -1):
            following = self._predicate(index, following)
            found.append(following)
        return found[::-1]

    def predicate(self, index: int) -> str | None:
        """Return the verb phrase that governs a figure: what follows its noun if passive, else the verb before it."""
        return self.predicates[index]

    def _predicate(self, index: int, of_next: str | None) -> str | None:
        start, end, unit = self.figures[index]
        left, right = self._clause(index)
        following = min([right, *(f[0] for f in self.figures[index + 1 : index + 2])])
        phrase = max(end, unit.counted_end if unit.end > start else end)
        if unit.kind == "share" and (noun := read_noun(self.text, end)) and noun.known and noun.counted_end < following:
            phrase = noun.counted_end
        after = AFTER.match(self.text, phrase, following)
        if after is None and following < right and LISTED.fullmatch(self.text, phrase, following):
            # "31 tập thể, 76 cá nhân được … tặng": the verb stands once, after the last of the list.
            return of_next
        counted = self.figures[index - 1][:2] if index else (0, 0)
        before = [
            m
            for m in BEFORE.finditer(self.text, left, start)
            if m.end() < start and not counted[0] <= m.start() < counted[1] and not NOUNS.match(self.text, m.start())
        ]
        weak = not before or before[-1][1].lower() in ("có", "là", "được")
        if after is not None and (PASSIVE.match(after[1]) or weak):
            return " ".join(after[1].split()[:LONGEST_PREDICATE]).strip()
        if before:
            # "tặng Cờ cho 12 tập thể": the verb with its object.
            verb = self.text[before[-1].start(1) : start]
            if (m := TO_WHOM.fullmatch(verb)) and len(m[1].split()) <= LONGEST_PREDICATE:
                return m[1]
            return before[-1][1]
        return None

    def subject(self, index: int) -> str | None:
        """Return whose figure it is: the first body of its clause, else the nearest before it, else any."""
        start = self.figures[index][0]
        clause, right = self._clause(index)
        sentence, _ = self._sentence(start)
        named = self.organizations
        return (
            named.first(clause, start)
            or named.last(sentence, start)
            or named.first(start, right)
            or named.last(self._paragraph(start), start)
            or named.last(0, start)
            or named.first(start, len(self.text))
        )

    def campaign(self, index: int) -> str | None:
        """Return the campaign of the figure's sentence, the nearest before it first; else the last of its paragraph."""
        start = self.figures[index][0]
        left, right = self._sentence(start)
        named = self.campaigns
        return named.last(left, start) or named.first(start, right) or named.last(self._paragraph(start), left)

    def place(self, index: int) -> str | None:
        """Return the place named in the figure's clause."""
        start = self.figures[index][0]
        left, right = self._clause(index)
        return self.places.last(left, start) or self.places.first(start, right)

    def period(self, index: int) -> tuple[str | None, str | None]:
        """Return the period a figure is told for: in its sentence, its paragraph before it, or the article's frame."""
        start = self.figures[index][0]
        left, right = self._sentence(start)
        clause, _ = self._clause(index)
        at = last_before(self.period_starts, left, start)
        at = first_after(self.period_starts, start, right) if at is None else at
        if at is None and ATTENDANCE.match(self.text, clause):
            return None, None  # who sat in the hall is no result of a period
        paragraph = self._paragraph(start)
        at = last_before(self.period_starts, paragraph, left) if at is None else at
        chosen = self.periods[at] if at is not None else None
        if chosen is None and last_before(self.frames, 0, right) is not None:
            chosen = self.article_period
        return (chosen.date_start, chosen.date_end) if chosen else (None, None)


class _Named:
    """The surfaces of named things in reading order."""

    def __init__(self, found: Sequence[Finding]) -> None:
        self.found = sorted(found, key=lambda f: (f.start, f.end))
        self.starts = [f.start for f in self.found]

    def first(self, left: int, right: int) -> str | None:
        """Return the first that begins in [left, right)."""
        index = first_after(self.starts, left, right)
        return self.found[index].text if index is not None else None

    def last(self, left: int, right: int) -> str | None:
        """Return the last that begins in [left, right)."""
        index = last_before(self.starts, left, right)
        return self.found[index].text if index is not None else None


def _owners(doc: Doc) -> list[Finding]:
    """Return the bodies that can own a figure: named ones, and "các cấp công đoàn"."""
    text = doc.text
    collective = [
        Finding(start=m.start(), end=m.end(), text=m[0], rule="collective") for m in COLLECTIVE.finditer(text)
    ]
    return [*findings(doc, "organizations"), *collective]


def _is_period(date: Date) -> bool:
    return date.date_end is not None and len(date.date_start) == 4


def _is_frame(date: Date) -> bool:
    """Whether a date can frame figures: a year, a month or a period; no single day, no anniversary, no term to come."""
    if date.date_end is None:
        return len(date.date_start) < 10
    return not date.text.lower().startswith("nhiệm kỳ") and (
        len(date.date_start) < 10 or date.date_start[:4] == date.date_end[:4]
    )
