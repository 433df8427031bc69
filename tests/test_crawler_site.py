"""The registry: every file loads, every mistake is named with its file and a way out."""

import tomllib
from pathlib import Path

import pytest

from crawler.discovery import canonicalize, is_article
from crawler.site import SiteError, check_sites, describe_site, load_site, load_sites, site_names

CASES = tomllib.loads((Path(__file__).parent / "data/cases/crawler_sites.toml").read_text(encoding="utf-8"))["case"]
GOOD = {"title": "'Công đoàn'", "domain": "'congdoan.example.vn'", "base": "'https://congdoan.example.vn'"}
BAD = {
    "an unknown key": ({"robots": "false"}, "unknown key 'robots'; known: aliases, "),
    "no title": ({"title": None}, "no 'title'"),
    "a host with a scheme": ({"domain": "'https://congdoan.example.vn'"}, "bad host"),
    "a base elsewhere": ({"base": "'https://khac.example.vn'"}, "is not on the domain"),
    "a base by file": ({"base": "'file:///etc/passwd'"}, "begin with http"),
    "a feed elsewhere": ({"feeds": "['https://khac.example.vn/rss']"}, "is not on congdoan.example.vn"),
    "a feed that is no list": ({"feeds": "'https://congdoan.example.vn/rss'"}, "write a list"),
    "a hasty delay": ({"delay": "0.5"}, "waits 1.0 s or more"),
    "a delay backwards": ({"delay": "-1"}, "waits 1.0 s or more"),
    "a delay in words": ({"delay": "'slow'"}, "delay = 'slow'"),
    "a truth that is none": ({"verified": "1"}, "verified = 1"),
    "a number that is none": ({"min_articles": "true"}, "min_articles = True"),
    "loopback": ({"domain": "'127.0.0.1:80'", "base": "'http://127.0.0.1:80'"}, "says local = true"),
    "localhost": ({"domain": "'localhost'", "base": "'http://localhost'"}, "says local = true"),
    "metadata": ({"domain": "'169.254.169.254'", "base": "'http://169.254.169.254'"}, "says local = true"),
    "an address in one number": ({"domain": "'2130706433'", "base": "'http://2130706433'"}, "says local = true"),
    "an address in hexadecimal": ({"domain": "'0x7f.1'", "base": "'http://0x7f.1'"}, "says local = true"),
    "an inner name": ({"domain": "'news.internal'", "base": "'http://news.internal'"}, "says local = true"),
    "a private alias": ({"aliases": "['10.0.0.1']"}, "says local = true"),
    "a public site called local": ({"local": "true"}, "no name or address of our own"),
    "a pattern": ({"article_pattern": "'('"}, "write a regular expression"),
    "a selector": ({"body": "'div['"}, "write a CSS selector"),
    "a removed selector": ({"remove": "['p', '::']"}, "write a CSS selector"),
    "no time at all": ({"timeout": "0.1"}, "write 1 to 120 seconds"),
    "a budget without end": ({"daily_budget": "1000000"}, "write 1 to 20000 requests"),
    "a rewrite without a target": ({"rewrite": "['^/print/']"}, "write 'pattern -> /path'"),
    "a rewrite that is no pattern": ({"rewrite": "['( -> /']"}, "write 'pattern -> replacement'"),
    "a rewrite to a group that is none": ({"rewrite": "['^/ -> /\\1']"}, "write 'pattern -> replacement'"),
    "a rewrite to elsewhere": ({"rewrite": "['^/ -> http://khac.example/']"}, "write 'pattern -> /path'"),
    "a level": ({"level": "'galactic'"}, "known: central"),
    "a province": ({"province": "'Atlantis'"}, "no province 'Atlantis'"),
    "no TOML": ({"title": "Công đoàn"}, "a site file is TOML"),
}


def write(folder, name="cd", **keys):
    lines = [f"{key} = {value}" for key, value in (GOOD | keys).items() if value is not None]
    (folder / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.mark.parametrize("say", BAD)
def test_bad_site_files_are_refused_by_name(tmp_path, say):
    keys, expected = BAD[say]
    with pytest.raises(SiteError) as error:
        load_site("cd", write(tmp_path, **keys))
    assert str(error.value).startswith("cd.toml: ")
    assert expected in str(error.value)
    assert "\n" not in str(error.value)


def test_unknown_name_lists_the_known(tmp_path):
    for name in ("khac", "../cd", "CD"):
        with pytest.raises(SiteError, match="have cd"):
            load_site(name, write(tmp_path))


def test_two_files_may_not_claim_one_host(tmp_path):
    write(tmp_path)
    write(tmp_path, "khac", aliases="['www.congdoan.example.vn']")
    with pytest.raises(SiteError, match=r"already in cd\.toml"):
        load_sites(tmp_path)
    problems, count = check_sites(tmp_path)
    assert (len(problems), count) == (2, 2)


def test_check_names_every_bad_file(tmp_path):
    write(tmp_path, "mot", delay="0.1")
    write(tmp_path, "hai", level="'x'")
    write(tmp_path, "ba")
    problems, count = check_sites(tmp_path)
    assert [problem.partition(":")[0] for problem in problems] == ["hai.toml", "mot.toml"]
    assert count == 3


def test_front_page_is_the_source_of_a_site_that_names_none(tmp_path):
    assert load_site("cd", write(tmp_path)).sources == (("listing", "https://congdoan.example.vn"),)


def test_the_registry_is_sound():
    assert check_sites() == ([], len(site_names()))
    assert len(site_names()) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["url"][-60:])
def test_addresses_of_real_sites(case):
    site = load_site(case["site"])
    kept = canonicalize(site, case["url"])
    assert kept == case.get("kept", case["url"])
    assert canonicalize(site, kept) == kept
    assert is_article(site, kept) is case["article"]


def test_no_key_switches_the_budget_off(tmp_path):
    assert load_site("cd", write(tmp_path)).budget == 5000
    assert load_site("cd", write(tmp_path, daily_budget="100")).budget == 100


@pytest.mark.parametrize("name", site_names())
def test_site(name):
    site = load_site(name)
    assert site.evidence
    assert site.level
    assert not site.local
    assert site.level not in ("province", "district") or site.province
    assert canonicalize(site, site.base)
    assert not is_article(site, canonicalize(site, site.base))
    assert describe_site(site).startswith(f"name: {name}\ntitle: ")
