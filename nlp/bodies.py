"""The grammar of organisations' names: a head noun and what belongs to it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from nlp.gazetteer import match_level, role_phrases
from nlp.heads import BLOCS, FIELDS, SECTORS, Body, Opening
from nlp.known_bodies import numbered_end, read_initials, read_known, short_owner, with_branch
from nlp.openings import (
    ROMAN,
    Row,
    match_head,
    officials_end,
    place_end,
    sector_end,
    skip_abbreviation,
    skip_term,
    zones_end,
)  # fmt: skip
from nlp.quotations import quoted_end
from nlp.syllables import LINE, LOWER, NUMBER
from nlp.tails import about_end, proper_end

DEEPEST = 4
# "Văn phòng" and "Thường trực" are nobody's in particular; boards of three syllables are somebody's.
SHORTEST_SHARED = 3
# Committees without a name of their own: in an office they belong to the role, not to the body.
ABSORBED = {"inner", "cell"}
# Behind these a second body says whose they are: "Trung tâm Tư vấn pháp luật LĐLĐ tỉnh".
OWNED = {"inner", "board", "block", "house", "state", "cell"}
# A board of one's own has its place; any other is some body's.
COMMON_BOARDS = {"Ban", "Ủy ban"}
PARTY_COMMITTEES = {"Đảng bộ", "Đảng ủy", "Chi bộ", "Đoàn TN", "Đoàn Thanh niên"}
COUNCILS_INSIDE = ("đảng bộ", "hội đồng thi", "ban thi", "công an", "thanh tra")
LISTING = {"press", "society"}


@dataclass(frozen=True, slots=True)
class BodyGrammar:
    """Reads bodies in a row; `quoted` leads from a quotation's first mark to the place behind it.

    `witness` holds the offsets where underthesea sees a person begin, `continued` the syllables that go on with a word.
    """

    row: Row
    witness: Collection[int] = ()
    quoted: dict[int, int] = field(default_factory=dict)
    continued: Collection[int] = ()

    def read(self, at: int, *, office: bool = False, depth: int = 0) -> Body | None:
        """Return the longest body that begins here, or None; after an office the name stops before a person's."""
        if depth > DEEPEST or at >= len(self.row):
            return None
        best = read_known(self.row, at, self.witness, self.continued)
        found = match_head(self.row, at)
        if found:
            body = self.read_head(Opening(at, found[0], found[1], office, depth))
            if body and (best is None or body.end > best.end):
                best = body
        return with_branch(self.row, best, self.continued) if best else None

    def read_head(self, opening: Opening) -> Body | None:
        """Return the body of a head noun with its tail, by the head's own grammar."""
        body = self.read_tail(opening)
        if body is None or body.end >= len(self.row) or opening.head.grammar not in OWNED or body.end == opening.end:
            return body
        owner = self.read(body.end, office=opening.office, depth=opening.depth + 1)
        one_space = self.row[body.end].start == self.row[body.end - 1].end + 1
        return opening.body(owner.end) if owner and one_space and self.row[body.end].proper else body

    def read_tail(self, opening: Opening) -> Body | None:
        """Return the body by the grammar of its head noun."""
        match opening.head.grammar:
            case "federation" | "civil":
                return self.with_place(opening)
            case "council":
                return self.read_council(opening)
            case "party":
                return self.with_place(opening) or opening.body(opening.end, "party")
            case "cell":
                return self.read_cell(opening)
            case "inner":
                return self.read_inner(opening)
            case "union":
                return self.read_union(opening)
            case "branch":
                return self.read_branch(opening)
            case "board":
                return self.read_board(opening)
            case "state":
                return self.read_state(opening)
            case "house":
                return self.read_house(opening)
            case "army" if opening.end < len(self.row) and self.row[opening.end].look == NUMBER:
                return opening.body(opening.end + 1)
            case "block":
                return self.read_block(opening)
            case "society":
                return self.read_named(opening) or (self.with_place(opening) if opening.end - opening.at > 1 else None)
            case _:
                return self.read_named(opening)

    def inside(self, opening: Opening, at: int) -> Body | None:
        """Return the body inside this one."""
        return self.read(at, office=opening.office, depth=opening.depth + 1)

    def place(self, opening: Opening, at: int) -> int:
        """Return the end of a level and place here, or the same place."""
        return place_end(self.row, at, opening.office, self.witness) if at < len(self.row) else at

    def placed(self, opening: Opening, at: int) -> int:
        """Return the place behind the level and place that follow a name, an abbreviation in brackets before them."""
        behind = skip_abbreviation(self.row, at)
        stop = self.place(opening, behind)
        return stop if stop > behind else at

    def proper(self, at: int, office: bool, *, listing: bool = False, school: bool = False) -> int:
        """Return the end of a proper name here, or the same place."""
        return proper_end(
            self.row, at, office=office, listing=listing, school=school, witness=self.witness, continued=self.continued
        )

    def with_place(self, opening: Opening) -> Body | None:
        """Return head + [(abbreviation)] + level and place, or None where no place stands."""
        here = skip_term(self.row, skip_abbreviation(self.row, opening.end))
        here = here if here < len(self.row) else opening.end
        stop = self.place(opening, here)
        if stop == here:
            return read_initials(self.row, opening, here) if opening.head.grammar == "federation" else None
        level = match_level(self.row, here)
        relative = level[1] if level and level[0] == stop else None
        # "Liên đoàn Lao động tỉnh (LĐLĐ) Quảng Trị": the place comes behind the abbreviation.
        if relative and (after := skip_abbreviation(self.row, stop)) > stop:
            named = self.place(opening, after)
            if named > after:
                return opening.body(named)
        return opening.body(stop, relative)

    def read_council(self, opening: Opening) -> Body | None:
        """A council has a place; an emulation council or the police may belong to a body instead."""
        body = self.in_bloc(opening) or self.with_place(opening)
        if body is None and opening.head.text.casefold().startswith(COUNCILS_INSIDE):
            return self.read_inner(opening)
        return body

    def in_bloc(self, opening: Opening) -> Body | None:
        """Return the party committee of a bloc ("Đảng bộ Khối các cơ quan tỉnh")."""
        found = BLOCS.match(self.row, opening.end) if opening.head.text in PARTY_COMMITTEES else None
        return opening.body(self.placed(opening, found[0])) if found else None

    def read_cell(self, opening: Opening) -> Body | None:
        """A party committee has a bloc, a body or a place."""
        body = self.in_bloc(opening) or self.read_inner(opening) or self.with_place(opening)
        if body or opening.end >= len(self.row) or not self.row[opening.end].proper:
            return body
        # "Đảng ủy Than Quảng Ninh", "Đảng ủy Bệnh viện"
        sector = sector_end(self.row, opening.end)
        return opening.body(self.placed(opening, sector)) if sector > opening.end else short_owner(self.row, opening)

    def read_inner(self, opening: Opening) -> Body | None:
        """A committee or office is named by the body it belongs to."""
        end = skip_term(self.row, skip_abbreviation(self.row, opening.end))
        # "Ban Quan hệ lao động (Tổng LĐLĐ Việt Nam)": the bracket says whose it is.
        if end + 1 < len(self.row) and self.row[end].text == "(" and end - opening.at > 1:
            return opening.body(end) if self.read(end + 1, depth=opening.depth + 1) else None
        owner = self.inside(opening, end)
        if owner:
            return opening.body(owner.end, owner.level)
        stop = self.place(opening, end) if end < len(self.row) and self.row[end].proper else end
        return opening.body(stop) if stop > end else self.joined_inner(opening) or short_owner(self.row, opening)

    def joined_inner(self, opening: Opening) -> Body | None:
        """Return the board that shares the owner of the next: "Ban Tài chính, Ban Tổ chức Tổng Liên đoàn"."""
        at = opening.end
        if opening.depth or opening.end - opening.at < SHORTEST_SHARED or at + 1 >= len(self.row):
            return None
        following = match_head(self.row, at + 1) if self.row[at].key in (",", "và") else None
        shares = following and following[1].grammar == "inner" and self.row[at + 1].proper
        return opening.body(at) if shares and self.read(at + 1, depth=opening.depth) else None

    def read_union(self, opening: Opening) -> Body | None:
        """A union has zones, a sector, a body, a place or a name; written small only a sector or a body."""
        row, small = self.row, self.row[opening.at].look == LOWER
        end = skip_abbreviation(row, opening.end)
        officials = officials_end(row, end)
        # "công đoàn viên" is a member.
        if end >= len(row) or (row[end].key == "viên" and officials == end):
            return None
        zones = zones_end(row, end)
        if zones > end and not small:
            placed = self.place(opening, zones)
            return opening.body(placed if placed > zones else max(zones, self.proper(zones, opening.office)))
        sector = max(sector_end(row, end), officials)
        if sector == end and (found := SECTORS.match(row, end)):
            sector = found[0]
            small = small or row[end - 1].key != "ngành"
        if sector > end and not small:
            placed = self.placed(opening, sector)
            if placed > sector:
                return opening.body(placed)
            return read_initials(row, opening, sector) or opening.body(sector)
        # "Công đoàn giáo dục huyện", "công đoàn viên chức tỉnh Lai Châu": written small only with a place.
        if sector > end and (placed := self.placed(opening, sector)) > sector:
            level = match_level(row, sector)
            if row[opening.at].proper or opening.depth or level is None or placed > level[0]:
                return opening.body(placed)
        # "Công đoàn cơ quan Bộ X": the union of the ministry's own offices.
        offices = end + 2 if [s.text for s in row[end : end + 2]] == ["cơ", "quan"] else end
        owner = self.inside(opening, offices)
        if owner or small:
            if owner is None and row[end].text == "Việt":
                return self.with_place(opening)
            return opening.body(owner.end, owner.level) if owner else None
        return short_owner(self.row, opening) or self.with_place(opening) or self.named_here(opening, end)

    def named_here(self, opening: Opening, at: int) -> Body | None:
        """Return the body whose proper name stands here without a head noun of its own."""
        if at >= len(self.row) or not self.row[at].proper or role_phrases().match(self.row, at):
            return None
        stop = self.proper(at, opening.office)
        return opening.body(stop) if stop > at else None

    def read_branch(self, opening: Opening) -> Body | None:
        """A grassroots union has a body, a full place or a name."""
        end = skip_abbreviation(self.row, opening.end)
        owner = self.inside(opening, end)
        if owner and owner.level is None:
            return opening.body(owner.end)
        body = self.with_place(opening)
        if body and body.level is None:
            return body
        return short_owner(self.row, opening) or self.named_here(opening, end)

    def read_board(self, opening: Opening) -> Body | None:
        """A board has zones, a name, or a set phrase; then its place or its owner."""
        row, end = self.row, opening.end
        zones = zones_end(row, end)
        if zones > end:
            placed = self.placed(opening, zones)
            return opening.body(placed if placed > zones else max(zones, self.proper(zones, opening.office)))
        stop = self.proper(end, opening.office, listing=True)
        if opening.head.text == "Ban Chỉ đạo":
            stop = about_end(row, end, stop)
        if stop == end or (opening.head.text == "Ban" and stop - end < 2):
            return None
        placed = self.placed(opening, stop)
        if opening.head.text in COMMON_BOARDS and placed == stop and self.inside(opening, stop) is None:
            ends_in_place = any(self.place(opening, i) == stop for i in range(end + 1, stop))
            return opening.body(stop) if ends_in_place else None
        return opening.body(placed)

    def read_state(self, opening: Opening) -> Body | None:
        """A department has a field of work."""
        end = opening.end
        if end >= len(self.row) or not self.row[end].proper or match_level(self.row, end):
            return None
        stop = max(sector_end(self.row, end), self.proper(end, opening.office, listing=True))
        return opening.body(self.placed(opening, stop)) if stop > end else None

    def read_house(self, opening: Opening) -> Body | None:
        """A house or centre has a name, or the name of its owner alone ("Nhà khách Văn phòng Chính phủ")."""
        inside = match_head(self.row, opening.end)
        if inside and inside[0] - opening.end > 1 and self.row[opening.at].proper:
            owner = self.inside(opening, opening.end)
            if owner:
                return opening.body(owner.end)
        if (numbered := numbered_end(self.row, opening)) > opening.end:
            return opening.body(self.placed(opening, numbered))
        return self.read_named(opening)

    def read_block(self, opening: Opening) -> Body | None:
        """An emulation block has a number, a place or a name."""
        here = opening.end + (opening.end < len(self.row) and self.row[opening.end].key == "số")
        if here >= len(self.row):
            return None
        if self.row[here].look == NUMBER or (set(self.row[here].key) <= ROMAN and self.row[here].proper):
            return opening.body(here + 1)
        owner = self.inside(opening, here)
        # "Khối thi đua Công đoàn cơ sở": a kind of body, nobody's name.
        if owner is None and (kind := match_head(self.row, here)) and kind[1].grammar in ("union", "branch"):
            return None
        stop = max(self.place(opening, here), self.proper(here, opening.office, listing=True))
        stop = max(stop, owner.end) if owner else stop
        return opening.body(stop) if stop > here else None

    def read_named(self, opening: Opening) -> Body | None:
        """A proper name, in quotes or not, with the place behind it."""
        at, end = opening.at, opening.end
        if (stop := quoted_end(self.row, self.quoted, at, end)) is not None:
            return opening.body(stop)
        if end >= len(self.row) or self.row[end].look == LINE:
            return None
        # "Tổ chức cán bộ" is what a department does.
        field = FIELDS.match(self.row, at)
        owned = self.row[end].look == LOWER or (field and field[0] > end) or self.inside(opening, end)
        if (opening.head.text == "Tổ chức" and owned) or (opening.head.text == "Đoàn" and self.inside(opening, end)):
            return None
        grammar = opening.head.grammar
        stop = self.proper(end, opening.office, listing=grammar in LISTING, school=grammar == "school")
        return opening.body(self.placed(opening, stop)) if stop > end else None
