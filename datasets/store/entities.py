"""Write entities and their aliases: from the reference lists, and as they are found."""

from collections.abc import Iterable

from sqlite_utils import Database

from store.campaigns import rebuild_campaigns
from store.derived import rebuild_derived
from store.descriptions import describe
from store.findings import insert
from store.reference import Entry, load_reference
from store.text import name_key, slugify

# Which list holds entities of which kind, parents before children.
LISTS = {
    "organizations": "organization",
    "ministries": "organization",
    "provinces": "place",
    "districts": "place",
    "campaigns": "campaign",
    "awards": "award",
    "historical_people": "person",
}


def load_entities(db: Database) -> None:
    """Bring the entities of the reference lists up to date; ids once given stay."""
    with db.atomic():
        for list_name, kind in LISTS.items():
            entries = load_reference(list_name)
            for entry in entries:
                save_entry(db, kind, entry, describe(list_name, entry))
            link_parents(db, kind, entries)


def save_entry(db: Database, kind: str, entry: Entry, description: str) -> int:
    """Insert or update the entity of one reference line; return its id."""
    row = db.execute("select id from entities where kind = ? and code = ?", [kind, entry.code]).fetchone()
    if row is None:
        entity_id = add_entity(db, kind, entry.name, source="reference", code=entry.code, description=description)
    else:
        entity_id = int(row[0])
    told = [entry.name, description, entry.source]
    db.execute(
        "update entities set name = ?1, description = ?2, citation = ?3 "
        "where id = ?4 and (name, description, coalesce(citation, '')) is not (?1, ?2, ?3)",
        [*told, entity_id],
    )
    for name in entry.names:
        add_alias(db, entity_id, name)
    return entity_id


def link_parents(db: Database, kind: str, entries: Iterable[Entry]) -> None:
    """Set parent_id from the `parent` column, which holds a code of the same list."""
    for entry in entries:
        if entry.more.get("parent"):
            db.execute(
                "update entities set parent_id = (select id from entities where kind = ?1 and code = ?2) "
                "where kind = ?1 and code = ?3",
                [kind, entry.more["parent"], entry.code],
            )


def add_entity(
    db: Database, kind: str, name: str, *, source: str, code: str | None = None, description: str | None = None
) -> int:
    """Insert an entity under a slug of its own; return its id."""
    slug = find_slug(db, kind, slugify(name)[:120])
    columns = {"kind": kind, "name": name, "slug": slug, "code": code, "description": description, "source": source}
    entity_id = insert(db, "entities", columns)
    add_alias(db, entity_id, name)
    return entity_id


def find_slug(db: Database, kind: str, wanted: str) -> str:
    """Return a slug that is free: the one wanted, or that with a number.

    Hundreds of people bear some names: the number is looked for in steps that double.
    """

    def is_taken(number: int) -> bool:
        slug = wanted if number == 1 else f"{wanted}-{number}"
        return db.execute("select 1 from entities where kind = ? and slug = ?", [kind, slug]).fetchone() is not None

    if not is_taken(1):
        return wanted
    taken, free = 1, 2
    while is_taken(free):
        taken, free = free, 2 * free
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if is_taken(middle) else (taken, middle)
    return f"{wanted}-{free}"


def add_alias(db: Database, entity_id: int, text: str) -> None:
    """Note one more spelling of an entity."""
    db.execute(
        "insert into aliases (entity_id, text, key) values (?, ?, ?) on conflict do nothing",
        [entity_id, text, name_key(text)],
    )


def find_by_name(db: Database, kind: str, text: str) -> list[int]:
    """Return the ids of the entities of a kind that bear a name, oldest first."""
    sql = (
        "select distinct e.id from aliases a join entities e on e.id = a.entity_id "
        "where a.key = ? and e.kind = ? order by e.id"
    )
    return [row[0] for row in db.execute(sql, [name_key(text), kind])]


def count_entities(db: Database) -> None:
    """Count articles and first and last day of every entity; drop found ones that nothing mentions any more.

    Does nothing unless findings were written since the last time.
    """
    with db.atomic():
        stale = db.execute("select 1 from state where name = 'derived' and value = 'stale'").fetchone()
        if not stale:
            return
        db.execute("drop table if exists temp.seen")
        db.execute(
            """
            create temp table seen as
            select m.entity_id as id, count(distinct m.article_id) as articles,
                   min(substr(a.published_at, 1, 10)) as first_seen, max(substr(a.published_at, 1, 10)) as last_seen
            from mentions m join articles a on a.id = m.article_id
            where m.entity_id is not null group by m.entity_id
            """
        )
        db.execute("create unique index temp.seen_id on seen(id)")
        db.execute(
            """
            update entities set
                article_count = coalesce((select articles from temp.seen s where s.id = entities.id), 0),
                first_seen = (select first_seen from temp.seen s where s.id = entities.id),
                last_seen = (select last_seen from temp.seen s where s.id = entities.id)
            """
        )
        db.execute(
            """
            delete from entities where source = 'found' and article_count = 0
            and id not in (select person_id from positions where person_id is not null)
            and id not in (select organization_id from positions where organization_id is not null)
            and id not in (select giver_id from grants where giver_id is not null)
            and id not in (select subject_id from figures where subject_id is not null)
            """
        )
        db.execute("drop table temp.seen")
        rebuild_derived(db)
        rebuild_campaigns(db)
        db.execute("update state set value = 'fresh' where name = 'derived'")
