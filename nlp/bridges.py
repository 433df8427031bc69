"""Stories joined only by an article that tells of both, such as a digest of the week, are taken apart again."""

from collections.abc import Callable, Iterator, Sequence

# A story of more articles is looked at through its first ones: everyone with everyone would take long.
LOOKED_AT = 40


def take_apart(group: Sequence[int], are_related: Callable[[int, int], bool]) -> Iterator[list[int]]:
    """Yield the stories of a group of copies: the group itself, unless it holds articles unrelated to each other.

    Then those stand for their stories, the others join the one they are related to, and a bridge between two is alone.

    >>> list(take_apart([1, 2, 3], lambda a, b: True))
    [[1, 2, 3]]
    >>> list(take_apart([1, 2, 3, 4], lambda a, b: 3 in (a, b) or {a, b} == {1, 2}))
    [[1, 2]]
    """
    first = group[:LOOKED_AT]
    unrelated = {one: [other for other in first if other != one and not are_related(one, other)] for one in first}
    if not any(unrelated.values()):
        yield list(group)
        return
    # Whoever is unrelated to most stands for a story first; of equals, the earlier.
    stories: list[list[int]] = []
    bridges: list[int] = []
    for one in sorted(first, key=lambda one: (-len(unrelated[one]), one)) + list(group[LOOKED_AT:]):
        near = [story for story in stories if are_related(one, story[0])]
        if not near:
            stories.append([one])
        elif len(near) == 1:
            near[0].append(one)
        else:
            bridges.append(one)
    yield from (sorted(story) for story in sorted(stories, key=min) if len(story) > 1)
