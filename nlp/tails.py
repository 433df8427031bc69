"""What may follow an organisation's head noun: abbreviations, levels and places, sectors, zones, proper names."""

from collections.abc import Collection

from nlp.gazetteer import match_level, match_place, role_phrases, run_end
from nlp.heads import CLOSING, FORMS, HEADS, INSIDE, SECTORS, phrases
from nlp.names import HONORIFICS, SHOUTED_ENDS, split_person
from nlp.openings import Row, match_head, place_end, skip_abbreviation
from nlp.syllables import CAPITAL, LINE, LOWER, MARK, NUMBER, UPPER, adjacent
from nlp.vocabulary import entries

FUNCTION_WORDS = {"và", "của", "với", "tại", "là", "có", "đã", "do", "ở", "cho", "về", "từ", "đến", "cùng", "vào"}
EPIDEMICS = {"covid", "cov"}
# Below this a number behind a place is its own: "Hưng Long 2".
COUNTS = 20
COUNTED = set(entries("heads", "lists", "counted"))
# "Công đoàn Cục X và Lãnh đạo Chi cục Y"
PEOPLE_AT_LARGE = phrases("names", "no_names")
# Words that are part of a name only where it begins with their capital: "Quỹ Hỗ trợ".
COMPOUNDS = phrases("heads", "compounds")
# "Sở Nội vụ và cán bộ, công nhân": these words begin the next noun.
PEOPLE = {"công", "cán", "đoàn", "thanh", "phụ", "nông", "nhân", "người", "trẻ", "học", "sinh"}
HYPHENS = {"-", "–", "—", "&", "+"}
# They lead on from "Ban Chỉ đạo …" to the sentence; other words are the rest of its name.
GO_ON = set(entries("heads", "lists", "go_on"))


def small_run(row: Row, at: int) -> int:
    """Return the end of a set phrase ("phát triển đoàn viên"), or the same place where unknown words go on."""
    end = at
    while found := (CLOSING.match(row, end) or INSIDE.match(row, end)):
        end = found[0]
    return at if end < len(row) and row[end].look == LOWER and row[end].key not in GO_ON else end


def about_end(row: Row, at: int, stop: int) -> int:
    """Return the end of what a steering board is about ("Ban Chỉ đạo | Trung ương về phòng chống thiên tai")."""
    about = stop + 1 if stop > at and stop < len(row) and row[stop].key == "về" else at
    if about == at:
        return stop if stop > at else small_run(row, at)
    end = small_run(row, about)
    return end if end > about else stop


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
            if not number_belongs(row, here, proper, whole_so_far=end == here):
                break
            here += 1
            end, proper = here, True
        elif (joined := joint_end(row, here, proper, listing, office, witness)) is not None:
            here = joined
        elif proper and dashed(row, here, witness):
            here += 1
        elif small := small_end(row, here, proper, office, listing, witness, whole_so_far=end == here):
            level = match_level(row, here)
            here = small[0]
            end, proper = (here, True) if small[1] else (end, proper)
            # "Trung tâm Dân số huyện | truyền thông": a level without its place closes the name.
            if level and level[0] == here:
                break
        else:
            break
    return end if proper else at


def dashed(row: Row, at: int, witness: Collection[int]) -> bool:
    """Whether a dash joins this word to a capital that goes on with the name ("Cầu lớn-Hầm")."""
    joined = at + 2 < len(row) and row[at + 1].text in HYPHENS and row[at + 2].look == CAPITAL
    if not joined or row[at].look != LOWER or row[at - 1].look != CAPITAL or row[at].key in FUNCTION_WORDS:
        return False
    return adjacent(row, at + 2) or not breaks_off(row, at + 2, True, witness)


def form_end(row: Row, at: int, proper: bool) -> int:
    """Return the end of a form of enterprise or school here, or the same place."""
    found = FORMS.match(row, at)
    if found is None or (proper and row[at].look == LOWER and found[0] == at + 1):
        return at
    return found[0]


def ends_in_place(row: Row, at: int) -> bool:
    """Whether a listed place ends here: a number behind "Xí nghiệp Toa xe Vinh" counts something, "May 29" does not."""
    return any((place := match_place(row, at - back)) and place[0] == at for back in (1, 2, 3) if at >= back)


def int_of(text: str) -> int:
    """Return a number in digits; 0 for "29a"."""
    return int(text) if text.isdigit() else 0


def number_belongs(row: Row, at: int, proper: bool, *, whole_so_far: bool) -> bool:
    """Whether a number is part of the name ("May 10", "số 4") and counts nothing behind it."""
    numbered = row[at - 1].key == "số"
    following = row[at + 1] if at + 1 < len(row) else None
    # "Công ty Truyền tải điện 4", "Công ty Dệt may 29-3": behind small letters only where nothing is counted.
    small = proper and whole_so_far and (following is None or following.look in (MARK, LINE) or following.key == "và")
    dated = adjacent(row, at) and row[at - 1].text == "-" and row[at - 2].look == NUMBER
    # "Covid-19"
    dated = dated or (adjacent(row, at) and adjacent(row, at - 1) and row[at - 2].key in EPIDEMICS)
    many = int_of(row[at].text) >= COUNTS and ends_in_place(row, at)
    counting = not numbered and (many or row[at].text.startswith("0"))
    if counting or len(row[at].text) > 3 or not (numbered or small or dated or (proper and row[at - 1].proper)):
        return False
    # "Công ty Dệt Long Bình 6.250": how many, where the noun is left out.
    if at + 2 < len(row) and row[at + 1].text in (".", ",") and adjacent(row, at + 2) and row[at + 2].look == NUMBER:
        return False
    return at + 1 >= len(row) or row[at + 1].look != LOWER or row[at + 1].key not in COUNTED


def word_end(row: Row, at: int, start: int, continued: Collection[int]) -> int:
    """Return the end of the word that the capital before this place begins ("Quốc|tế"), or the same place."""
    if at > start and row[at - 1].look == CAPITAL:
        for known in (INSIDE, SECTORS, COMPOUNDS):
            found = known.match(row, at - 1)
            if found and found[0] > at:
                return found[0]
    # Only a word of two syllables: in longer ones underthesea joins a name to its verb ("Lao Động đồng hành").
    # An abbreviation is a word of its own, whatever underthesea joins to it ("Bộ GD&ĐT tặng").
    first = row[at - 1].look != UPPER and (at - 1 == start or row[at - 2].look != CAPITAL)
    whole = at in continued and at + 1 not in continued and at - 1 not in continued and first
    return at + 1 if whole and row[at].key not in FUNCTION_WORDS else at


def run_of_name(row: Row, at: int, office: bool, school: bool, witness: Collection[int]) -> tuple[int, bool]:
    """Return how far a run of capitals belongs to the name, and whether the name must stop there."""
    stop = run_end(row, at)
    for here in range(at, stop):
        role = role_phrases().match(row, here)
        # In a line of capitals only the words tell where the name ends.
        if here > at and row[here].look == UPPER and row[here].key in SHOUTED_ENDS:
            return here, True
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
        # "Cảng – đường thủy": what a firm does.
        goes_on = goes_on or (row[following].look == LOWER and row[at - 1].look == CAPITAL and trades(row, following))
        return following if goes_on or (adjacent(row, at) and adjacent(row, following)) else None
    if mark.text == "." and adjacent(row, at) and adjacent(row, following) and row[following].proper:
        return following
    if mark.text == "(" and (behind := skip_abbreviation(row, at)) > at:
        goes_on = behind < len(row) and (row[behind].proper or match_level(row, behind) is not None)
        return behind if goes_on and not breaks_off(row, behind, office, witness) else None
    if mark.key == "và" and proper:
        if PEOPLE_AT_LARGE.match(row, following):
            return None
        head = HEADS.match(row, following)
        # "Nhà máy Nghi Sơn và Cảng Thanh Hóa" are two.
        firm = head is not None and head[0] < len(row) and head[1].grammar == "firm"
        named = head and firm and (row[head[0]].proper or not INSIDE.match(row, following))
        if row[following].proper and head and (head[0] > following + 1 or named):
            return None
        known = INSIDE.match(row, following) or SECTORS.match(row, following) or describes(row, at)
        return (
            following
            if known or (listing and row[following].proper and not breaks_off(row, following, True, witness))
            else None
        )
    # "Ban Chỉ đạo Quốc gia Phòng, chống Covid-19"
    if mark.text == "," and row[at - 1].key == "phòng" and row[following].key == "chống":
        return following + 1
    if mark.text == "," and listing and proper and row[following].proper:
        closed = next((s.key for s in row[following : following + 6] if s.key in ("và", ";", ".", ",")), "")
        return following if closed == "và" and not breaks_off(row, following, True, witness) else None
    return None


def trades(row: Row, at: int) -> bool:
    """Whether the words here are a line of business of two syllables or more."""
    found = INSIDE.match(row, at)
    return found is not None and found[0] > at + 1


def describes(row: Row, at: int) -> bool:
    """Whether the word before tells a line of business ("Xây dựng và Kết cấu thép"), not a firm's own name."""
    return any((found := INSIDE.match(row, at - back)) and found[0] == at for back in (1, 2, 3))


def breaks_off(row: Row, at: int, office: bool, witness: Collection[int]) -> bool:
    """Whether another name, an office or a person begins here."""
    if role_phrases().match(row, at) or (match_head(row, at) and row[at].look != UPPER):
        return True
    # "Bộ Công an và Thượng úy Lê Thị A"
    if (honorific := HONORIFICS.match(row, at)) and honorific[0] < len(row) and row[honorific[0]].proper:
        return True
    return office and split_person(row, at, witness) == at


def small_end(
    row: Row, at: int, proper: bool, office: bool, listing: bool, witness: Collection[int], *, whole_so_far: bool
) -> tuple[int, bool] | None:
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
    # "Cục Quan hệ lao động và tiền lương", "Cảng - đường thủy"; but "Sở Y tế và công đoàn" are two.
    before = row[at - 1]
    joined = before.text in HYPHENS or (listing and before.key == "và" and not HEADS.match(row, at))
    goes_on = before.proper or ((joined or whole_so_far) and row[at].key not in PEOPLE)
    # What "và" or a dash joins on is no sentence's beginning.
    ends = ends or (joined and found[0] > at + 1)
    return found[0], proper and ends and goes_on
