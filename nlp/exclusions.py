"""Numbers that count nothing: ordinals, labels, durations, ages, times, addresses, vague amounts."""

import re

from nlp.numbers import Number
from nlp.units import noun_at
from nlp.vocabulary import words_pattern

LABEL = re.compile(
    rf"(?<!\w)(?:(?:{words_pattern('exclusions', 'labels')}) (?:số )?|"
    rf"(?:{words_pattern('exclusions', 'lines')})[.:]? ?)$",
    re.IGNORECASE,
)
CLOSING = re.compile(rf"(?<!\w)(?:{words_pattern('exclusions', 'closing')}) $", re.IGNORECASE)
SOFT_LABEL = re.compile(rf"(?<!\w)(?:{words_pattern('exclusions', 'soft_labels')}) (?:số )?$", re.IGNORECASE)
OF_NUMBER = re.compile(rf"(?:{words_pattern('exclusions', 'of_number')}|,) số $", re.IGNORECASE)
NUMBERING = re.compile(r"(?<!\w)số $", re.IGNORECASE)
VAGUE = re.compile(rf"(?<!\w)(?:{words_pattern('exclusions', 'vague')}) $", re.IGNORECASE)
SET_PHRASE = re.compile(rf"-? ?(?:{words_pattern('exclusions', 'set_phrases')}|đầu(?! mối))\b", re.IGNORECASE)
# "nhất trí" and "trong tổng số" follow counts that stand for themselves.
NO_SET_PHRASE = re.compile(r"(?:trong tổng|trong số|nhất trí)")
DURATION = re.compile(
    rf"[ -]?(?:(?:{words_pattern('exclusions', 'durations')})(?!\w)|[hg]\d{{0,2}}(?!\w)|:\d\d|°)", re.IGNORECASE
)
WORKDAY = re.compile(rf" (?:{words_pattern('exclusions', 'workdays')})\b", re.IGNORECASE)
# "27,5 điểm" and "đạt 95 điểm" are marks; "16 điểm cầu" are places.
MARK = re.compile(r" điểm(?=[.,;:)/\n]|$| (?:trở|và|cho|là|với|tuyệt đối|trên|xếp|ở)\b)", re.IGNORECASE)
HIGHEST_MARK = 100
MEASURED = re.compile(r"(?:đồng|đ\b|vnđ|vnd|m2|ha|kg|tấn)", re.IGNORECASE)
SCORE = re.compile(r"(?:tỷ số|tỉ số|hòa|thắng|thua|kết quả) (?:\w+ )?$", re.IGNORECASE)
REACH = 24
SMALL = 40


def is_excluded(text: str, number: Number) -> bool:
    """Whether a number counts nothing, by the words on its two sides."""
    before = text[max(0, number.start - REACH) : number.start]
    if VAGUE.search(before) or (SCORE.search(before) and re.match(r"\s?[-–]\s?\d", text[number.end : number.end + 4])):
        return True
    if number.value == 0 and re.match(r" ?(?:đồng|đ)\b", text[number.end : number.end + 6]):
        return True  # "gian hàng 0 đồng"
    written = text[number.start : number.end]
    if written.startswith("0") and written.isdigit() and len(written) > 3:
        return True  # a telephone
    if WORKDAY.match(text, number.end):
        return False
    if DURATION.match(text, number.end):
        return True
    if number.value <= HIGHEST_MARK and MARK.match(text, number.end):
        return True
    after = text[number.end : number.end + REACH].lstrip(" ")
    if number.value < SMALL and not number.scaled and (phrase := SET_PHRASE.match(after)):
        # "3 phương tiện", "5 mặt hàng": the word begins a noun that is counted.
        noun = noun_at(after, 0)
        return NO_SET_PHRASE.match(after) is None and (noun is None or noun[0] <= phrase.end())
    if LABEL.search(before) and not (number.scaled and MEASURED.match(after)):
        return CLOSING.search(before) is None
    if NUMBERING.search(before):
        return not OF_NUMBER.search(before)
    return SOFT_LABEL.search(before) is not None and not _has_noun(text, number)


def _has_noun(text: str, number: Number) -> bool:
    """Whether a number that follows a soft label has a noun or a measure of its own."""
    at = number.end
    if number.scaled or text[at : at + 1] == "%":
        return True
    at += text[at : at + 1] == " "
    return MEASURED.match(text, at) is not None or noun_at(text, at) is not None
