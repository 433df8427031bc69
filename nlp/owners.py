"""Whose a figure is: the body that acts in its clause, that gave it, that it belongs to, else the context's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.layers import Word
from nlp.spans import Spans, first_after, last_before
from nlp.vocabulary import words_pattern
from store.records import Finding

# Owners that no reader of names finds: the whole union, offices of state, groups of bodies.
COLLECTIVE = re.compile(rf"(?<!\w)(?i:{words_pattern('owners', 'collective')})(?! ?[A-ZĐ]|\w)")
# "63 công đoàn các bộ, ngành", "lãnh đạo các bộ": whose they are.
MODIFIED = re.compile(r"(?:công đoàn|viên|đạo|quan|vị|diện) $", re.IGNORECASE)
WITHIN = re.compile(r" (?:trong |trên )?(?:toàn )?(?:tỉnh|thành phố|địa bàn|ngành|huyện|quận)(?: [A-ZĐ]\w+){0,3}")
# "được Tổng Liên đoàn tặng": who acts in the passive.
AGENT = re.compile(r"(?<!\w)(?:được|bị) (?:các )?$")
# After a preposition a body is no subject of the clause.
OBLIQUE = re.compile(
    rf"(?<!\w)(?:{words_pattern('owners', 'prepositions')}) (?:các |cả |hệ thống )?[“\"]?$", re.IGNORECASE
)
OF = re.compile(
    r",? (?:đang |đã )?(?:sinh hoạt |công tác |làm việc )?(?:của|thuộc|trực thuộc|tại|ở|trong) (?:các |hệ thống )?"
)
OF_FIGURE = re.compile(r" (?:của|thuộc|trực thuộc|tại|ở|trong) (?:hơn |trên |gần |khoảng |tổng số )?")
ACTS = re.compile(rf",? (?:{words_pattern('owners', 'auxiliaries')}|{words_pattern('predicates', 'before')})(?!\w)")
LISTED = re.compile(r",? (?:và |cùng |phối hợp với )?|, ")
# What the whole province counts is nobody's in particular.
AREA = re.compile(
    r"(?<!\w)(?:toàn (?:tỉnh|quốc|thành phố|huyện)|cả nước|cả tỉnh)(?: hiện| đã)? (?:có|còn)(?!\w)", re.IGNORECASE
)
REACH = 30


@dataclass(frozen=True, slots=True)
class Owner:
    """A body where it is named; `acts`: it is the subject of a verb; `oblique`, `agent`: it cannot be."""

    start: int
    end: int
    text: str
    acts: bool
    oblique: bool
    agent: bool


class Owners:
    """Answers whose a figure is, from the bodies of one document and their part in its sentences."""

    def __init__(
        self, text: str, organizations: Sequence[Finding], positions: Sequence[Finding], words: Sequence[Word]
    ) -> None:
        self.text = text
        # In "Chủ tịch LĐLĐ tỉnh phát biểu" it is the chairman who speaks.
        self.offices = Spans((p.start, p.end) for p in positions)
        verbs = {w.start for w in words if w.tag.startswith(("V", "R"))}
        taken = {(f.start, f.end) for f in organizations}
        for match in COLLECTIVE.finditer(text):
            within = WITHIN.match(text, match.end()) if match[0].lower().endswith(("công đoàn", "đơn vị")) else None
            end = within.end() if within else match.end()
            if not MODIFIED.search(text, max(0, match.start() - REACH), match.start()):
                taken.add((match.start(), end))
        longest: list[tuple[int, int]] = []
        for start, end in sorted(taken, key=lambda span: (span[0], -span[1])):
            if not longest or start >= longest[-1][1]:
                longest.append((start, end))
        self.all = [self._owner(start, end, verbs) for start, end in longest]
        self.starts = [o.start for o in self.all]
        self.acting = [o for o in self.all if o.acts]
        self.acting_starts = [o.start for o in self.acting]
        self.free = [o for o in self.all if not o.oblique]
        self.free_starts = [o.start for o in self.free]

    def _owner(self, start: int, end: int, verbs: set[int]) -> Owner:
        before = self.text[max(0, start - REACH) : start]
        agent = AGENT.search(before) is not None
        oblique = OBLIQUE.search(before) is not None or self.offices.touch(start, end)
        follows = ACTS.match(self.text, end) is not None or (self.text[end : end + 1] == " " and end + 1 in verbs)
        return Owner(start, end, self.text[start:end], follows and not oblique, oblique, agent)

    def find(self, at: "Place") -> str | None:
        """Return whose the figure at a place is, by the strongest sign there is."""
        if (area := AREA.search(self.text, at.clause, at.start)) and not self._between(area.end(), at.start):
            return None
        before, after = self._between(at.clause, at.start), self._between(at.phrase, at.right)
        if acting := [o for o in before if o.acts]:
            return self._first_of_list(before, acting[-1]).text
        if after and at.passive and after[0].agent:
            return after[0].text
        if after and OF.fullmatch(self.text, at.phrase, after[0].start):
            return after[0].text
        if free := [o for o in before if not o.oblique]:
            return free[0].text
        if agents := [o for o in before if o.agent]:
            return agents[-1].text
        if (index := last_before(self.acting_starts, at.sentence, at.clause)) is not None:
            return self.acting[index].text
        if before or after:
            return (before or after)[0].text
        if (index := last_before(self.free_starts, at.sentence, at.clause)) is not None:
            return self.free[index].text
        return self._context(at)

    def _context(self, at: "Place") -> str | None:
        """Return the body that the text speaks of at a place: the last that acted, else the nearest named."""
        for starts, owners in ((self.acting_starts, self.acting), (self.starts, self.all)):
            for left in (at.paragraph, 0):
                if (index := last_before(starts, left, at.start)) is not None:
                    return owners[index].text
        index = first_after(self.starts, at.start, len(self.text))
        return self.all[index].text if index is not None else None

    def _between(self, left: int, right: int) -> list[Owner]:
        first, last = first_after(self.starts, left, right), last_before(self.starts, left, right)
        return [] if first is None or last is None else self.all[first : last + 1]

    def _first_of_list(self, before: list[Owner], owner: Owner) -> Owner:
        """Return the first body of a list that acts together: "LĐLĐ tỉnh, Sở Y tế và Công ty A đã trao"."""
        index = before.index(owner)
        while index and not before[index - 1].agent and LISTED.fullmatch(self.text, before[index - 1].end, owner.start):
            index, owner = index - 1, before[index - 1]
        return owner if not owner.oblique else before[index + 1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: its start, the end of its phrase, what it stands in; `passive`: its verb follows."""

    start: int
    phrase: int
    clause: int
    right: int
    sentence: int
    paragraph: int
    passive: bool


def joined_by_of(text: str, end: int, following: int) -> bool:
    """Whether a figure is of the next one: "8.000 đoàn viên của 63 công đoàn"."""
    return OF_FIGURE.fullmatch(text, end, following) is not None

