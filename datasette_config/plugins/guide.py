"""The pages that explain: /about with the accuracy by kind, /dictionary of all columns, /addresses for programs."""

import json
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl

from store.db import StoreError

# {"sets": [{"name", "articles", "at", "kinds": {kind: {precision, recall, f1, expected}}}]}; tests/bench/results.py
# writes the set "sample" anew.
ACCURACY = Path(__file__).resolve().parent.parent / "accuracy.json"
# What each set of answer keys is: nothing measured is shown without it.
SETS = {
    "unseen": (
        "Bài báo thật, máy chưa từng thấy",
        "Real articles, never seen before",
        "Trích đoạn bài báo thật của 22 trang, có lời giải viết tay trước khi máy đọc lần đầu; đây là kết quả của lần "
        "đọc đầu ấy, gần nhất với điều bạn sẽ gặp. Sau đó các quy tắc còn được sửa.",
        "Excerpts of real articles from 22 sites, answered by hand before the program first read them; these are the "
        "results of that first reading, the nearest to what you will meet. The rules have been corrected since.",
    ),
    "sample": (
        "Bài của trang mẫu",
        "Articles of the sample site",
        "Bài do chúng tôi tự viết để thử; các quy tắc đã được sửa theo lỗi trên chính những bài này, nên điểm ở đây "
        "cao hơn trên bài lạ.",
        "Articles we wrote ourselves for testing; the rules were corrected on the mistakes made here, so these scores "
        "are higher than on articles not seen before.",
    ),
}
MEASURED = {
    "people": ("Người", "People"),
    "organizations": ("Tổ chức", "Organisations"),
    "campaigns": ("Phong trào", "Campaigns"),
    "awards": ("Danh hiệu", "Awards"),
    "places": ("Địa danh", "Places"),
    "documents": ("Văn bản", "Documents"),
    "figures": ("Số liệu: trị số và danh từ", "Figures: value and noun"),
    "figures+qualifier": ("Số liệu, kèm hơn/gần/khoảng", "Figures, with over/under/about"),
    "dates": ("Thời gian", "Dates"),
    "positions": ("Chức vụ: người và chức danh", "Offices: person and office"),
    "positions+body": ("Chức vụ, kèm đơn vị", "Offices, with the body"),
    "grants": ("Trao thưởng", "Grants"),
}
# How a site fares, in words: see crawler/health.py.
STATES = {
    "ok": ("bình thường", "well"),
    "quiet": ("ít tin", "quiet"),
    "silent": ("im lặng bất thường", "unusually silent"),
    "broken": ("trang đã đổi, không đọc được", "changed, cannot be read"),
    "blocked": ("từ chối truy cập", "turns us away"),
    "failed": ("không truy cập được", "cannot be reached"),
}
# The last run that looked at each site; a site may have articles and no run, or a run and no article.
SOURCES = """
    with seen as (
        select h.site, h.state, h.last_new_at, h.note from site_health h
        where h.run_id = (select max(run_id) from site_health where site = h.site)
    ), named as (select value as site from totals where name = 'site' union select site from seen)
    select n.site, coalesce(t.n, 0) as articles, s.state, s.last_new_at, s.note,
        (select max(published_at) from articles a where a.site = n.site) as newest
    from named n left join seen s on s.site = n.site left join totals t on t.name = 'site' and t.value = n.site
    order by s.state in ('silent', 'broken', 'blocked', 'failed') desc, articles desc, n.site limit 500
"""
PAGES = (
    ("/", "Trang đầu", "Home: newest articles, most mentioned names"),
    (
        "/search?q=cong+doan",
        "Tìm kiếm",
        "Search: words, “phrases”, -minus, begin*; kind campaign organization province site since until sort=date page",
    ),
    ("/search.json?q=cong+doan", "Tìm kiếm, JSON", "The same search as JSON: hits, snippets in pieces, counts, next"),
    ("/campaigns/SLUG", "Phong trào", "A campaign; likewise /people/ /organizations/ /awards/ /places/ /documents/"),
    (
        "/articles/ID",
        "Bài viết",
        "An article with every finding marked; #s-SENTENCE and #f-KIND-ID lead to a sentence and a finding",
    ),
    ("/entities/ID", "Địa chỉ ngắn", "Leads to the page of an entity by its number"),
    ("/figures?unit=sáng+kiến&from=2020&to=2024&period=month", "Số liệu", "Figures of one noun over time"),
    (
        "/figures.csv?unit=sáng+kiến",
        "Số liệu, CSV",
        "Every figure of one noun with its sentence and address, streamed to the last; from, to",
    ),
    ("/map", "Bản đồ", "Articles by province"),
    (
        "/feeds/campaigns/SLUG.atom",
        "Nguồn tin Atom",
        "Feed of a campaign; /feeds/entities/ID.atom of any name; /feeds/search.atom?q= of a search and its filters",
    ),
    (
        "/news/TABLE.json",
        "Bảng, JSON",
        "Rows of a table as JSON: ?column=value, ?column__gte=, _sort=, _size=, _shape=array, _next=",
    ),
    ("/news/TABLE.csv?_stream=1", "Bảng, CSV", "All rows of a table as CSV, streamed to the last"),
    ("/news/QUERY.json?PARAMETER=", "Câu hỏi có sẵn", "A stored query as JSON; .csv as CSV"),
    ("/news.json?sql=select+1", "SQL", "Any reading SQL, within the time and row limits below"),
    ("/-/health", "Tình trạng", "Age of the newest article, counts, the last crawl"),
)


def read_accuracy() -> list[dict[str, Any]]:
    """Return what was measured, set by set, each with what it is; nothing where nothing was."""
    if not ACCURACY.exists():
        return []
    try:
        sets = json.loads(ACCURACY.read_text(encoding="utf-8"))["sets"]
        return [{**one, "told": SETS[one["name"]]} for one in sets]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{ACCURACY.name}: {error}; write it anew with tests/bench/results.py") from None


async def guide_page(datasette: Any, request: Any) -> Response:
    """Answer /about, /dictionary and /addresses."""
    metadata = datasette.metadata(database="news")
    about = request.url_vars["page"] == "about"
    sources = (await datasette.get_database("news").execute(SOURCES)).rows if about else []
    told = {
        "pages": PAGES,
        "tables": {name: t for name, t in metadata["tables"].items() if not t.get("hidden")},
        "queries": await datasette.get_canned_queries("news", request.actor),
        "accuracy": read_accuracy(),
        "measured": MEASURED,
        "sources": sources,
        "states": STATES,
        "limits": {name: datasette.setting(name) for name in ("sql_time_limit_ms", "max_returned_rows")},
        "license": datasette.metadata("license"),
    }
    template = f"{request.url_vars['page']}.html"
    return Response.html(await datasette.render_template(template, told, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /about, /dictionary and /addresses."""
    return [(r"^/(?P<page>about|dictionary|addresses)$", guide_page)]
