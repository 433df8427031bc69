"""Names of bodies that a quotation ends: quoted behind their head noun, or with it."""

from collections.abc import Mapping

from nlp.openings import Row

LONGEST_QUOTED = 12


def quoted_end(row: Row, quoted: Mapping[int, int], at: int, end: int) -> int | None:
    """Return the end of a name that quotation marks enclose, the head noun at row[at:end] outside or inside them."""
    if end in quoted and quoted[end] - end <= LONGEST_QUOTED:
        return quoted[end]
    # “Nhà máy mọc nhanh …” is a sentence.
    named = at - 1 in quoted and row[at].proper and end < len(row) and row[end].proper
    return quoted[at - 1] - 1 if named and end < quoted[at - 1] - 1 <= end + LONGEST_QUOTED else None
