"""The template filter `marked`: a body as paragraphs of safe HTML, every sentence and every finding in it marked."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from datasette import hookimpl
from jinja2 import Environment
from markupsafe import Markup, escape

# Two steps, so that the slow one is taken once a kind: the kind is escaped here, and a number needs no escaping.
MARK = Markup('<mark class="{0}" data-finding="{0}-NUMBER"')
ANCHOR = Markup(' id="f-{}-NUMBER"')


@cache
def opening(kind: str, first: bool) -> str:
    """Return the opening tag of a kind, with NUMBER where the finding's number stands."""
    return str(MARK.format(kind) + (ANCHOR.format(kind) if first else "") + Markup(">"))


class Span(NamedTuple):
    """A stretch of the body to be marked; sentences have kind "s"."""

    start: int
    end: int
    kind: str
    id: int

    @property
    def anchor(self) -> str:
        """The address part that leads to this span."""
        return f"s-{self.id}" if self.kind == "s" else f"f-{self.kind}-{self.id}"

    def open(self, *, first: bool) -> Markup:
        """Return the opening tag; only a span's first piece carries its anchor."""
        if self.kind == "s":
            return Markup(f'<span class="sentence" id="s-{self.id:d}">' if first else '<span class="sentence">')
        return Markup(opening(self.kind, first).replace("NUMBER", f"{self.id:d}"))

    def close(self) -> Markup:
        """Return the closing tag."""
        return Markup("</span>" if self.kind == "s" else "</mark>")


def mark_stretch(body: str, start: int, end: int, spans: list[Span], seen: set[Span]) -> Iterator[Markup]:
    """Yield the HTML of body[start:end].

    Spans may nest and may cross. Elements must nest, so where two cross, the one opened later is closed and
    opened again: it stands in several pieces of one data-finding.
    """
    here = [s for s in spans if s.start < end and s.end > start]
    cuts = sorted({start, end, *(max(s.start, start) for s in here), *(min(s.end, end) for s in here)})
    stack: list[Span] = []
    for at, until in pairwise(cuts):
        ended = [i for i, s in enumerate(stack) if s.end <= at]
        if ended:
            for span in reversed(stack[ended[0] :]):
                yield span.close()
            crossed = [s for s in stack[ended[0] :] if s.end > at]
            stack = stack[: ended[0]]
        else:
            crossed = []
        opening = crossed + [s for s in here if max(s.start, start) == at and s not in crossed]
        # Longest first, a sentence outside a finding of the same stretch: as few pieces as can be.
        for span in sorted(opening, key=lambda s: (-s.end, s.kind != "s", s.kind, s.id)):
            yield span.open(first=span not in seen)
            seen.add(span)
            stack.append(span)
        yield escape(body[at:until])
    for span in reversed(stack):
        yield span.close()


def mark_body(body: str, sentences: Iterable[Any], findings: Iterable[Any]) -> list[Markup]:
    """Return one piece of HTML a paragraph; rows need start, end, id, and findings a kind."""
    spans = [Span(row["start"], row["end"], "s", row["id"]) for row in sentences]
    spans += [Span(row["start"], row["end"], row["kind"], row["id"]) for row in findings]
    spans = sorted({s for s in spans if 0 <= s.start < s.end <= len(body)})
    paragraphs, seen, at = [], set[Span](), 0
    for line in body.split("\n"):
        paragraphs.append(Markup("").join(mark_stretch(body, at, at + len(line), spans, seen)))
        at += len(line) + 1
    return [p for p in paragraphs if p]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Register the filter."""
    env.filters["marked"] = mark_body
