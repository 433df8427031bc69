"""Bodies named by a common noun alone, and whose union a union is: "Giám đốc Công ty", "Công đoàn Bệnh viện X"."""

from collections.abc import Sequence

from nlp.bodies import BodyGrammar
from nlp.gazetteer import match_level
from nlp.heads import CLOSING, FORMS, INSIDE, Body, phrases
from nlp.names import split_person
from nlp.openings import match_head, skip_abbreviation
from nlp.syllables import LOWER, Phrases, Syllable

COMMON = phrases("names", "common_bodies")
UNIONS = {"union", "branch"}
# Whose unions and parties are definite where the article names one of them.
DEFINITE = phrases("names", "definite_owners")
CELLS = {"union", "branch", "cell"}
UNION_WORDS: Phrases[bool] = Phrases((text, True) for text in ["công đoàn", "công đoàn cơ sở", "CĐ", "CĐCS"])
GRAMMAR = "common"
DEFINITE_GRAMMAR = "definite"
# The grammars of the bodies that have such unions, and of their unions.
NAMED = {"firm", "school", "house", "state", "union", "branch", "known"}


def read_common(row: Sequence[Syllable], at: int) -> Body | None:
    """Return the body that an office names by a common noun alone ("Tổng công ty", "nhà trường"), if it does."""
    found = COMMON.match(row, at)
    if found is None:
        return None
    end = found[0]
    # "phòng Nội vụ huyện Tam Đường" is no "huyện".
    if found[0] == at + 1 and match_level(row, at) and end < len(row) and row[end].proper:
        return None
    # "Công đoàn CSTV Văn phòng": a name this grammar does not know; only a person may follow.
    if end < len(row) and row[end].proper and row[end].start == row[end - 1].end + 1 and split_person(row, end) != end:
        return None
    # "giám đốc nhà máy đường": the noun goes on.
    if end < len(row) and row[end].look == LOWER and (INSIDE.match(row, end) or CLOSING.match(row, end)):
        return None
    return Body(at, end, row[at].text, GRAMMAR, row[at].key)


def read_definite(row: Sequence[Syllable], at: int) -> Body | None:
    """Return the union or party of a common noun in small letters ("Công đoàn công ty", "Đảng ủy nhà trường")."""
    head = match_head(row, at) if row[at].proper else None
    if head is None or head[1].grammar not in CELLS:
        return None
    owner = DEFINITE.match(row, head[0])
    # "Công đoàn trường Đại học X" has a name.
    if owner is None or row[head[0]].look != LOWER or FORMS.match(row, owner[0]):
        return None
    if owner[0] < len(row) and row[owner[0]].proper:
        return None
    body = read_common(row, head[0])
    return Body(at, owner[0], head[1].text, DEFINITE_GRAMMAR, row[owner[0] - 1].key) if body else None


def is_named(row: Sequence[Syllable], definite: Body, others: Sequence[Body]) -> bool:
    """Whether a named body of the text is meant by the noun of a definite one ("nhà trường": "Trường Đại học X")."""
    noun = row[definite.end - 1].key
    named = (row[b.start : b.end - 1] for b in others if b.grammar in NAMED)
    return any(syllable.key == noun for syllables in named for syllable in syllables)


def owner_of(grammar: BodyGrammar, body: Body) -> Body | None:
    """Return the firm, school or hospital whose union this is, if the union is called after one."""
    if body.grammar == GRAMMAR and (found := UNION_WORDS.match(grammar.row, body.start)) and found[0] < body.end:
        return read_common(grammar.row, found[0])
    head = match_head(grammar.row, body.start) if body.grammar in UNIONS else None
    if head is None:
        return None
    start = skip_abbreviation(grammar.row, head[0])
    owner = grammar.read(start, office=True) or read_common(grammar.row, start)
    return owner if owner and owner.end == body.end and owner.grammar not in UNIONS else None
