"""The third sample site: an industrial-zones union on ASP.NET, where only the query tells one article from another."""

from crawler.demo.articles import DemoArticle
from crawler.demo.cms import DATES, Cms, Reply


class AspNet(Cms):
    """Addresses and pages as a hand-made ASP.NET portal has them: one file per kind of page, ids in the query."""

    title = "Công đoàn các Khu công nghiệp Sông Phố (trang mẫu)"
    dated = False
    routes = (
        (r"/|/Default\.aspx", "front"),
        (r"/TinTuc\.aspx(\?language=en-US)?", "front"),
        (r"/TinTuc\.aspx\?page=(?P<page>\d+)", "front"),
        (r"/ChiTiet\.aspx\?Id=(?P<number>\d+)(&language=en-US)?", "article"),
    )

    @property
    def robots(self) -> str:  # type: ignore[override]
        """Close the administration and the drafts; the site asks for no delay and names no sitemap."""
        drafts = [f"Disallow: {self.path(article)}\n" for article in self.articles if article.disallowed]
        return "User-agent: *\nDisallow: /QuanTri/\n" + "".join(drafts)

    def path(self, article: DemoArticle) -> str:
        """Return the address: one file for all articles."""
        return f"/ChiTiet.aspx?Id={article.number}"

    def date(self, article: DemoArticle) -> str:
        """Return e.g. "09:16 01/04/2021"."""
        return DATES[article.date_style or "clock"](article.published_at)

    def views(self, article: DemoArticle) -> int:
        """Return a count that has grown by the second edition: the page's bytes change, the article does not."""
        return super().views(article) + (self.edition - 1) * 17

    def front(self, page: str = "1") -> Reply:
        """Answer with one page of the news listing."""
        return self.listing("aspnet_list.html", int(page))

    def article(self, number: str) -> Reply:
        """Answer with an article's page."""
        return self.article_reply("aspnet_article.html", int(number))
