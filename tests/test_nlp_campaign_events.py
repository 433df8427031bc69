"""Campaign events: launched, renamed, reviewed, concluded."""

import tomllib
from pathlib import Path

import pytest

from nlp.language import read_text
from store.records import CampaignEvent

CASES = tomllib.loads((Path(__file__).parent / "data/cases/campaign_events.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_campaign_events(case):
    found = [f for f in read_text(case["text"]).findings if isinstance(f, CampaignEvent)]
    rows = [[f.event, f.campaign, f.organization or "", f.date or "", f.other_campaign or ""] for f in found]
    assert rows == case["want"]
    assert all(case["text"][f.start : f.end] == f.text for f in found)
