"""`unionnews`: the one command. It reads its options, calls one function, says what happened."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from nlp.console import OneLine, print_counts, progress

PARTLY = 3


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="union-news")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path("datasets"),
              envvar="UNIONNEWS_DATA", show_default=True, help="Folder of pages.db and news.db.")
@click.pass_context
def cli(ctx: click.Context, data: Path) -> None:
    """Turn Vietnamese trade-union news into facts that people can query, cite and trust."""
    ctx.obj = data


@cli.command()
@click.option("--port", default=8001, show_default=True, help="Port of Datasette.")
@click.option("--no-serve", is_flag=True, help="Stop before serving and print a summary.")
@click.pass_obj
def demo(data: Path, port: int, no_serve: bool) -> None:
    """Crawl the bundled sample site over HTTP, read it, and open the result in Datasette.

    \b
        unionnews demo
        unionnews --data /tmp/try demo --no-serve
    """
    from tempfile import TemporaryDirectory

    from crawler.demo.server import DemoServer
    from nlp.read import count_findings
    from nlp.serve import run_datasette
    from store.db import read_news

    # The sites stay up while Datasette serves, so that "the original" opens.
    with TemporaryDirectory() as folder, DemoServer() as server:
        sites_dir = Path(folder)
        server.site_files(sites_dir)
        crawl_sites(data, [], sites_dir=sites_dir)
        changed = extract_pages(data, sites_dir)
        news = read_news(data)
        print_counts("In the database", {"articles": news["articles"].count} | count_findings(news))
        if not changed:
            click.echo("Nothing changed since the last run.")
        if no_serve:
            return
        at = f"http://127.0.0.1:{port}"
        click.echo(f"\nOpen {at}/\nAn article with its findings: {at}/articles/1\nFigures: {at}/news/figures\n"
                   f"Stored queries: {at}/news\nStop with Ctrl+C.")
        sys.exit(run_datasette(data, "127.0.0.1", port))


@cli.command()
@click.argument("name", required=False)
@click.option("--sites-dir", type=click.Path(file_okay=False, exists=True, path_type=Path), help="Another registry.")
@click.option("--check", is_flag=True, help="Validate every site file.")
def sites(name: str | None, sites_dir: Path | None, check: bool) -> None:
    """List the registry of sites, show one, or check all.

    \b
        unionnews sites
        unionnews sites laodong
        unionnews sites --check
    """
    from crawler.site import check_sites, describe_site, load_site, load_sites

    if check:
        problems, count = check_sites(sites_dir)
        for problem in problems:
            click.echo(problem, err=True)
        click.echo(f"{count} site files, {len(problems)} bad")
        sys.exit(1 if problems else 0)
    if name:
        click.echo(describe_site(load_site(name, sites_dir)))
        return
    click.echo("\n".join(f"{site.name:<32} {site.title}" for site in load_sites(sites_dir)))


@cli.command()
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option("--sites-dir", type=click.Path(file_okay=False, exists=True, path_type=Path), help="Another registry.")
@click.option("--max-pages", type=click.IntRange(min=1), help="At most so many article pages a site.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out articles listed as older.")
@click.option("--full", is_flag=True, help="Ask for every known article again, due or not.")
@click.pass_obj
def crawl(data: Path, names: tuple[str, ...], sites_dir: Path | None, max_pages: int | None,
          since: datetime | None, full: bool) -> None:
    """Fetch what is new or changed into pages.db. Exit 3: some site failed.

    \b
        unionnews crawl
        unionnews crawl laodong --max-pages 50
    """
    day = since.date() if since else None
    failed = crawl_sites(data, list(names), sites_dir=sites_dir, max_pages=max_pages, since=day, full=full)
    sys.exit(PARTLY if failed else 0)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def ingest(data: Path, paths: tuple[Path, ...]) -> None:
    """Take pages from files: .warc[.gz] .wacz .jsonl[.gz] .html .txt, or folders of these. Exit 3: some refused.

    \b
        unionnews ingest pages.jsonl.gz archive.warc.gz folder/
    """
    from crawler.ingest import ingest as ingest_paths

    summary = ingest_paths(data, list(paths))
    for place, reason in summary.refused:
        click.echo(f"refused {place}: {reason}", err=True)
    click.echo(f"{summary.kept} pages kept, {len(summary.refused)} refused")
    sys.exit(PARTLY if summary.refused else 0)


@cli.command()
@click.option("--all", "everything", is_flag=True, help="Parse and read everything again.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that read.")
@click.option("--scheduler", metavar="ADDRESS", help="Read on this Dask cluster instead.")
@click.option("--where", metavar="SQL", help="Read only articles for which this holds.")
@click.option("--sites-dir", type=click.Path(file_okay=False, exists=True, path_type=Path), help="Another registry.")
@click.pass_obj
def extract(data: Path, everything: bool, workers: int, scheduler: str | None, where: str | None,
            sites_dir: Path | None) -> None:
    """Turn pages into articles and articles into findings: what is new, changed, or read by an older extractor.

    \b
        unionnews extract
        unionnews extract --workers 2 --where "published_at >= '2024'"
    """
    changed = extract_pages(data, sites_dir, everything=everything, workers=workers, scheduler=scheduler, where=where)
    if not changed:
        click.echo("Nothing changed since the last run.")


@cli.command()
@click.option("--sites-dir", type=click.Path(file_okay=False, exists=True, path_type=Path), help="Another registry.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that read.")
@click.pass_obj
def refresh(data: Path, sites_dir: Path | None, workers: int) -> None:
    """Crawl, extract and bring everything derived up to date, for schedulers. Exit 3: partly; 4: another is running.

    \b
        unionnews refresh
    """
    from store.lock import hold_lock

    with hold_lock(data / "refresh.lock"):
        failed = crawl_sites(data, [], sites_dir=sites_dir)
        extract_pages(data, sites_dir, workers=workers)
    sys.exit(PARTLY if failed else 0)


@cli.command()
@click.option("--cron", "how", flag_value="cron", help="Put the line into your crontab.")
@click.option("--systemd", "how", flag_value="systemd", help="Write units for your own systemd.")
@click.option("--print", "how", flag_value="print", default="print", help="Print both and install nothing (default).")
@click.pass_obj
def schedule(data: Path, how: str) -> None:
    """Print or install the timer of `unionnews refresh`.

    \b
        unionnews schedule
        unionnews schedule --cron
    """
    from nlp.schedule import cron_line, install_cron, install_systemd, systemd_units

    program = Path(sys.argv[0]).resolve()
    line, units = cron_line(program, data.resolve()), systemd_units(program, data.resolve())
    if how == "cron":
        install_cron(line)
        click.echo(f"In your crontab: {line}")
    elif how == "systemd":
        written = install_systemd(units, Path.home() / ".config" / "systemd" / "user")
        click.echo(f"Written: {', '.join(map(str, written))}\nStart it: systemctl --user enable --now unionnews.timer")
    else:
        click.echo(f"# crontab\n{line}\n")
        click.echo("\n".join(f"# {name}\n{text}" for name, text in units.items()))


@cli.command()
@click.option("--port", default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.pass_obj
def serve(data: Path, port: int, host: str) -> None:
    """Open news.db in Datasette with our pages, for reading only.

    \b
        unionnews serve --port 8001
    """
    from nlp.serve import run_datasette

    sys.exit(run_datasette(data, host, port))


@cli.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--no-bodies", is_flag=True, help="Leave article and sentence texts out.")
@click.pass_obj
def publish(data: Path, folder: Path, no_bodies: bool) -> None:
    """Write a dated, hashed, citable release: database, CSVs, data card, SHA256SUMS.

    \b
        unionnews publish releases/
    """
    from store.publish import publish as publish_release

    day = datetime.now().astimezone().date().isoformat()
    click.echo("\n".join(str(path) for path in publish_release(data, folder, day, bodies=not no_bodies)))


@cli.command()
@click.argument("keys", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--floors", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON of least F1s.")
@click.option("--show", metavar="KIND", help="List every miss (-) and false find (+) of a kind.")
@click.option("--facts", is_flag=True, help="Say also what figures are attached to wrongly, and how often rightly.")
@click.pass_obj
def evaluate(data: Path, keys: Path, floors: Path | None, show: str | None, facts: bool) -> None:
    """Print precision, recall and F1 by kind against answer keys. Exit 1: below a floor.

    \b
        unionnews evaluate datasets/gold/demo.json --floors datasets/gold/floors.json
    """
    from nlp.evaluate import below_floor, format_scores, load_floors, show_differences
    from nlp.evaluate import evaluate as evaluate_keys
    from nlp.facts import describe_facts

    if show:
        click.echo("\n".join(show_differences(data / "news.db", keys, show)))
    click.echo(describe_facts(data / "news.db", keys) if facts else "", nl=False)
    scores = evaluate_keys(data / "news.db", keys)
    click.echo(format_scores(scores))
    below = below_floor(scores, load_floors(floors, keys)) if floors else []
    click.echo("".join(f"{line}\n" for line in below), err=True, nl=False)
    sys.exit(1 if below else 0)


@cli.command()
@click.pass_obj
def check(data: Path) -> None:
    """Prove both databases whole: integrity, offsets, foreign keys, search index. Exit 1 with what is wrong.

    \b
        unionnews check
    """
    from store.check import check_databases

    problems = list(check_databases(data))
    click.echo("".join(f"{problem}\n" for problem in problems), err=True, nl=False)
    click.echo(f"{len(problems)} problems" if problems else "All is well.")
    sys.exit(1 if problems else 0)


def crawl_sites(data: Path, names: list[str], **options: Any) -> bool:
    """Crawl, say what each site gave, and return whether some site failed."""
    from crawler.run import crawl as crawl_all

    with progress("crawl") as move:
        summary = crawl_all(data, names, progress=move, **options)
    for site in summary.sites:
        click.echo(site.line)
    return bool(summary.failures)


def extract_pages(data: Path, sites_dir: Path | None, *, everything: bool = False, workers: int = 1,
                  scheduler: str | None = None, where: str | None = None) -> bool:
    """Parse, read and link stories; say what was done, and return whether anything was."""
    from crawler.parse import parse_pages
    from crawler.site import load_sites
    from nlp.read import find_unread, read_articles
    from nlp.stories import link_stories
    from store.db import open_news

    with progress("parse") as move:
        parsed = parse_pages(data, load_sites(sites_dir), everything=everything, progress=move)
    news = open_news(data)
    unread = find_unread(news, everything=everything, where=where)
    with progress("read", len(unread)) as move:
        summary = read_articles(news, unread, workers=workers, scheduler=scheduler, progress=move)
    stories = link_stories(news)
    click.echo(f"{parsed.new} articles new, {parsed.changed} changed, {parsed.gone} gone, {parsed.refused} pages "
               f"refused; {summary.articles} read, {summary.findings} findings, {stories} stories of several articles")
    for reason, number in sorted(parsed.reasons.items()):
        click.echo(f"  refused {number}: {reason}")
    if summary.failed:
        click.echo(f"{summary.failed} articles could not be read: see articles.failure", err=True)
    return bool(parsed.new or parsed.changed or parsed.gone or summary.articles)


if __name__ == "__main__":
    cli()
