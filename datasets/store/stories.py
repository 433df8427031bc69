"""Stories: articles that are copies of one another, linked; and the signatures by which copies are found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

BATCH = 500
# An article without a date never counts as the first.
UNDATED = "9999"


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


def save_story(db: Database, group: Sequence[int]) -> None:
    """Write the story of these articles; its title and date are those of the earliest."""
    story_id, marks = min(group), ", ".join("?" * len(group))
    sql = f"""select title, published_at from articles where id in ({marks})
              order by coalesce(published_at, '{UNDATED}'), id limit 1"""
    title, published_at = db.execute(sql, list(group)).fetchone()
    db.execute(
        """insert into stories (id, title, first_published_at, article_count) values (?, ?, ?, ?)
           on conflict (id) do update set title = excluded.title, first_published_at = excluded.first_published_at,
           article_count = excluded.article_count""",
        [story_id, title, published_at, len(group)],
    )
    db.execute(f"update articles set story_id = ? where id in ({marks})", [story_id, *group])
