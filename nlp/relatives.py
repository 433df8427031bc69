"""Which body a short or relative name means: "LĐLĐ tỉnh" by its article, "LĐLĐ Than Uyên" by its full name."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp.gazetteer import COMMUNES, Place, match_level, match_place
from nlp.heads import SECTORS, Body
from nlp.syllables import LOWER, Syllable, split_syllables
from nlp.vocabulary import read_table
from store.reference import Entry, load_reference
from store.text import name_key

# Bodies come again and again: within an article, and from article to article.
REPEATED = 8192
COUNCILS = ("liên đoàn lao động ", "ủy ban nhân dân ", "hội đồng nhân dân ", "huyện ủy ", "thị ủy ", "quận ủy ")
BRACKETS = re.compile(r"\s*\([^)]*\)")
GLUED = re.compile(r"\b(TP|TX|Tp)\.(?=\w)")
# "LĐLĐ tỉnh", "UBND huyện", "Tỉnh ủy": a body only its article can name.
RELATIVE = re.compile(
    r"(?:^|\s)(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|bộ|ngành|cơ quan|đơn vị|trường|công ty|sở|"
    r"tập đoàn|nhà trường|bệnh viện|thành)\.?$"
    r"|(?:^|\s)(?:tỉnh|thành|huyện|quận|thị|đảng|xã|phường) ủy$|^(?:tỉnh|thành|huyện|quận|thị) đoàn$"
    r"|^(?:ban chấp hành|ban thường vụ|thường trực|ủy ban kiểm tra|hội đồng thi đua.*|khối|cụm)$"
    r"|^(?:khối|cụm) thi đua(?: số)? ?\w*$|^công đoàn (?:viên chức|các khu công nghiệp|khu công nghiệp|khu kinh tế)$"
)
SECTOR_UNION = re.compile(r"^công đoàn (?:ngành )?")
DEPARTMENT = re.compile(r"^(?:sở|phòng) [\w\s,&-]+$")
PROVINCIAL = re.compile(r"(?:^|\s)(?:tỉnh|thành phố|thành)$|(?:^|\s)(?:tỉnh|thành) ủy$|^(?:tỉnh|thành) đoàn$|^sở ")


@dataclass(frozen=True, slots=True)
class Named:
    """A body as the text names it: its place, line, surface, full name and the key of that."""

    at: int
    line: int
    surface: str
    name: str
    key: str


@cache
def short_forms() -> dict[str, str]:
    """Return what each short form stands for."""
    return read_table("heads")["short_forms"]


@lru_cache(maxsize=REPEATED)
def expand(text: str) -> str:
    """Return a body's name with its short forms written out and no brackets.

    >>> expand("LĐLĐ TP.HCM"), expand("Trường CĐ Nghề số 1")
    ('Liên đoàn Lao động thành phố Hồ Chí Minh', 'Trường Cao đẳng Nghề số 1')
    """
    words = [short_forms().get(w) or short_forms().get(w.rstrip(".")) or w for w in split_words(text)]
    return " ".join(words).replace("Trường Công đoàn Nghề", "Trường Cao đẳng Nghề")


def split_words(text: str) -> list[str]:
    """Return the words of a name, "TP.HCM" whole and "TP.Vinh" parted."""
    known = short_forms()
    words = []
    for word in BRACKETS.sub("", text.replace("Ð", "Đ")).split():
        words += [word] if word in known else GLUED.sub(r"\1. ", word).split()
    return words


def last_place(row: list[Syllable]) -> tuple[int, Place] | None:
    """Return where the place begins that a name ends with, and the place."""
    for at in range(1, len(row)):
        found = match_place(row, at)
        if found and found[0] == len(row):
            return at, found[1]
    return None


@lru_cache(maxsize=REPEATED)
def canonical(text: str) -> str:
    """Return the full name under which a body is kept: one for "LĐLĐ Than Uyên" and "LĐLĐ huyện Than Uyên".

    >>> canonical("LĐLĐ Than Uyên"), canonical("Sở Y tế tỉnh Nghệ An")
    ('Liên đoàn Lao động huyện Than Uyên', 'Sở Y tế Nghệ An')
    """
    name = expand(text)
    row = split_syllables(name)
    found = last_place(row)
    if found is None:
        return name
    at, place = found
    before = [match_level(row, i) for i in range(max(0, at - 2), at)]
    level = next((i for i, m in zip(range(max(0, at - 2), at), before, strict=True) if m and m[0] == at), None)
    if row[0].key == "sở" and level is not None and place.provinces:
        return name[: row[level].start] + name[row[at].start :]
    if (
        name_key(name).startswith(COUNCILS)
        and level is None
        and not place.provinces
        and len(place.districts) == 1
        and at < 5
    ):
        return f"{name[: row[at].start]}{place.districts[0].more['type']} {name[row[at].start :]}"
    return name


@lru_cache(maxsize=REPEATED)
def is_shared(text: str) -> bool:
    """Whether several bodies bear this name: districts of one name in several provinces, communes anywhere."""
    name = expand(text)
    row = split_syllables(name)
    if any(opens_commune(row, at) for at in range(1, len(row) - 1)):
        return True
    found = last_place(row)
    if found is None or found[1].provinces or len(found[1].districts) < 2:
        return False
    levelled = any(
        (level := match_level(row, i)) and level[0] == found[0] for i in range(max(0, found[0] - 2), found[0])
    )
    return levelled or name_key(name).startswith(COUNCILS)


def opens_commune(row: list[Syllable], at: int) -> bool:
    """Whether a commune's level word stands here, not the "xã" of "thị xã" or "hợp tác xã"."""
    level = match_level(row, at)
    named = level is not None and level[1] in COMMUNES and row[at].look == LOWER and row[at + 1].proper
    return named and row[at - 1].key not in ("thị", "tác")


@lru_cache(maxsize=REPEATED)
def is_relative(text: str) -> bool:
    """Whether only its article can say which body this is: a level alone, a sector's union or a department anywhere."""
    key = name_key(expand(text))
    if RELATIVE.search(key):
        return True
    union = SECTOR_UNION.match(key)
    if union:
        row = split_syllables(key[union.end() :])
        found = SECTORS.match(row, 0)
        return found is not None and found[0] == len(row)
    return DEPARTMENT.match(key) is not None and last_place(split_syllables(expand(text))) is None


def meant(surface: str, line: int, named: list[Named], province: Entry | None) -> str | None:
    """Return the full name of the body that a relative name means, or None where the article leaves it open."""
    key = name_key(expand(surface))
    fuller = [n for n in named if n.key.startswith(key + " ")]
    different = list(dict.fromkeys(n.key for n in fuller))
    if len(different) > 1:
        here = [n for n in fuller if n.line == line]
        # Two in one line, or none: only the province tells them apart.
        here = here if len({n.key for n in here}) == 1 else []
        home = [n for n in fuller if province and n.key.endswith(" " + name_key(bare(province)))]
        picked = here[-1:] or home[:1]
        return picked[0].name if picked else None
    if fuller:
        return fuller[0].name
    if province is None or not PROVINCIAL.search(key):
        return None
    level = province.more["type"]
    if key.startswith("sở ") and not RELATIVE.search(key.removeprefix("sở ")):
        return f"{expand(surface)} {bare(province)}"
    said = {"tỉnh": ("tỉnh", "tỉnh ủy", "tỉnh đoàn"), "thành phố": ("thành phố", "thành ủy", "thành đoàn", "thành")}
    if not key.endswith(said[level]):
        return None
    full = expand(surface)
    return f"{full}{' phố' if key.endswith(' thành') else ''} {bare(province)}"


def bare(province: Entry) -> str:
    """Return a province's name without its level."""
    return province.name.removeprefix("Thành phố ")


def with_province(name: str, province: Entry | None) -> str | None:
    """Return the name of a district's body with its province ("… huyện Châu Thành (Tiền Giang)"), if it has one."""
    found = last_place(split_syllables(name))
    if province is None or found is None:
        return None
    inside = [d for d in found[1].districts if d.more["parent"] == province.code]
    return f"{name} ({bare(province)})" if len(inside) == 1 else None


@cache
def provinces() -> dict[str, Entry]:
    """Return the provinces by code and by every name."""
    return {key: entry for entry in load_reference("provinces") for key in (entry.code, *entry.names)}


def read_named(surfaces: list[tuple[int, int, str, Body]]) -> list[Named]:
    """Return the bodies of a text that have a name of their own, in order."""
    named = []
    for at, line, surface, body in surfaces:
        if body.level is None and not is_relative(surface):
            name = canonical(surface)
            named.append(Named(at, line, surface, name, name_key(name)))
    return named
