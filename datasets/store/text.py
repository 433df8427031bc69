"""Text as it is stored, and the two ways of comparing it: as a name and as a search term."""

import re
import unicodedata
from functools import lru_cache

# Zero-width characters and soft hyphens carry no reading; left in, they would break offsets a reader can see.
INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
SPACES = re.compile(r"[^\S\n]+")
LINES = re.compile(r" *\n[ \n]*")

# Old and new placement of the tone mark ("hoà" / "hòa"): one word, two typings.
NEW_TONES = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe",
             "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy"}
NEW_TONE = re.compile(rf"(?<!q)({'|'.join(NEW_TONES)})(?!\w)")
QUOTES = re.compile(r"[“”\"'‘’«»„]")
DASHES = re.compile(r"\s*[-–—−]+\s*")


def normalize(text: str) -> str:
    r"""Return text as it is stored: NFC, plain single spaces, one line a paragraph; nothing else is rewritten.

    >>> normalize("8,3 vạn\xa0đoàn viên \r\n\r\n  công đoàn")
    '8,3 vạn đoàn viên\ncông đoàn'
    """
    text = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return LINES.sub("\n", SPACES.sub(" ", text)).strip()


# Names come again and again: within an article, and from article to article.
@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """Return the form under which two spellings of one name are the same.

    Case, tone placement, quotes, kinds of dash, spaces and the punctuation at the ends do not count; marks do.

    >>> name_key("“Xanh – Sạch - Đẹp”,") == name_key("xanh-sạch-đẹp")
    True
    """
    # Some keyboards type the Icelandic letter: "LÐLÐ".
    text = unicodedata.normalize("NFC", text).casefold().replace("ð", "đ")
    text = NEW_TONE.sub(lambda m: NEW_TONES[m[1]], text)
    text = QUOTES.sub(" ", text)
    text = re.sub(r"\s*,\s*", ", ", DASHES.sub("-", text))
    return re.sub(r"\s+", " ", text).strip(" .,;:…()")


def fold(text: str) -> str:
    """Return text without marks and case, đ as d: what a reader types who has no Vietnamese keyboard.

    >>> fold("Liên đoàn Lao động")
    'lien doan lao dong'
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("ð", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def slugify(text: str) -> str:
    """Return an address part for a name.

    >>> slugify("Giỏi việc nước, đảm việc nhà")
    'gioi-viec-nuoc-dam-viec-nha'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-") or "x"
