"""Names of distinctions: orders, medals, flags, certificates, prizes and titles of honour."""

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc

from nlp.honours import (
    BARE_FLAG,
    GIVING_BEFORE,
    HONOUR_WORD,
    LIST_GAP,
    PRIZE_QUOTE,
    TITLE_BEFORE,
    is_title,
    quote_after,
    trimmed,
    unlisted_prizes,
    unlisted_titles,
)
from nlp.known_names import Known, KnownNames
from nlp.layers import Quote, findings, quotes
from nlp.spans import Spans
from store.records import Mention
from store.reference import load_reference
from store.text import name_key

WINDOW = 60
# "tặng Cờ cho 9 tập thể", "được tặng Cờ." is an award of its own beside "Cờ thi đua"; "lá cờ" is a flag.
GIVEN_AWAY = re.compile(r" cho (?:hơn |trên |gần )?\d|\s*(?:[;.]|$|, Bằng| và Bằng)")
# Their name may follow in quotation marks: Cờ “Đơn vị xuất sắc trong phong trào …”.
NAMED_IN_QUOTES = ("ky-niem-chuong", "huy-hieu", "co", "co-thi-dua")
GIVER_IN_NAME = re.compile(r"(?P<award>[^\W\d]+ (?:khen|thi đua(?: xuất sắc)?)) của ", re.IGNORECASE)
# "hai lá cờ xuất sắc": the flags spoken of, not what they are called.
PIECE = re.compile(r"\blá $", re.IGNORECASE)
# Where the flag of the country is given away, "tặng cờ" is no distinction.
COUNTRY_FLAG = re.compile(r"\b(?:[Cc]ờ Tổ quốc|[Cc]ờ đỏ sao vàng|[Qq]uốc kỳ)\b")
# A short form says nothing of its own where the article also has the full name.
SHORT_FORMS = ("cờ", "kỷ niệm chương", "huân chương", "huân chương lao động", "huân chương độc lập", "huy hiệu", "bằng")


@cache
def award_list() -> KnownNames:
    """Return the names of the reference list."""
    return KnownNames(load_reference("awards"))


def find_awards(doc: Doc) -> Iterator[Mention]:
    """Yield the awards of a document."""
    text = doc.text
    found = sorted({(s, e, code, rule) for s, e, code, rule in candidates(doc)}, key=lambda c: (c[0], -c[1], c[3]))
    kept: list[tuple[int, int, str | None, str]] = []
    for candidate in found:
        if not kept or candidate[0] >= kept[-1][1]:
            kept.append(candidate)
    keys = [name_key(text[start:end]) for start, end, _, _ in kept]
    named = set(keys)
    bare = {key for key in SHORT_FORMS if key in named and any(name.startswith(f"{key} ") for name in named)}
    for (start, end, code, rule), key in zip(kept, keys, strict=True):
        given = text[start].isupper() and GIVEN_AWAY.match(text, end) is not None
        if (key in bare and not given) or f"giải thưởng {key}" in named:
            continue
        yield Mention(start=start, end=end, text=text[start:end], rule=rule, kind="award", code=code)


def candidates(doc: Doc) -> Iterator[tuple[int, int, str | None, str]]:
    """Yield offsets, code and rule of everything that may be an award; some overlap."""
    text, marked = doc.text, quotes(doc)
    for found in award_list().find(text):
        yield from known_award(text, found, marked)
    campaigns = Spans((f.start, f.end) for f in findings(doc, "campaigns"))
    yield from quoted_titles(text, marked, campaigns)
    for start, end in unlisted_prizes(text):
        yield start, end, code_of(text[start:end]), "prize"
    for start, end in unlisted_titles(text):
        yield start, end, code_of(text[start:end]), "title"


def code_of(name: str) -> str | None:
    """Return the reference line of a whole name."""
    entry = award_list().entry_of(name) or award_list().entry_of(f"Giải thưởng {name}")
    return entry.code if entry else None


def known_award(text: str, found: Known, marked: list[Quote]) -> Iterator[tuple[int, int, str | None, str]]:
    """Yield a name of the list where the words around it make it an award."""
    start, end, match = found.start, found.end, found.entry.more["match"]
    before = text[max(0, start - WINDOW) : start]
    quote = quote_after(text, end, marked)
    if quote is not None and found.entry.code in NAMED_IN_QUOTES:
        yield start, quote.end, code_of(text[start : quote.end]) or found.entry.code, "quoted"
        return
    if match == "granted" and not (GIVING_BEFORE.search(before) and BARE_FLAG.match(text, end)):
        return
    name = text[start:end].casefold()
    if PIECE.search(before) and name != "cờ" and "thi đua" not in name:
        return
    if found.entry.code == "co" and text[start].islower() and COUNTRY_FLAG.search(text):
        return
    # "856 lao động tiên tiến" are holders of a title, "30 công nhân lao động tiêu biểu" are people.
    titled = TITLE_BEFORE.search(before) or (match == "counted" and counted(text, start))
    if match in ("titled", "counted") and not titled:
        return
    # "Cờ thi đua của Chính phủ" is "Cờ thi đua", as "Bằng khen của Thủ tướng" is "Bằng khen".
    own = text.find(" của ", start, end)
    yield start, own if own > 0 else end, found.entry.code, "known"


def quoted_titles(text: str, marked: list[Quote], campaigns: Spans) -> Iterator[tuple[int, int, str | None, str]]:
    """Yield quotations that a title word, a prize word or a commending verb introduces."""
    before: Quote | None = None
    last = False
    for quote in marked:
        start, end = quote.inner_start, quote.inner_end
        inner = text[start:end]
        if before is not None and LIST_GAP.fullmatch(text[before.end : quote.start]):
            titled = last
        else:
            titled = is_title(text, quote.start, inner, campaigns.touch(start, end))
        before, last = quote, titled
        if titled:
            end = trimmed(text, start, end)
            yield start, end, code_of(text[start:end]), "quoted"
        elif PRIZE_QUOTE.match(inner):
            # "Cờ thi đua của Chính phủ" in quotation marks is "Cờ thi đua", as it is without them.
            given = GIVER_IN_NAME.match(inner)
            end = start + given.end("award") if given else trimmed(text, start, end)
            yield start, end, code_of(text[start:end]), "prize"
        elif HONOUR_WORD.search(inner) and not campaigns.touch(start, end) and counted(text, quote.start):
            yield start, end, code_of(inner), "counted"


def counted(text: str, at: int) -> bool:
    """Whether a number stands right before `at`: 14 “Công nhân giỏi”."""
    return re.search(r"\d\s$", text[max(0, at - 2) : at]) is not None
