"""Feeds are valid Atom, whatever the text, and lead to the marked mention."""

import re
from xml.etree import ElementTree as ET

import pytest
from test_datasette_config_marks import load_plugin
from test_datasette_config_newsroom import HOSTILE, get, make_news

from nlp.application import open_datasette

feeds = load_plugin("feeds")
ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FEEDS = [
    "/feeds/campaigns/bua-com-ca-dem.atom",
    "/feeds/campaigns/hostile.atom",
    "/feeds/entities/1.atom",
    "/feeds/entities/8.atom",
    "/feeds/search.atom?q=cong+doan",
    "/feeds/search.atom?q=%3Cb%3E%26%00%0B",
    "/feeds/search.atom",
]


@pytest.fixture(scope="module")
def datasette(tmp_path_factory):
    return open_datasette(make_news(tmp_path_factory.mktemp("feeds")))


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_valid_atom(datasette, address):
    answer = get(datasette, address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for needed in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{needed}")) == 1
        assert INSTANT.fullmatch(element.findtext(f"{ATOM}updated"))
        assert element.findtext(f"{ATOM}author/{ATOM}name")
        assert element.findtext(f"{ATOM}id").startswith("http")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert set(links) == {"self", "alternate"}
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def test_entries_lead_to_the_mention_newest_first(datasette):
    feed = ET.fromstring(get(datasette, "/feeds/campaigns/bua-com-ca-dem.atom").text)
    links = [link.get("href") for link in feed.findall(f"{ATOM}entry/{ATOM}link")]
    assert [re.sub(r"\d+$", "N", link) for link in links] == [
        "http://localhost/articles/2#f-campaign-N",
        "http://localhost/articles/1#f-campaign-N",
    ]


def test_crawled_text_stays_text(datasette):
    feed = ET.fromstring(get(datasette, "/feeds/campaigns/hostile.atom").text)
    assert feed.findtext(f"{ATOM}title") == HOSTILE
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == HOSTILE


def test_a_missing_feed_is_missing(datasette):
    for address in ("/feeds/campaigns/x.atom", "/feeds/entities/999.atom"):
        assert get(datasette, address).status_code == 404


@pytest.mark.parametrize(
    ("moment", "want"),
    [
        ("2023-06-20", "2023-06-20T00:00:00+07:00"),
        ("2023-06-20T07:30:00+07:00", "2023-06-20T07:30:00+07:00"),
        ("2023-06-20T07:30+07:00", "2023-06-20T07:30:00+07:00"),
        ("2023-06-20T07:30:00.5Z", "2023-06-20T07:30:00.5Z"),
        ("2023-06", feeds.NEVER),
        (None, feeds.NEVER),
        ("<b>", feeds.NEVER),
    ],
)
def test_moments_are_written_as_atom_wants(moment, want):
    assert feeds.instant({"published_at": moment, "first_seen_at": None, "fetched_at": ""}) == want
