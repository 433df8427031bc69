"""Pages and addresses: every version kept, one current, states told apart, nothing lost to a damaged row."""

import pytest
import zstandard

from store.addresses import (
    Address,
    Link,
    add_links,
    due_stamp,
    find_address,
    find_due,
    find_gone,
    find_moved,
    find_pending_sources,
    make_due,
    mark_failed,
    mark_gone,
    mark_moved,
    postponed_until,
    put_off_interrupted,
    save_source,
    stamp,
    touch_page,
)
from store.db import StoreError, open_pages
from store.ledger import close_decision, open_decision
from store.pages import MAX_BODY, find_versions, hash_body, iterate_pages, save_page
from store.records import Page

URL = "https://congdoan.example.vn/tin/1"
EARLY, LATE = "2024-05-01T08:00:00+07:00", "2024-05-02T08:00:00+07:00"
NOW = "2024-05-03T08:00:00.000+07:00"


@pytest.fixture
def db(tmp_path):
    return open_pages(tmp_path)


def page(body=b"one", at=EARLY, url=URL, **more):
    return Page(url, more.pop("site", "cd"), body, at, **more)


def test_new_unchanged_changed(db):
    assert save_page(db, page()) == "new"
    assert save_page(db, page(at=LATE)) == "unchanged"
    assert save_page(db, page(b"two", LATE)) == "changed"
    assert [p.body for p in iterate_pages(db)] == [b"two"]
    assert [p.body for p in find_versions(db, URL)] == [b"one", b"two"]


def test_an_older_capture_does_not_become_the_current_one(db):
    save_page(db, page(b"two", LATE))
    save_page(db, page(b"one", EARLY))
    assert [p.body for p in iterate_pages(db)] == [b"two"]
    assert [p.body for p in find_versions(db, URL)] == [b"one", b"two"]


def test_a_page_comes_back_as_it_was(db):
    headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"a"', "Date": "Wed", "Set-Cookie": "id=1"}
    save_page(db, page("Công đoàn\x00\r\n".encode(), headers=headers, encoding="utf-8", source="warc"))
    (found,) = iterate_pages(db)
    assert found == page("Công đoàn\x00\r\n".encode(), encoding="utf-8", source="warc",
                         headers={"content-type": "text/html; charset=utf-8", "etag": '"a"'})
    assert find_address(db, URL).etag == '"a"'


def test_order_is_by_site_and_url_and_only_what_is_wanted_is_unpacked(db):
    for site, number in (("b", 1), ("a", 9), ("a", 3)):
        save_page(db, page(url=f"https://{site}.example/{number}", site=site))
    assert [p.url for p in iterate_pages(db)] == ["https://a.example/3", "https://a.example/9", "https://b.example/1"]
    wanted = iterate_pages(db, lambda url, version: url.endswith("9") and version == hash_body(b"one"))
    assert [p.site for p in wanted] == ["a"]


def test_gone_and_moved_pages_stay(db):
    save_page(db, page())
    assert mark_gone(db, URL, "cd", 404, LATE, None)
    assert not mark_gone(db, URL, "cd", 404, LATE, None)
    assert find_gone(db) == [(URL, LATE)]
    assert len(list(iterate_pages(db))) == 1
    touch_page(db, URL, LATE, None)
    assert find_gone(db) == []
    mark_moved(db, URL, "cd", 301, f"{URL}-moi", LATE, None)
    assert find_moved(db) == [(URL, f"{URL}-moi")]
    assert list(iterate_pages(db)) == []
    assert [a.url for a in find_due(db, "cd", NOW)] == [f"{URL}-moi"]


def test_due_are_the_new_first_then_those_whose_time_has_come(db):
    urls = [f"{URL}{n}" for n in range(4)]
    save_page(db, page(url=urls[0]), next_due_at="2024-05-03T07:00:00.000+07:00")
    save_page(db, page(url=urls[1]), next_due_at="2024-05-03T09:00:00.000+07:00")
    save_page(db, page(url=urls[2], source="file"))
    add_links(db, "cd", [Link(urls[3])], EARLY)
    assert [a.url for a in find_due(db, "cd", NOW)] == [urls[3], urls[0]]
    assert [a.url for a in find_due(db, "cd", NOW, limit=1)] == [urls[3]]
    assert find_due(db, "khac", NOW) == []
    make_due(db, "cd", NOW)
    assert [a.url for a in find_due(db, "cd", NOW)] == [urls[3], urls[0], urls[1], urls[2]]


def test_what_a_killed_crawl_was_asking_for_comes_last(db):
    urls = [f"{URL}{n}" for n in range(4)]
    add_links(db, "cd", [Link(url) for url in urls], EARLY)
    for url in (urls[0], urls[0], urls[1]):
        # The answer may well have come: what counts is that it was not kept.
        close_decision(db, open_decision(db, EARLY, "cd", url, url), "answered", None, 200, 10, 1.0)
    open_decision(db, EARLY, "cd", f"{urls[2]}?in", None)
    assert [a.url for a in find_due(db, "cd", NOW)] == [urls[2], urls[3], urls[1], urls[0]]
    save_page(db, page(url=urls[1]), next_due_at=EARLY)
    assert find_address(db, urls[1]).asked == 0
    assert [a.url for a in find_due(db, "cd", NOW)] == [urls[2], urls[3], urls[1], urls[0]]


def test_what_was_under_way_at_two_kills_is_put_off_a_day_then_two(db):
    add_links(db, "cd", [Link(URL)], EARLY)
    waits = {1: "2024-05-04T08:00:00.000+07:00", 2: "2024-05-06T08:00:00.000+07:00"}
    open_decision(db, EARLY, "cd", URL, URL)
    assert put_off_interrupted(db, "cd", waits.get) == []
    open_decision(db, EARLY, "cd", URL, URL)
    assert [lost.url for lost in put_off_interrupted(db, "cd", waits.get)] == [URL]
    assert put_off_interrupted(db, "cd", waits.get) == []
    # A source that dates the article as of today does not shorten the wait.
    add_links(db, "cd", [Link(URL, NOW[:10])], NOW)
    assert find_due(db, "cd", NOW) == []
    assert [a.url for a in find_due(db, "cd", waits[1])] == [URL]
    open_decision(db, waits[1], "cd", URL, URL)
    assert [lost.asked for lost in put_off_interrupted(db, "cd", waits.get)] == [3]
    assert find_due(db, "cd", waits[1]) == []
    save_page(db, page())
    assert (find_address(db, URL).asked, find_address(db, URL).failures) == (0, 0)


@pytest.mark.parametrize(("date", "due"), [
    ("2024-05-02", True), ("2024-05-01T07:59:00+07:00", False), ("2031-01-01", False), ("hôm qua", False),
    (None, False),
])
def test_an_article_that_its_source_says_has_changed_is_due(db, date, due):
    save_page(db, page(), next_due_at="2024-06-01T00:00:00.000+07:00")
    assert add_links(db, "cd", [Link(URL, date)], LATE) == 0
    assert bool(find_due(db, "cd", NOW)) is due


def test_failures_are_counted_and_forgiven(db):
    for _ in range(2):
        mark_failed(db, URL, "cd", "article", 500, "status 500", EARLY, "2024-05-04T00:00:00.000+07:00")
    assert (find_address(db, URL).failures, find_due(db, "cd", NOW)) == (2, [])
    save_page(db, page())
    assert (find_address(db, URL).failures, find_address(db, URL).failure) == (0, None)


def test_a_site_that_asked_us_to_wait(db):
    until = "2024-05-03T09:00:00.000+07:00"
    mark_failed(db, URL, "cd", "article", 429, "retry-after", EARLY, until)
    assert postponed_until(db, "cd", NOW) == until
    assert postponed_until(db, "cd", "2024-05-03T09:00:01.000+07:00") is None


def test_further_pages_of_a_source_stay_pending_until_read(db):
    first = Address("https://x/tin", "cd", "listing", EARLY, EARLY, EARLY, 200)
    assert save_source(db, first, [Link(URL), Link(URL)], ["https://x/tin?page=2"]) == 1
    assert [a.url for a in find_pending_sources(db, "cd", NOW)] == ["https://x/tin?page=2"]
    save_source(db, Address("https://x/tin?page=2", "cd", "listing", EARLY, EARLY, EARLY, 200), [])
    assert find_pending_sources(db, "cd", NOW) == []


@pytest.mark.parametrize("blob", [b"", b"junk", zstandard.ZstdCompressor().compress(b"x" * 100)[:-4],
                                  zstandard.ZstdCompressor().compress(b"0" * (MAX_BODY + 1))])
def test_a_damaged_row_is_named(db, blob):
    save_page(db, page())
    db.execute("update pages set body = ?", [blob])
    with pytest.raises(StoreError, match=URL):
        list(iterate_pages(db))


def test_times_sort_as_text():
    assert stamp() < due_stamp()
    assert len(due_stamp()) == len(NOW)
