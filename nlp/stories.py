"""Near-identical articles are one story: reprints and reworded copies, not notices made from the same form."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, islice

import numpy as np
from sqlite_utils import Database

from nlp.bridges import take_apart
from nlp.shingles import Bands, Hashes, find_shingles, fold_word, sign
from store.stories import (
    StoredText,
    count_stories,
    find_unsigned,
    load_members,
    load_signatures,
    load_texts,
    save_stories,
    tell_stories,
)

# How much of all shingles two texts share, or of the shorter's where one goes on or was cut.
LEAST_ALIKE = 0.25
LEAST_CONTAINED, LEAST_LENGTH = 0.5, 0.3
# A copy may spoil one name or number in twenty; a form filled anew weeks later is told by a single one.
TOLERATED = 0.05
REPRINTED_WITHIN = 3

TOKEN = re.compile(r"\d+(?:[.,]\d{3})+(?!\d)|\d+(?:,\d+)?|\w+|[.!?…:\n]")
STOPS = set(".!?…:\n")
# What two articles of one story share of the shorter's names and numbers, or of their words; two that share neither
# were joined by a third that tells of both.
LEAST_FACTS, LEAST_WORDS = 0.4, 0.12
# Texts kept ready while pairs are compared: some 30 kB each.
COMPARED_AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class Slot:
    """Names and numbers in a row: what a form leaves open; the words on either side tell its place in another text."""

    names: frozenset[str]
    numbers: frozenset[str]
    places: tuple[str, ...]


class Compared:
    """A text made ready to be compared."""

    def __init__(self, text: StoredText) -> None:
        self.whole = whole_of(text)
        self.date = date_of(text.published_at)

    @cached_property
    def shingles(self) -> Hashes:
        """Its shingles."""
        return find_shingles(self.whole)

    @cached_property
    def slots(self) -> list[Slot]:
        """Its names and numbers, in order."""
        return find_slots(self.whole)

    @cached_property
    def at_places(self) -> dict[str, list[Slot]]:
        """The slots at every place."""
        at_places: dict[str, list[Slot]] = {}
        for slot in self.slots:
            for place in slot.places:
                at_places.setdefault(place, []).append(slot)
        return at_places

    @cached_property
    def names(self) -> frozenset[str]:
        """Every syllable of a name."""
        return frozenset().union(*(slot.names for slot in self.slots))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every number."""
        return frozenset().union(*(slot.numbers for slot in self.slots))


def whole_of(text: StoredText) -> str:
    """Return what is compared: the title, then the body."""
    return f"{text.title}\n{text.body}"


def date_of(published_at: str | None) -> date | None:
    """Return the day of publication."""
    try:
        return date.fromisoformat((published_at or "")[:10])
    except ValueError:
        return None


def find_slots(text: str) -> list[Slot]:
    """Return runs of capitalised words and numbers with the two words on either side.

    >>> [(*s.names, *s.numbers, *s.places) for s in find_slots("Nhà máy trao 05 suất quà ở Vinh.")]
    [('5', 'may trao _', '_ suat qua'), ('vinh', 'qua o _')]
    """
    words: list[str] = []
    facts: list[str] = []  # "name", "number" or "", word by word
    starts = True
    for match in TOKEN.finditer(text):
        token = match[0]
        if token in STOPS:
            starts = True
            continue
        if token[0].isdigit():
            words.append(plain_number(token))
            facts.append("number")
        else:
            words.append(fold_word(token))
            # A capital at the start of a sentence is no name, or a name said again.
            facts.append("name" if token[0].isupper() and not starts else "")
        starts = False
    slots = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and facts[end]:
            end += 1
        if end > at:
            names = frozenset(w for w, f in zip(words[at:end], facts[at:end], strict=True) if f == "name")
            numbers = frozenset(w for w, f in zip(words[at:end], facts[at:end], strict=True) if f == "number")
            # One word is too common to tell a place by.
            before = [f"{words[at - 2]} {words[at - 1]} _"] if at >= 2 else []
            after = [f"_ {words[end]} {words[end + 1]}"] if end + 2 <= len(words) else []
            slots.append(Slot(names, numbers, (*before, *after)))
        at = end + 1
    return slots


def plain_number(token: str) -> str:
    """Return a number without the marks between thousands and without leading zeros."""
    if re.fullmatch(r"\d+(?:[.,]\d{3})+", token):
        token = re.sub("[.,]", "", token)
    return token.lstrip("0") or "0"


def is_same_story(one: Compared, other: Compared) -> bool:
    """Whether one text is a copy of the other: enough of the same words, and the same names and numbers in them."""
    sizes = len(one.shingles), len(other.shingles)
    if not min(sizes):
        return False
    shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    alike = shared / (sum(sizes) - shared)
    contained = shared / min(sizes) if min(sizes) >= LEAST_LENGTH * max(sizes) else 0.0
    if alike < LEAST_ALIKE and contained < LEAST_CONTAINED:
        return False
    tolerated = TOLERATED * min(len(one.slots), len(other.slots)) if are_close(one.date, other.date) else 0
    return not any(
        sum(1 for _ in islice(find_conflicts(*pair), int(tolerated) + 1)) > tolerated
        for pair in ((one, other), (other, one))
    )


def are_related(one: Compared, other: Compared) -> bool:
    """Whether two texts may be copies of one, however each was cut and reworded."""
    facts, others = one.names | one.numbers, other.names | other.numbers
    if len(facts & others) >= LEAST_FACTS * min(len(facts), len(others)):
        return True
    shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    return shared >= LEAST_WORDS * max(1, min(len(one.shingles), len(other.shingles)))


def are_close(one: date | None, other: date | None) -> bool:
    """Whether two texts appeared within days of each other; unknown dates may have."""
    return one is None or other is None or abs((one - other).days) <= REPRINTED_WITHIN


def find_conflicts(one: Compared, other: Compared) -> Iterator[Slot]:
    """Yield the slots of one text that stand in the same place of the other with other names or numbers.

    What stands in one text alone is no conflict: copies are cut and added to.
    """
    names, numbers = one.names, one.numbers
    other_names, other_numbers = other.names, other.numbers
    at_places = other.at_places
    for slot in one.slots:
        new_name, new_number = not slot.names <= other_names, not slot.numbers <= other_numbers
        if not (new_name or new_number):
            continue
        # Where the other text has what this one has nowhere.
        there = chain.from_iterable(at_places.get(place, ()) for place in slot.places)
        if any((new_name and not at.names <= names) or (new_number and not at.numbers <= numbers) for at in there):
            yield slot


class Groups:
    """Articles that belong together, each under the smallest id among them: copies of a copy are copies."""

    def __init__(self, known: Iterable[Sequence[int]] = ()) -> None:
        self.leader: dict[int, int] = {}
        for first, *others in known:
            for other in others:
                self.join(first, other)

    def lead(self, one: int) -> int:
        """Return the smallest id of the group."""
        while (leader := self.leader.setdefault(one, one)) != one:
            self.leader[one] = one = self.leader[leader]
        return one

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        low, high = sorted((self.lead(one), self.lead(other)))
        self.leader[high] = low

    def __iter__(self) -> Iterator[list[int]]:
        groups: dict[int, list[int]] = {}
        for one in sorted(self.leader):
            groups.setdefault(self.lead(one), []).append(one)
        return (group for group in groups.values() if len(group) > 1)


def group_stories(texts: Sequence[StoredText]) -> list[list[int]]:
    """Return the ids of articles that are one story, in order; an article alone is left out."""
    by_id = {text.id: Compared(text) for text in texts}
    signed = {text.id: sign(by_id[text.id].whole) for text in sorted(texts, key=lambda text: text.id)}
    signatures = {id_: signature for id_, signature in signed.items() if signature}
    groups = Groups()
    join_copies(groups, signatures, signatures, by_id.__getitem__)
    return [story for group in groups for story in find_stories(group, by_id.__getitem__)]


def find_stories(group: Sequence[int], compared: Callable[[int], Compared]) -> Iterator[list[int]]:
    """Yield the stories of articles that are copies of one another, or of copies."""
    return take_apart(group, lambda one, other: are_related(compared(one), compared(other)))


def join_copies(
    groups: Groups, signatures: Mapping[int, bytes], new: Collection[int], compared: Callable[[int], Compared]
) -> None:
    """Join every new article to the articles it is a copy of."""
    ids = list(signatures)
    asking = [at for at, id_ in enumerate(ids) if id_ in new]
    for one, other in Bands(list(signatures.values())).find_candidates(asking):
        pair = ids[one], ids[other]
        if groups.lead(pair[0]) != groups.lead(pair[1]) and is_same_story(*map(compared, pair)):
            groups.join(*pair)


def link_stories(db: Database) -> int:
    """Link the articles that are new or changed to the stories they belong to; return the number of stories.

    Only these are compared with the rest, so a run with nothing new costs two queries.
    """
    unsigned = find_unsigned(db)
    if not unsigned:
        tell_stories(db)
        return count_stories(db)
    signed = [(text.id, text.content_hash, sign(whole_of(text))) for text in load_texts(db, unsigned)]
    members = load_members(db)
    changed = set(unsigned)
    # A story one of whose articles has another text now is put together anew.
    reopened = {story_id for story_id, ids in members.items() if changed & set(ids)}
    new = changed.union(*(members[story_id] for story_id in reopened))
    signatures = load_signatures(db)
    for id_, _, signature in signed:
        signatures.pop(id_, None)
        if signature:
            signatures[id_] = signature

    @lru_cache(COMPARED_AT_ONCE)
    def compared(id_: int) -> Compared:
        return Compared(next(load_texts(db, [id_])))

    groups = Groups(ids for story_id, ids in members.items() if story_id not in reopened)
    join_copies(groups, dict(sorted(signatures.items())), new, compared)
    found = [group for group in groups if new & set(group)]
    stories = [story for group in found for story in find_stories(group, compared)]
    # An article that left a story loses its number; those that stay get theirs again.
    left = set().union(*found).difference(*stories)
    reopened |= {story_id for story_id, ids in members.items() if left & set(ids)}
    save_stories(db, signed, stories, sorted(reopened))
    return count_stories(db)
