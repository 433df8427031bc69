"""The parser's version follows every rule, and nothing else."""

import dataclasses

from crawler.site import make_site
from crawler.version import find_rules, parser_version, site_version

SITE = make_site("mo", {"title": "Mỏ", "domain": "mo.example", "base": "https://mo.example/"}, "mo.toml")


def test_every_rule_file_counts():
    rules = find_rules()
    assert {"page.py", "plain.py", "encodings.py", "documents.py", "furniture.toml", "nukeviet.toml"} <= set(rules)
    assert not {"spider.py", "run.py", "site.py", "ingest.py", "trial.py"} & set(rules)
    assert parser_version() == parser_version()


def test_a_site_changes_its_version_by_its_selectors_alone():
    assert site_version(dataclasses.replace(SITE, delay=9.0)) == site_version(SITE)
    assert site_version(dataclasses.replace(SITE, body="div.bai")) != site_version(SITE)
