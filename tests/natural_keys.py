"""What a news.db knows, by natural keys: two databases are equal when these are, whatever their ids and times."""

import sqlite3

FINDINGS = ("figures", "dates", "positions", "grants", "campaign_events", "mentions")
# The reason for a link tells in which order articles came; whom it leads to does not.
UNCOMPARED = {"id", "article_id", "sentence_id", "reason"}
FACTS = {
    "articles": "select url, title, body, published_at, gone_at is null from articles order by url",
    "revisions": "select a.url, r.title, r.body from revisions r join articles a on a.id = r.article_id order by 1, 3",
    "sentences": "select a.url, s.start, s.end, s.text from sentences s join articles a on a.id = s.article_id"
                 " order by 1, 2",
    "entities": "select kind, name, source, article_count, first_seen, last_seen from entities order by 1, 2, 3, 4",
    "stories": "select a.url, f.url from articles a join articles f on f.story_id = a.story_id order by 1, 2",
    "told": "select f.url, s.title, s.first_published_at, s.article_count, s.publisher, s.credits from stories s"
            " join articles f on f.id = s.first_article_id order by 1",
}  # fmt: skip


def rows(path, sql):
    """Return the rows of a query over a database file, opened for reading."""
    conn = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def natural(path):
    """Return every table of facts, sorted."""
    found = {table: rows(path, sql) for table, sql in FACTS.items()}
    for table in FINDINGS:
        columns = [row[1] for row in rows(path, f"pragma table_info({table})") if row[1] not in UNCOMPARED]
        listed = ["a.url"]
        for column in columns:
            linked = f"(select kind || ' ' || name from entities e where e.id = t.{column})"
            listed.append(linked if column.endswith("_id") else f"t.{column}")
        sql = f"select {', '.join(listed)} from {table} t join articles a on a.id = t.article_id"
        found[table] = sorted(rows(path, sql), key=repr)
    return found
