"""The frame of an article: the province it is about, where neither the site nor the reader says so."""

import re
from collections import Counter
from functools import cache

from store.reference import load_reference

TITLE_WEIGHT = 3


@cache
def province_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of all province names, longest first, and the name each spelling stands for."""
    spellings = {name: entry.name for entry in load_reference("provinces") for name in entry.names}
    # Without "TP" it is the man far more often than the city.
    spellings.pop("Hồ Chí Minh", None)
    names = sorted(spellings, key=len, reverse=True)
    # Most words are passed over by their first letter.
    first = "".join(sorted({name[0] for name in names}))
    return re.compile(rf"(?=[{re.escape(first)}])(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"), spellings


def find_province(title: str, body: str) -> str | None:
    """Return the province an article speaks of most, or None where two are even.

    >>> find_province("Lai Châu: Công đoàn tỉnh tặng quà", "LĐLĐ tỉnh Lai Châu trao quà tại Sơn La.")
    'Lai Châu'
    """
    pattern, spellings = province_pattern()
    counts: Counter[str] = Counter()
    for text, weight in ((title, TITLE_WEIGHT), (body, 1)):
        for match in pattern.finditer(text):
            counts[spellings[match[0]]] += weight
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
