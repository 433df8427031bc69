"""The schema of news.db, as the ordered steps that made it. Never edit a released step; add one."""

from sqlite_utils import Database

from store.findings import office_key
from store.first_schema import news_migrations, run
from store.lanes import fill_search_words, replace_lanes
from store.released_schema import (
    CAMPAIGN_TABLES_AND_VIEWS,
    DERIVED,
    FIGURE_COLUMNS_AND_VIEWS,
    SEARCH_WORDS,
    STORY_CREDITS,
)
from store.text import name_key

__all__ = ["news_migrations"]


@news_migrations()
def m006_article_parts(db: Database) -> None:
    # What a page tells of an article beside its text: evidence is JSON, {field: where it was found}.
    run(
        db,
        """
        alter table articles add column source text;
        alter table articles add column canonical_url text;
        alter table articles add column evidence text;
        create table passages (
            article_id integer not null references articles(id) on delete cascade,
            start integer not null, end integer not null, role text not null,
            primary key (article_id, start)
        );
        create index passages_role on passages(role)
        """,
    )


@news_migrations()
def m007_derived(db: Database) -> None:
    # What pages would otherwise count anew at every visit.
    run(db, DERIVED)


@news_migrations()
def m008_figure_views(db: Database) -> None:
    run(db, FIGURE_COLUMNS_AND_VIEWS)


@news_migrations()
def m009_campaigns(db: Database) -> None:
    run(db, CAMPAIGN_TABLES_AND_VIEWS)


@news_migrations()
def m010_search_lanes(db: Database) -> None:
    # The index got a second lane and other words after the first release; it is made anew from the articles. What is
    # derived has new tables to fill. "if exists": databases made between two releases have some of this.
    run(
        db,
        """
        drop index if exists mentions_article;
        create index mentions_article on mentions(article_id, kind);
        create index if not exists articles_province on articles(province);
        create virtual table if not exists search_marked
            using fts5(title, lead, body, tokenize = 'unicode61 remove_diacritics 0');
        delete from search;
        delete from search_marked;
        insert into state values ('derived', 'stale') on conflict (name) do update set value = excluded.value
        """,
    )
    for row in db.execute("select id, title, lead, body from articles order by id"):
        replace_lanes(db, *row)


@news_migrations()
def m011_citations(db: Database) -> None:
    run(db, "alter table entities add column citation text")


@news_migrations()
def m012_position_keys(db: Database) -> None:
    # Who is meant is asked by name and body, and by name and office: of an index, for thousands bear some names.
    run(
        db,
        """
        alter table positions add column person_key text;
        alter table positions add column office_key text;
        create index positions_body on positions(person_key, organization_id, person_id);
        create index positions_office on positions(person_key, office_key, person_id);
        """,
    )
    db.register_function(name_key, deterministic=True)
    db.register_function(office_key, deterministic=True)
    run(
        db,
        """
        update positions set person_key = name_key(person), office_key = office_key(
            role, organization, (select province from articles where id = article_id));
        """,
    )


@news_migrations()
def m013_search_words(db: Database) -> None:
    run(db, SEARCH_WORDS)
    fill_search_words(db)


@news_migrations()
def m014_story_credits(db: Database) -> None:
    run(db, STORY_CREDITS)


@news_migrations()
def m015_coverage(db: Database) -> None:
    # Of how many new pages of a crawl that were read at once, each part of an article was found in how many.
    for column in ("sampled", "with_title", "with_body", "with_date", "with_author"):
        run(db, f"alter table site_health add column {column} integer")
