-- The schema of pages.db as the first release made it. Never edit: users have it.
CREATE TABLE addresses (
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
CREATE INDEX addresses_due on addresses(site, next_due_at);
CREATE TABLE pages (
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
CREATE INDEX pages_site on pages(site);
