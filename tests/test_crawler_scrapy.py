"""Scrapy's own tools work on our settings: the shell under our manners, contracts against a live source."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripted_site import Answer, ScriptedSite, all_sources, small_site

ROOT = Path(__file__).resolve().parent.parent
TEXT = {"Content-Type": "text/plain"}


def scrapy(*arguments, folder):
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "crawler.settings",
                   "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "datasets")])}
    return subprocess.run([sys.executable, "-P", "-m", "scrapy", *arguments, "-s", f"SITES_DIR={folder}"],
                          capture_output=True, text=True, timeout=120, env=environment, check=False)


@pytest.fixture
def site():
    with ScriptedSite() as server:
        small_site(server)
        yield server


def test_the_shell_fetches_under_our_manners(site, tmp_path):
    site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /tin/bai-2.html\n", headers=TEXT)
    folder = site.write(tmp_path / "sites", **all_sources(site))
    done = scrapy("shell", f"{site.base}/tin/bai-1.html", "-c", "response.css('h1::text').get()", folder=folder)
    assert done.stdout.strip().splitlines()[-1] == "Bài 1", done.stderr
    assert [asked.path for asked in site.log] == ["/robots.txt", "/tin/bai-1.html"]
    done = scrapy("shell", f"{site.base}/tin/bai-2.html", "-c", "response", folder=folder)
    assert "/tin/bai-2.html" not in site.paths()
    with ScriptedSite() as stranger:
        scrapy("shell", f"{stranger.base}/tin/bai-1.html", "-c", "response", folder=folder)
        assert stranger.log == []


def test_contracts_hold_for_a_sound_site_and_break_with_it(site, tmp_path):
    folder = site.write(tmp_path / "sites", **all_sources(site))
    listed = scrapy("check", "-l", folder=folder)
    assert "parse_source" in listed.stdout, listed.stderr
    sound = scrapy("check", "site", folder=folder)
    assert (sound.returncode, "OK" in sound.stderr) == (0, True), sound.stderr
    site.pages["/rss"] = Answer("<html>login</html>")
    broken = scrapy("check", "site", folder=folder)
    assert broken.returncode == 1
    assert "0 links named, 1 wanted" in broken.stderr
