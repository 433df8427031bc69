"""An archive of any size made of the sample site's sentences, with other numbers, names and days each time."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.demo.articles import find_articles
from store.db import open_news

NUMBER = re.compile(r"(?<![\d./,-])\d{2,3}(?![\d./,-])")
NAME = re.compile(r"\b(Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đỗ) (Thị|Văn|Đức|Minh) (\w+)\b")
GIVEN = ["An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khoa", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quân", "Sơn", "Tâm", "Vinh"]
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đỗ", "Bùi", "Đặng", "Ngô"]
MIDDLE = ["Thị", "Văn", "Đức", "Minh", "Quang", "Thanh"]
PROVINCES = ["Lai Châu", "Sơn La", "Nghệ An", "Đồng Nai", "Cà Mau", "Phú Thọ", "Bình Dương", "Gia Lai", "Quảng Trị", "Hà Nam"]
PARAGRAPHS = 6


def paragraphs() -> list[str]:
    """Return every paragraph of the sample site."""
    return [text for article in find_articles() for text in (article.lead, *article.paragraphs) if text]


def vary(text: str, chance: random.Random) -> str:
    """Return a paragraph with other numbers and names."""
    text = NUMBER.sub(lambda m: str(chance.randint(11, 989)), text)
    return NAME.sub(lambda m: f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}", text)


def make_articles(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield the columns of `count` articles, the same for the same seed."""
    chance, pool = random.Random(seed), paragraphs()
    for number in range(count):
        chosen = [vary(text, chance) for text in chance.sample(pool, PARAGRAPHS)]
        province = chance.choice(PROVINCES)
        day = f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield {
            "url": f"https://congdoan.example/{number}", "site": f"site-{number % 40}", "province": province,
            "title": f"{province}: {chosen[0][:60]}", "lead": chosen[0], "body": "\n".join(chosen),
            "published_at": f"{day}T08:00:00+07:00", "first_seen_at": "2026-01-01T00:00:00+07:00",
            "fetched_at": "2026-01-01T00:00:00+07:00", "content_hash": str(number), "page_hash": str(number),
        }


def fill(folder: Path, count: int, seed: int = 1) -> None:
    """Write the articles into FOLDER/news.db, unread."""
    db = open_news(folder)
    with db.atomic():
        for columns in make_articles(count, seed):
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            db.execute(f"insert into articles ({names}) values ({marks})", list(columns.values()))
