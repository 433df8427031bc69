"""What is told of a story: who had it first, whom its copies credit, and how many told something."""

import pytest
from conftest import add_article
from test_nlp_stories import LONG, add_texts, labelled, look_alikes

from nlp.stories import link_stories

TOLD = "select first_article_id, publisher, credits, first_published_at from stories"


@pytest.mark.parametrize(
    ("articles", "told"),
    [
        # (site, day, credit) of each copy.
        ([("a", "2024-05-03", None), ("b", "2024-05-02T09:00:00+07:00", None)], (2, "b", None)),
        ([("a", "2024-05-02T08:00:00+07:00", "Báo B"), ("b", "2024-05-02T09:00:00+07:00", None)], (2, "b", "Báo B")),
        ([("a", "2024-05-02", None), ("b", "2024-05-02T09:00:00+07:00", "Trang A")], (1, "a", "Trang A")),
        ([("a", None, None), ("b", "2024-05-02", "Báo C"), ("c", None, "Báo C"), ("d", "2024-05-09", "Báo B")],
         (2, "Báo C", "Báo B | Báo C")),
        ([("a", None, ""), ("b", None, None)], (1, "a", None)),
    ],
)
def test_first_publisher_and_credits(news, articles, told):
    title, body = LONG
    for number, (site, day, credit) in enumerate(articles):
        add_article(news, body, title=title, site=site, published_at=day, source=credit, content_hash=f"h{number}")
    assert link_stories(news) == 1
    assert news.execute(TOLD).fetchone() == (*told, articles[told[0] - 1][1])


def test_what_is_told_follows_a_page_that_is_read_anew(news):
    """A credit or a date found by a new parser is no new text: the story is not put together anew, only told."""
    add_texts(news, labelled()[0][:3])
    link_stories(news)
    news.execute("update articles set source = 'Báo X' where id = 3")
    news.execute("update articles set published_at = '2024-04-01' where id = 1")
    assert link_stories(news) == 1
    assert news.execute(TOLD).fetchone()[:3] == (1, "demo", "Báo X")


def test_sources_count_stories_and_not_copies(news):
    add_texts(news, [*labelled()[0][:3], *look_alikes()[:2]])
    link_stories(news)
    sql = "select count(*), count(distinct story), sum(is_copy), count(story_id) from tellings"
    assert news.execute(sql).fetchone() == (5, 3, 2, 3)
    firsts = news.execute("select article_id from tellings where not is_copy order by 1").fetchall()
    assert firsts == [(3,), (4,), (5,)]
