"""What may follow an organisation's head noun: abbreviations, levels and places, sectors, zones, proper names."""

from collections.abc import Collection, Sequence

from nlp.gazetteer import COMMUNES, match_level, match_place, role_phrases, run_end
from nlp.heads import CLOSING, FORMS, HEADS, INSIDE, NO_HEADS, SECTORS, ZONES, Head, phrases
from nlp.names import split_person
from nlp.syllables import CAPITAL, LINE, LOWER, MARK, NUMBER, UPPER, Phrases, Syllable, adjacent
from nlp.vocabulary import entries

Row = Sequence[Syllable]
NATION: Phrases[bool] = Phrases(
    (text, True) for text in ["Việt Nam", "VN", "Trung ương", "TW", "T.Ư", "TƯ", "tối cao", "cấp cao", "Nhà nước"]
)
REGIONS = phrases("heads", "regions")
FUNCTION_WORDS = {"và", "của", "với", "tại", "là", "có", "đã", "do", "ở", "cho", "về", "từ", "đến", "cùng", "vào"}
COUNTED = set(entries("heads", "lists", "counted"))
ROMAN = set("ivxlc")
HYPHENS = {"-", "–", "—", "&", "+"}
LONGEST_COMMUNE = 3
# They lead on from "Ban Chỉ đạo …" to the sentence; other words are the rest of its name.
GO_ON = set(entries("heads", "lists", "go_on"))
NUMBERED = {"quận", "phường", "xã", "thị trấn"}


def match_head(row: Row, at: int) -> tuple[int, Head] | None:
    """Return end and head of a head noun here, unless it begins another word ("Hội nghị") or is written too small."""
    found = HEADS.match(row, at)
    if found is None or not (row[at].proper or found[1].lower or small_union(row, *found)):
        return None
    other = NO_HEADS.match(row, at)
    if other and other[0] > at + 1 and other[0] >= found[0]:
        last = row[other[0] - 1].look
        return None if last == LOWER or last == row[at].look == UPPER else found
    return found


def small_union(row: Row, end: int, head: Head) -> bool:
    """Whether a union written small has its sector behind it: with a place it is a name all the same."""
    return head.grammar == "union" and SECTORS.match(row, end) is not None


def skip_abbreviation(row: Row, at: int) -> int:
    """Return the place behind a bracketed abbreviation ("(LĐLĐ)"), or the same place."""
    if at < len(row) and row[at].text == "(":
        for end in range(at + 1, min(at + 6, len(row))):
            if row[end].text == ")":
                inner = row[at + 1 : end]
                short = all(s.look in (UPPER, MARK, NUMBER) or s.text in ("TCty", "Cty", "xã") for s in inner)
                return end + 1 if short and any(s.look == UPPER for s in inner) else at
            if row[end].look == LINE:
                break
    return at


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
    return named_level_end(row, at, level, office, witness) if level else at


def region_end(row: Row, at: int) -> int:
    """Return the end of "các tỉnh miền Trung", "Bắc Kỳ" here, or 0."""
    here = at
    if row[here].key == "các":
        here += 1
        while here < len(row) and (row[here].key in ("tỉnh", "thành", "phố") or row[here].text == ","):
            here += 1
    found = REGIONS.match(row, here)
    return found[0] if found and row[found[0] - 1].proper else 0


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


def small_run(row: Row, at: int) -> int:
    """Return the end of a set phrase ("phát triển đoàn viên"), or the same place where unknown words go on."""
    end = at
    while found := (CLOSING.match(row, end) or INSIDE.match(row, end)):
        end = found[0]
    return at if end < len(row) and row[end].look == LOWER and row[end].key not in GO_ON else end


def zones_end(row: Row, at: int) -> int:
    """Return the end of "các KCN", "Khu kinh tế và các khu công nghiệp", or the same place."""
    end = at
    many = row[at].key == "các" if at < len(row) else False
    here = at + many
    while found := ZONES.match(row, here):
        if not many and end == at and not row[here].proper:
            return at
        end = here = found[0]
        while here < len(row) and (row[here].key in ("và", "các") or row[here].text in (",", "-", "–", "&")):
            here += 1
    return end


def proper_end(
    row: Row,
    at: int,
    *,
    office: bool = False,
    listing: bool = False,
    school: bool = False,
    witness: Collection[int] = (),
    continued: Collection[int] = (),
) -> int:
    """Return the end of a proper name ("TNHH MTV Xổ số kiến thiết Tây Ninh"), or the same place where none begins."""
    end, here, proper = at, at, False
    while here < len(row) and row[here].look != LINE:
        look = row[here].look
        whole = word_end(row, here, at, continued) if look == LOWER and proper else here
        if whole > here:
            end = here = whole
        elif row[here].key == "số" and proper and here + 1 < len(row) and row[here + 1].look == NUMBER:
            end = here = here + 2
        elif (form := form_end(row, here, proper)) > here:
            here = form
            end = here if proper and look == CAPITAL else end
        elif look in (CAPITAL, UPPER):
            stop, stopped = run_of_name(row, here, office, school and not proper, witness)
            if stop > here:
                end, here, proper = stop, stop, True
            if stopped:
                break
        elif look == NUMBER:
            if not number_belongs(row, here, proper):
                break
            here += 1
            end, proper = here, True
        elif (joined := joint_end(row, here, proper, listing, office, witness)) is not None:
            here = joined
        elif small := small_end(row, here, proper, office, witness):
            here = small[0]
            end, proper = (here, True) if small[1] else (end, proper)
        else:
            break
    return end if proper else at


def form_end(row: Row, at: int, proper: bool) -> int:
    """Return the end of a form of enterprise or school here, or the same place."""
    found = FORMS.match(row, at)
    if found is None or (proper and row[at].look == LOWER and found[0] == at + 1):
        return at
    return found[0]


def number_belongs(row: Row, at: int, proper: bool) -> bool:
    """Whether a number is part of the name ("May 10", "số 4") and counts nothing behind it."""
    numbered = row[at - 1].key == "số"
    if len(row[at].text) > 3 or not (numbered or (proper and row[at - 1].proper)):
        return False
    # "Công ty Dệt Long Bình 6.250": how many, where the noun is left out.
    if at + 2 < len(row) and row[at + 1].text in (".", ",") and adjacent(row, at + 2) and row[at + 2].look == NUMBER:
        return False
    return at + 1 >= len(row) or row[at + 1].look != LOWER or row[at + 1].key not in COUNTED


def word_end(row: Row, at: int, start: int, continued: Collection[int]) -> int:
    """Return the end of the word that the capital before this place begins ("Quốc|tế"), or the same place."""
    if at > start and row[at - 1].look == CAPITAL:
        for phrases in (INSIDE, SECTORS):
            found = phrases.match(row, at - 1)
            if found and found[0] > at:
                return found[0]
    # Only a word of two syllables: in longer ones underthesea joins a name to its verb ("Lao Động đồng hành").
    whole = at in continued and at + 1 not in continued and at - 1 not in continued and row[at - 2].look != CAPITAL
    return at + 1 if whole and row[at].key not in FUNCTION_WORDS else at


def run_of_name(row: Row, at: int, office: bool, school: bool, witness: Collection[int]) -> tuple[int, bool]:
    """Return how far a run of capitals belongs to the name, and whether the name must stop there."""
    stop = run_end(row, at)
    for here in range(at, stop):
        role = role_phrases().match(row, here)
        if (role and role[0] - here > 1) or (here > at and (HEADS.match(row, here) or (0, 0))[0] > here + 1):
            return here, True
    place = match_place(row, at)
    if office:
        start = place[0] if place and place[0] < stop else at
        person = split_person(row, start, witness)
        if person is not None and not (school and person == start == at):
            return person, True
    return stop, False


def joint_end(row: Row, at: int, proper: bool, listing: bool, office: bool, witness: Collection[int]) -> int | None:
    """Return the place behind a hyphen, "và", comma or bracket that joins two parts of one name, else None."""
    mark = row[at]
    following = at + 1
    if following >= len(row):
        return None
    if mark.text in HYPHENS and not proper:
        whole = adjacent(row, at) and adjacent(row, following) and FORMS.match(row, following)
        return following if whole else None
    if mark.text in HYPHENS:
        goes_on = row[following].proper and not breaks_off(row, following, office, witness)
        return following if goes_on or (adjacent(row, at) and adjacent(row, following)) else None
    if mark.text == "." and adjacent(row, at) and adjacent(row, following) and row[following].proper:
        return following
    if mark.text == "(" and (behind := skip_abbreviation(row, at)) > at:
        goes_on = behind < len(row) and (row[behind].proper or match_level(row, behind) is not None)
        return behind if goes_on and not breaks_off(row, behind, office, witness) else None
    if mark.key == "và" and proper:
        if row[following].proper and (HEADS.match(row, following) or (0, 0))[0] > following + 1:
            return None
        known = INSIDE.match(row, following) or SECTORS.match(row, following) or describes(row, at)
        return (
            following
            if known or (listing and row[following].proper and not breaks_off(row, following, True, witness))
            else None
        )
    if mark.text == "," and listing and proper and row[following].proper:
        closed = next((s.key for s in row[following : following + 6] if s.key in ("và", ";", ".", ",")), "")
        return following if closed == "và" and not breaks_off(row, following, True, witness) else None
    return None


def describes(row: Row, at: int) -> bool:
    """Whether the word before tells a line of business ("Xây dựng và Kết cấu thép"), not a firm's own name."""
    return any((found := INSIDE.match(row, at - back)) and found[0] == at for back in (1, 2, 3))


def breaks_off(row: Row, at: int, office: bool, witness: Collection[int]) -> bool:
    """Whether another name, an office or a person begins here."""
    if role_phrases().match(row, at) or (match_head(row, at) and row[at].look != UPPER):
        return True
    return office and split_person(row, at, witness) == at


def small_end(row: Row, at: int, proper: bool, office: bool, witness: Collection[int]) -> tuple[int, bool] | None:
    """Return the end of small letters inside a name and whether the name may end with them."""
    level = match_level(row, at)
    if level:
        end = place_end(row, at, office, witness)
        if end > level[0]:
            return end, True
        # "Bệnh viện Đa khoa tỉnh": definite without a name.
        formed = at > 1 and FORMS.match(row, at - 2) == (at, True)
        return (end, proper or formed) if level[1] in ("tỉnh", "thành phố", "huyện", "quận") else None
    found = INSIDE.match(row, at)
    closing = CLOSING.match(row, at)
    if closing and (found is None or closing[0] >= found[0]):
        return closing[0], proper
    if found is None:
        return None
    # "vận tải" may be a verb; where nothing small follows it is the name's last word.
    ends = found[0] >= len(row) or row[found[0]].look != LOWER
    return found[0], proper and ends and row[at - 1].proper
