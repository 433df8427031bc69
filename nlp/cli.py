"""`unionnews`: the one command. It reads its options, calls one function, says what happened."""

import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlp import upkeep
from nlp.console import FILE, FLOORS, FOLDER, PARTLY, OneLine, print_counts, progress, tell_report

if TYPE_CHECKING:
    from nlp.refresh import Report, Step

SITES_DIR = click.option("--sites-dir", type=click.Path(file_okay=False, exists=True, path_type=Path),
                         help="Another registry.")
CONTACT = click.option("--contact", envvar="UNIONNEWS_CONTACT", help="Address in the user agent, for site owners.")
WORKERS = click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True,
                       help="Processes that read.")


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="union-news")
@click.option("--data", type=FOLDER, default=Path("datasets"), envvar="UNIONNEWS_DATA", show_default=True,
              help="Folder of pages.db and news.db.")
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
    from nlp.serve import refuse_port, run_datasette, welcome
    from store.db import read_news

    if not no_serve:
        refuse_port("127.0.0.1", port)

    # The sites stay up while Datasette serves, so that "the original" opens.
    with TemporaryDirectory() as folder, DemoServer() as server:
        sites_dir = Path(folder)
        server.site_files(sites_dir)
        crawl_sites(data, [], sites_dir=sites_dir)
        extract_pages(data, sites_dir)
        news = read_news(data)
        print_counts("In the database", {"articles": news["articles"].count} | count_findings(news))
        if not no_serve:
            click.echo(welcome(port))
            sys.exit(run_datasette(data, "127.0.0.1", port))


@cli.command()
@click.argument("name", required=False)
@SITES_DIR
@click.option("--check", is_flag=True, help="Validate every site file.")
@click.option("--try", "trial", metavar="URL|FILE", help="Read one page and tell each field with its evidence.")
@click.pass_obj
def sites(data: Path, name: str | None, sites_dir: Path | None, check: bool, trial: str | None) -> None:
    """List the registry of sites, with what went wrong at the last crawl of each; show one, or check all.

    \b
        unionnews sites
        unionnews sites laodong
        unionnews sites --check
        unionnews sites --try page.html
    """
    from crawler.site import check_sites, describe_site, load_site, load_sites
    from crawler.trial import try_page

    if trial:
        click.echo(try_page(trial, sites_dir))
        return
    if check:
        problems, count = check_sites(sites_dir)
        for problem in problems:
            click.echo(problem, err=True)
        click.echo(f"{count} site files, {len(problems)} bad")
        sys.exit(1 if problems else 0)
    if name:
        click.echo(describe_site(load_site(name, sites_dir)))
        return
    from store.crawls import find_troubled
    from store.db import read_news

    troubled = find_troubled(read_news(data)) if (data / "news.db").exists() else {}
    for site in load_sites(sites_dir):
        said = f"  [{troubled[site.name]}]" if site.name in troubled else ""
        click.echo(f"{site.name:<32} {site.title}{said}")


@cli.command()
@click.argument("names", nargs=-1, metavar="[SITE]...")
@SITES_DIR
@click.option("--max-pages", type=click.IntRange(min=1), help="At most so many article pages a site.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out articles listed as older.")
@click.option("--full", is_flag=True, help="Ask for every known article again, due or not.")
@CONTACT
@click.option("--warc", type=click.Path(file_okay=False, path_type=Path), help="Write every answer there, as WARC too.")
@click.pass_obj
def crawl(data: Path, names: tuple[str, ...], sites_dir: Path | None, max_pages: int | None,
          since: datetime | None, full: bool, contact: str | None, warc: Path | None) -> None:
    """Fetch what is new or changed into pages.db. Exit 3: some site failed.

    \b
        unionnews crawl
        unionnews crawl laodong --max-pages 50
    """
    day = since.date() if since else None
    report = crawl_sites(data, list(names), sites_dir=sites_dir, max_pages=max_pages, since=day, full=full,
                         contact=contact, warc=warc)
    sys.exit(report.exit_code)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
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
@WORKERS
@click.option("--scheduler", metavar="ADDRESS", help="Read on this Dask cluster instead.")
@click.option("--where", metavar="SQL", help="Read only articles for which this holds.")
@SITES_DIR
@click.option("--diff", is_flag=True, help="Read into a shadow copy and show which facts would come and go.")
@click.option("--swap", is_flag=True, help="With --diff: put the copy in place, unless a floor does not hold.")
@click.option("--keys", type=FILE, help="With --diff: answer keys for --floors, of articles that are stored.")
@FLOORS
@click.pass_obj
def extract(data: Path, everything: bool, workers: int, scheduler: str | None, where: str | None,
            sites_dir: Path | None, diff: bool, swap: bool, keys: Path | None, floors: Path | None) -> None:
    """Turn pages into articles and articles into findings: what is new, changed, or read by an older extractor.

    Exit 3: something could not be read.

    \b
        unionnews extract
        unionnews extract --workers 2 --where "published_at >= '2024'"
        unionnews extract --diff --keys keys.json --floors floors.json --swap
    """
    if bool(keys) != bool(floors) or ((swap or keys) and not diff):
        raise click.UsageError("--swap, --keys and --floors go with --diff, and the last two together")
    if not diff:
        report = extract_pages(data, sites_dir, everything=everything, workers=workers, scheduler=scheduler,
                               where=where)
        sys.exit(report.exit_code)
    from nlp.comparison import compare_extractors, floors_gate

    gate = floors_gate(keys, floors) if keys and floors else None
    found = compare_extractors(data, everything=everything, where=where, workers=workers, gate=gate, swap=swap,
                               bar=progress)
    click.echo("\n".join(found.lines()))
    sys.exit(1 if found.below else 0)


@cli.command()
@SITES_DIR
@WORKERS
@click.option("--for", "minutes", type=click.FloatRange(min=0, min_open=True), metavar="MINUTES",
              help="Leave what is not done in this time to the next run.")
@click.option("--json", "as_json", is_flag=True, help="Tell what was done as one line of JSON.")
@click.option("--quiet", is_flag=True, help="Say nothing when all is well.")
@CONTACT
@click.pass_obj
def refresh(data: Path, sites_dir: Path | None, workers: int, minutes: float | None, as_json: bool,
            quiet: bool, contact: str | None) -> None:
    """Crawl, extract and bring everything derived up to date, for schedulers. Exit 3: partly; 4: another is running.

    \b
        unionnews refresh
        unionnews refresh --for 45 --quiet
    """
    from nlp.steps import refresh as refresh_all

    crawl = crawl_step(data, [], sites_dir=sites_dir, contact=contact)
    parse = parse_step(data, sites_dir)
    report = refresh_all(data, crawl, parse, progress, workers=workers, minutes=minutes)
    tell_report(report, "refresh", as_json=as_json, quiet=quiet)
    sys.exit(report.exit_code)


for command in upkeep.COMMANDS:
    cli.add_command(command)


def crawl_sites(data: Path, names: list[str], **options: Any) -> "Report":
    """Crawl, and say what each site gave."""
    from nlp.refresh import run_steps

    report = run_steps([crawl_step(data, names, **options)], progress)
    tell_report(report, notes=True)
    return report


def extract_pages(data: Path, sites_dir: Path | None, *, everything: bool = False, **options: Any) -> "Report":
    """Parse, read and link stories, and say what was done."""
    from nlp.steps import extract as extract_all

    parse = parse_step(data, sites_dir, everything=everything)
    report = extract_all(data, parse, progress, everything=everything, **options)
    tell_report(report, notes=True)
    if not report.changed:
        click.echo("Nothing changed since the last run.")
    return report


def crawl_step(data: Path, names: list[str], **options: Any) -> "Step":
    """Return the step that fetches pages."""
    from crawler.run import crawl as crawl_all
    from nlp.steps import make_crawl_step

    return make_crawl_step(partial(crawl_all, data, names, **options))


def parse_step(data: Path, sites_dir: Path | None, *, everything: bool = False) -> "Step":
    """Return the step that makes articles of pages."""
    from crawler.parse import parse_pages
    from crawler.site import load_sites
    from nlp.steps import make_parse_step

    def parse(**options: Any) -> Any:
        return parse_pages(data, load_sites(sites_dir), everything=everything, **options)

    return make_parse_step(parse)


if __name__ == "__main__":
    cli()
