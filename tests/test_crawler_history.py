"""A lost news.db is made again from the stored versions, earlier texts included; broken off, parsing goes on there."""

import shutil

import pytest

from crawler import parse
from crawler.parse import parse_pages
from store.addresses import mark_gone, mark_moved
from store.articles import parsed_hashes
from store.db import open_news, open_pages
from store.pages import save_page
from store.records import Page

WORDS = ("mỏ than", "nhà máy dệt", "xưởng đóng tàu", "lò gạch", "bến cảng", "nông trường")


def page(number, edition, day=1):
    where = WORDS[number % len(WORDS)]
    lead = f"Bản tin thứ {edition} ở {where} kể về bữa cơm ca và chỗ nghỉ trưa của công nhân trong tháng vừa qua."
    more = f"<p>Tổ công đoàn số {number} góp {edition * 10 + number} ý kiến để bữa ăn của thợ tốt hơn trước.</p>" * 3
    html = f"<html><body><h1>Bữa cơm ở {where} số {number}</h1><p>{lead}</p>{more}</body></html>"
    if edition == 0:
        html = "<html><body></body></html>"
    return Page(f"https://demo.example/tin-{number}.html", "demo", html.encode(), f"2024-05-{day:02}T08:00:00+07:00")


EVERYTHING = {
    "articles": "select url, title, body, lead, first_seen_at, fetched_at, content_hash, page_hash, gone_at"
                " from articles order by url",
    "revisions": "select url, r.fetched_at, r.title, r.body, r.content_hash from revisions r join articles a"
                 " on a.id = article_id order by 1, 5",
    "refusals": "select url, page_hash, reason, at from refusals order by url",
    "passages": "select url, start, end, role from passages join articles on articles.id = article_id order by 1, 2",
}


def known(data):
    news = open_news(data)
    return {table: news.execute(sql).fetchall() for table, sql in EVERYTHING.items()}


def save(data, *versions):
    for version in versions:
        save_page(open_pages(data), version)


def day_one(data):
    save(data, page(1, 1), page(2, 1), page(3, 1), page(4, 1), page(5, 1))


def day_two(data):
    """One edited, one that shows nothing for a while, one gone, one moved and edited."""
    save(data, page(1, 2, 2), page(2, 0, 2), page(4, 2, 2))
    pages, at = open_pages(data), "2024-05-02T08:00:00+07:00"
    mark_gone(pages, page(3, 1).url, "demo", 410, at, None)
    mark_moved(pages, page(4, 1).url, "demo", 301, page(6, 1).url, at, None)
    save(data, page(6, 3, 2))


def day_three(data):
    save(data, page(1, 1, 3), page(2, 3, 3), page(5, 0, 3))


def day_four(data):
    save(data, page(1, 4, 4), page(1, 5, 5))


DAYS = (day_one, day_two, day_three, day_four)


@pytest.mark.parametrize("parsed_after", [{0, 1, 2, 3}, {0, 3}, {1, 3}, {3}])
def test_made_again_with_every_earlier_text(tmp_path, parsed_after):
    for number, day in enumerate(DAYS):
        day(tmp_path)
        if number in parsed_after:
            parse_pages(tmp_path, [])
    lived = known(tmp_path)
    texts = {(url[-10:-5], body[12:13]) for url, _, _, body, _ in lived["revisions"]}
    assert texts == {("tin-1", "1"), ("tin-1", "2"), ("tin-1", "4"), ("tin-2", "1"), ("tin-6", "1"), ("tin-6", "2")}
    assert len(lived["refusals"]) == 1 and len(lived["articles"]) == 5
    shutil.copytree(tmp_path, tmp_path / "lost", ignore=shutil.ignore_patterns("news.db*", "lost"))
    parse_pages(tmp_path / "lost", [])
    assert known(tmp_path / "lost") == lived
    assert parse_pages(tmp_path / "lost", []).skipped == 5


def test_a_new_parser_goes_on_where_it_was_broken_off(tmp_path, monkeypatch):
    for day in DAYS:
        day(tmp_path)
    parse_pages(tmp_path, [])
    before = known(tmp_path)
    monkeypatch.setattr(parse, "parser_version", lambda: "next")
    seen = []
    while True:
        summary = parse_pages(tmp_path, [], progress=seen.append, is_over=lambda: True)
        assert summary.same + summary.refused == 1
        if not summary.stopped or len(seen) > 9:
            break
        if len(seen) == 5:
            # The last page there is: only a run that finds no more knows that all was gone over.
            assert parse_pages(tmp_path, []).skipped == 5
            break
    assert len(seen) == 5 and known(tmp_path) == before
    assert parse_pages(tmp_path, [], is_over=lambda: True).skipped == 5


def test_a_killed_run_goes_over_few_pages_again(tmp_path, monkeypatch):
    save(tmp_path, *(page(number, 1) for number in range(1, 8)))
    parse_pages(tmp_path, [])
    monkeypatch.setattr(parse, "parser_version", lambda: "next")
    monkeypatch.setattr(parse, "KEPT_EVERY", 2)
    seen = []

    def stop(count):
        seen.append(count)
        if len(seen) == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parse_pages(tmp_path, [], progress=stop)
    summary = parse_pages(tmp_path, [])
    assert (summary.same, summary.skipped) == (3, 4)
    # What is asked for whole begins at the beginning.
    assert parse_pages(tmp_path, [], everything=True, is_over=lambda: len(seen) < 0).same == 7


def test_what_came_before_the_place_of_the_break_is_parsed_too(tmp_path, monkeypatch):
    save(tmp_path, *(page(number, 1) for number in (2, 3, 4)))
    parse_pages(tmp_path, [])
    monkeypatch.setattr(parse, "parser_version", lambda: "next")
    seen = []
    parse_pages(tmp_path, [], progress=seen.append, is_over=lambda: len(seen) == 2)
    save(tmp_path, page(1, 1), page(2, 2, 2))
    summary = parse_pages(tmp_path, [])
    assert (summary.new, summary.changed, summary.same, summary.skipped) == (1, 1, 1, 1)
    assert len(parsed_hashes(open_news(tmp_path), "next")) == 4


def test_a_page_at_which_the_parser_fails_costs_no_other(tmp_path, monkeypatch):
    save(tmp_path, *(page(number, 1) for number in (1, 2, 3)))
    read = parse.read_page

    def fail(what, *more):
        if "tin-2" in what.url:
            raise LookupError("unknown encoding:\nbogus")
        return read(what, *more)

    monkeypatch.setattr(parse, "read_page", fail)
    summary = parse_pages(tmp_path, [])
    assert summary.new == 2 and len(summary.damaged) == 1
    line = f"{page(2, 1).url}: the parser fails at this page (LookupError: unknown encoding: bogus); report it"
    assert summary.damaged[0].startswith(line)
    # Mended, the page is parsed like any that never was.
    monkeypatch.undo()
    assert parse_pages(tmp_path, []).new == 1


def test_a_full_disk_is_no_fault_of_the_page(tmp_path, monkeypatch):
    save(tmp_path, page(1, 1))

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parse, "read_page", fail)
    with pytest.raises(OSError, match="No space"):
        parse_pages(tmp_path, [])
