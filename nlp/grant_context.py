"""What a sentence adds to the grants read in it: its period and its campaign; and what it says twice."""

from dataclasses import replace

from store.records import Date, Grant, Mention


def without_doubles(found: list[Grant]) -> list[Grant]:
    """Return the grants without those that only repeat a recipient who is given a named award as well.

    "biểu dương 9 cá nhân đạt danh hiệu …" commends and names; the name says more.
    """
    named = {(f.start, f.end) for f in found if f.award}
    once = {(f.start, f.end, f.award): f for f in reversed(found)}
    return [f for f in reversed(once.values()) if f.award or (f.start, f.end) not in named]


def with_period(found: Grant, periods: list[Date]) -> Grant:
    """Return the grant with the sentence's period, where it names exactly one."""
    if len(periods) != 1:
        return found
    return replace(found, period_start=periods[0].date_start, period_end=periods[0].date_end)


def with_campaign(text: str, found: Grant, campaigns: list[Mention]) -> Grant:
    """Return the grant with the campaign it was given for: the first one after it, else the last one before it.

    A semicolon ends what is said of a grant: "tặng Cờ cho 3 tập thể; phát động phong trào …".
    """
    after = next((c for c in campaigns if c.end > found.start), None)
    if after is not None and ";" not in text[found.end : after.start]:
        return replace(found, campaign=after.text)
    before = next((c for c in reversed(campaigns) if c.end <= found.start), None)
    if before is not None and ";" not in text[before.end : found.start]:
        return replace(found, campaign=before.text)
    return found
