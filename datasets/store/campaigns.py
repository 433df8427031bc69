"""Campaigns as things of their own: the table derived from lists and mentions, and the views of their timelines."""

from sqlite_utils import Database

from store.reference import Entry, load_reference

# Views that read findings as they are.
CAMPAIGN_VIEWS = """
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
# A campaign found in texts counts as one when two independent stories name it; copies of one story are one.
CONFIRMING = 2
FILL = """
    insert into campaigns (entity_id, name, kind, stories, confirmed)
    select e.id, e.name,
        (select h.head from mentions h where h.entity_id = e.id and h.head is not null
         group by h.head order by count(*) desc, h.head limit 1),
        count(distinct coalesce(a.story_id, -a.id)),
        e.source = 'reference' or count(distinct coalesce(a.story_id, -a.id)) >= :confirming
    from entities e left join mentions m on m.entity_id = e.id left join articles a on a.id = m.article_id
    where e.kind = 'campaign' group by e.id
"""


def rebuild_campaigns(db: Database) -> None:
    """Put the table of campaigns in step with the reference list and the mentions; all of it or nothing."""
    with db.atomic():
        db.execute("delete from campaigns")
        db.execute(FILL, {"confirming": CONFIRMING})
        for entry in load_reference("campaigns"):
            tell_entry(db, entry)


def tell_entry(db: Database, entry: Entry) -> None:
    """Write what the reference list says of a campaign."""
    more = entry.more
    db.execute(
        """
        update campaigns set kind = coalesce(nullif(?, ''), kind), launcher = nullif(?, ''), launched = nullif(?, ''),
            concluded = nullif(?, ''),
            predecessor_id = (select id from entities where kind = 'campaign' and code = ?),
            successor_id = (select id from entities where kind = 'campaign' and code = ?)
        where entity_id = (select id from entities where kind = 'campaign' and code = ?)
        """,
        [*(more[c] for c in ("kind", "launcher", "launched", "concluded", "predecessor", "successor")), entry.code],
    )
