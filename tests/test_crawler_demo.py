"""The bundled sample sites: every page is served, validators hold, editions differ, and the gold stands in the text."""

import gzip
import json
import re
import socket
import unicodedata
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest

from crawler.demo.articles import SITES, DemoError, find_articles, read_article
from crawler.demo.server import PORT_STEP, DemoServer
from crawler.page import read_page
from crawler.site import check_sites, load_site, load_sites
from store.records import Page
from store.text import normalize

ARTICLES = list(find_articles())
BY_ID = {article.id: article for article in ARTICLES}
KEYS = json.loads((Path(__file__).parents[1] / "datasets/gold/demo.json").read_text(encoding="utf-8"))
LISTINGS = {"songlam": "/news/", "nganhnghe": "/", "khucongnghiep": "/TinTuc.aspx"}
NEXT_LINK = re.compile(r'<a (?:rel="next"|class="next page-numbers"|id="\w+_lnkTrangSau") href="([^"]+)"')


@pytest.fixture
def server():
    with DemoServer(first_port=0) as running:
        yield running


def ask(url, method="GET", **headers):
    """Return (status, headers, body) without following what the status says."""
    try:
        asked = Request(url, method=method, headers={name.replace("_", "-"): v for name, v in headers.items()})
        with urlopen(asked) as reply:
            return reply.status, reply.headers, reply.read()
    except HTTPError as error:
        return error.code, error.headers, error.read()


def text_of(body):
    """Return a page's text, tags dropped."""
    return normalize(re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body.decode()))))


def test_the_articles_are_enough_and_told_apart():
    assert sum(not article.disallowed for article in ARTICLES) >= 34
    assert set(Counter(article.site for article in ARTICLES)) == set(SITES)
    for field in ("number", "slug"):
        assert len({(article.site, getattr(article, field)) for article in ARTICLES}) == len(ARTICLES)
    assert sum(article.copy_of is not None for article in ARTICLES) == 2
    assert sum(article.correction is not None for article in ARTICLES) == 1
    assert sum(article.until_edition == 1 for article in ARTICLES) == 1


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_an_article_is_whole(article):
    assert article.body == normalize(article.body)
    assert all(0 <= after <= len(article.paragraphs) for after, _ in article.captions)
    assert article.copy_of is None or article.copy_of in BY_ID
    # Long enough to look like news; the draft behind robots.txt need not.
    assert article.disallowed or 1_000 <= len(article.body) <= 6_000


@pytest.mark.parametrize("edition", [1, 2])
def test_every_article_is_served_with_its_text_and_says_that_it_is_a_sample(server, edition):
    server.edition = edition
    urls = server.urls()
    assert set(urls) == {a.id for a in ARTICLES if a.in_edition(edition) and not a.disallowed}
    for name, url in urls.items():
        status, headers, body = ask(url)
        page = text_of(body)
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "A sample written for this project" in page and "hư cấu" in page
        article = BY_ID[name].in_edition(edition)
        assert all(normalize(part) in page for part in (article.title, article.lead, *article.paragraphs))


def test_listings_lead_to_every_article_by_their_next_links_and_to_the_closed_one(server, tmp_path):
    server.site_files(tmp_path)
    for site in load_sites(tmp_path):
        found, waiting = set(), [site.listings[0]]
        while waiting:
            page = waiting.pop()
            body = ask(page)[2].decode()
            links = {urljoin(page, unescape(link)) for link in re.findall(r'href="([^"]+)"', body)}
            paths = {link: urlsplit(link).path + (f"?{q}" if (q := urlsplit(link).query) else "") for link in links}
            found |= {link for link in links if re.match(site.article_pattern, paths[link])}
            waiting += [urljoin(page, link) for link in NEXT_LINK.findall(body)]
        mine = {url for url in server.urls().values() if urlsplit(url).netloc == site.domain}
        closed = {f"{site.base}/ChiTiet.aspx?Id={a.number}" for a in ARTICLES if a.disallowed}
        assert found - closed == mine, site.name
        assert (found & closed == closed) == (site.name == "demo-khucongnghiep")


def test_feeds_hold_the_newest_and_sitemaps_everything(server):
    addresses = {"songlam": ("/rss/", "/sitemap.xml"), "nganhnghe": ("/feed/", "/wp-sitemap-posts-post-1.xml")}
    for site, (feed, sitemap) in addresses.items():
        base = f"http://{server.hosts[site]}"
        mine = [url for url in server.urls().values() if url.startswith(base)]
        assert re.findall(r"<loc>(.+?)</loc>", ask(base + sitemap)[2].decode()) == mine
        assert re.findall(r"<link>(.+?)</link>", ask(base + feed)[2].decode())[1:] == mine[:10]
        assert f"{base}/" in ask(f"{base}/robots.txt")[2].decode()
    index = ask(f"http://{server.hosts['nganhnghe']}/wp-sitemap.xml")[2].decode()
    assert index.count("<sitemap>") == 2


def test_robots_closes_one_listed_article_that_is_served_all_the_same(server):
    base = f"http://{server.hosts['khucongnghiep']}"
    assert "Disallow: /ChiTiet.aspx?Id=4040\n" in ask(f"{base}/robots.txt")[2].decode()
    assert ask(f"{base}/ChiTiet.aspx?Id=4040")[0] == 200
    assert f"{base}/ChiTiet.aspx?Id=4040" not in server.urls().values()


def test_an_unchanged_page_is_304_by_tag_and_by_date(server):
    for url in [*server.urls().values(), *(f"http://{server.hosts[site]}{path}" for site, path in LISTINGS.items())]:
        _, headers, _ = ask(url)
        status, _, body = ask(url, If_None_Match=f'"x", {headers["ETag"]}')
        assert (status, body) == (304, b"")
        assert ask(url, If_Modified_Since="nonsense")[0] == 200
        # The ASP.NET-like site tells no dates, as such software does.
        assert ("Last-Modified" in headers) == (server.hosts["khucongnghiep"] not in url)
        if time := headers["Last-Modified"]:
            assert ask(url, If_Modified_Since=time)[0] == 304
            assert ask(url, If_None_Match='"other"', If_Modified_Since=time)[0] == 200


def test_gzip_when_the_client_takes_it_and_head_without_a_body(server):
    url = next(iter(server.urls().values()))
    plain, (_, headers, packed) = ask(url)[2], ask(url, Accept_Encoding="gzip, deflate")
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(packed) == plain
    assert ask(url, Accept_Encoding="gzip")[2] == packed
    status, headers, body = ask(url, method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(plain)), b"")


def test_the_second_edition_corrects_one_page_removes_one_and_adds_one(server):
    first = server.urls()
    validators = {name: ask(url)[1]["ETag"] for name, url in first.items()}
    server.edition = 2
    second = server.urls()
    assert {n for n in first if n not in second} == {"sl-11"} and {n for n in second if n not in first} == {"sl-12"}
    assert ask(first["sl-11"])[0] == 410
    status, _, body = ask(second["sl-04"], If_None_Match=validators["sl-04"])
    wrong, right, _ = BY_ID["sl-04"].correction
    assert status == 200 and right in text_of(body) and wrong not in text_of(body)
    for name in sorted(set(first) & set(second) - {"sl-04"}):
        # Only the ASP.NET-like pages change all the same: a view count grows.
        expected = 200 if BY_ID[name].site == "khucongnghiep" else 304
        assert ask(second[name], If_None_Match=validators[name])[0] == expected
    with pytest.raises(DemoError, match="no edition 3 of the sample site: have 1, 2"):
        server.edition = 3


def test_duplicates_of_a_page_are_there_and_no_article_addresses(server, tmp_path):
    server.site_files(tmp_path)
    urls = server.urls()
    duplicates = {
        "demo-songlam": [urls["sl-01"].replace("/news/", f"/news/{view}/") for view in ("print", "savefile")],
        "demo-nganhnghe": [f"{urls['nn-01']}?replytocom=9"],
        "demo-khucongnghiep": [f"{urls['kc-01']}&language=en-US"],
    }
    for name, addresses in duplicates.items():
        pattern = load_site(name, tmp_path).article_pattern
        for address in addresses:
            assert ask(address)[0] == 200
            parts = urlsplit(address)
            assert not re.match(pattern, parts.path + (f"?{parts.query}" if parts.query else ""))


def test_an_address_with_decomposed_accents_serves_decomposed_text(server):
    url = server.urls()["nn-07"]
    body = ask(url)[2].decode()
    assert "%CC%" in url and not unicodedata.is_normalized("NFC", body)
    assert BY_ID["nn-07"].lead in normalize(unescape(body))


@pytest.mark.parametrize("with_entry", [True, False], ids=["with its registry entry", "unknown site"])
def test_the_page_reader_takes_what_the_page_says_and_no_furniture(server, tmp_path, with_entry):
    server.site_files(tmp_path)
    sites = {site.domain: site for site in load_sites(tmp_path)}
    for name, url in server.urls().items():
        _, headers, body = ask(url)
        site = sites[urlsplit(url).netloc]
        page = Page(url=url, site=site.name, body=body, fetched_at="2025-10-02T00:00:00+07:00", headers=dict(headers))
        read, article = read_page(page, site if with_entry else None), BY_ID[name]
        assert (read.title, read.body, read.author) == (article.title, article.body, article.author), name
        assert read.published_at == article.published, name


def test_dates_are_shown_in_at_least_four_ways(server):
    shown = " ".join(text_of(ask(url)[2]) for url in server.urls().values())
    for example in ("Thứ sáu - 28/04/2023 10:15", "22/05/2018", "Thứ năm, 14/10/2021, 17:05 (GMT+7)",
                    "09:16 01/04/2021 | Lượt xem :", "15:52 - 13/06/2022 | Lượt xem :", "07.03.2025 | 10:30 AM"):
        assert example in shown


def test_the_log_keeps_every_request_in_order(server):
    host = server.hosts["songlam"]
    ask(f"http://{host}/robots.txt", User_Agent="somebody")
    ask(f"http://{host}/nowhere")
    assert [(r.host, r.method, r.path, r.status) for r in server.log] == [
        (host, "GET", "/robots.txt", 200), (host, "GET", "/nowhere", 404)]
    assert server.log[0].user_agent == "somebody" and server.log[0].time <= server.log[1].time


def test_site_files_are_good_registry_entries(server, tmp_path):
    assert [path.name for path in server.site_files(tmp_path / "sites")] == [f"demo-{site}.toml" for site in SITES]
    assert check_sites(tmp_path / "sites") == ([], 3)
    assert {site.domain for site in load_sites(tmp_path / "sites")} == set(server.hosts.values())


def test_taken_ports_are_passed_over_in_a_fixed_order():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        taken = probe.getsockname()[1]
        probe.listen()
        with DemoServer(first_port=taken) as server:
            ports = [int(host.rpartition(":")[2]) for host in server.hosts.values()]
    assert (ports[0] - taken) % PORT_STEP == 0 and ports[0] > taken
    assert ports == [ports[0], ports[0] + 1, ports[0] + 2]


@pytest.mark.parametrize(("change", "message"), [
    (("slug = ", "slugg = "), "x-01.toml: unknown key 'slugg'; known: author"),
    (('site = "songlam"', 'site = "songlan"'), "x-01.toml: no site 'songlan': have songlam, nganhnghe"),
    (('id = "x-01"', 'id = "x-02"'), "x-01.toml: id 'x-02' differs from the file's name"),
    (("lead = '''", "credit = '''"), "x-01.toml: 'lead' is missing"),
])
def test_a_bad_article_file_is_refused_by_name(tmp_path, change, message):
    source = Path(__file__).parents[1] / "crawler/demo/articles/sl-01.toml"
    path = tmp_path / "x-01.toml"
    path.write_text(source.read_text(encoding="utf-8").replace('"sl-01"', '"x-01"').replace(*change), encoding="utf-8")
    with pytest.raises(DemoError, match=re.escape(message)):
        read_article(path)


def test_enough_gold_and_every_key_names_its_article_by_file_and_by_address(server):
    assert len(KEYS) >= 16 and len({key["article"] for key in KEYS}) == len(KEYS)
    urls = server.urls()
    for key in KEYS:
        # The end of the address is what `evaluate` looks for: the port is not the same everywhere.
        assert urls[key["article"]].endswith(f"/{key['id']}") and key["url"] is None
        article = BY_ID[key["article"]]
        assert (key["title"], key["author"]) == (article.title, article.author)
        assert key["published"] == article.published[:10]
        assert key["notes"].startswith("Our own prose")


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key["article"])
def test_every_surface_of_the_gold_stands_in_the_body(key):
    body = BY_ID[key["article"]].body
    surfaces = [s for kind in ("people", "organizations", "campaigns", "awards", "places") for s in key[kind]]
    surfaces += [row["text"] for kind in ("figures", "dates", "documents") for row in key[kind]]
    surfaces += [row[part] for row in key["positions"] for part in ("person", "role", "organization")]
    surfaces += [row[part] for row in key["grants"] for part in ("giver", "award", "recipient")]
    assert [s for s in surfaces if s is not None and s not in body] == []
    assert {row["person"] for row in key["positions"]} <= set(key["people"])
    assert {row["award"] for row in key["grants"]} <= set(key["awards"])
    assert all((row["high"] is not None) == (row["qualifier"] == "range") for row in key["figures"])
