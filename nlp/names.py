"""The grammar of personal names: where a name begins in a run of capitals and where it ends."""

import re
from collections.abc import Collection, Sequence

from nlp.gazetteer import match_place, role_phrases, run_end, surnames
from nlp.heads import phrases
from nlp.syllables import CAPITAL, LINE, MARK, UPPER, Syllable
from nlp.vocabulary import entries

MIDDLE = {"thị", "văn"}
SURENESS = {"sure": 2, "fair": 1, "weak": 0}
# "Y Blơm Niê", "A Lăng Bút", "H'Hen Niê", "K'Brèo": a particle or its apostrophe stands for the surname.
PARTICLES = {"y", "a"}
APOSTROPHES = {"h", "k", "bh"}
LONGEST = 5
# Capitals that a lost comma or colon puts straight behind a name.
BREAKS = phrases("names", "breaks")
# Behind these even a given name alone is a person.
HONORIFICS = phrases("names", "honorifics")
# These are common nouns as well: they speak for a name that has its surname.
CALLINGS = phrases("names", "callings")

# A Vietnamese syllable: an initial cluster, vowels with any tone, a final; anything else is a foreign word.
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?[aăâeêioôơuưyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụ"
    r"ừửữứựỳỷỹýỵ]{1,3}(?:ch|ng|nh|[cmnpt])?"
)

# In a line of capitals only the words tell where a name ends.
SHOUTED_ENDS = set(entries("names", "lists", "shouted_ends"))


def surname_weight(row: Sequence[Syllable], at: int) -> str | None:
    """Return `sure`, `fair` or `weak` if the syllable is a listed surname or a particle, else None."""
    syllable = row[at]
    if not syllable.proper:
        return None
    key = syllable.text.casefold()
    if "'" in syllable.key and syllable.key.split("'")[0] in APOSTROPHES and len(syllable.key) > 2:
        return "sure"
    if key in PARTICLES and at + 1 < len(row) and row[at + 1].look == CAPITAL:
        return "weak"
    return surnames().get(key) or surnames().get(syllable.key)


def name_end(row: Sequence[Syllable], at: int) -> int:
    """Return where a name beginning here must end: the run of capitals, cut before an office or a head noun."""
    stop = min(run_end(row, at), at + LONGEST)
    shouted = row[at].look == UPPER
    end = at + 1
    while end < stop:
        syllable = row[end]
        if (syllable.look == UPPER) != shouted and len(syllable.text) > 1:
            break
        if BREAKS.match(row, end) or (shouted and end - at > 1 and syllable.key in SHOUTED_ENDS):
            break
        found = role_phrases().match(row, end)
        if found and found[0] - end > 1:
            break
        end += 1
    return end


def looks_like_name(row: Sequence[Syllable], at: int, end: int, witness: Collection[int] = ()) -> int:
    """Return how much speaks for row[at:end] being a whole name; 0 or less is no name, 4 stands without context."""
    length = end - at
    weight = surname_weight(row, at)
    if length == 1 and "'" in row[at].key and weight == "sure":
        return 4
    if weight is None or length < 2 or length > LONGEST:
        return 0
    place = match_place(row, at)
    if place and place[0] >= end:
        return 0
    # "Ksor", "Rmah": no Kinh word is spelt so.
    score = SURENESS["sure" if is_foreign(row[at]) and length < 5 else weight] + {2: 0, 3: 2, 4: 2, 5: -1}[length]
    # "Thái Bình Dương", "Lâm Đồng Xanh": the surname rather begins a place.
    if weight != "sure" and place and place[0] - at > 1:
        score -= 2
    if row[at + 1].key in MIDDLE and length > 2:
        score += 3
    if row[at].start in witness:
        score += 1
    return score


def split_person(row: Sequence[Syllable], at: int, witness: Collection[int] = ()) -> int | None:
    """Return where a person begins inside the run of capitals at this place ("Hoàng Long Nguyễn Văn A" -> at + 2)."""
    stop = run_end(row, at)
    best, best_score = None, 1
    for start in range(at, stop - 1):
        if surname_weight(row, start) is None:
            continue
        end = name_end(row, start)
        if end < stop and not closes(row, end) and row[start].look != UPPER:
            continue
        score = looks_like_name(row, start, end, witness)
        if score > best_score:
            best, best_score = start, score
    return best


def closes(row: Sequence[Syllable], at: int) -> bool:
    """Whether what stands here may follow a finished name: an office or a mark."""
    return row[at].look == MARK or role_phrases().match(row, at) is not None


def honorific_before(row: Sequence[Syllable], at: int) -> bool:
    """Whether an honorific stands right before."""
    for back in (1, 2, 3, 4):
        start = at - back
        if start < 0 or row[start].look == LINE:
            return False
        found = HONORIFICS.match(row, start)
        if found and found[0] == at and row[at].start - row[at - 1].end <= 1:
            return True
        if found and found[0] == at - 1 and row[at - 1].text == ":":
            return True
    return False


def is_foreign(syllable: Syllable) -> bool:
    """Whether a word is no Vietnamese syllable ("Rikio", "Xayyaphone")."""
    return SYLLABLE.fullmatch(syllable.key) is None
