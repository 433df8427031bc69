"""Views over figures: points ready for a chart, nouns by period, and money totals that add only like to like."""

# `basis` says what kind of time a figure is told for; only figures of one basis may stand in one sum or one line.
# Near-identical articles tell one story: the figure counts once, in the article seen first.
FIGURE_VIEWS = """
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
