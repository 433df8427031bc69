"""What released steps of news.db ran, word for word: users' databases have it, so nothing here may change.

Views are kept as they were too: `views.py` puts those of now in their place after every upgrade.
"""

DERIVED = """
    create table entity_articles (
        entity_id integer not null references entities(id) on delete cascade,
        article_id integer not null references articles(id) on delete cascade,
        kind text not null,
        day text,
        mentions integer not null,
        first_mention integer not null,
        primary key (entity_id, article_id)
    ) without rowid;
    create index entity_articles_article on entity_articles(article_id, kind, entity_id);
    create index entity_articles_day on entity_articles(entity_id, day);
    create table entity_months (
        entity_id integer not null references entities(id) on delete cascade,
        month text not null,
        articles integer not null,
        mentions integer not null,
        primary key (entity_id, month)
    ) without rowid;
    create table offices (
        id integer primary key,
        person_id integer references entities(id) on delete set null,
        person text not null,
        role text not null,
        organization_id integer references entities(id) on delete set null,
        organization text,
        first_stated text,
        last_stated text,
        statements integer not null
    );
    create index offices_person on offices(person_id, last_stated);
    create index offices_organization on offices(organization_id, last_stated);
    create table figure_months (
        unit text not null,
        month text not null,
        figures integer not null,
        least numeric not null,
        most numeric not null,
        total numeric not null,
        primary key (unit, month)
    ) without rowid;
    create table figure_nouns (
        unit text primary key,
        unit_kind text not null,
        figures integer not null
    ) without rowid;
    create index figure_nouns_figures on figure_nouns(figures);
    create table totals (
        name text not null,
        value text not null,
        n integer not null,
        primary key (name, value)
    ) without rowid;
"""
FIGURE_COLUMNS_AND_VIEWS = """
alter table figures add column cumulative integer not null default 0;
alter table figures add column per text;
create view figure_points as
    select f.id as figure_id, f.article_id, f.unit, f.unit_kind, f.counted, f.value, f.value_high, f.qualifier, f.per,
        f.subject_id, s.name as subject, f.campaign_id, c.name as campaign, f.place_id, p.name as place,
        cast(substr(coalesce(f.period_end, f.period_start, a.published_at), 1, 4) as integer) as year,
        coalesce(f.period_start, substr(a.published_at, 1, 10)) as period_start,
        coalesce(f.period_end, f.period_start, substr(a.published_at, 1, 10)) as period_end,
        case when f.cumulative then 'cumulative'
            when f.period_start is null then 'undated'
            when substr(f.period_start, 1, 4) <> substr(f.period_end, 1, 4) then 'several years'
            when length(f.period_start) = 4 and length(coalesce(f.period_end, f.period_start)) = 4 then 'year'
            else 'part of a year' end as basis,
        a.site, a.published_at, '/articles/' || f.article_id || '#f-figure-' || f.id as link
    from figures f
    join articles a on a.id = f.article_id
    left join entities s on s.id = f.subject_id
    left join entities c on c.id = f.campaign_id
    left join entities p on p.id = f.place_id
    where a.story_id is null or not exists (
        select 1 from articles b join figures g on g.article_id = b.id
        where b.story_id = a.story_id and b.id < a.id and g.value = f.value and g.unit = f.unit
    );
create view nouns_by_period as
    select unit, unit_kind, basis, period_start, period_end, count(*) as figures,
        count(distinct article_id) as articles, min(value) as lowest, max(coalesce(value_high, value)) as highest
    from figure_points where per is null
    group by unit, unit_kind, basis, period_start, period_end;
create view money_totals as
    select unit, subject_id, subject, campaign_id, campaign, predicate, year, basis, figures, articles, highest,
        case when basis in ('year', 'part of a year') and bounds = 0 then total end as total,
        case when basis not in ('year', 'part of a year') then 'not added: ' || basis
            when bounds > 0 then 'not added: ranges' end as why_not
    from (
        select p.unit, p.subject_id, p.subject, p.campaign_id, p.campaign, f.predicate, p.year, p.basis,
            count(*) as figures, count(distinct p.article_id) as articles, max(p.value) as highest,
            sum(p.value) as total, sum(p.value_high is not null) as bounds
        from figure_points p join figures f on f.id = p.figure_id
        where p.unit_kind = 'money' and p.per is null
        group by p.unit, p.subject_id, p.campaign_id, f.predicate, p.year, p.basis
    )
"""
CAMPAIGN_TABLES_AND_VIEWS = """
alter table mentions add column head text;
alter table grants add column campaign_id integer references entities(id) on delete set null;
create index grants_campaign on grants(campaign_id);
create table campaigns (
    entity_id integer primary key references entities(id) on delete cascade,
    name text not null,
    kind text,
    launcher text,
    launched text,
    concluded text,
    predecessor_id integer references entities(id) on delete set null,
    successor_id integer references entities(id) on delete set null,
    stories integer not null default 0,
    confirmed integer not null default 0
);
create index campaigns_predecessor on campaigns(predecessor_id);
create index campaigns_successor on campaigns(successor_id);
create index campaigns_confirmed on campaigns(confirmed, stories);
create view campaign_timeline as
    select m.entity_id as campaign_id, c.name as campaign, c.confirmed, substr(a.published_at, 1, 7) as month,
        a.province, count(*) as mentions, count(distinct m.article_id) as articles,
        count(distinct coalesce(a.story_id, -a.id)) as stories
    from mentions m join articles a on a.id = m.article_id join campaigns c on c.entity_id = m.entity_id
    where m.kind = 'campaign' and a.published_at <> ''
    group by m.entity_id, substr(a.published_at, 1, 7), a.province;
create view campaign_neighbours as
    select m.entity_id as campaign_id, c.name as campaign, n.kind, n.entity_id, e.name,
        count(distinct m.article_id) as articles, min(substr(a.published_at, 1, 10)) as first_seen,
        max(substr(a.published_at, 1, 10)) as last_seen
    from mentions m join campaigns c on c.entity_id = m.entity_id
    join mentions n on n.sentence_id = m.sentence_id and n.kind in ('person', 'organization')
    join entities e on e.id = n.entity_id join articles a on a.id = m.article_id
    where m.kind = 'campaign'
    group by m.entity_id, n.entity_id;
create view campaign_links as
    select campaign_id, campaign, link, entity_id, name, article_id, sentence_id, between_words
    from (
        select m.entity_id as campaign_id, c.name as campaign, n.entity_id, coalesce(e.name, n.text) as name,
            m.article_id, m.sentence_id, n.kind,
            case n.kind when 'campaign' then 'linked' when 'document' then 'directed' else 'carried out' end as link,
            case when n.kind = 'campaign' then substr(a.body, m.end + 1, n.start - m.end)
                else substr(a.body, n.end + 1, m.start - n.end) end as between_words
        from mentions m join campaigns c on c.entity_id = m.entity_id
        join mentions n on n.sentence_id = m.sentence_id and n.entity_id is not m.entity_id and (
            (n.kind = 'campaign' and n.start >= m.end) or (n.kind in ('organization', 'document') and n.end <= m.start))
        left join entities e on e.id = n.entity_id join articles a on a.id = m.article_id
        where m.kind = 'campaign' and not exists (
            select 1 from mentions x where x.sentence_id = m.sentence_id and x.kind = n.kind
            and x.start >= min(m.end, n.end) and x.end <= max(m.start, n.start)
        )
    )
    where length(between_words) <= 400 and between_words not like '%;%' and case link
        when 'linked' then between_words like '%gắn%' or between_words like '%lồng ghép%'
            or between_words like '%kết hợp%' or between_words like '%cụ thể hóa%'
        when 'directed' then between_words like '% về %' or between_words like '%triển khai%'
            or between_words like '%thực hiện%'
        else between_words like '%thực hiện%' or between_words like '%triển khai%'
            or between_words like '%hưởng ứng%' or between_words like '%tập trung%'
            or between_words like '%đẩy mạnh%' or between_words like '%cụ thể hóa%' or between_words like '%tham gia%'
        end;
create view campaign_facts as
    select campaign_id, campaign, event as fact, date, organization_id, organization, other_campaign_id, other_campaign,
        null as value, null as unit, article_id, sentence_id, text,
        '/articles/' || article_id || '#f-event-' || id as link
    from campaign_events
    union all
    select g.campaign_id, c.name, 'granted', g.period_start, g.giver_id, g.giver, null, null, g.count, g.award,
        g.article_id, g.sentence_id, g.text, '/articles/' || g.article_id || '#f-grant-' || g.id
    from grants g join entities c on c.id = g.campaign_id
    union all
    select f.campaign_id, c.name, 'figure', f.period_start, f.subject_id, f.subject, null, null, f.value, f.unit,
        f.article_id, f.sentence_id, f.text, '/articles/' || f.article_id || '#f-figure-' || f.id
    from figures f join entities c on c.id = f.campaign_id
"""
SEARCH_WORDS = """
    create virtual table search_words
    using fts5(words, content = '', detail = none, tokenize = "ascii tokenchars '_'")
"""
# Who told a story first, by the dates its articles give: of one day, one that credits nobody comes before a reprint.
STORY_CREDITS = """
    alter table stories add column first_article_id integer references articles(id) on delete set null;
    alter table stories add column publisher text;
    alter table stories add column credits text;
    create index stories_first on stories(first_article_id);
    update stories set first_article_id = (
        select id from articles a where a.story_id = stories.id order by coalesce(substr(published_at, 1, 10), '9999'),
        coalesce(source, '') <> '', coalesce(published_at, '9999'), first_seen_at, url limit 1);
    update stories set
        publisher = (select coalesce(nullif(source, ''), site) from articles a where a.id = first_article_id),
        credits = (select group_concat(source, ' | ') from (
            select distinct source from articles a where a.story_id = stories.id and source <> '' order by source))
"""
