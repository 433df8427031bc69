"""underthesea's feature templates, compiled: many sentences at once, and only what its models have weights for."""

import re
import struct
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path

# A function of templates ("lower") returns the series of one column and width.
Function = Callable[["Columns", int, int], list[str]]
TEMPLATE = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\[(\d+)\])?(?:\.(\w+))?")
# What underthesea writes where a column is still to be tagged.
UNTAGGED = "X"
BEFORE, AFTER = "BOS", "EOS"


class TemplateError(ValueError):
    """A model or a feature template of underthesea cannot be read as it stands."""


def read_attributes(path: Path) -> list[str]:
    """Return the feature strings for which a CRFsuite model has weights."""
    data = path.read_bytes()
    try:
        magic, kind, attributes_at = struct.unpack_from("<4s4x4s24xI", data)
        if (magic, kind) != (b"lCRF", b"FOMC"):
            raise TemplateError(f"{path}: not a CRFsuite model; install underthesea again")
        # The strings are a CQDB database: after its header a table of where each record stands.
        count, table = struct.unpack_from("<II", data, attributes_at + 16)
        found = []
        for offset in struct.unpack_from(f"<{count}I", data, attributes_at + table):
            record = attributes_at + offset
            (length,) = struct.unpack_from("<I", data, record + 4)
            found.append(data[record + 8 : record + 7 + length].decode("utf-8"))
    except (struct.error, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}; install underthesea again") from None
    return found


class Columns:
    """Sentences as columns (tokens, then one column a layer) and what the templates make of them, made once.

    The sentences stand one after the other: what a template sees across their ends is put right by heads and tails.
    """

    def __init__(self, sentences: Iterable[list[str]], functions: Mapping[str, Function]) -> None:
        self.bounds: list[tuple[int, int]] = []
        tokens: list[str] = []
        for sentence in sentences:
            self.bounds.append((len(tokens), len(tokens) + len(sentence)))
            tokens += sentence
        self.columns = [tokens]
        self.functions = functions
        self.length = len(tokens)
        self.made: dict[tuple[int, int, str], list[str]] = {}
        self.edges: dict[int, list[int]] = {}

    def add(self, column: list[str]) -> None:
        """Add the next layer's labels."""
        self.columns.append(column)

    def series(self, column: int, width: int, function: str = "") -> list[str]:
        """Return the values of a column: every `width` neighbours joined by spaces, through the function."""
        if column >= len(self.columns):
            return [" ".join([UNTAGGED] * width)] * (self.length - width + 1)
        if width == 1 and not function:
            return self.columns[column]
        found = self.made.get((column, width, function))
        if found is None:
            if function:
                found = self.functions[function](self, column, width)
            else:
                values = self.columns[column]
                found = list(map(" ".join, zip(*(values[k:] for k in range(width)), strict=False)))
            self.made[column, width, function] = found
        return found

    def edge(self, count: int) -> list[int]:
        """Return the positions of the first `count` tokens of every sentence; of the last for a negative count."""
        if count not in self.edges:
            inside = [
                range(start, min(end, start + count)) if count > 0 else range(max(start, end + count), end)
                for start, end in self.bounds
            ]
            self.edges[count] = list(chain.from_iterable(inside))
        return self.edges[count]


@dataclass(frozen=True, slots=True)
class Template:
    """One template, "T[-1,0].lower": where it looks, and the feature string of each value the model knows."""

    first: int
    last: int
    column: int
    function: str
    known: dict[str, str]

    def place(self, features: Sequence[str | None], columns: Columns) -> list[str | None]:
        """Return its feature at every token, given those of the series it looks at."""
        first, last = self.first, self.last
        found: list[str | None] = [None] * max(0, -first)
        found += features[first:] if first > 0 else features
        del found[columns.length :]
        found += [None] * (columns.length - len(found))
        if last > 0:
            after = self.known.get(AFTER)
            for at in columns.edge(-last):
                found[at] = after
        if first < 0:
            before = self.known.get(BEFORE)
            for at in columns.edge(-first):
                found[at] = before
        return found


class Group:
    """The templates that look at one series from several places: a value is looked up once for all of them."""

    def __init__(self, templates: list[tuple[int, Template]]) -> None:
        self.templates = templates
        one = templates[0][1]
        self.series = one.column, one.last - one.first + 1, one.function
        values = dict.fromkeys(chain.from_iterable(template.known for _, template in templates))
        self.known = {value: tuple(template.known.get(value) for _, template in templates) for value in values}
        self.none = (None,) * len(templates)

    def features(self, columns: Columns) -> Iterator[tuple[int, list[str | None]]]:
        """Yield the number of each template with its feature at every token; None where the model has no weight."""
        series = columns.series(*self.series)
        found = zip(*map(self.known.get, series, repeat(self.none)), strict=True) if series else repeat(())
        for (number, template), features in zip(self.templates, found, strict=False):
            yield number, template.place(features, columns)


class Featurizer:
    """All templates of one model.

    A feature without a weight adds nothing to a score, so leaving it out changes no tag; the order of the others is
    kept, so that sums are the same to the last bit.
    """

    def __init__(self, templates: Iterable[str], attributes: Iterable[str], functions: Collection[str]) -> None:
        by_template: dict[str, dict[str, str]] = {}
        for attribute in attributes:
            template, _, value = attribute.partition("=")
            by_template.setdefault(template, {})[value] = attribute
        self.templates = [compile_template(t, by_template[t], functions) for t in templates if t in by_template]
        alike: dict[tuple[int, int, str], list[tuple[int, Template]]] = {}
        for number, one in enumerate(self.templates):
            alike.setdefault((one.column, one.last - one.first, one.function), []).append((number, one))
        self.groups = [Group(some) for some in alike.values()]

    def rows(self, columns: Columns) -> Iterator[list[list[str | None]]]:
        """Yield, sentence by sentence, the features of every token in the order of the templates."""
        found = dict(chain.from_iterable(group.features(columns) for group in self.groups))
        rows = zip(*(found[number] for number in range(len(self.templates))), strict=True)
        # One sentence's rows at a time: kept together, they would be walked by every garbage collection.
        for start, end in columns.bounds:
            yield [list(filter(None, row)) for row in islice(rows, end - start)]


def compile_template(text: str, known: dict[str, str], functions: Collection[str]) -> Template:
    """Return the template; raises TemplateError for one that asks for what is not known here."""
    match = TEMPLATE.fullmatch(text)
    if match is None or (match[4] and match[4] not in functions):
        raise TemplateError(f"template {text!r}: not understood; install the release of underthesea this one names")
    first = int(match[1])
    return Template(first, int(match[2] or first), int(match[3] or 0), match[4] or "", known)
