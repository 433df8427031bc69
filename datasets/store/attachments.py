"""Keep which documents the story of an article is in, and which versions of both were read together."""

import hashlib
from collections.abc import Iterable

from sqlite_utils import Database

from store.addresses import Link, add_links, writing


def save_attachments(db: Database, site: str, article: str, urls: Iterable[str], at: str) -> None:
    """Keep which documents an article's story is in, and make their addresses known."""
    wanted = list(urls)
    with writing(db):
        db.execute("delete from attachments where article = ?", [article])
        for url in wanted:
            db.execute("insert or ignore into attachments (article, url) values (?, ?)", [article, url])
        add_links(db, site, [Link(url, None, "attachment") for url in wanted], at)


def name_versions(db: Database) -> dict[str, str]:
    """Return, of every article with documents that we have, the name of the versions of these."""
    rows = db.execute("select attachments.article, group_concat(body_hash) from (select article, body_hash from"
                      " attachments join addresses using (url) where body_hash is not null order by article, url)"
                      " as attachments group by attachments.article order by 1").fetchall()
    return {article: hashlib.sha256(hashes.encode()).hexdigest() for article, hashes in rows}


def join_versions(page: str, documents: str | None) -> str:
    """Return the name of a page's version together with its documents; without any it is the page's own."""
    return hashlib.sha256(f"{page},{documents}".encode()).hexdigest() if documents else page
