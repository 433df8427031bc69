"""The schema of news.db, as the ordered steps that made it. Never edit a released step; add one."""

from sqlite_utils import Database

from store.campaigns import CAMPAIGN_TABLES
from store.derived import DERIVED
from store.figure_views import FIGURE_VIEWS
from store.first_schema import news_migrations, run
from store.lanes import replace_search

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
    run(db, FIGURE_VIEWS)


@news_migrations()
def m009_campaigns(db: Database) -> None:
    run(db, CAMPAIGN_TABLES)


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
        replace_search(db, *row)


@news_migrations()
def m011_citations(db: Database) -> None:
    run(db, "alter table entities add column citation text")
