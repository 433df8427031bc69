"""Serving while articles are written: no error, no lock, new rows seen without a restart; pages stay fast enough."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))
import generated
import live
import newsroom

SECONDS = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    generated.make_news(folder, 300)
    return folder


def test_reading_while_refresh_writes(folder):
    told = live.run_mixed(folder, SECONDS, wave=40)
    assert told["server_errors"] == told["other_errors"] == told["failures"] == 0, told
    assert told["answers"] > 50 and told["refreshes"] >= 1 and told["articles_written"] >= 40, told
    assert told["articles_read"] >= 1 and told["times_looked"] >= 1 and told["longest_wait"] <= 5, told


@pytest.mark.parametrize("kind", list(newsroom.LIMITS))
def test_every_kind_of_page_answers_under_load(folder, kind):
    with newsroom.Server(folder) as server:
        results = newsroom.run_load(server, folder, kind, 2)
    assert results and {status for status, _, _ in results} == {200}
    assert max(size for _, size, _ in results) < 300_000


def test_generated_articles_are_whole(folder):
    from store.check import check_databases

    assert list(check_databases(folder)) == []
