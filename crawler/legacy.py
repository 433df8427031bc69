"""Vietnamese from before Unicode: TCVN3 (ABC), VNI and VPS were fonts over Latin-1, told apart by what they spell."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from html import unescape

SAMPLE = 65_536
# TCVN3 has few capitals: the others are lower case, shown in a font of capitals.
TCVN3 = dict(zip(
    bytes.fromhex("a1a2a3a4a5a6a7a8a9aaabacadae b5b6b7b8b9 bbbcbdbe c6c7c8c9cacbcc cecfd0d1d2d3d4d5d6d7d8"
                  " dcddde df e1e2e3e4e5e6e7e8e9eaebecedeeef f1f2f3f4f5f6f7f8f9fafbfcfdfe"),
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ", strict=True))
VPS = dict(zip(
    bytes.fromhex("0203040506101112131415191c1d808182838485868788898a8b8c8d8e8f90939495969798999a9b9c9d9e9fa1a2a3a4"
                  "a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4"
                  "d5d6d7d8d9dadbdcdddee0e1e2e3e4e5e6e8e9eaebecedeff0f1f2f3f4f5f7f8f9fafbfdfeff"),
    "ẠẬẶẸỆỊỌỘỢỤỰỴẪỮÀẢÃẤẦẨọỗĂếềểệẮẰẲẾỀỂỄỐỒỔỖýỷỵỚỜỞắằẳẵặỠớÙờởỡŨỨợỪổỬỲỸÍÌộỈĨÓửữÒỎÕựầÁÂấẩẫậ"
    "đẻÉÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺàáâãảạăèéêẽìíĩẴĐòóôõƠụùúủỶẼỳ", strict=True))
# VNI writes a letter and, behind it, its mark as a letter of Latin-1; a few letters have a place of their own.
TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
HATS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
BREVES = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
VNI_MARKS = {**TONES, **{k: f"\u0302{v}" for k, v in HATS.items()}, **{k: f"\u0306{v}" for k, v in BREVES.items()}}
VNI_LETTERS = dict(zip("íìæóòôöîñ", "íìỉĩịơưỵđ", strict=True))
VNI_LETTERS |= {k.upper(): v.upper() for k, v in VNI_LETTERS.items()}
VNI_PAIR = re.compile(f"([aeouyôö])([{''.join(VNI_MARKS)}])|[{''.join(VNI_LETTERS)}]", re.I)

ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
RIMES = (
    "a ai ao au ay ac ach am an ang anh ap at ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê "
    "êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oi oc om on ong op ot oa "
    "oai oay oac oach oam oan oang oanh oap oat oao oăc oăm oăn oăng oăt oe oen oeo oet ooc oong ô ôi ôc ôm ôn ông ôp "
    "ôt ơ ơi ơm ơn ơp ơt u ua ui uc um un ung up ut uôc uôi uôm uôn uông uôt uân uâng uât uây uê uêch uênh uơ uy uya "
    "uych uyên uyêt uynh uyt uyu uyp ư ưa ưi ưc ưm ưn ưng ưt ưu ươi ươc ươm ươn ương ươp ươt ươu y yêm yên yêng yêt "
    "yêu "
)
SYLLABLE = re.compile(f"{ONSET}(?:{'|'.join(sorted(RIMES.split(), key=len, reverse=True))})")
TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
WORD = re.compile(r"[^\W\d_²³¹]+")
TAG = re.compile(r"<[^<>]*>")
ODD_CONTROLS = bytes([*range(0x02, 0x07), *range(0x10, 0x1E)])
# Those of U+1EA0 to 1EF9 by their first two bytes, which no other letters of this part of the world share.
MOST_SURE = (b"\xe1\xba", b"\xe1\xbb")
SURE = tuple(letter.encode() for letter in "ĂăĐđĨĩŨũƠơƯư")
ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,4}|#x[0-9A-Fa-f]{2,3});")
KEPT_ENTITIES = {"&quot;", "&amp;", "&lt;", "&gt;", "&nbsp;", "&apos;"}
# Signs that are no letters, yet stand beside one: a wrong reading. Degrees and squares do that rightly.
SIGNS = "\x80-\x9f\xa1-\xa9\xac-\xaf\xb1\xb4\xb6-\xb8\xbc-\xbf"
STRAY = re.compile(f"(?<=[^\\W\\d_])[\x02-\x06\x10-\x1d{SIGNS}\xbb\u0192\u02c6\u2030\u0160\u0178\u017d]"
                   f"|[{SIGNS}](?=[^\\W\\d_])")
# A font of capitals shows lower-case letters as capitals.
CAPITALS = re.compile(r"(<(?:font|span|p|b|td|div)\b[^>]*?(?:face\s*=\s*[\"']?|font-family:\s*[\"']?)\.?vn\w*H\b[^>]*>)"
                      r"([^<]+)", re.I)
# Less than this of the accented words spelt right is no Vietnamese, and so much better a reading must be.
GOOD, BETTER = 0.8, 0.3
FEWEST = 2


def make_table(letters: dict[int, str]) -> dict[int, str]:
    """Return a table for str.translate: the byte as Latin-1 and as windows-1252 shows it."""
    table = {}
    for byte, letter in letters.items():
        table[byte] = letter
        shown = bytes([byte]).decode("cp1252", "ignore")
        if shown:
            table[ord(shown)] = letter
    return table


TCVN3_TABLE, VPS_TABLE = make_table(TCVN3), make_table(VPS)


def read_tcvn3(text: str) -> str:
    """Return text set in a TCVN3 (ABC) font.

    >>> read_tcvn3("Liªn ®oµn Lao ®éng")
    'Liên đoàn Lao động'
    """
    text = CAPITALS.sub(lambda m: m[1] + m[2].upper(), text.translate(TCVN3_TABLE))
    return WORD.sub(raise_word, text)


def raise_word(word: re.Match[str]) -> str:
    # Among capitals, an accented letter is lower case only because the font has no other.
    capitals = sum(char.isupper() for char in word[0])
    low = [char for char in word[0] if char.islower()]
    return word[0].upper() if capitals >= 2 and low and all(not char.isascii() for char in low) else word[0]


def read_vps(text: str) -> str:
    """Return text set in a VPS font."""
    return text.translate(VPS_TABLE)


def read_vni(text: str) -> str:
    """Return text set in a VNI font.

    >>> read_vni("Lieân ñoaøn Lao ñoäng")
    'Liên đoàn Lao động'
    """
    return VNI_PAIR.sub(join_vni, text)


def join_vni(pair: re.Match[str]) -> str:
    if not pair[1]:
        return VNI_LETTERS[pair[0]]
    mark = VNI_MARKS[pair[2].lower()]
    return unicodedata.normalize("NFC", VNI_LETTERS.get(pair[1], pair[1]) + mark)


READERS: dict[str, Callable[[str], str]] = {"tcvn3": read_tcvn3, "vni": read_vni, "vps": read_vps}


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Say whether a word could be a Vietnamese syllable, whatever its tone."""
    apart = unicodedata.normalize("NFD", word.lower())
    plain, tones = TONE_MARKS.subn("", apart)
    return tones <= 1 and SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None


def spelling(text: str) -> tuple[float, int]:
    """Return which share of the words with accents is spelt as Vietnamese is, and how many are.

    >>> spelling("Liên đoàn Lao động"), spelling("Lieân ñoaøn Lao ñoäng")
    ((1.0, 3), (0.0, 0))
    """
    words = [word for word in WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]
    right = sum(map(is_syllable, words))
    return (right / (len(words) + len(STRAY.findall(text))) if words else 0.0), right


def mend_legacy(text: str) -> tuple[str, str] | None:
    """Return text freed of an old font's letters, and the font's name; None where there is nothing to mend.

    Only lines that look like it are touched: templates were brought to Unicode where articles were not.
    """
    lines = text.splitlines(keepends=True)
    odd = [number for number, line in enumerate(lines) if is_odd(line)]
    if not odd:
        return None
    plain = {number: unescape_letters(lines[number]) for number in odd}
    sample = TAG.sub(" ", "".join(plain.values())[:SAMPLE])
    before, kept = spelling(sample)
    scores = {name: spelling(read(sample)) for name, read in READERS.items()}
    best = max(scores, key=lambda name: scores[name])
    share, right = scores[best]
    if right < kept + FEWEST or share < GOOD or share < before + BETTER:
        return None
    for number, line in plain.items():
        lines[number] = READERS[best](line)
    return "".join(lines), best


def is_odd(line: str) -> bool:
    # Unicode Vietnamese has letters that no font over Latin-1 could have; they outnumber the others. Counted in UTF-8,
    # where each pair of bytes stands for one letter only: every page of every crawl comes by here.
    told = line.encode("utf-8", "surrogatepass")
    count = told.count(b"\xc2") + told.count(b"\xc3") + len(told) - len(told.translate(None, ODD_CONTROLS))
    if b"&" in told:
        count += len(ENTITY.findall(line))
    if count <= 2 * sum(map(told.count, MOST_SURE)):
        return False
    return count > 2 * sum(map(told.count, (*MOST_SURE, *SURE)))


def unescape_letters(line: str) -> str:
    # Editors wrote the font's letters as the names of the Latin-1 letters they replaced.
    return ENTITY.sub(lambda m: m[0] if m[0] in KEPT_ENTITIES or unescape(m[0])[0] > "\xff" else unescape(m[0]), line)
