"""What a figure belongs to: the verb that governs it, whose it is, its campaign, place and period."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from spacy.tokens import Doc

from nlp.layers import findings, sentences
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
    + rf"(?<!\w)((?:đã |đang |sẽ )?(?:{words_pattern('predicates', 'before')}))(?!\w)",
    re.IGNORECASE,
)
# Verbs that begin a noun: "bằng khen", "dự án", "thu nhập".
NOUNS = re.compile(r"(?:bằng (?:khen|lao)|dự (?:trù|án)|làm việc|thu nhập|tổ chức công đoàn|"
    r"cấp (?:trên|dưới|cơ sở|tỉnh|huyện|xã|ủy|bộ|nhà nước|ngành|thành|trung))", re.IGNORECASE)
PASSIVE = re.compile(r"^(?:đã |cùng |vừa )?(?:được|bị)\b")
COUNTS_SUM = re.compile(r"(tổng (?:số tiền|kinh phí|trị giá|giá trị|nguồn lực))", re.IGNORECASE)
OF_PREVIOUS = re.compile(r"(?:chiếm|trị giá|đạt|bằng|giá trị|\()")
# The frame of a paragraph: "Trong 5 năm qua", "5 năm (2015 - 2020)" hold for the sentences after them.
FRAME = re.compile(
    r"(?:(?:[Tt]rong )?(?:\d+|hai|ba|bốn|năm) năm (?:qua|ấy|thực hiện)|thời gian qua|"
    r"[Gg]iai đoạn (?:này|qua)|[Nn]hiệm kỳ (?:này|qua))"
)
# "so với năm 2015" frames what is compared, not the figure.
COMPARED = re.compile(r"(?:so với|cùng kỳ|hơn|chỉ tiêu|kế hoạch)(?: [^\W\d]+){0,3} $")
LONGEST_PREDICATE = 12


class Attachment:
    """Answers, for each figure of one document by its index, what it belongs to."""

    def __init__(self, doc: Doc, figures: Sequence[tuple[int, int, Unit]]) -> None:
        self.text = doc.text
        self.figures = figures
        self.sentences = sentences(doc)
        self.starts = [start for start, _ in self.sentences]
        self.organizations = findings(doc, "organizations")
        self.campaigns = findings(doc, "campaigns")
        self.places = findings(doc, "places")
        self.dates = [d for d in findings(doc, "dates") if isinstance(d, Date)]
        self.article_period = next((d for d in self.dates if _is_period(d)), None)

    def _sentence(self, at: int) -> tuple[int, int]:
        index = bisect_right(self.starts, at) - 1
        return self.sentences[index] if index >= 0 else (0, len(self.text))

    def _paragraph(self, at: int) -> tuple[int, int]:
        end = self.text.find("\n", at)
        return self.text.rfind("\n", 0, at) + 1, len(self.text) if end < 0 else end

    def _clause(self, index: int) -> tuple[int, int]:
        """Return the clause around a figure: its sentence between semicolons and colons."""
        start, end, _ = self.figures[index]
        left, right = self._sentence(start)
        for mark in CLAUSE_MARK.finditer(self.text, left, start):
            left = mark.end()
        after = CLAUSE_MARK.search(self.text, end, right)
        return left, after.start() if after else right

    def counted(self, index: int) -> str | None:
        """Return the whole counted noun phrase; for money and shares, what they are of."""
        start, end, unit = self.figures[index]
        if unit.kind == "count":
            counted = self.text[unit.start : max(unit.counted_end, unit.start)].strip(' ,“”"')
            return counted or unit.name
        if unit.kind == "share":
            noun = read_noun(self.text, end)
            if noun is not None and noun.known:
                return self.text[noun.start : noun.counted_end]
        left, _ = self._clause(index)
        if total := list(COUNTS_SUM.finditer(self.text, left, start)):
            return total[-1][1]
        if (
            index
            and self.figures[index - 1][0] >= left
            and OF_PREVIOUS.search(self.text, self.figures[index - 1][1], start)
        ):
            return self.counted(index - 1)
        return None

    def predicate(self, index: int) -> str | None:
        """Return the verb phrase that governs a figure: what follows its noun if passive, else the verb before it."""
        start, end, unit = self.figures[index]
        left, right = self._clause(index)
        following = min([right, *(f[0] for f in self.figures[index + 1 : index + 2])])
        phrase = max(end, unit.counted_end if unit.end > start else end)
        after = AFTER.match(self.text, phrase, following)
        if after is None and following < right:
            # "25 tập thể, 75 cá nhân được … tặng": the verb stands once, after the last of the list.
            gap = self.text[phrase:following]
            if re.fullmatch(r",? ?(?:và |cùng )?(?:hơn |trên |gần )?", gap):
                return self.predicate(index + 1)
        before = [
            m
            for m in BEFORE.finditer(self.text, left, start)
            if m.end() < start and not NOUNS.match(self.text, m.start())
        ]
        if after is not None and (PASSIVE.match(after[1]) or not before):
            return " ".join(after[1].split()[:LONGEST_PREDICATE]).strip()
        if before:
            return self.text[before[-1].start() : before[-1].end()]
        return None

    def subject(self, index: int) -> str | None:
        """Return whose figure it is: the nearest organisation before it in its sentence, paragraph, article."""
        start = self.figures[index][0]
        for left, right in (self._sentence(start), self._paragraph(start), (0, len(self.text))):
            named = [f for f in self.organizations if left <= f.start and f.end <= start]
            if named:
                return named[-1].text
            if right <= start + 200 and (
                later := [f for f in self.organizations if start <= f.start and f.end <= right]
            ):
                return later[0].text
        return None

    def campaign(self, index: int) -> str | None:
        """Return the campaign named in the figure's sentence, the nearest before it first."""
        return self._nearest(self.campaigns, index)

    def place(self, index: int) -> str | None:
        """Return the place named in the figure's clause."""
        start = self.figures[index][0]
        left, right = self._clause(index)
        inside = [f for f in self.places if left <= f.start and f.end <= right]
        return min(inside, key=lambda f: (abs(f.start - start), f.start)).text if inside else None

    def _nearest(self, named: Sequence[Finding], index: int) -> str | None:
        start = self.figures[index][0]
        left, right = self._sentence(start)
        before = [f for f in named if left <= f.start and f.end <= start]
        if before:
            return before[-1].text
        after = [f for f in named if start <= f.start and f.end <= right]
        return after[0].text if after else None

    def period(self, index: int) -> tuple[str | None, str | None]:
        """Return the period a figure is told for: in its sentence, its paragraph before it, or the article's frame."""
        start = self.figures[index][0]
        left, right = self._sentence(start)
        inside = [d for d in self.dates if left <= d.start and d.end <= right and _is_frame(d)]
        inside = [d for d in inside if not COMPARED.search(self.text, max(0, d.start - 30), d.start)]
        before = [d for d in inside if d.start < start]
        chosen = before[-1] if before else (inside[0] if inside else None)
        if chosen is None:
            paragraph, _ = self._paragraph(start)
            earlier = [
                d
                for d in self.dates
                if paragraph <= d.start < left
                and _is_frame(d)
                and not COMPARED.search(self.text, max(0, d.start - 30), d.start)
            ]
            chosen = earlier[-1] if earlier else None
            if chosen is None and FRAME.search(self.text, paragraph, right):
                chosen = self.article_period
        return (chosen.date_start, chosen.date_end) if chosen else (None, None)


def _is_period(date: Date) -> bool:
    return date.date_end is not None and len(date.date_start) == 4


def _is_frame(date: Date) -> bool:
    """Whether a date can frame figures: a year, a month or a period; no single day, no anniversary, no term to come."""
    if date.date_end is None:
        return len(date.date_start) < 10
    return not date.text.lower().startswith("nhiệm kỳ") and (
        len(date.date_start) < 10 or date.date_start[:4] == date.date_end[:4]
    )
