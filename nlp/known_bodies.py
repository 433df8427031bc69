"""Bodies that the reference lists know, what may be added to their names, and places written as initials."""

from collections.abc import Collection
from dataclasses import replace

from nlp.gazetteer import body_phrases, match_level, role_phrases
from nlp.heads import Body, Opening
from nlp.syllables import CAPITAL, UPPER
from nlp.tails import Row, match_head, place_end, proper_end, skip_abbreviation

# A list may know these by a shorter name: "Quỹ Tấm lòng vàng | Lao Động".
GO_ON = {"quỹ", "báo"}
LONGEST_INITIALS = 4


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
    behind = skip_abbreviation(row, end)
    if behind < len(row) and row[behind].proper and row[at].key in GO_ON:
        stop = proper_end(row, behind, office=True, witness=witness, continued=continued)
        end = stop if stop > behind else end
    if entry.more.get("kind") == "enterprise" and end < len(row) and match_level(row, end) is None:
        # "VNPT Bắc Giang", "Agribank Lai Châu": the branch in a province.
        end = place_end(row, end, False, witness)
    return Body(at, end, row[at].text, "known")


def with_branch(row: Row, body: Body, continued: Collection[int]) -> Body:
    """Return the body with the branch that a dash adds ("Ngân hàng X - Chi nhánh Bình Dương")."""
    end = body.end
    dash = end + 3 < len(row) and row[end].text in ("-", "–")
    if not dash or [s.key for s in row[end + 1 : end + 3]] != ["chi", "nhánh"]:
        return body
    stop = proper_end(row, end + 3, continued=continued)
    return replace(body, end=stop) if stop > end + 3 else body


def read_initials(row: Row, opening: Opening, at: int) -> Body | None:
    """Return a federation or union whose place is given by its initials ("LĐLĐ HN")."""
    if opening.head.grammar not in ("federation", "union") or at >= len(row) or row[at].look != UPPER:
        return None
    if not 2 <= len(row[at].text) <= LONGEST_INITIALS or row[at].start > row[at - 1].end + 1:
        return None
    if match_head(row, at) or role_phrases().match(row, at) or (at + 1 < len(row) and row[at + 1].look == UPPER):
        return None
    return opening.body(at + 1)
