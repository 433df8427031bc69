"""What a figure belongs to: the verb that governs it, whose it is, its campaign, place and period."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from spacy.tokens import Doc

from nlp.layers import findings, sentences, words
from nlp.owners import Owners, Place, joined_by_of
from nlp.periods import Periods
from nlp.spans import first_after, last_before
from nlp.units import Unit, noun_at, read_noun
from nlp.vocabulary import entries, words_pattern
from store.records import Date, Finding

CLAUSE_MARK = re.compile(r"[;:\n]|\.(?=\s)|, (?=(?:trong đó|đã|được|đồng thời|qua đó)\b)")
# A verb phrase after the noun: "được công nhận", "có trình độ …", "đoạt giải".
AFTER = re.compile(
    r"(?:(?:[^.;:\n\d(]|(?:19|20)\d\d){0,60}?)?(?<!\w)"
    rf"((?:đã |cùng |vừa )?(?:{words_pattern('predicates', 'after')})"
    rf"(?:(?: |, (?=(?:{words_pattern('predicates', 'before')})(?!\w)))[^\W\d]+){{0,12}})"
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
BODIES = frozenset({"people", "recipients", "unions", "places", "cities"})
LONGEST_PREDICATE = 12
LONGEST_CLAUSE = 600
LISTED = re.compile(r",? ?(?:và |cùng )?(?:hơn |trên |gần )?")
TO_WHOM = re.compile(r"(\S(?:.*\S)? (?:cho|cho các|với)) +(?:hơn |trên |gần |khoảng )?", re.DOTALL)
RATE_OF = re.compile(r"(?:[Tt]ỷ lệ|[Tt]ỉ lệ)(?= [^\W\d])")
BRACKETED = re.compile(r" \((?:chiếm |đạt |bằng )?(?:gần |hơn |trên |khoảng )?$")
# "62 căn nhà cho người nghèo", "450 đội văn nghệ trong các cơ quan": what goes on with the counted noun.
COMPLEMENT = re.compile(
    r" (cho|trong|trên|thuộc|của|về|các)(?: (?:các|những|nhiều|mọi|toàn))? (?!năm|tháng|quý|ngày|đó|khi)"
)


class Attachment:
    """Answers, for each figure of one document by its index, what it belongs to."""

    def __init__(self, doc: Doc, figures: Sequence[tuple[int, int, Unit]]) -> None:
        self.text = doc.text
        self.words = words(doc)
        self.figures = figures
        self.sentences = sentences(doc)
        self.starts = [start for start, _ in self.sentences]
        self.owners = Owners(self.text, findings(doc, "organizations"), findings(doc, "positions"), self.words)
        self.campaigns = _Named(findings(doc, "campaigns"))
        self.places = _Named(findings(doc, "places"))
        dates = [d for d in findings(doc, "dates") if isinstance(d, Date)]
        self.figure_starts = [start for start, _, _ in figures]
        self.periods = Periods(self.text, dates, self.figure_starts)
        self.clauses = [self._find_clause(index) for index in range(len(figures))]
        self.predicates = self._predicates()
        self.counts = self._counts()

    def _sentence(self, at: int) -> tuple[int, int]:
        index = bisect_right(self.starts, at) - 1
        return self.sentences[index] if index >= 0 else (0, len(self.text))

    def _paragraph(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _clause(self, index: int) -> tuple[int, int]:
        return self.clauses[index]

    def _find_clause(self, index: int) -> tuple[int, int]:
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
            counted = self.text[unit.start : self._phrase_end(index)].strip(' ,“”"')
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

    def _phrase_end(self, index: int) -> int:
        """Return where the counted phrase ends, with one complement: whom it is for, where it stands."""
        start, _, unit = self.figures[index]
        end = max(unit.counted_end, unit.start)
        following = self.figures[index + 1][0] if index + 1 < len(self.figures) else len(self.text)
        if unit.start < start or not (match := COMPLEMENT.match(self.text, end, following)):
            return end
        known = noun_at(self.text, match.end())
        if match[1] in ("trong", "thuộc", "của") and (known is None or known[2] not in BODIES):
            return end
        noun = read_noun(self.text, match.end(), self.words)
        if noun is None or noun.counted_end >= following or "\n" in self.text[end : noun.counted_end]:
            return end
        return noun.counted_end

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
        if not before and after is None and of_next and PASSIVE.match(of_next) and self._lists(phrase, following):
            return of_next
        if after is not None and (PASSIVE.match(after[1]) or weak):
            return " ".join(after[1].split()[:LONGEST_PREDICATE]).strip()
        if before:
            # "tặng Cờ cho 12 tập thể": the verb with its object.
            verb = self.text[before[-1].start(1) : start]
            if (m := TO_WHOM.fullmatch(verb)) and len(m[1].split()) <= LONGEST_PREDICATE:
                return m[1]
            return before[-1][1]
        return None

    def _lists(self, phrase: int, following: int) -> bool:
        """Whether only a relative clause parts a phrase from the next of its list: "84 con … có điểm cao, 5 cháu"."""
        verbs = BEFORE.finditer(self.text, phrase, following)
        return self.text[phrase:following].endswith(", ") and all(m[1].lower() == "có" for m in verbs)

    def subject(self, index: int) -> str | None:
        """Return whose figure it is."""
        start, end, unit = self.figures[index]
        left, right = self._clause(index)
        phrase = max(end, self._phrase_end(index) if unit.end > start else end)
        if index + 1 < len(self.figures) and joined_by_of(self.text, phrase, self.figures[index + 1][0]):
            # "8.000 đoàn viên của 63 công đoàn trực thuộc …": whose the unions are, theirs are the members.
            following = self.figures[index + 1]
            phrase = max(following[1], self._phrase_end(index + 1))
        passive = AFTER.match(self.text, phrase, right) is not None
        place = Place(start, phrase, left, right, self._sentence(start)[0], self._paragraph(start), passive)
        return self.owners.find(place)

    def campaign(self, index: int) -> str | None:
        """Return the campaign of the figure's sentence, the nearest before it first; else the last of its paragraph."""
        start = self.figures[index][0]
        left, right = self._sentence(start)
        named, clause = self.campaigns, self._clause(index)[0]
        near = named.index_before(left, start)
        if near is not None and named.starts[near] < clause:
            counted = last_before(self.figure_starts, left, named.starts[near])
            if counted is not None and first_after(self.figure_starts, named.starts[near], clause) is None:
                near = None  # it closes an earlier clause and belongs to the figures there
        if near is not None:
            return named.found[near].text
        return named.first(start, right) or named.last(self._paragraph(start), left)

    def place(self, index: int) -> str | None:
        """Return the place named in the figure's clause."""
        start = self.figures[index][0]
        left, right = self._clause(index)
        return self.places.last(left, start) or self.places.first(start, right)

    def period(self, index: int) -> tuple[str | None, str | None]:
        """Return the period a figure is told for, as its two ends."""
        start = self.figures[index][0]
        chosen = self.periods.find(start, self._sentence(start), self._clause(index)[0], self._paragraph(start))
        return (chosen.date_start, chosen.date_end) if chosen else (None, None)

    def cumulative(self, index: int) -> bool:
        """Return whether the text says that a figure has grown up to a moment or over years."""
        start = self.figures[index][0]
        return self.periods.is_cumulative(start, self._sentence(start)[0], self._clause(index)[0])


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
        index = self.index_before(left, right)
        return self.found[index].text if index is not None else None

    def index_before(self, left: int, right: int) -> int | None:
        """Return the index of the last that begins in [left, right)."""
        return last_before(self.starts, left, right)
