"""What the three sample sites have in common: their articles in one edition, templates, listings, feeds, sitemaps."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import jinja2

from crawler.demo.articles import DemoArticle
from store.text import slugify

TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
                               trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
# Front pages, feeds and sitemaps change with the edition; a page about one article only when it is corrected.
EDITIONS = {1: datetime.fromisoformat("2025-10-01T07:00:00+07:00"),
            2: datetime.fromisoformat("2025-10-20T07:00:00+07:00")}
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
PICTURE = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">'
           '<rect width="640" height="360" fill="#d9d2c5"/>'
           '<text x="320" y="190" text-anchor="middle" font-size="28">Ảnh minh họa</text></svg>')
# As WordPress and NukeViet ship: the newest ten. Older articles are found by paging and in the sitemap only.
FEED_LENGTH = 10
DATES: dict[str, Callable[[datetime], str]] = {
    "weekday": lambda time: f"{WEEKDAYS[time.weekday()]} - {time:%d/%m/%Y %H:%M}",      # Thứ hai - 17/11/2014 04:34
    "bare": lambda time: f"{time:%d/%m/%Y}",                                             # 24/06/2019
    "gmt": lambda time: f"{WEEKDAYS[time.weekday()]}, {time.day}/{time.month}/{time:%Y, %H:%M} (GMT+7)",
    "clock": lambda time: f"{time:%H:%M %d/%m/%Y}",                                      # 09:16 01/04/2021
    "dash": lambda time: f"{time:%H:%M} - {time:%d/%m/%Y}",                              # 15:52 - 10/09/2020
    "dots": lambda time: f"{time:%d.%m.%Y | %H:%M %p}",                                  # 28.04.2025 | 17:05 PM
}


@dataclass(frozen=True)
class Reply:
    """What a site answers to one address, before any negotiation with the client."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    modified: datetime | None = None


class Cms:
    """One sample site in one edition; a subclass knows the addresses and the templates of its software."""

    title = ""
    per_page = 5
    robots = ""
    # Software that builds every page anew tells no Last-Modified.
    dated = True
    routes: tuple[tuple[str, str], ...] = ()

    def __init__(self, articles: list[DemoArticle], origin: str, edition: int) -> None:
        self.origin = origin
        self.edition = edition
        printed = [(article, now) for article in articles if (now := article.in_edition(edition))]
        printed.sort(key=lambda pair: (pair[1].published_at, pair[1].number), reverse=True)
        self.articles = [now for _, now in printed]
        self.by_number = {now.number: now for now in self.articles}
        # A deleted page answers 410, as long as its number was once in use.
        self.gone = {article.number for article in articles if article.from_edition <= edition} - set(self.by_number)
        # What stands under "Tin khác" must not change with the edition, or every page of the site would.
        self.lasting = [now for article, now in printed
                        if article.from_edition == 1 and article.until_edition is None and not article.disallowed]

    def path(self, article: DemoArticle) -> str:
        """Return the address of an article below the site's origin."""
        raise NotImplementedError

    def date(self, article: DemoArticle) -> str:
        """Return the date as the page shows it."""
        raise NotImplementedError

    def reply(self, target: str) -> Reply:
        """Answer one address (path and query, as received)."""
        if target == "/robots.txt":
            return Reply(self.robots.replace("@origin@", self.origin).encode(), "text/plain; charset=utf-8",
                         modified=EDITIONS[1])
        if re.fullmatch(r"/anh/\d+\.svg", target):
            return Reply(PICTURE.encode(), "image/svg+xml", modified=EDITIONS[1])
        for pattern, name in self.routes:
            if match := re.fullmatch(pattern, target):
                answer: Reply = getattr(self, name)(**match.groupdict())
                return answer if self.dated else replace(answer, modified=None)
        return self.missing()

    def missing(self, *, gone: bool = False) -> Reply:
        """Answer that there is no such page, or no longer."""
        body = self.render("missing.html", gone=gone)
        return Reply(body, status=410 if gone else 404)

    def article_reply(self, template: str, number: int, **values: object) -> Reply:
        """Answer with the page of an article, under that template."""
        if number in self.gone:
            return self.missing(gone=True)
        if (article := self.by_number.get(number)) is None:
            return self.missing()
        related = [other for other in self.lasting if other.number != number]
        start = number % max(1, len(related))
        body = self.render(template, article=article, related=(related + related)[start:start + 4], **values)
        if not article.slug.isascii():
            # Pages written on a Mac: accents decomposed, in the address and in the text alike.
            body = unicodedata.normalize("NFD", body.decode()).encode()
        return Reply(body, modified=self.modified(article))

    def modified(self, article: DemoArticle) -> datetime:
        """Return when the page of an article last changed: on publication, or when it was corrected."""
        if article.correction and self.edition > 1:
            return datetime.fromisoformat(article.correction[2])
        return article.published_at

    def views(self, article: DemoArticle) -> int:
        """Return a view count: furniture that must not reach a body."""
        return article.number * 37 % 900 + 40

    def listing(self, template: str, page: int, articles: list[DemoArticle] | None = None, **values: object) -> Reply:
        """Answer with one page of a list of articles, newest first."""
        shown = self.articles if articles is None else articles
        last = max(1, -(-len(shown) // self.per_page))
        if not 1 <= page <= last:
            return self.missing()
        here = shown[(page - 1) * self.per_page:page * self.per_page]
        body = self.render(template, articles=here, page=page, last=last, **values)
        return Reply(body, modified=EDITIONS[self.edition])

    def section(self, slug: str) -> list[DemoArticle]:
        """Return the articles of one section, newest first."""
        return [article for article in self.articles if slugify(article.section) == slug]

    def feed(self) -> Reply:
        """Answer with the RSS feed."""
        return self.xml("feed.xml", articles=self.articles[:FEED_LENGTH], built=self.rfc822(EDITIONS[self.edition]))

    def sitemap(self) -> Reply:
        """Answer with the list of every article's address."""
        return self.xml("sitemap.xml", articles=self.articles)

    def xml(self, template: str, **values: object) -> Reply:
        """Answer with an XML document."""
        return Reply(self.render(template, **values), "application/xml; charset=utf-8", modified=EDITIONS[self.edition])

    def render(self, template: str, **values: object) -> bytes:
        """Return a template filled in; every template sees the site as `cms`."""
        return TEMPLATES.get_template(template).render(cms=self, slugify=slugify, **values).encode()

    def url(self, article: DemoArticle) -> str:
        """Return the full address of an article."""
        return self.origin + self.path(article)

    def edited(self, article: DemoArticle) -> str:
        """Return the time some software prints as that of publication: the last time an editor saved the page."""
        return (article.published_at + timedelta(days=3, hours=5, minutes=11)).isoformat()

    @staticmethod
    def rfc822(time: datetime) -> str:
        """Return a time as feeds write it."""
        return format_datetime(time)
