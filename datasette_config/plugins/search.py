"""The pages /search?q= and /search.json?q=: articles by words, with or without marks, filtered, counted, sorted."""

import re
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl

from store.answers import rows_as
from store.filters import Filters, read_filters
from store.hits import MOST, Answer, find_articles

PAGE = 10
NAMES = "select id, name from entities where id in (?, ?)"
# What is said of an odd query: a line that helps, never an error.
NOTES = {
    "quote": (
        "Một dấu ngoặc kép chưa đóng: đã đọc đến hết thành một cụm từ.",
        "A quote was left open: all after it was read as one phrase.",
    ),
    "minus": (
        "Dấu trừ chỉ bỏ bớt: hãy gõ thêm ít nhất một từ cần tìm.",
        "A minus only leaves out: type at least one word to find as well.",
    ),
    "prefix": (
        "Dấu * cần ít nhất hai chữ cái đứng trước: đã tìm như một từ trọn vẹn.",
        "A * needs at least two letters before it: searched as a whole word.",
    ),
    "nothing": (
        "Có ký hiệu không tìm được (chỉ tìm chữ và số): đã bỏ qua.",
        "Signs cannot be searched, only letters and digits: left out.",
    ),
    "long": (
        "Câu tìm quá dài: chỉ đọc 500 ký tự đầu.",
        "The query is too long: its first 500 characters were read.",
    ),
    "many": (
        "Quá nhiều từ: chỉ dùng 20 từ đầu.",
        "Too many words: the first 20 were used.",
    ),
    "kind": (
        "Không có loại dữ kiện này: đã bỏ bộ lọc.",
        "There is no such kind of fact: that filter was left out.",
    ),
    "date": (
        "Ngày phải viết 2023, 2023-05 hoặc 2023-05-31: đã bỏ bộ lọc.",
        "Write a day as 2023, 2023-05 or 2023-05-31: that filter was left out.",
    ),
    "number": (
        "Bộ lọc đối tượng cần một con số: đã bỏ.",
        "An entity filter needs a number: it was left out.",
    ),
}


def address(typed: str, filters: Filters, by_date: bool, page: int = 1) -> str:
    """Return the query part of the address of a search."""
    told: dict[str, Any] = {"q": typed, **{k: v for k, v in vars(filters).items() if v is not None}}
    if by_date:
        told["sort"] = "date"
    if page > 1:
        told["page"] = page
    return urlencode(told)


def links(answer: Answer, typed: str, filters: Filters, by_date: bool) -> dict[str, list[dict[str, Any]]]:
    """Return the counts, each with the address that narrows to it, or widens again where it is chosen."""
    out: dict[str, list[dict[str, Any]]] = {}
    for name, rows in answer.counts.items():
        fields = ("since", "until") if name == "year" else (name,)
        # One address a filter, not one a row: to it each row adds its own value.
        start = address(typed, replace(filters, **dict.fromkeys(fields)), by_date)
        now = {getattr(filters, one) for one in fields}
        for row in rows:
            chosen = now == {row["value"]}
            link = start if chosen else f"{start}&{urlencode(dict.fromkeys(fields, row['value']))}"
            out.setdefault(name, []).append({**row, "chosen": chosen, "link": link})
    return out


async def answer_search(datasette: Any, request: Any) -> tuple[Answer, dict[str, Any]]:
    """Return the answer to a request, and what its page shows beside it."""
    typed = request.args.get("q") or ""
    digits = request.args.get("page") or "1"
    page = max(1, int(digits)) if re.fullmatch(r"\d{1,3}", digits, re.ASCII) else 1
    by_date = request.args.get("sort") == "date"
    filters, notes = read_filters(request.args)
    db = datasette.get_database("news")

    def run(conn: Any) -> tuple[Answer, dict[int, str]]:
        with rows_as(conn, None):
            found = find_articles(conn, typed, filters, by_date=by_date, offset=(page - 1) * PAGE, limit=PAGE)
            return found, dict(conn.execute(NAMES, [filters.campaign, filters.organization]).fetchall())

    answer, names = await db.execute_fn(run)
    told = {
        "q": typed,
        "answer": answer,
        "filters": {k: v for k, v in asdict(filters).items() if v is not None},
        "names": names,
        "facets": links(answer, typed, filters, by_date),
        "notes": [NOTES[code] for code in dict.fromkeys([*answer.asked.notes, *notes]) if code in NOTES],
        "page": page,
        "size": PAGE,
        "by_date": by_date,
        "most": MOST,
        "more": page * PAGE < answer.total,
        "without": {
            name: address(typed, replace(filters, **{name: None}), by_date)
            for name, value in asdict(filters).items()
            if value is not None
        },
        "here": address(typed, filters, by_date),
        "ranked": address(typed, filters, False),
        "dated": address(typed, filters, True),
        "previous": address(typed, filters, by_date, page - 1),
        "next": address(typed, filters, by_date, page + 1),
    }
    return answer, told


async def search_page(datasette: Any, request: Any) -> Response:
    """Answer /search?q=."""
    _, told = await answer_search(datasette, request)
    return Response.html(await datasette.render_template("search.html", told, request=request))


async def search_json(datasette: Any, request: Any) -> Response:
    """Answer /search.json?q= with the same hits, snippets as pieces of the original text."""
    answer, told = await answer_search(datasette, request)
    path = datasette.urls.path
    hits = [
        {
            **hit.article,
            "page": str(datasette.absolute_url(request, path(f"/articles/{hit.article['id']}"))),
            "lane": "marked" if hit.lane == "search_marked" else "folded",
            "snippet": [asdict(piece) for piece in hit.snippet],
        }
        for hit in answer.hits
    ]
    next_page = str(datasette.absolute_url(request, path(f"/search.json?{told['next']}"))) if told["more"] else None
    return Response.json(
        {
            "q": told["q"],
            "filters": told["filters"],
            "total": answer.total,
            "more_than_total": answer.cut,
            "notes": [english for _, english in told["notes"]],
            "hits": hits,
            "counts": answer.counts,
            "next": next_page,
        }
    )


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /search and /search.json."""
    return [(r"^/search$", search_page), (r"^/search\.json$", search_json)]
