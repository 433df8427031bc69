"""A damaged page row is told in one line with its address; the rest is parsed, and the next crawl mends it."""

import json

import pytest
from click.testing import CliRunner
from natural_keys import natural
from scripted_site import ScriptedSite, all_sources, article, small_site

from nlp.cli import cli
from store.db import open_pages
from store.pages import compress

DAMAGE = {
    "no frame": "body = zeroblob(200)",
    "a frame cut short": "body = substr(body, 1, length(body) / 2)",
    "a text where bytes belong": "body = 'text'",
    "no body": "body = zeroblob(0)",
    "another text": "body = :other",
    "headers that are no JSON": "headers = '{'",
    "headers that are a list": "headers = '[1, 2]'",
    "headers of numbers": "headers = '{\"etag\": 7}'",
    "headers deeper than deep": "headers = :deep",
    "a status in words": "status = 'OK'",
}


def run(*arguments):
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert "Traceback" not in done.output
    return done


@pytest.fixture(scope="module")
def server():
    with ScriptedSite() as site:
        for number, path in enumerate(small_site(site), 1):
            body = (f"Ngày {number}/5/2024, Công đoàn cơ sở trao {number * 10} suất quà cho đoàn viên khó khăn. "
                    "Các suất quà gồm tiền mặt và nhu yếu phẩm, giúp người lao động ổn định cuộc sống. " * 4)
            site.pages[path] = article(number, body)
        yield site


@pytest.mark.parametrize("damage", DAMAGE)
def test_told_passed_over_and_mended(server, tmp_path, damage):
    sites = server.write(tmp_path / "sites", **all_sources(server))
    data = tmp_path / "data"
    assert run("--data", data, "crawl", "--sites-dir", sites).exit_code == 0
    pages = open_pages(data)
    url = f"{server.base}/tin/bai-3.html"
    pages.execute(f"update pages set {DAMAGE[damage]} where url = :url",
                  {"url": url, "other": compress(b"<p>other</p>"), "deep": "[" * 100_000})
    done = run("--data", data, "extract", "--sites-dir", sites)
    assert done.exit_code == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"pages.db: {url}: damaged, ") and len(line) < 300
    assert len(natural(data / "news.db")["articles"]) == 5
    (found,) = run("--data", data, "check").output.splitlines()[:1]
    assert found.startswith(f"pages.db: {url}: damaged, ")
    # The next crawl asks for the page without validators, and keeps it in place of the damaged row.
    told = json.loads(run("--data", data, "refresh", "--sites-dir", sites, "--json").stdout)
    assert told["exit"] == 0
    assert "All is well." in run("--data", data, "check").output
    run("--data", tmp_path / "fresh", "refresh", "--sites-dir", sites)
    assert natural(data / "news.db") == natural(tmp_path / "fresh/news.db")


def test_an_article_that_was_parsed_before_stays(server, tmp_path):
    sites = server.write(tmp_path / "sites", **all_sources(server))
    data = tmp_path / "data"
    run("--data", data, "refresh", "--sites-dir", sites)
    before = natural(data / "news.db")
    open_pages(data).execute("update pages set body = zeroblob(9)")
    done = run("--data", data, "extract", "--all", "--sites-dir", sites)
    assert done.exit_code == 3
    assert done.stderr.count("\n") == 6 and "and 1 more of the kind" in done.stderr
    assert natural(data / "news.db") == before
