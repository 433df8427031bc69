"""The page /search?q=: articles by words, with or without marks, and snippets cut from the text as it is written."""

import re
from functools import cache
from typing import Any

from datasette import Response, hookimpl
from markupsafe import Markup, escape

from store.text import fold

PAGE = 20
# A snippet shows half as many characters before its first hit, and twice as many after it.
AROUND = 130
MOST = 200
FOUND = """
select a.id, a.title, a.site, a.author, a.published_at, a.lead, a.body
from search join articles a on a.id = search.rowid
where search match ? order by bm25(search, 8.0, 3.0, 1.0), a.published_at desc, a.id limit ? offset ?
"""
# The terms of an FTS query as fts_query() writes it.
TERM = re.compile(r'"([^"]+)"')
HIT = Markup('<mark class="hit">{}</mark>')
folded_character = cache(fold)


def find_hits(text: str, wanted: list[str]) -> list[tuple[int, int, str]]:
    """Return where the terms stand in a text as it is written, each with the term, in order."""
    folded, origin = [], []
    for at, character in enumerate(text):
        for piece in folded_character(character):
            folded.append(piece)
            origin.append(at)
    pattern = "|".join(r"[\W_]+".join(t.split()) for t in sorted(wanted, key=len, reverse=True))
    found = re.finditer(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", "".join(folded)) if pattern else ()
    return [(origin[m.start()], origin[m.end() - 1] + 1, m[0]) for m in found]


def window(text: str, hits: list[tuple[int, int, str]]) -> tuple[int, int]:
    """Return the stretch to show: around the hit with most different terms behind it, cut between words."""
    first = (0, 0, "")
    # An article that says one word a thousand times is not worth a million comparisons.
    hits = hits[:MOST]
    if hits:
        first = max(hits, key=lambda h: len({term for s, e, term in hits if h[0] <= s and e <= h[1] + 2 * AROUND}))
    start, end = max(0, first[0] - AROUND // 2), min(len(text), first[1] + 2 * AROUND)
    if start:
        start = min(text.find(" ", start) + 1, first[0])
    if end < len(text):
        end = max(text.rfind(" ", start, end), first[1])
    return start, end


def marked_hits(text: str, wanted: list[str], *, whole: bool) -> Markup:
    """Return the text, or the telling part of it, with its hits marked; neighbours share one mark."""
    hits = find_hits(text, wanted)
    start, end = (0, len(text)) if whole else window(text, hits)
    spans: list[tuple[int, int]] = []
    for left, right, _ in hits:
        if spans and text[spans[-1][1] : left].isspace():
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    out, at = [Markup("… " if start else "")], start
    for left, right in spans:
        if at < right and left < end:
            out += [escape(text[at : max(at, left)]), HIT.format(text[max(at, left) : min(right, end)])]
            at = min(right, end)
    return Markup("").join([*out, escape(text[at:end]), Markup(" …" if end < len(text) else "")])


async def search_page(datasette: Any, request: Any) -> Response:
    """Answer /search?q=."""
    typed = request.args.get("q") or ""
    digits = request.args.get("page") or "1"
    page = max(1, int(digits)) if re.fullmatch(r"\d{1,4}", digits, re.ASCII) else 1
    db = datasette.get_database("news")
    query = (await db.execute("select fts_query(?)", [typed])).single_value()
    wanted = TERM.findall(query)
    rows = (await db.execute(FOUND, [query, PAGE + 1, (page - 1) * PAGE])).rows if wanted else []
    results = [
        {
            "article": row,
            "title": marked_hits(row["title"], wanted, whole=True),
            "snippet": marked_hits(row["body"].replace("\n", " "), wanted, whole=False),
        }
        for row in rows[:PAGE]
    ]
    context = {"q": typed, "wanted": wanted, "results": results, "page": page, "more": len(rows) > PAGE}
    return Response.html(await datasette.render_template("search.html", context, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /search."""
    return [(r"^/search$", search_page)]
