"""Campaigns launched, renamed, reviewed and concluded."""

from collections.abc import Iterator

from spacy.tokens import Doc
from store.records import CampaignEvent


def find_campaign_events(doc: Doc) -> Iterator[CampaignEvent]:
    """Yield the campaign events of a document."""
    yield from ()
