"""What opens an organisation's name and where it sits: head nouns, abbreviations, levels, places, sectors, zones."""

from collections.abc import Collection, Sequence

from nlp.gazetteer import COMMUNES, match_level, match_place, role_phrases, run_end
from nlp.heads import HEADS, NO_HEADS, SECTORS, ZONES, Head, phrases
from nlp.names import split_person
from nlp.syllables import LINE, LOWER, MARK, NUMBER, UPPER, Phrases, Syllable

Row = Sequence[Syllable]
NATION: Phrases[bool] = Phrases(
    (text, True) for text in ["Việt Nam", "VN", "Trung ương", "TW", "T.Ư", "TƯ", "tối cao", "cấp cao", "Nhà nước"]
)
# Not even in capitals.
NEVER_HEADS = phrases("heads", "never_heads")
REGIONS = phrases("heads", "regions")
COUNTRIES = phrases("heads", "countries")
LONGEST_COMMUNE = 3
# "(SX-TM-DV)" is five words and marks.
LONGEST_BRACKET = 9
ROMAN = set("ivxlc")
NUMBERED = {"quận", "phường", "xã", "thị trấn"}


def match_head(row: Row, at: int) -> tuple[int, Head] | None:
    """Return end and head of a head noun here, unless it begins another word ("Hội nghị") or is written too small."""
    found = HEADS.match(row, at)
    if found is None or not (row[at].proper or found[1].lower or small_union(row, *found)):
        return None
    # "Hội đồng trường Trường Đại học X": the noun said again is the one that has the name.
    if row[at].look == LOWER and found[0] < len(row) and row[found[0]].proper and row[found[0]].key == row[at].key:
        return None
    if NEVER_HEADS.match(row, at):
        return None
    other = NO_HEADS.match(row, at)
    if other and other[0] > at + 1 and other[0] >= found[0]:
        last = row[other[0] - 1].look
        return None if last == LOWER or last == row[at].look == UPPER else found
    return found


def small_union(row: Row, end: int, head: Head) -> bool:
    """Whether a union written small has its sector or nation behind it: with a place it is a name all the same."""
    nation = end + 1 < len(row) and row[end].text == "Việt" and row[end + 1].text == "Nam"
    return head.grammar == "union" and (nation or SECTORS.match(row, end) is not None)


def skip_abbreviation(row: Row, at: int) -> int:
    """Return the place behind a bracketed abbreviation ("(LĐLĐ)"), or the same place."""
    if at < len(row) and row[at].text == "(":
        for end in range(at + 1, min(at + LONGEST_BRACKET, len(row))):
            if row[end].text == ")":
                inner = row[at + 1 : end]
                short = all(s.look in (UPPER, MARK, NUMBER) or s.text in ("TCty", "Cty", "xã") for s in inner)
                return end + 1 if short and any(s.look == UPPER for s in inner) else at
            if row[end].look == LINE:
                break
    return at


def skip_term(row: Row, at: int) -> int:
    """Return the place behind "khóa IV", or the same place."""
    term = at + 1 < len(row) and row[at].key in ("khóa", "khoá") and set(row[at + 1].key) <= ROMAN
    return at + 2 if term else at


def place_end(row: Row, at: int, office: bool, witness: Collection[int] = ()) -> int:
    """Return the end of "tỉnh Lai Châu", "TP. Vinh", "Quy Nhơn", "Việt Nam" or "tỉnh" here, or the same place."""
    nation = NATION.match(row, at)
    if (nation and row[at].look != LOWER) or (nation and row[at].key in ("tối", "cấp")):
        return nation[0]
    if region := region_end(row, at):
        return region
    place = match_place(row, at)
    level = match_level(row, at)
    if place and (level is None or place[0] > level[0]):
        return place[0]
    country = COUNTRIES.match(row, at)
    if country and row[country[0] - 1].proper:
        return country[0]
    return named_level_end(row, at, level, office, witness) if level else at


def region_end(row: Row, at: int) -> int:
    """Return the end of "các tỉnh miền Trung", "Bắc Kỳ" here, or 0."""
    here = at
    if row[here].key == "các":
        here += 1
        while here < len(row) and (row[here].key in ("tỉnh", "thành", "phố") or row[here].text == ","):
            here += 1
    found = REGIONS.match(row, here)
    # "Bắc kỳ" is written either way, "miền trung" is not.
    return found[0] if found and (row[found[0] - 1].proper or row[found[0] - 1].key == "kỳ") else 0


def named_level_end(row: Row, at: int, level: tuple[int, str], office: bool, witness: Collection[int]) -> int:
    """Return the end of a level word with its place, listed or not; the level word's own end where a person follows."""
    end, kind = level
    alone = end - 1 if row[end - 1].text == "." else end
    if end >= len(row) or row[end].look == LINE or not (row[end].proper or row[end].look == NUMBER):
        return alone
    place = match_place(row, end)
    if place:
        return place[0]
    if row[end].look == NUMBER and kind in NUMBERED and len(row[end].text) <= 2:
        return end + 1
    stop = run_end(row, end)
    if stop == end or (kind not in COMMUNES and stop - end < 2):
        return end
    if role_phrases().match(row, end) or match_head(row, end):
        return end
    person = split_person(row, end, witness) if office or stop - end > LONGEST_COMMUNE else None
    if person is not None and not (person == end and kind in COMMUNES and not office):
        return person
    return min(stop, end + LONGEST_COMMUNE)


def sector_end(row: Row, at: int) -> int:
    """Return the end of a sector's name ("ngành Giáo dục", "Viên chức"), or the same place."""
    start = at + 1 if at < len(row) and row[at].key == "ngành" else at
    found = SECTORS.match(row, start)
    return found[0] if found and (row[start].proper or start > at) else at


def officials_end(row: Row, at: int) -> int:
    """Return the end of "viên chức", however written, or the same place."""
    return at + 2 if [s.key for s in row[at : at + 2]] == ["viên", "chức"] else at


def zones_end(row: Row, at: int) -> int:
    """Return the end of "các KCN", "Khu kinh tế và các khu công nghiệp", or the same place."""
    end = at
    many = row[at].key == "các" if at < len(row) else False
    here = at + many
    while found := ZONES.match(row, here):
        # "Công đoàn khu kinh tế Tây Ninh": small letters with a place behind them.
        if not many and end == at and not row[here].proper and match_place(row, found[0]) is None:
            return at
        end = here = found[0]
        while here < len(row) and (row[here].key in ("và", "các") or row[here].text in (",", "-", "–", "&")):
            here += 1
    return end
