"""The second sample site: a bulletin of the industry unions on WordPress, with comment forms and an SEO plugin."""

import json
import unicodedata
from urllib.parse import quote, unquote

from markupsafe import Markup

from crawler.demo.articles import DemoArticle
from crawler.demo.cms import DATES, Cms, Reply


class WordPress(Cms):
    """Addresses and pages as WordPress makes them."""

    title = "Bản tin Công đoàn ngành nghề (trang mẫu)"
    per_page = 4
    robots = ("User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\n"
              "Sitemap: @origin@/wp-sitemap.xml\n")
    routes = (
        (r"/", "front"),
        (r"/page/(?P<page>\d+)/", "front"),
        (r"/category/(?P<section>[a-z0-9-]+)/", "section_front"),
        (r"/(?P<month>\d{4}/\d{2})/(?P<slug>[^/?]+)/(\?replytocom=\d+)?", "article"),
        (r"/feed/", "feed"),
        (r"/wp-sitemap\.xml", "sitemap_index"),
        (r"/wp-sitemap-posts-post-1\.xml", "sitemap"),
        (r"/wp-sitemap-taxonomies-category-1\.xml", "sitemap_sections"),
    )

    def path(self, article: DemoArticle) -> str:
        """Return the address; a slug with accents is percent-encoded, decomposed."""
        slug = quote(unicodedata.normalize("NFD", article.slug))
        return f"/{article.published_at:%Y/%m}/{slug}/"

    def date(self, article: DemoArticle) -> str:
        """Return e.g. "24/06/2019"."""
        return DATES[article.date_style or "bare"](article.published_at)

    def front(self, page: str = "1") -> Reply:
        """Answer with one page of the blog."""
        return self.listing("wordpress_list.html", int(page), heading="Tin mới")

    def section_front(self, section: str) -> Reply:
        """Answer with the newest articles of a category."""
        articles = self.section(section)
        if not articles:
            return self.missing()
        return self.listing("wordpress_list.html", 1, articles[:self.per_page], heading=articles[0].section)

    def article(self, month: str, slug: str) -> Reply:
        """Answer with an article's page."""
        wanted = unicodedata.normalize("NFC", unquote(slug))
        for article in self.articles:
            if article.slug == wanted and f"{article.published_at:%Y/%m}" == month:
                return self.article_reply("wordpress_article.html", article.number, graph=self.graph(article))
        return self.missing()

    def sitemap_index(self) -> Reply:
        """Answer with the list of sitemaps."""
        names = ("wp-sitemap-posts-post-1.xml", "wp-sitemap-taxonomies-category-1.xml")
        return self.xml("sitemap_index.xml", locations=[f"{self.origin}/{name}" for name in names])

    def sitemap_sections(self) -> Reply:
        """Answer with the addresses of the categories: pages, but no articles."""
        return self.xml("sitemap_sections.xml", sections=sorted({article.section for article in self.articles}))

    def graph(self, article: DemoArticle) -> Markup:
        """Return the JSON-LD an SEO plugin writes; a page with a bare date has none."""
        if "T" not in article.published:
            return Markup("")
        page = {"@type": "WebPage", "@id": self.url(article), "name": f"{article.title} - {self.title}",
                "datePublished": article.published, "dateModified": self.edited(article), "inLanguage": "vi"}
        news = {"@type": "NewsArticle", "@id": f"{self.url(article)}#article", "headline": article.title,
                "datePublished": article.published, "dateModified": self.edited(article),
                "author": {"@type": "Person", "name": article.author or "bientap"}, "articleSection": [article.section]}
        data = json.dumps({"@context": "https://schema.org", "@graph": [page, news]}, ensure_ascii=False)
        # "</" would end the script element early.
        return Markup(data.replace("</", r"<\/"))
