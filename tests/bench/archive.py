"""An archive of any size made of the sample site's sentences, with other numbers, names and days each time."""

import random
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from crawler.demo.articles import find_articles
from crawler.version import parser_version
from nlp.sentences import find_ends
from store.articles import save_article, save_parser
from store.db import open_news, open_pages
from store.pages import hash_body, save_page
from store.records import Article, Page

NUMBER = re.compile(r"(?<![\d./,-])\d{2,3}(?![\d./,-])")
NAME = re.compile(r"\b(Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đỗ) (Thị|Văn|Đức|Minh) (\w+)\b")
GIVEN = ["An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khoa", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quân", "Sơn", "Tâm"]
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đỗ", "Bùi", "Đặng", "Ngô"]
MIDDLE = ["Thị", "Văn", "Đức", "Minh", "Quang", "Thanh"]
PROVINCES = ["Lai Châu", "Sơn La", "Nghệ An", "Đồng Nai", "Cà Mau", "Phú Thọ", "Bình Dương", "Gia Lai", "Hà Nam"]
PARAGRAPHS, SENTENCES = 6, 2
SITES = 40
# One article in so many is another site's copy of a recent one.
COPIED, RECENT = 20, 200
AT_ONCE = 500
FETCHED = "2026-01-01T00:00:00+07:00"


def sentences() -> list[str]:
    """Return every sentence of the sample site."""
    paragraphs = [text for article in find_articles() for text in (article.lead, *article.paragraphs) if text]
    return [text[start:end].strip() for text in paragraphs for start, end in cut(text)]


def cut(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of a text."""
    ends = find_ends(text)
    return list(zip([0, *ends], ends, strict=False))


def vary(text: str, chance: random.Random) -> str:
    """Return a text with other numbers and names."""
    text = NUMBER.sub(lambda m: str(chance.randint(11, 989)), text)
    return NAME.sub(lambda m: f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}", text)


def make_articles(count: int, seed: int = 1, paragraphs: int = PARAGRAPHS) -> Iterator[Article]:
    """Yield `count` articles, the same for the same seed."""
    chance, pool = random.Random(seed), sentences()
    recent: deque[tuple[str, str, str]] = deque(maxlen=RECENT)
    for number in range(count):
        if recent and number % COPIED == 0:
            province, day, body = chance.choice(recent)
        else:
            province = chance.choice(PROVINCES)
            day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            chosen = [vary(text, chance) for text in chance.sample(pool, paragraphs * SENTENCES)]
            body = "\n".join(" ".join(chosen[at : at + SENTENCES]) for at in range(0, len(chosen), SENTENCES))
            recent.append((province, day, body))
        lead = body.partition("\n")[0]
        yield Article(
            url=f"https://congdoan-{number % SITES}.example/{number}", site=f"site-{number % SITES}",
            title=f"{province}: {lead[:60]}", body=body, lead=lead, province=province,
            published_at=f"{day}T08:00:00+07:00",
        )


def fill(folder: Path, count: int, seed: int = 1, paragraphs: int = PARAGRAPHS) -> None:
    """Write pages and their articles into a folder, parsed and unread."""
    news, pages = open_news(folder), open_pages(folder)
    articles = make_articles(count, seed, paragraphs)
    for _ in range(0, count, AT_ONCE):
        with news.atomic(), pages.atomic():
            for _, article in zip(range(AT_ONCE), articles, strict=False):
                page = f"{article.title}\n\n{article.body}".encode()
                save_page(pages, Page(article.url, article.site, page, FETCHED, 200, {}, "utf-8", "ingest"))
                save_article(news, article, hash_body(page), FETCHED)
    save_parser(news, parser_version())
