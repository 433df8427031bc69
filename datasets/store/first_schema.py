"""The schema of news.db as the first release made it: users have it, so nothing here may change; see migrations.py."""

from sqlite_utils import Database, Migrations

news_migrations = Migrations("news")

# Every finding row carries its evidence; these columns are the same in every finding table.
EVIDENCE = """
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    sentence_id integer references sentences(id) on delete set null,
    start integer not null,
    end integer not null,
    text text not null,
    rule text not null,
"""


def run(db: Database, script: str) -> None:
    """Run the statements of a step."""
    # Not executescript: that commits, and a step must be undone whole when it fails.
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@news_migrations()
def m001_articles(db: Database) -> None:
    run(
        db,
        """
        create table stories (
            id integer primary key,
            title text not null,
            first_published_at text,
            article_count integer not null default 0
        );
        create table articles (
            id integer primary key,
            url text not null unique,
            site text not null,
            title text not null,
            author text,
            published_at text,
            updated_at text,
            section text,
            province text,
            lead text,
            body text not null,
            first_seen_at text not null,
            fetched_at text not null,
            gone_at text,
            content_hash text not null,
            page_hash text not null,
            story_id integer references stories(id) on delete set null,
            extractor text,
            failure text
        );
        create index articles_published on articles(published_at);
        create index articles_site on articles(site, published_at);
        create index articles_story on articles(story_id);
        create index articles_extractor on articles(extractor);
        create table revisions (
            id integer primary key,
            article_id integer not null references articles(id) on delete cascade,
            fetched_at text not null,
            title text not null,
            body text not null,
            content_hash text not null,
            unique (article_id, content_hash)
        );
        create table refusals (
            url text primary key,
            site text not null,
            page_hash text not null,
            parser text not null,
            reason text not null,
            at text not null
        );
        create table sentences (
            id integer primary key,
            article_id integer not null references articles(id) on delete cascade,
            start integer not null,
            end integer not null,
            text text not null
        );
        create index sentences_article on sentences(article_id, start);
        create table state (
            name text primary key,
            value text not null
        );
        """,
    )


@news_migrations()
def m002_findings(db: Database) -> None:
    run(
        db,
        f"""
        create table entities (
            id integer primary key,
            kind text not null,
            name text not null,
            slug text not null,
            code text,
            description text,
            parent_id integer references entities(id) on delete set null,
            source text not null,
            first_seen text,
            last_seen text,
            article_count integer not null default 0,
            unique (kind, slug)
        );
        create unique index entities_code on entities(kind, code);
        create index entities_count on entities(kind, article_count);
        create index entities_parent on entities(parent_id);
        create table aliases (
            entity_id integer not null references entities(id) on delete cascade,
            text text not null,
            key text not null,
            primary key (entity_id, text)
        );
        create index aliases_key on aliases(key);
        create table mentions ({EVIDENCE}
            kind text not null,
            entity_id integer references entities(id) on delete set null,
            reason text,
            number text,
            date text,
            issuer text
        );
        create index mentions_article on mentions(article_id, start);
        create index mentions_entity on mentions(entity_id, article_id);
        create index mentions_kind on mentions(kind, text);
        create index mentions_sentence on mentions(sentence_id);
        create table figures ({EVIDENCE}
            value numeric not null,
            value_high numeric,
            qualifier text not null,
            unit text not null,
            unit_kind text not null,
            counted text,
            predicate text,
            subject text,
            subject_id integer references entities(id) on delete set null,
            campaign_id integer references entities(id) on delete set null,
            place_id integer references entities(id) on delete set null,
            period_start text,
            period_end text
        );
        create index figures_article on figures(article_id, start);
        create index figures_unit on figures(unit, period_start);
        create index figures_subject on figures(subject_id);
        create index figures_campaign on figures(campaign_id);
        create index figures_place on figures(place_id);
        create index figures_sentence on figures(sentence_id);
        create table dates ({EVIDENCE}
            date_start text not null,
            date_end text
        );
        create index dates_article on dates(article_id, start);
        create index dates_start on dates(date_start);
        create index dates_sentence on dates(sentence_id);
        create table positions ({EVIDENCE}
            person text not null,
            role text not null,
            organization text,
            person_id integer references entities(id) on delete set null,
            organization_id integer references entities(id) on delete set null,
            as_of text
        );
        create index positions_article on positions(article_id, start);
        create index positions_person on positions(person_id, as_of);
        create index positions_organization on positions(organization_id, as_of);
        create index positions_sentence on positions(sentence_id);
        create table grants ({EVIDENCE}
            giver text,
            award text,
            recipient text,
            count numeric not null,
            qualifier text not null,
            giver_id integer references entities(id) on delete set null,
            award_id integer references entities(id) on delete set null,
            period_start text,
            period_end text
        );
        create index grants_article on grants(article_id, start);
        create index grants_giver on grants(giver_id);
        create index grants_award on grants(award_id);
        create index grants_sentence on grants(sentence_id);
        create table campaign_events ({EVIDENCE}
            campaign text not null,
            campaign_id integer references entities(id) on delete set null,
            event text not null,
            date text,
            organization text,
            organization_id integer references entities(id) on delete set null,
            other_campaign text,
            other_campaign_id integer references entities(id) on delete set null
        );
        create index campaign_events_article on campaign_events(article_id, start);
        create index campaign_events_campaign on campaign_events(campaign_id, date);
        create index campaign_events_organization on campaign_events(organization_id);
        create index campaign_events_other on campaign_events(other_campaign_id);
        create index campaign_events_sentence on campaign_events(sentence_id);
        """,
    )


@news_migrations()
def m003_runs(db: Database) -> None:
    run(
        db,
        """
        create table crawl_runs (
            id integer primary key,
            started_at text not null,
            finished_at text,
            command text not null,
            sites integer not null default 0,
            requests integer not null default 0,
            stored integer not null default 0,
            unchanged integer not null default 0,
            failed integer not null default 0
        );
        create table site_health (
            id integer primary key,
            run_id integer not null references crawl_runs(id) on delete cascade,
            site text not null,
            state text not null,
            requests integer not null default 0,
            stored integer not null default 0,
            changed integer not null default 0,
            unchanged integer not null default 0,
            gone integer not null default 0,
            failed integer not null default 0,
            last_new_at text,
            note text,
            unique (run_id, site)
        );
        create index site_health_site on site_health(site, run_id);
        """,
    )


@news_migrations()
def m004_search(db: Database) -> None:
    # Stock FTS5 does not fold đ: the text goes in folded (store.text.fold), rowid is the article's id, and what a
    # reader is shown is cut from the article itself.
    run(db, "create virtual table search using fts5(title, lead, body, tokenize = 'unicode61 remove_diacritics 0')")


@news_migrations()
def m005_story_signatures(db: Database) -> None:
    # By which copies are found again without reading every article anew.
    run(
        db,
        """
        create table story_signatures (
            article_id integer primary key references articles(id) on delete cascade,
            content_hash text not null,
            signature blob
        )
        """,
    )
