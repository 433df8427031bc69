"""What one of which a sum of money is for: "40 triệu đồng/nhà", "mỗi suất trị giá 500.000 đồng"; pure functions."""

import re

from nlp.units import read_noun
from nlp.vocabulary import words_pattern

EACH = words_pattern("money", "each")
AFTER = re.compile(
    rf"(?: ?/ ?(?:1 |mỗi )?({EACH})(?: ?/ ?(?:1 )?({EACH}))?|(?: tiền mặt)? (?:cho )?(?:mỗi|một) ({EACH}))(?!\w)"
)
BEFORE = re.compile(
    r"(?<!\w)mỗi ([^\W\d][^.;:,()\n\d]{0,40}?)(?:,? \(?(?:trị giá|có giá trị|giá trị|là|được|nhận|gồm|tương đương))?"
    r"(?: \w+){0,3} ?$",
    re.IGNORECASE,
)
REACH = 70


def read_rate(text: str, start: int, end: int) -> str | None:
    """Return what the money at [start, end) is for each of; None where it is a sum.

    >>> read_rate("hỗ trợ 40 triệu đồng/nhà", 7, 20), read_rate("mỗi suất trị giá 500.000 đồng", 17, 29)
    ('nhà', 'suất')
    """
    if after := AFTER.match(text, end):
        return "/".join(part for part in after.groups() if part).lower()
    if before := BEFORE.search(text, max(0, start - REACH), start):
        noun = read_noun(text, before.start(1))
        return noun.name if noun is not None and noun.known and noun.end <= start else None
    return None
