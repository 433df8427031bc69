-- The schema of news.db as the first release made it. Never edit: users have it.
CREATE TABLE stories (
    id integer primary key,
    title text not null,
    first_published_at text,
    article_count integer not null default 0
);
CREATE TABLE articles (
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
CREATE INDEX articles_published on articles(published_at);
CREATE INDEX articles_site on articles(site, published_at);
CREATE INDEX articles_story on articles(story_id);
CREATE INDEX articles_extractor on articles(extractor);
CREATE TABLE revisions (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    fetched_at text not null,
    title text not null,
    body text not null,
    content_hash text not null,
    unique (article_id, content_hash)
);
CREATE TABLE refusals (
    url text primary key,
    site text not null,
    page_hash text not null,
    parser text not null,
    reason text not null,
    at text not null
);
CREATE TABLE sentences (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    start integer not null,
    end integer not null,
    text text not null
);
CREATE INDEX sentences_article on sentences(article_id, start);
CREATE TABLE state (
    name text primary key,
    value text not null
);
CREATE TABLE entities (
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
CREATE UNIQUE INDEX entities_code on entities(kind, code);
CREATE INDEX entities_count on entities(kind, article_count);
CREATE INDEX entities_parent on entities(parent_id);
CREATE TABLE aliases (
    entity_id integer not null references entities(id) on delete cascade,
    text text not null,
    key text not null,
    primary key (entity_id, text)
);
CREATE INDEX aliases_key on aliases(key);
CREATE TABLE mentions (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    sentence_id integer references sentences(id) on delete set null,
    start integer not null,
    end integer not null,
    text text not null,
    rule text not null,

    kind text not null,
    entity_id integer references entities(id) on delete set null,
    reason text,
    number text,
    date text,
    issuer text
);
CREATE INDEX mentions_article on mentions(article_id, start);
CREATE INDEX mentions_entity on mentions(entity_id, article_id);
CREATE INDEX mentions_kind on mentions(kind, text);
CREATE INDEX mentions_sentence on mentions(sentence_id);
CREATE TABLE figures (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    sentence_id integer references sentences(id) on delete set null,
    start integer not null,
    end integer not null,
    text text not null,
    rule text not null,

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
CREATE INDEX figures_article on figures(article_id, start);
CREATE INDEX figures_unit on figures(unit, period_start);
CREATE INDEX figures_subject on figures(subject_id);
CREATE INDEX figures_campaign on figures(campaign_id);
CREATE INDEX figures_place on figures(place_id);
CREATE INDEX figures_sentence on figures(sentence_id);
CREATE TABLE dates (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    sentence_id integer references sentences(id) on delete set null,
    start integer not null,
    end integer not null,
    text text not null,
    rule text not null,

    date_start text not null,
    date_end text
);
CREATE INDEX dates_article on dates(article_id, start);
CREATE INDEX dates_start on dates(date_start);
CREATE INDEX dates_sentence on dates(sentence_id);
CREATE TABLE positions (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    sentence_id integer references sentences(id) on delete set null,
    start integer not null,
    end integer not null,
    text text not null,
    rule text not null,

    person text not null,
    role text not null,
    organization text,
    person_id integer references entities(id) on delete set null,
    organization_id integer references entities(id) on delete set null,
    as_of text
);
CREATE INDEX positions_article on positions(article_id, start);
CREATE INDEX positions_person on positions(person_id, as_of);
CREATE INDEX positions_organization on positions(organization_id, as_of);
CREATE INDEX positions_sentence on positions(sentence_id);
CREATE TABLE grants (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    sentence_id integer references sentences(id) on delete set null,
    start integer not null,
    end integer not null,
    text text not null,
    rule text not null,

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
CREATE INDEX grants_article on grants(article_id, start);
CREATE INDEX grants_giver on grants(giver_id);
CREATE INDEX grants_award on grants(award_id);
CREATE INDEX grants_sentence on grants(sentence_id);
CREATE TABLE campaign_events (
    id integer primary key,
    article_id integer not null references articles(id) on delete cascade,
    sentence_id integer references sentences(id) on delete set null,
    start integer not null,
    end integer not null,
    text text not null,
    rule text not null,

    campaign text not null,
    campaign_id integer references entities(id) on delete set null,
    event text not null,
    date text,
    organization text,
    organization_id integer references entities(id) on delete set null,
    other_campaign text,
    other_campaign_id integer references entities(id) on delete set null
);
CREATE INDEX campaign_events_article on campaign_events(article_id, start);
CREATE INDEX campaign_events_campaign on campaign_events(campaign_id, date);
CREATE INDEX campaign_events_organization on campaign_events(organization_id);
CREATE INDEX campaign_events_other on campaign_events(other_campaign_id);
CREATE INDEX campaign_events_sentence on campaign_events(sentence_id);
CREATE TABLE crawl_runs (
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
CREATE TABLE site_health (
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
CREATE INDEX site_health_site on site_health(site, run_id);
CREATE VIRTUAL TABLE search using fts5(title, lead, body, tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE story_signatures (
    article_id integer primary key references articles(id) on delete cascade,
    content_hash text not null,
    signature blob
);
