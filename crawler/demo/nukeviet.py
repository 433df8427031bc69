"""The first sample site: a provincial federation on NukeViet, with its print and download duplicates."""

from crawler.demo.articles import DemoArticle
from crawler.demo.cms import DATES, Cms, Reply
from store.text import slugify


class NukeViet(Cms):
    """Addresses and pages as NukeViet 4 makes them."""

    title = "Công đoàn Sông Lam (trang mẫu)"
    robots = "User-agent: *\nDisallow: /admin/\nSitemap: @origin@/sitemap.xml\n"
    routes = (
        (r"/|/news/", "front"),
        (r"/news/page-(?P<page>\d+)/", "front"),
        (r"/news/(?P<section>[a-z0-9-]+)/", "section_front"),
        (r"/news/[a-z0-9-]+/[a-z0-9-]+-(?P<number>\d+)\.html", "article"),
        (r"/news/print/[a-z0-9-]+/[a-z0-9-]+-(?P<number>\d+)\.html", "print_view"),
        (r"/news/savefile/[a-z0-9-]+/[a-z0-9-]+-(?P<number>\d+)\.html", "print_view"),
        (r"/rss/", "feed"),
        (r"/sitemap\.xml", "sitemap"),
    )

    def path(self, article: DemoArticle, view: str = "") -> str:
        """Return the address; `view` is "print/" or "savefile/" for the duplicates every article has."""
        return f"/news/{view}{slugify(article.section)}/{article.slug}-{article.number}.html"

    def date(self, article: DemoArticle) -> str:
        """Return e.g. "Thứ hai - 17/11/2014 04:34"."""
        return DATES["weekday"](article.published_at)

    def front(self, page: str = "1") -> Reply:
        """Answer with one page of the news listing."""
        return self.listing("nukeviet_list.html", int(page), heading="Tin tức")

    def section_front(self, section: str) -> Reply:
        """Answer with the newest articles of a section."""
        articles = self.section(section)
        if not articles:
            return self.missing()
        return self.listing("nukeviet_list.html", 1, articles[:self.per_page], heading=articles[0].section)

    def article(self, number: str) -> Reply:
        """Answer with an article's page."""
        return self.article_reply("nukeviet_article.html", int(number))

    def print_view(self, number: str) -> Reply:
        """Answer with the bare copy for printing or saving."""
        return self.article_reply("nukeviet_print.html", int(number))
