"""The schema of pages.db, as the ordered steps that made it. Never edit a released step; add one."""

from sqlite_utils import Database, Migrations

from store.first_schema import run

pages_migrations = Migrations("pages")


@pages_migrations()
def m001_pages(db: Database) -> None:
    run(
        db,
        """
        create table addresses (
            url text primary key,
            site text not null,
            kind text not null,
            first_seen text not null,
            last_seen text not null,
            fetched_at text,
            status integer,
            etag text,
            last_modified text,
            body_hash text,
            next_due_at text,
            failures integer not null default 0,
            failure text,
            redirected_to text,
            gone_at text
        );
        create index addresses_due on addresses(site, next_due_at);
        create table pages (
            url text not null,
            body_hash text not null,
            site text not null,
            fetched_at text not null,
            status integer not null,
            headers text not null,
            encoding text,
            source text not null,
            body blob not null,
            primary key (url, body_hash)
        );
        create index pages_site on pages(site);
        """,
    )


@pages_migrations()
def m002_manners(db: Database) -> None:
    # `poll_seconds` is what a source has taught us of how often it changes. The ledger's lines are trimmed, its days
    # never: they are few.
    run(
        db,
        """
        alter table addresses add column failure_class text;
        alter table addresses add column poll_seconds real;
        create index addresses_redirected on addresses(redirected_to) where redirected_to is not null;
        create table fetches (
            id integer primary key,
            at text not null,
            site text not null,
            url text not null,
            decision text not null,
            reason text,
            status integer,
            bytes integer,
            seconds real
        );
        create index fetches_site on fetches(site, id);
        create index fetches_asked on fetches(url) where decision = 'asked';
        create table site_days (
            site text not null,
            day text not null,
            requests integer not null default 0,
            refused integer not null default 0,
            bytes integer not null default 0,
            primary key (site, day)
        ) without rowid;
        create table coverage (
            site text not null,
            at text not null,
            pages integer not null,
            title integer not null,
            body integer not null,
            published_at integer not null,
            author integer not null,
            primary key (site, at)
        ) without rowid;
        """,
    )


@pages_migrations()
def m003_asked(db: Database) -> None:
    # `asked` counts the crawls that sent for an article and were killed before they could keep the answer, or the
    # one under way: written before the request leaves, 0 again in the transaction that keeps what came of it.
    run(
        db,
        """
        alter table addresses add column asked integer not null default 0;
        update addresses set asked = 1 where fetched_at is null and next_due_at is null
            and exists (select 1 from fetches where fetches.url = addresses.url and decision = 'asked');
        create index addresses_asked on addresses(site) where asked > 0;
        drop index fetches_asked;
        """,
    )


@pages_migrations()
def m004_attachments(db: Database) -> None:
    # Which documents the story of an article is in; each is an address of its own, of kind `attachment`.
    run(
        db,
        """
        create table attachments (
            article text not null,
            url text not null,
            primary key (article, url)
        ) without rowid;
        """,
    )
