"""A page becomes an article: what its site says first, then its CMS, its metadata, and the shape of its text."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml.html import HtmlElement

from crawler.attachments import find_attachments
from crawler.containers import read_container, to_lines
from crawler.documents import document_kind, read_document
from crawler.drafts import (
    Draft,
    drop_update,
    take_author,
    take_claims,
    take_dates,
    take_parts,
    take_section,
    take_title,
)
from crawler.encodings import read_text
from crawler.families import Family, find_family
from crawler.headlines import guess_title, settle_title
from crawler.lines import Line, classify, read_lines
from crawler.markup import find_all, find_blocks, has_any, parse_html
from crawler.metadata import Claims, read_claims
from crawler.page_dates import read_moment
from crawler.plain import read_parts
from crawler.refusals import PageError, refuse_address, refuse_body, refuse_listing, refuse_size, refuse_title
from crawler.site import Site
from store.records import Article, Page, Passage
from store.text import name_key

__all__ = ["Draft", "PageError", "read_draft", "read_page"]

BIGGEST = 32_000_000
BIGGEST_FOR_TRAFILATURA = 1_000_000


# A page that says less than this and links to a document tells its story there.
STUB = 60
# So many paragraphs at either end of what trafilatura found may be its omissions.
SPARED = 3
Find = Callable[[str], Page | None]


def read_page(page: Page, site: Site | None, find: Find | None = None) -> Article:
    """Return the article of a page. Raises PageError with the reason where the page is none.

    No network, no database: the same page gives the same article. `find` gives the stored page of an address, for a
    page whose story is a document that it links to.
    """
    draft = read_draft(page, site, find)
    fields = draft.fields
    return Article(
        url=page.url,
        site=page.site,
        title=fields["title"],
        body=fields["body"],
        lead=fields["body"].split("\n", 1)[0],
        author=fields.get("author"),
        published_at=fields.get("published_at"),
        updated_at=fields.get("updated_at"),
        section=fields.get("section"),
        province=site.province if site else None,
        source=fields.get("source"),
        canonical_url=fields.get("canonical_url"),
        evidence=dict(sorted(draft.evidence.items())),
        passages=draft.passages,
    )


def read_draft(page: Page, site: Site | None, find: Find | None = None) -> Draft:
    """Return an article's fields with the evidence for each. Raises PageError where the page is no article."""
    content_type = next((v.lower() for k, v in page.headers.items() if k.lower() == "content-type"), "")
    kind = document_kind(page)
    if not kind and content_type and not any(kind in content_type for kind in ("html", "text/plain", "xml")):
        raise PageError("no text")
    refuse_address(page.url)
    latest = read_moment(page.fetched_at)
    if len(page.body) > BIGGEST:
        raise PageError("too large")
    if kind:
        return read_attached(page, kind, latest)
    text = refuse_size(read_text(page))
    is_text = "text/plain" in content_type or "<" not in text[:SNIFF] or not looks_html(text)
    draft = read_plain(text, latest) if is_text else read_html(text, site, latest)
    title, body = draft.fields.get("title"), draft.fields.get("body", "")
    if title:
        refuse_title(title)
    if not is_text and title and len(body.split()) < STUB:
        body = add_attachment(draft, text, page.url, find)
    refuse_body(title, body)
    settle_address(draft, page.url)
    return draft


def settle_address(draft: Draft, url: str) -> None:
    """Keep the address a page gives itself where it is one of an article, not of the front page."""
    named = urljoin(url, draft.fields.pop("canonical", ""))
    note = draft.evidence.pop("canonical", "")
    parts = urlsplit(named)
    if note and parts.scheme in ("http", "https") and (parts.path.strip("/") or parts.query):
        draft.set("canonical_url", named, note)


def read_attached(page: Page, kind: str, latest: datetime | None) -> Draft:
    """Return the fields of a page that is a document."""
    lines = [classify(text, "", latest) for text in read_document(page, kind)]
    draft = Draft()
    parts = read_parts(lines)
    if parts is None:
        raise PageError("empty")
    take_parts(draft, parts, kind)
    refuse_body(draft.fields.get("title"), draft.fields.get("body", ""))
    draft.passages = (Passage(0, len(draft.fields["body"]), "attachment"),)
    return draft


def add_attachment(draft: Draft, text: str, url: str, find: Find | None) -> str:
    """Add the text of the document that holds a page's story; return the body. Raises PageError where we lack it."""
    body = draft.fields.get("body", "")
    tree = parse_html(text)
    links = find_attachments(tree, url) if tree is not None else []
    refused: PageError | None = None
    for link in links:
        attached = find(link) if find else None
        kind = document_kind(attached) if attached else None
        if attached is None or kind is None:
            continue
        try:
            added = "\n".join(read_document(attached, kind))
        except PageError as error:
            refused = refused or error
            continue
        start = len(body) + 1 if body else 0
        draft.fields["body"] = f"{body}\n{added}" if body else added
        draft.evidence["body"] = " + ".join(filter(None, [draft.evidence.get("body"), f"{kind} {link}"]))
        draft.passages += (Passage(start, start + len(added), "attachment"),)
        return draft.fields["body"]
    if links and not body:
        raise refused or PageError("attachment")
    return body


SNIFF = 2000


def looks_html(text: str) -> bool:
    """Whether a text without a content type is HTML."""
    head = text[:SNIFF].casefold()
    return any(
        mark in head
        for mark in ("<html", "<!doctype", "<head", "<body", "<div", "<p>", "<meta", "<h1", "<article", "<table")
    )


def read_plain(text: str, latest: datetime | None) -> Draft:
    """Return the fields of a plain text page."""
    draft = Draft()
    parts = read_parts(read_lines(text, latest))
    if parts is None:
        raise PageError("empty")
    if parts.listing:
        raise PageError("listing")
    take_parts(draft, parts, "text")
    return draft


def read_html(text: str, site: Site | None, latest: datetime | None) -> Draft:
    """Return the fields of an HTML page."""
    tree = parse_html(text)
    if tree is None:
        raise PageError("empty")
    claims = read_claims(tree)
    family = find_family(tree)
    remove(tree, site)
    draft = Draft()
    rules = [rule for rule in (site_rule(site), family) if rule is not None]
    for rule in rules:
        take_title(draft, tree, rule)
    if not any(has_any(tree, rule.body) for rule in rules):
        refuse_listing(tree, claims)
    draft.set("title", *(guess_title(tree, claims) or (None, "")))
    title = draft.fields.get("title")
    for rule in rules:
        take_dates(draft, tree, rule, latest)
        take_author(draft, tree, rule)
        take_section(draft, tree, rule)
        parts = read_container(tree, rule, title, latest)
        if parts is not None and "body" not in draft.fields:
            take_parts(draft, parts, rule.name)
    if not draft.fields.keys() >= {"title", "body", "author", "published_at"}:
        take_visible(draft, tree, text, claims, latest)
    take_claims(draft, claims, family, latest)
    drop_update(draft)
    return draft


def site_rule(site: Site | None) -> Family | None:
    """Return a site's own selectors in the form of a family."""
    if site is None:
        return None

    def only(css: str | None) -> tuple[str, ...]:
        return (css,) if css else ()

    return Family(
        name=f"site {site.name}",
        title=only(site.headline),
        lead=only(site.lead),
        body=only(site.body),
        published=only(site.published),
        author=only(site.author),
    )


def remove(tree: HtmlElement, site: Site | None) -> None:
    """Take away what the site's file says is no part of any article."""
    for css in site.remove if site else ():
        for element in find_all(tree, css):
            if element.getparent() is not None:
                element.drop_tree()


def take_visible(draft: Draft, tree: HtmlElement, text: str, claims: Claims, latest: datetime | None) -> None:
    """Set what the page as a whole shows: the body where no rule found one, author and dates around it."""
    title = draft.fields.get("title")
    body = tree.find(".//body")
    lines = to_lines(find_blocks(body if body is not None else tree), latest)
    kept = "" if "body" in draft.fields else keep_text(text)
    if kept:
        # As text within text: layout tables make trafilatura join what stands in one row.
        wanted = spare(lines, [name_key(line.text) in kept for line in lines])
        marked = [line if line.kind != "prose" or wanted[i] else demote(line) for i, line in enumerate(lines)]
        lines = marked if any(line.kind == "prose" for line in marked) else lines
    parts = read_parts(lines, title)
    if parts is not None and parts.listing and "body" not in draft.fields and not claims.article:
        raise PageError("listing")
    if title is None:
        body = draft.fields.get("body") or "\n".join(parts.paragraphs if parts else [])
        draft.set("title", *(settle_title(parts.title if parts else None, claims, body) or (None, "")))
    if parts is not None:
        take_parts(draft, parts, "trafilatura" if kept else "lines")


def spare(lines: list[Line], kept: list[bool]) -> list[bool]:
    """Return which lines to keep as prose: those trafilatura has, and its neighbours on whom nothing borders.

    It drops single paragraphs of old pages: a lead in bold, the last one below a picture.
    """
    wanted = list(kept)
    for step in (1, -1):
        order = range(len(lines)) if step == 1 else reversed(range(len(lines)))
        left = 0
        for i in order:
            line = lines[i]
            if line.kind == "prose" and kept[i]:
                left = SPARED
            elif not line.content or line.role == "title":
                left = 0
            elif line.kind == "prose" and left:
                wanted[i] = True
                left -= 1
    return wanted


def demote(line: Line) -> Line:
    """Return a paragraph that trafilatura left out as a line that cannot carry the article."""
    return Line(line.text, "text", role=line.role)


def keep_text(text: str) -> str:
    """Return what trafilatura takes for the article's text, in the form in which lines are compared."""
    if len(text) > BIGGEST_FOR_TRAFILATURA:
        return ""
    # Fast: its fallbacks look for an article where it found little, and that the lines do better.
    found = trafilatura.extract(
        text, fast=True, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False
    )
    return name_key(found or "")
