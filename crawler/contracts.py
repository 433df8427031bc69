"""Contracts for `scrapy check site`: does a site's first source still answer with what we expect of it?"""

from typing import Any

from scrapy.contracts import Contract
from scrapy.exceptions import ContractFail

from crawler.pipelines import Report, SourceRead


class SourceContract(Contract):
    """`@source`: ask the first source of the first site of the registry (or of `-s SITES_DIR=…`)."""

    name = "source"

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """Fill in the request of that source, as the spider itself would make it."""
        spider = args["callback"].__self__
        site = spider.sites[min(spider.sites)]
        kind, url = site.sources[0]
        request = next(spider.ask_source(site, kind, url))
        return {**args, "url": url, "meta": request.meta, "errback": spider.fail}


class ReportsContract(Contract):
    """`@reports 1`: the source was read, and named at least so many articles or further pages."""

    name = "reports"

    def post_process(self, output: list[Any]) -> None:
        """Fail where the callback reported something else."""
        reports = [item for item in output if isinstance(item, Report)]
        wanted = int(self.args[0]) if self.args else 1
        named = sum(len(item.links) + len(item.follow) for item in reports if isinstance(item, SourceRead))
        if named < wanted:
            raise ContractFail(f"{named} links named, {wanted} wanted: {reports}")
