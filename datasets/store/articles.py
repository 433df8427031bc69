"""Write articles: the one place that keeps their texts, earlier texts, refused pages and search rows."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from store.findings import clear_findings, mark_stale
from store.lanes import replace_search
from store.records import Article

Outcome = Literal["new", "changed", "same"]
# What an article's page tells beside its title and body; the order is that of the insert.
FACTS = ("site", "author", "published_at", "updated_at", "section", "province", "lead", "source", "canonical_url",
         "evidence")
# A change of one of these changes how the text is read.
READ_WITH = ("published_at", "province")


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of keeping an article: `fields` are the columns that changed, in the order of the table."""

    outcome: Outcome
    fields: tuple[str, ...] = ()


def hash_content(title: str, body: str) -> str:
    """Return the name of one text of an article."""
    return hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()


def facts_of(article: Article) -> dict[str, Any]:
    """Return an article's facts as the table keeps them."""
    facts = {name: getattr(article, name) for name in FACTS}
    return facts | {"evidence": json.dumps(article.evidence, ensure_ascii=False, sort_keys=True)}


def save_article(db: Database, article: Article, page_hash: str, fetched_at: str) -> Saved:
    """Keep one article in one transaction; say whether it is new, changed, or the same.

    An earlier text goes to `revisions`; what was read in it goes, for its offsets mean nothing in the new text.
    An article that comes out as it stands is not written at all.
    """
    now = {"title": article.title, "body": article.body} | facts_of(article)
    with db.atomic():
        db.execute("delete from refusals where url = ?", [article.url])
        row = db.execute(
            f"select id, content_hash, fetched_at, page_hash, gone_at, {', '.join(now)} from articles where url = ?",
            [article.url],
        ).fetchone()
        if row is None:
            insert_article(db, article, page_hash, fetched_at)
            return Saved("new")
        article_id, content_hash, seen_at, hash_before, gone_at = row[:5]
        before = dict(zip(now, row[5:], strict=True))
        changed = [name for name in now if before[name] != now[name]]
        if save_passages(db, article_id, article):
            changed.append("passages")
        if not changed and (hash_before, seen_at, gone_at) == (page_hash, fetched_at, None):
            return Saved("same")
        # A page that is back is no longer gone.
        columns = {name: now[name] for name in changed if name in now}
        columns |= {"page_hash": page_hash, "fetched_at": fetched_at, "gone_at": None}
        if "title" in changed or "body" in changed:
            keep_revision(db, article_id, before["title"], before["body"], content_hash, seen_at)
            clear_findings(db, article_id)
            mark_stale(db)
            columns["content_hash"] = hash_content(article.title, article.body)
        if any(name in ("title", "body", *READ_WITH) for name in changed):
            columns |= {"extractor": None, "failure": None}
        db.execute(
            f"update articles set {', '.join(f'{c} = ?' for c in columns)} where id = ?",
            [*columns.values(), article_id],
        )
        if any(name in ("title", "body", "lead") for name in changed):
            replace_search(db, article_id, article.title, article.lead, article.body)
        return Saved("changed" if changed else "same", tuple(changed))


def insert_article(db: Database, article: Article, page_hash: str, fetched_at: str) -> None:
    """Write an article's first row; ids follow the order of insertion."""
    columns = {
        "url": article.url,
        "title": article.title,
        "body": article.body,
        "first_seen_at": fetched_at,
        "fetched_at": fetched_at,
        "content_hash": hash_content(article.title, article.body),
        "page_hash": page_hash,
        **facts_of(article),
    }
    db.execute(
        f"insert into articles ({', '.join(columns)}) values ({', '.join('?' * len(columns))})", list(columns.values())
    )
    (article_id,) = db.execute("select id from articles where url = ?", [article.url]).fetchone()
    save_passages(db, article_id, article)
    replace_search(db, article_id, article.title, article.lead, article.body)


def save_passages(db: Database, article_id: int, article: Article) -> bool:
    """Keep which parts of a body are captions, headings, items, rows; say whether that is news."""
    sql = "select start, end, role from passages where article_id = ? order by start"
    wanted = [(passage.start, passage.end, passage.role) for passage in article.passages]
    if db.execute(sql, [article_id]).fetchall() == wanted:
        return False
    db.execute("delete from passages where article_id = ?", [article_id])
    for passage in wanted:
        db.execute("insert into passages (article_id, start, end, role) values (?, ?, ?, ?)", [article_id, *passage])
    return True


def keep_revision(db: Database, article_id: int, title: str, body: str, content_hash: str, fetched_at: str) -> None:
    """Keep an earlier text; a text that comes and goes is kept once, with the last time it was seen."""
    db.execute(
        "insert into revisions (article_id, fetched_at, title, body, content_hash) values (?, ?, ?, ?, ?)"
        " on conflict (article_id, content_hash) do update set fetched_at = excluded.fetched_at",
        [article_id, fetched_at, title, body, content_hash],
    )


def save_refusal(db: Database, url: str, site: str, page_hash: str, parser: str, reason: str, at: str) -> None:
    """Note that a page is no article, and why; an article it once was stays."""
    with db.atomic():
        db.execute(
            "insert into refusals (url, site, page_hash, parser, reason, at) values (?, ?, ?, ?, ?, ?)"
            " on conflict (url) do update set site = excluded.site, page_hash = excluded.page_hash,"
            " parser = excluded.parser, reason = excluded.reason, at = excluded.at",
            [url, site, page_hash, parser, reason, at],
        )


def parsed_hashes(db: Database, parser: str) -> dict[str, str]:
    """Return url -> hash of the page that was parsed or refused last; refusals of an older parser do not count.

    Nor does the refusal of a page whose document was not there: it may have come since.
    """
    hashes = dict(db.execute("select url, page_hash from articles").fetchall())
    sql = "select url, page_hash from refusals where parser = ? and reason != 'attachment'"
    hashes.update(db.execute(sql, [parser]).fetchall())
    return hashes


def mark_gone(db: Database, url: str, at: str) -> bool:
    """Note that an article's page is gone; the article stays. Say whether that is news."""
    with db.atomic():
        return db.execute("update articles set gone_at = ? where url = ? and gone_at is null", [at, url]).rowcount > 0


def mark_returned(db: Database, gone: Iterable[str]) -> int:
    """Note that articles whose address is not among the gone ones are there again; return how many."""
    urls = set(gone)
    back = [
        url
        for (url,) in db.execute("select url from articles where gone_at is not null order by id")
        if url not in urls
    ]
    with db.atomic():
        for url in back:
            db.execute("update articles set gone_at = null where url = ?", [url])
    return len(back)


def move_article(db: Database, url: str, target: str) -> bool:
    """Give an article the address it moved to, unless an article stands there already; say whether it moved."""
    with db.atomic():
        moved = db.execute(
            "update articles set url = ? where url = ? and not exists (select 1 from articles where url = ?)",
            [target, url, target],
        )
        return moved.rowcount > 0


def find_parser(db: Database) -> str | None:
    """Return the version of the parser that last went over every page."""
    row = db.execute("select value from state where name = 'parser'").fetchone()
    return str(row[0]) if row else None


def save_parser(db: Database, parser: str) -> None:
    """Note which version of the parser has gone over every page."""
    with db.atomic():
        db.execute(
            "insert into state (name, value) values ('parser', ?)"
            " on conflict (name) do update set value = excluded.value",
            [parser],
        )
