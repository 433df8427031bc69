"""What the pages say of their own limits: unconfirmed campaigns apart, silent sites told, scores with their set."""

import json
import re

import pytest
from lxml import html as lxml_html
from test_datasette_config_marks import load_plugin
from test_datasette_config_newsroom import CONFIG, get, make_news

from nlp.application import open_datasette
from store.campaigns import rebuild_campaigns
from store.db import open_news
from store.profiles import group_figures

ACCURACY = json.loads((CONFIG / "accuracy.json").read_text(encoding="utf-8"))["sets"]
phrases, guide = load_plugin("phrases"), load_plugin("guide")


@pytest.fixture(scope="module")
def datasette(tmp_path_factory):
    folder = tmp_path_factory.mktemp("honesty")
    make_news(folder)
    db = open_news(folder)
    rebuild_campaigns(db)
    db.execute("update campaigns set confirmed = 1 where name = 'Bữa cơm ca đêm'")
    db.execute("update campaigns set confirmed = 0 where name = 'Nghĩa tình ca đêm'")
    db.execute("update entities set article_count = max(article_count, 1) where kind = 'campaign'")
    run = db.execute("select max(id) from crawl_runs").fetchone()[0]
    db["site_health"].insert({"run_id": run, "site": "sitelang", "state": "silent", "note": "nothing new for 40 days"})
    db.close()
    return open_datasette(folder / "news.db")


def tree_of(datasette, page):
    answer = get(datasette, page)
    assert answer.status_code == 200
    return lxml_html.document_fromstring(answer.text)


def test_a_campaign_of_one_story_stands_apart(datasette):
    home = tree_of(datasette, "/")
    ranked = home.xpath("//section[@aria-labelledby='campaigns']/ol//a/text()")
    apart = home.xpath("//section[@aria-labelledby='campaigns']/details//a/text()")
    assert "Bữa cơm ca đêm" in ranked and "Nghĩa tình ca đêm" not in ranked
    assert "Nghĩa tình ca đêm" in apart and "Bữa cơm ca đêm" not in apart
    assert "Chưa xác nhận" in tree_of(datasette, "/campaigns/nghia-tinh-ca-dem").text_content()
    assert "Chưa xác nhận" not in tree_of(datasette, "/campaigns/bua-com-ca-dem").text_content()


def test_a_search_offers_no_filter_by_an_unconfirmed_campaign(datasette):
    offered = tree_of(datasette, "/search?q=ca+dem").xpath("//section[@aria-labelledby='by-campaign']//a/text()")
    assert "Bữa cơm ca đêm" in offered and "Nghĩa tình ca đêm" not in offered


def test_a_silent_site_is_told(datasette):
    assert "1 trang im lặng" in tree_of(datasette, "/").text_content()
    about = tree_of(datasette, "/about")
    row = about.xpath("//tr[th/a = 'sitelang']")[0].text_content()
    assert "im lặng bất thường" in row and "nothing new for 40 days" in row
    english = tree_of(datasette, "/about?lang=en").xpath("//tr[th/a = 'sitelang']")[0].text_content()
    assert "unusually silent" in english


def test_every_score_stands_under_the_set_it_was_measured_on(datasette):
    assert [one["name"] for one in ACCURACY] == ["unseen", "sample"]
    for lang, comma in (("vi", ","), ("en", ".")):
        about = tree_of(datasette, f"/about?lang={lang}")
        tables = about.xpath("//table[contains(@class, 'scores')]")
        assert len(tables) == len(ACCURACY)
        for table, one in zip(tables, ACCURACY, strict=True):
            heading = about.get_element_by_id(table.get("aria-labelledby"))
            assert str(one["articles"]) in heading.text_content()
            assert table.getprevious().text_content() in guide.SETS[one["name"]]
            shown = [[cell.text_content() for cell in row.xpath("td")] for row in table.xpath("tbody/tr")]
            want = [
                [*(f"{score[share]:.3f}".replace(".", comma) for share in ("precision", "recall", "f1")),
                 str(score["expected"])] for score in one["kinds"].values()
            ]  # fmt: skip
            assert shown == want
            assert all(kind in guide.MEASURED for kind in one["kinds"])


def test_the_scores_belong_to_the_clone():
    assert (CONFIG / "accuracy.json").stat().st_size < 20_000
    for one in ACCURACY:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["at"]) and one["articles"] > 0
        for score in one["kinds"].values():
            assert 0 <= score["precision"] <= 1 and 0 <= score["recall"] <= 1 and score["expected"] > 0


@pytest.mark.parametrize(
    ("value", "unit", "vi", "en"),
    [
        (1_260_000_000_000, "đồng", "1.260 tỷ", "1,260 billion"),
        (312_500_000_000, "đồng", "312,5 tỷ", "312.5 billion"),
        (9_700_000, "đồng", "9,7 triệu", "9.7 million"),
        (20_000, "đồng", "20.000", "20,000"),
        (1_234_567_891, "đồng", "1.234.567.891", "1,234,567,891"),
        (1_200_000, "đoàn viên", "1.200.000", "1,200,000"),
        (None, "đồng", "", ""),
    ],
)
def test_money_is_written_as_it_is_said_and_says_all_of_it(value, unit, vi, en):
    assert phrases.money(value, unit, "vi") == vi and phrases.money(value, unit, "en") == en


def test_figures_of_one_sentence_stand_together_and_once():
    rows = [
        {"id": 1, "text": "12 nhà", "sentence": "Xây 12 nhà, 3 cầu.", "article_id": 1},
        {"id": 2, "text": "3 cầu", "sentence": "Xây 12 nhà, 3 cầu.", "article_id": 1},
        {"id": 3, "text": "12 nhà", "sentence": "Xây 12 nhà, 3 cầu.", "article_id": 2},
        {"id": 4, "text": "5 xe", "sentence": None, "article_id": 2},
    ]
    groups = group_figures(rows)
    assert [[one["id"] for one in group["said"]] for group in groups] == [[1, 2], [4]]
