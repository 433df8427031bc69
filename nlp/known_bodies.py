"""Bodies that the reference lists know, what may be added to their names, and places written as initials."""

from collections.abc import Collection
from dataclasses import replace

from nlp.gazetteer import body_phrases, match_level, match_place, role_phrases
from nlp.heads import Body, Head, Opening
from nlp.openings import Row, match_head, place_end, skip_abbreviation
from nlp.syllables import CAPITAL, NUMBER, UPPER
from nlp.tails import COUNTED, proper_end

# A list may know these by a shorter name: "Quỹ Tấm lòng vàng | Lao Động".
GO_ON = {"quỹ", "báo"}
LONGEST_INITIALS = 4
SEATS = {"HCM", "HN", "TPHCM", "HCMC"}
# Hospitals and institutes of the army go by numbers.
NUMBERED = {"Bệnh viện", "BV", "Viện"}
COMMITTEES = {"UBKT", "Ủy ban Kiểm tra", "BCH", "BTV", "Ban Chấp hành", "Ban Thường vụ"}
# "Công đoàn Bộ", "Đảng ủy Bệnh viện": definite by their capitals.
SHORT_OWNERS = {"Bộ", "Tổng công ty", "Công ty", "Tập đoàn", "Sở", "Trường", "Bệnh viện", "Văn phòng"}


def read_known(row: Row, at: int, witness: Collection[int], continued: Collection[int]) -> Body | None:
    """Return the body of the reference lists here."""
    found = body_phrases().match(row, at)
    if found is None or not row[at].proper:
        return None
    end, entry = found
    tail = row[at + 1 : end]
    # "Quốc hội" and "Chính phủ" are written so; another word of two syllables only by chance.
    if tail and row[at].look == CAPITAL and not any(s.proper for s in tail):
        written = " ".join(s.text for s in row[at:end])
        if written not in entry.names and len(tail) < 2:
            return None
    # "ĐHQG-HCM": its seat, by initials.
    if end + 1 < len(row) and row[end].text in ("-", "–") and row[end - 1].look == row[end + 1].look == UPPER:
        end = end + 2 if row[end + 1].text in SEATS else end
    behind = skip_abbreviation(row, end)
    if behind < len(row) and row[behind].proper and row[at].key in GO_ON:
        stop = proper_end(row, behind, office=True, witness=witness, continued=continued)
        end = stop if stop > behind else end
    if entry.more.get("kind") == "enterprise" and end < len(row) and names_place(row, end):
        # "VNPT Bắc Giang", "Agribank Lai Châu": the branch in a province.
        end = place_end(row, end, False, witness)
    return Body(at, end, row[at].text, "known")


def names_place(row: Row, at: int) -> bool:
    """Whether a place stands here, not a level word alone ("VNPT tỉnh")."""
    level = match_level(row, at)
    return level is None or match_place(row, level[0]) is not None


def with_branch(row: Row, body: Body, continued: Collection[int]) -> Body:
    """Return the body with the branch that a dash adds ("Ngân hàng X - Chi nhánh Bình Dương")."""
    end = body.end
    dash = end < len(row) and row[end].text in ("-", "–")
    here = end + dash + 2
    if here >= len(row) or [s.key for s in row[end + dash : here]] != ["chi", "nhánh"]:
        return body
    stop = max(proper_end(row, here, continued=continued), place_end(row, here, False))
    return replace(body, end=stop) if stop > here else body


def read_initials(row: Row, opening: Opening, at: int) -> Body | None:
    """Return a federation or union whose place is given by its initials ("LĐLĐ HN")."""
    if opening.head.grammar not in ("federation", "union") or at >= len(row) or row[at].look != UPPER:
        return None
    if not 2 <= len(row[at].text) <= LONGEST_INITIALS or row[at].start > row[at - 1].end + 1:
        return None
    if match_head(row, at) or role_phrases().match(row, at) or (at + 1 < len(row) and row[at + 1].look == UPPER):
        return None
    return opening.body(at + 1)


def numbered_end(row: Row, opening: Opening) -> int:
    """Return the end of the number by which a hospital or institute is called ("Bệnh viện 108"), or the head's own."""
    at = opening.end
    if opening.head.text not in NUMBERED or at >= len(row) or row[at].look != NUMBER or not row[opening.at].proper:
        return at
    # "Bệnh viện 300 giường": what it has.
    counts = at + 1 < len(row) and row[at + 1].key in COUNTED
    return at + 1 if len(row[at].text) in (2, 3) and row[at].text.isdigit() and not counts else at


def short_owner(row: Row, opening: Opening) -> Body | None:
    """Return the body whose owner is a common noun with its capital ("Công đoàn Bộ", "UBKT Công đoàn")."""
    end = opening.end
    short = match_head(row, end) if end < len(row) and row[end].proper else None
    if short is None or not (short[1].text in SHORT_OWNERS or is_committee(opening, short[1])):
        return None
    return opening.body(short[0], row[end].key)


def is_committee(opening: Opening, owner: Head) -> bool:
    """Whether these are the words for a committee and the union it belongs to, or its party."""
    return opening.head.text in COMMITTEES and owner.text in ("Công đoàn", "CĐ")
