"""What the articles of an answer can be narrowed to: counts by kind, campaign, organisation, province, site, year."""

import sqlite3
from typing import Any

from store.filters import FINDINGS, province_names

SHOWN = 10
Counts = dict[str, list[dict[str, Any]]]


def count_facets(conn: sqlite3.Connection, ids: list[int]) -> Counts:
    """Count the articles found by kind of finding, campaign, organisation, province, site and year."""
    among = f"({', '.join('?' for _ in ids)})"
    counts: Counts = {}
    sql = f"select site, count(*) from articles where id in {among} group by 1 order by 2 desc, 1 limit {SHOWN}"
    counts["site"] = [{"value": v, "label": v, "n": n} for v, n in conn.execute(sql, ids)]
    # The province an article speaks for, or names.
    sql = f"""
        select province, id from articles where id in {among} and province <> ''
        union all select e.code, x.article_id from entity_articles x join entities e on e.id = x.entity_id
        where x.article_id in {among} and x.kind = 'place' and e.parent_id is null and e.code <> ''
    """
    naming: dict[str, set[int]] = {}
    codes = {name: code for code, name in province_names().items()}
    for told, article in conn.execute(sql, [*ids, *ids]):
        # A site tells its province by name, a place is known by its code.
        naming.setdefault(codes.get(told, told), set()).add(article)
    most = sorted((-len(articles), code) for code, articles in naming.items())[:SHOWN]
    counts["province"] = [{"value": v, "label": province_names().get(v, v), "n": -n} for n, v in most]
    sql = f"""
        select substr(published_at, 1, 4), count(*) from articles
        where id in {among} and published_at <> '' group by 1 order by 1 desc limit {SHOWN}
    """
    counts["year"] = [{"value": v, "label": v, "n": n} for v, n in conn.execute(sql, ids)]
    for kind in ("campaign", "organization"):
        sql = f"""
            select t.n, e.id, e.name from (
                select entity_id, count(*) as n from entity_articles x where article_id in {among} and kind = ?
                and not exists (select 1 from campaigns c where c.entity_id = x.entity_id and not c.confirmed)
                group by entity_id order by n desc, entity_id limit {SHOWN}
            ) t join entities e on e.id = t.entity_id order by t.n desc, e.id
        """
        counts[kind] = [{"value": i, "label": name, "n": n} for n, i, name in conn.execute(sql, [*ids, kind])]
    sql = f"""
        select kind, count(distinct article_id) as n from mentions
        where article_id in {among} group by kind order by n desc, kind
    """
    kinds = conn.execute(sql, ids).fetchall()
    for kind, table in FINDINGS.items():
        sql = f"select ?, count(distinct article_id) from {table} where article_id in {among}"
        kinds += conn.execute(sql, [kind, *ids]).fetchall()
    counts["kind"] = [{"value": kind, "label": kind, "n": n} for kind, n in kinds if n]
    return counts
