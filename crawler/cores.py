"""Which run of paragraphs among a page's lines is the article: between what ends one and what heads the next."""

from crawler.bylines import is_signature
from crawler.furniture import is_caption
from crawler.headlines import find_known
from crawler.lines import LONGEST_TITLE, Line
from store.text import name_key

# A related box inside an article is followed by at least this much of the article.
RESUMES_AT = 60
# Byline or furniture before this share of the prose stands at the head of the article, not at its foot.
HEAD_SHARE = 0.35
# So many words of prose below a known headline are its article; abstracts further down are not.
LEAST_TOLD = 25
SHORTEST_HEADLINE = 6


def find_core(lines: list[Line], title: str | None = None) -> tuple[int, int] | None:
    """Return the first and last line of the run of paragraphs that is the article, below its headline where known."""
    runs: list[tuple[int, int]] = []
    start = 0
    parted = [i for i, line in enumerate(lines) if line.ends or heads_article(lines, i, title)]
    for end in [*parted, len(lines)]:
        prose = [i for i in range(start, end) if lines[i].kind == "prose"]
        if prose:
            runs.append((prose[0], prose[-1]))
        start = end + 1
    if not runs:
        return None
    weights = [weigh(lines, run) for run in runs]
    known = find_known(lines, len(lines), title) if title else None
    told = known is not None and any(
        start > known and weight >= LEAST_TOLD and not follows_related(lines, start)
        for (start, _), weight in zip(runs, weights, strict=True)
    )
    weights = [
        0 if (told and related) or follows(lines, run[0], "comments") else weight // (1 + related)
        for weight, run, related in zip(weights, runs, (follows_related(lines, run[0]) for run in runs), strict=True)
    ]
    best = max(range(len(runs)), key=lambda i: (weights[i], -i))
    low = high = best
    while low and resumes(lines, runs[low - 1], runs[low]):
        low -= 1
    while high + 1 < len(runs) and resumes(lines, runs[high], runs[high + 1]):
        high += 1
    first, last = runs[low][0], runs[high][1]
    last = stop_at_byline(lines, first, last)
    return first, last


def heads_article(lines: list[Line], at: int, title: str | None) -> bool:
    """Whether a date with its time or label stands beside a headline: what is above is another part of the page."""
    line = lines[at]
    dated = any(s.role in ("published", "updated") or (s.timed and not s.role) for s in line.stamps)
    if line.kind != "date" or not dated:
        return False
    near = [*lines[max(0, at - 2) : at], *lines[at + 1 : at + 3]]
    if title is not None:
        return any(name_key(other.text) == name_key(title) for other in near)
    return any(
        other.kind == "text"
        and other.role != "caption"
        and SHORTEST_HEADLINE <= other.words <= LONGEST_TITLE
        and not is_caption(other.text)
        and not is_signature(other.text)
        for other in near
    )


def follows_related(lines: list[Line], first: int) -> bool:
    """Whether a run of paragraphs stands under a heading of other stories: abstracts weigh less than an article."""
    return follows(lines, first, "related")


def follows(lines: list[Line], first: int, kind: str) -> bool:
    """Whether the last line above that ends an article is of a kind."""
    above = next((line for line in reversed(lines[:first]) if line.ends), None)
    return above is not None and above.kind == kind


def weigh(lines: list[Line], run: tuple[int, int]) -> int:
    """Return how many words of prose a run holds."""
    return sum(lines[i].words for i in range(run[0], run[1] + 1) if lines[i].kind == "prose")


def resumes(lines: list[Line], before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether an article goes on behind a related box: headlines at most, then several paragraphs without headlines."""
    between = lines[before[1] + 1 : after[0]]
    if any(line.ends and line.kind != "related" for line in between):
        return False
    if any(line.kind in ("byline", "date") for line in between) or len(between) > 12:
        return False
    run = lines[after[0] : after[1] + 1]
    prose = sum(line.kind == "prose" for line in run)
    # Abstracts of other stories are cut off: "…" at the end of most of them.
    if 2 * sum(line.text.endswith(("...", "…")) for line in run if line.kind == "prose") >= prose:
        return False
    return prose >= 3 and weigh(lines, after) >= RESUMES_AT and prose >= 2 * (len(run) - prose)


def stop_at_byline(lines: list[Line], first: int, last: int) -> int:
    """Return the last paragraph before a byline that closes the article; what prose follows it is another text's."""
    total = weigh(lines, (first, last))
    read = 0
    prose = first
    for i in range(first, last + 1):
        line = lines[i]
        if line.kind == "prose":
            read += line.words
            prose = i
        elif (
            line.kind == "byline"
            and line.byline
            and (line.byline.author or line.byline.source)
            and read > HEAD_SHARE * total
        ):
            return prose
    return last
