"""Stories: articles that are copies of one another, linked; and the signatures by which copies are found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

BATCH = 500
# What a story's articles say of it. One without a date never counts as the first; of one day, one that credits nobody
# comes before a reprint; and the first may itself name whom it reprints: then that is the publisher. Never by id, which
# tells in which order articles were parsed.
TELL = """
    update stories set title = told.title, first_published_at = told.published_at, article_count = told.articles,
        first_article_id = told.id, publisher = told.publisher, credits = told.credits
    from (
        select story_id, id, title, published_at, coalesce(nullif(source, ''), site) as publisher, articles, credits
        from (
            select *, count(*) over (partition by story_id) as articles, row_number() over (partition by story_id
                order by coalesce(substr(published_at, 1, 10), '9999'), coalesce(source, '') <> '',
                coalesce(published_at, '9999'), first_seen_at, url) as place
            from articles where story_id is not null
        ) left join (
            select story_id as credited, group_concat(source, ' | ') as credits from (
                select distinct story_id, source from articles
                where story_id is not null and source <> '' order by story_id, source
            ) group by story_id
        ) on credited = story_id
        where place = 1
    ) as told
    where told.story_id = stories.id and (stories.title, first_published_at, article_count, first_article_id,
        stories.publisher, stories.credits) is not (told.title, told.published_at, told.articles, told.id,
        told.publisher, told.credits)
"""
# Whoever counts how many told something counts `story`: copies of one story are one.
STORY_VIEWS = """
create view tellings as
    select a.id as article_id, coalesce(a.story_id, -a.id) as story, a.story_id, a.title, a.site, a.published_at,
        a.source as credit, coalesce(s.publisher, nullif(a.source, ''), a.site) as publisher, s.first_article_id,
        coalesce(a.id <> s.first_article_id, 0) as is_copy
    from articles a left join stories s on s.id = a.story_id
"""


@dataclass(frozen=True, slots=True)
class StoredText:
    """What of an article tells whether it is a copy."""

    id: int
    title: str
    body: str
    published_at: str | None = None
    content_hash: str = ""


def find_unsigned(db: Database) -> list[int]:
    """Return the ids of articles that are new or changed since copies were last looked for, in order."""
    sql = """select a.id from articles a left join story_signatures s on s.article_id = a.id
             where s.content_hash is not a.content_hash order by a.id"""
    return [row[0] for row in db.execute(sql)]


def load_texts(db: Database, ids: Sequence[int]) -> Iterator[StoredText]:
    """Yield these articles, in the order of their ids, a batch in memory at a time."""
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        marks = ", ".join("?" * len(some))
        sql = f"select id, title, body, published_at, content_hash from articles where id in ({marks}) order by id"
        yield from (StoredText(*row) for row in db.execute(sql, list(some)).fetchall())


def load_signatures(db: Database) -> dict[int, bytes]:
    """Return the signatures of the articles that have one, by id, in order."""
    sql = "select article_id, signature from story_signatures where signature is not null order by article_id"
    return dict(db.execute(sql).fetchall())


def load_members(db: Database) -> dict[int, list[int]]:
    """Return the ids of the articles of every story."""
    members: dict[int, list[int]] = {}
    for story_id, article_id in db.execute(
        "select story_id, id from articles where story_id is not null order by story_id, id"
    ):
        members.setdefault(story_id, []).append(article_id)
    return members


def count_stories(db: Database) -> int:
    """Return the number of stories."""
    return int(db.execute("select count(*) from stories").fetchone()[0])


def save_stories(
    db: Database,
    signatures: Iterable[tuple[int, str, bytes | None]],
    groups: Iterable[Sequence[int]],
    reopened: Iterable[int] = (),
) -> None:
    """Keep signatures and groups in one transaction: a run that is killed is done again, not half done.

    A group takes the place of every story its articles were in; a reopened story that got no group is gone. A story
    has the smallest article id as its own, so that links to it outlive later copies.
    """
    with db.atomic():
        for row in signatures:
            db.execute(
                """insert into story_signatures (article_id, content_hash, signature) values (?, ?, ?)
                   on conflict (article_id) do update set content_hash = excluded.content_hash,
                   signature = excluded.signature""",
                row,
            )
        for story_id in reopened:
            db.execute("update articles set story_id = null where story_id = ?", [story_id])
        for group in groups:
            save_story(db, group)
        db.execute("delete from stories where id not in (select story_id from articles where story_id is not null)")
        db.execute(TELL)


def save_story(db: Database, group: Sequence[int]) -> None:
    """Put these articles together; what is told of the story comes from them when all are together."""
    story_id, marks = min(group), ", ".join("?" * len(group))
    db.execute("insert into stories (id, title) values (?, '') on conflict (id) do nothing", [story_id])
    db.execute(f"update articles set story_id = ? where id in ({marks})", [story_id, *group])


def tell_stories(db: Database) -> None:
    """Put what is told of every story in step with its articles: a date or a credit may be read anew."""
    with db.atomic():
        db.execute(TELL)
