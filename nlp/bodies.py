"""The grammar of organisations' names: a head noun and what belongs to it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from nlp.gazetteer import body_phrases, match_level, role_phrases
from nlp.heads import BLOCS, CLOSING, INSIDE, Head
from nlp.syllables import CAPITAL, LINE, LOWER, NUMBER
from nlp.tails import (
    ROMAN,
    Row,
    match_head,
    place_end,
    proper_end,
    sector_end,
    skip_abbreviation,
    zones_end,
)

DEEPEST = 4
GO_ON = {
    "có",
    "đã",
    "và",
    "của",
    "tại",
    "về",
    "do",
    "là",
    "tổ",
    "cho",
    "các",
    "cấp",
    "trong",
    "họp",
    "tỉnh",
    "thành",
    "huyện",
    "cùng",
}
# Committees without a name of their own: in an office they belong to the role, not to the body.
ABSORBED = {"inner", "cell"}
PARENT_AFTER = {"inner", "board", "block", "house", "state", "cell"}


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation's name: row[start:end]; `level` where it is only relative ("UBND tỉnh")."""

    start: int
    end: int
    head: str
    grammar: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class BodyGrammar:
    """Reads bodies in one document's row; `quoted` maps the first syllable of a quotation to the place behind it."""

    row: Row
    witness: Collection[int] = ()
    quoted: dict[int, int] = field(default_factory=dict)
    continued: Collection[int] = ()

    def read(self, at: int, *, office: bool = False, depth: int = 0) -> Body | None:
        """Return the longest body that begins here, or None; after an office the name stops before a person's."""
        row = self.row
        if depth > DEEPEST or at >= len(row):
            return None
        best = self.read_known(at, office)
        found = match_head(row, at)
        if found:
            body = self.read_head(at, found[0], found[1], office, depth)
            if body and (best is None or body.end > best.end):
                best = body
        return self.with_branch(best) if best else None

    def with_branch(self, body: Body) -> Body:
        """Return the body with the branch that a dash adds ("Ngân hàng X - Chi nhánh Bình Dương")."""
        row, end = self.row, body.end
        if (
            end + 3 < len(row)
            and row[end].text in ("-", "–")
            and row[end + 1].key == "chi"
            and row[end + 2].key == "nhánh"
        ):
            stop = self.proper(end + 3, False)
            return replace(body, end=stop) if stop > end + 3 else body
        return body

    def read_known(self, at: int, office: bool) -> Body | None:
        """Return the body of the reference lists here."""
        found = body_phrases().match(self.row, at)
        if found is None or not self.row[at].proper:
            return None
        end, entry = found
        start, stop = self.row[at], self.row[end - 1]
        # "Công đoàn viên chức" may be a listed name, "công nhân" never; a name of one small-lettered tail is a slip.
        if end - at > 1 and not any(s.proper for s in self.row[at + 1 : end]) and start.look == CAPITAL:
            small = "".join(s.text for s in self.row[at + 1 : end])
            if entry.name[1:].replace(" ", "") != small and stop.key not in ("tế", "hội", "phủ", "nước"):
                return None
        return Body(at, end, self.row[at].text, "known")

    def read_head(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        """Return the body of a head noun with its tail, by the head's own grammar."""
        read = getattr(self, f"read_{head.grammar}")
        body: Body | None = read(at, end, head, office, depth)
        if body is None or body.end >= len(self.row):
            return body
        if head.grammar in PARENT_AFTER and body.end > end:
            parent = self.read(body.end, office=office, depth=depth + 1)
            if parent and self.row[body.end].start == self.row[body.end - 1].end + 1 and self.row[body.end].proper:
                return Body(at, parent.end, head.text, head.grammar)
        return body

    def proper(self, at: int, office: bool, *, listing: bool = False, school: bool = False) -> int:
        """Return the end of a proper name here, or the same place."""
        return proper_end(
            self.row, at, office=office, listing=listing, school=school, witness=self.witness, continued=self.continued
        )

    def with_place(self, at: int, end: int, head: Head, office: bool, *, needed: bool = True) -> Body | None:
        """Return head + [(abbreviation)] + level and place; None where a place is needed and none stands."""
        behind = skip_abbreviation(self.row, end)
        here = behind if behind < len(self.row) else end
        if here < len(self.row) and self.row[here].text == "," and head.grammar == "federation":
            return None
        stop = place_end(self.row, here, office, self.witness) if here < len(self.row) else here
        if stop == here:
            return None if needed else Body(at, end, head.text, head.grammar)
        level = match_level(self.row, here)
        relative = level[1] if level and level[0] == stop else None
        # "Liên đoàn Lao động tỉnh (LĐLĐ) Quảng Trị": the place comes behind the abbreviation.
        if relative and (after := skip_abbreviation(self.row, stop)) > stop:
            named = place_end(self.row, after, office, self.witness) if after < len(self.row) else after
            if named > after:
                return Body(at, named, head.text, head.grammar)
        return Body(at, stop, head.text, head.grammar, relative)

    def read_federation(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        return self.with_place(at, end, head, office)

    def read_council(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        body = self.with_place(at, end, head, office)
        if body or not head.text.casefold().startswith(("hội đồng thi", "ban thi", "công an", "thanh tra")):
            return body
        return self.read_inner(at, end, head, office, depth)

    def read_party(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        body = self.with_place(at, end, head, office, needed=False)
        return Body(at, end, head.text, head.grammar, "party") if body and body.end == end else body

    def read_cell(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        if found := BLOCS.match(self.row, end):
            return Body(at, skip_place(self.row, found[0], office, self.witness), head.text, head.grammar)
        return self.read_inner(at, end, head, office, depth) or self.with_place(at, end, head, office)

    def read_inner(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        """A committee or office is named by the body it belongs to."""
        end = skip_abbreviation(self.row, end)
        # "Ban Quan hệ lao động (Tổng LĐLĐ Việt Nam)": the bracket says whose it is.
        if end + 1 < len(self.row) and self.row[end].text == "(" and end - at > 1:
            return Body(at, end, head.text, head.grammar) if self.read(end + 1, depth=depth + 1) else None
        inner = self.read(end, office=office, depth=depth + 1)
        if inner:
            return Body(at, inner.end, head.text, head.grammar, inner.level)
        stop = place_end(self.row, end, office, self.witness) if end < len(self.row) and self.row[end].proper else end
        return Body(at, stop, head.text, head.grammar) if stop > end else None

    def read_union(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        row = self.row
        small = row[at].look == LOWER
        end = skip_abbreviation(row, end)
        officials = (
            row[end : end + 1] != []
            and row[end].key == "viên"
            and row[end + 1 : end + 2] != []
            and row[end + 1].key == "chức"
        )
        # "công đoàn viên" is a member.
        if end >= len(row) or (row[end].key == "viên" and not officials):
            return None
        zones = zones_end(row, end)
        if zones > end and not small:
            stop = place_end(row, zones, office, self.witness) if zones < len(row) else zones
            if stop == zones:
                stop = self.proper(zones, office)
            return Body(at, max(zones, stop), head.text, head.grammar)
        stop = sector_end(row, end)
        if stop == end and officials and not small:
            stop = end + 2
        if stop > end:
            stop = skip_place(row, stop, office, self.witness)
            return Body(at, stop, head.text, head.grammar)
        inner = self.read(end, office=office, depth=depth + 1)
        if inner:
            return Body(at, inner.end, head.text, head.grammar, inner.level)
        if small:
            return None
        short = match_head(row, end)
        if (
            short
            and short[1].text in ("Bộ", "Tổng công ty", "Công ty", "Tập đoàn", "Sở", "Trường", "Bệnh viện")
            and row[end].proper
        ):
            return Body(at, short[0], head.text, head.grammar, row[end].key)
        body = self.with_place(at, end, head, office)
        if body is None and row[end].proper and role_phrases().match(row, end) is None:
            stop = self.proper(end, office)
            return Body(at, stop, head.text, head.grammar) if stop > end else None
        return body

    def read_branch(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        row = self.row
        end = skip_abbreviation(row, end)
        if end < len(row) and row[end].key == "thành" and row[end + 1 : end + 2] and row[end + 1].key == "viên":
            end += 2
        inner = self.read(end, office=office, depth=depth + 1)
        if inner and inner.level is None:
            return Body(at, inner.end, head.text, head.grammar)
        body = self.with_place(at, end, head, office)
        if body and body.level is None:
            return body
        if end < len(row) and row[end].proper and role_phrases().match(row, end) is None:
            stop = self.proper(end, office)
            return Body(at, stop, head.text, head.grammar) if stop > end else None
        return None

    def read_civil(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        return self.with_place(at, end, head, office)

    def read_board(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        row = self.row
        zones = zones_end(row, end)
        if zones > end:
            stop = skip_place(row, zones, office, self.witness)
            if stop == zones and (named := self.proper(zones, office)) > zones:
                stop = named
            return Body(at, stop, head.text, head.grammar)
        stop = self.proper(end, office, listing=True)
        if stop == end and head.text == "Ban Chỉ đạo":
            stop = small_run(row, end)
            # "Ban Chỉ đạo phòng chống dịch …": a name that goes on in words not known is not cut in the middle.
            if stop < len(row) and row[stop].look == LOWER and row[stop].key not in GO_ON:
                return None
        if stop == end or (head.text == "Ban" and stop - end < 2):
            return None
        if head.text in ("Ban", "Ủy ban") and self.read(stop, office=office, depth=depth + 1) is None:
            # A board of one's own has its place or its body; else it is some body's "Ban Giám sát".
            placed = skip_place(row, stop, office, self.witness)
            ends_in_place = any(place_end(row, i, office, self.witness) == stop for i in range(end + 1, stop))
            return Body(at, placed, head.text, head.grammar) if placed > stop or ends_in_place else None
        return Body(at, skip_place(row, stop, office, self.witness), head.text, head.grammar)

    def read_state(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        if end >= len(self.row) or not self.row[end].proper or match_level(self.row, end):
            return None
        sector = sector_end(self.row, end)
        stop = max(sector, self.proper(end, office, listing=True))
        return (
            Body(at, skip_place(self.row, stop, office, self.witness), head.text, head.grammar) if stop > end else None
        )

    def read_firm(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        return self.read_named(at, end, head, office)

    def read_school(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        return self.read_named(at, end, head, office, school=True)

    def read_house(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        return self.read_inner_house(at, end, head, office, depth) or self.read_named(at, end, head, office)

    def read_inner_house(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        inside = match_head(self.row, end)
        if inside is None or inside[0] - end < 2 or not self.row[at].proper:
            return None
        inner = self.read(end, office=office, depth=depth + 1)
        return Body(at, inner.end, head.text, head.grammar) if inner else None

    def read_press(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        return self.read_named(at, end, head, office, listing=True)

    def read_fund(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        return self.read_named(at, end, head, office)

    def read_society(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        body = self.read_named(at, end, head, office, listing=True)
        if body is None and end - at > 1:
            body = self.with_place(at, end, head, office) if end < len(self.row) else None
        return body

    def read_army(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        row = self.row
        if end < len(row) and row[end].look == NUMBER:
            return Body(at, end + 1, head.text, head.grammar)
        return self.read_named(at, end, head, office)

    def read_block(self, at: int, end: int, head: Head, office: bool, depth: int) -> Body | None:
        row = self.row
        here = end + 1 if end < len(row) and row[end].key == "số" else end
        if here < len(row) and (row[here].look == NUMBER or (set(row[here].key) <= ROMAN and row[here].proper)):
            return Body(at, here + 1, head.text, head.grammar)
        stop = place_end(row, here, office, self.witness) if here < len(row) else here
        stop = stop if stop > here else self.proper(here, office, listing=True)
        return Body(at, stop, head.text, head.grammar) if stop > here else None

    def read_named(
        self, at: int, end: int, head: Head, office: bool, *, school: bool = False, listing: bool = False
    ) -> Body | None:
        """A proper name, in quotes or not, with the place it holds."""
        row = self.row
        if end in self.quoted and self.quoted[end] - end <= 12:
            return Body(at, self.quoted[end], head.text, head.grammar)
        if at - 1 in self.quoted and row[at].proper and end < self.quoted[at - 1] - 1 <= end + 8:
            return Body(at, self.quoted[at - 1] - 1, head.text, head.grammar)
        if end < len(row) and row[end].look == LINE:
            return None
        stop = self.proper(end, office, school=school, listing=listing)
        return Body(at, skip_place(row, stop, office, self.witness), head.text, head.grammar) if stop > end else None


def skip_place(row: Row, at: int, office: bool, witness: Collection[int]) -> int:
    """Return the place behind the level and place that follow a name, if any do."""
    if at >= len(row) or row[at].look == LINE:
        return at
    behind = skip_abbreviation(row, at)
    if behind >= len(row):
        return at
    stop = place_end(row, behind, office, witness)
    return stop if stop > behind else at


def small_run(row: Row, at: int) -> int:
    """Return the end of the set small-letter phrase here ("phát triển đoàn viên"), or the same place."""
    end = at
    while found := (CLOSING.match(row, end) or INSIDE.match(row, end)):
        end = found[0]
    return end
