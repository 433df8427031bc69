"""Scrapy's settings for every crawl. One site's own stand in its TOML; manners no site can switch off, here."""

BOT_NAME = "unionnews"
SPIDER_MODULES = ["crawler.spider"]
NEWSPIDER_MODULE = "crawler.spider"

# run.py puts the contact of whoever crawls into the brackets.
USER_AGENT = "unionnews (+contact not configured)"
ROBOTS_AGENT = "unionnews"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
}

# One request at a time and a second or more between, counted from the end of the last one (manners.GuestHandler);
# the wait is exact, since random halves of it would be less than a second.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0
# Waiting requests count too: with many sites each needs a place, or one slow site would hold up the rest.
CONCURRENT_REQUESTS = 256
# Our own, after RFC 9309: Scrapy's takes a robots.txt that cannot be read for leave to fetch everything.
ROBOTSTXT_OBEY = False

RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
# A proxy would make the connection in our place, to whatever address it likes.
HTTPPROXY_ENABLED = False
TELNETCONSOLE_ENABLED = False
# A shared machine's telling of who read what is no business of the next site's.
REFERER_ENABLED = False

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 8 * 2**20
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
DNS_TIMEOUT = 15
URLLENGTH_LIMIT = 2083

DOWNLOAD_HANDLERS = {
    "http": "crawler.downloads.GuestHandler",
    "https": "crawler.downloads.GuestHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.downloads.PublicResolver"
# The ledger counts what was sent and received, and no site of ours wants a password.
DOWNLOADER_STATS = False
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.manners.RegistryOnly": 50,
    "crawler.manners.RobotsRules": 100,
}
ITEM_PIPELINES = {"crawler.pipelines.PagesPipeline": 100}

# Other folders than ours, where given: site files (also for `scrapy shell`), WARC files of all that is received.
SITES_DIR = None
WARC_DIR = None
# How long a crawl may ask; None: until there is nothing left to ask for.
CRAWL_SECONDS = None
# A page comes from a source and leads to no other: there is no depth to watch.
SPIDER_MIDDLEWARES = {"scrapy.spidermiddlewares.depth.DepthMiddleware": None}
SPIDER_CONTRACTS = {"crawler.contracts.SourceContract": 10, "crawler.contracts.ReportsContract": 20}

# In the order in which the spider asks; Scrapy's own would turn each handful of articles round.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
# Scrapy would start so many tasks for each response, and read the callback's source anew: a third of all work.
CONCURRENT_ITEMS = 1
WARN_ON_GENERATOR_RETURN_VALUE = False

LOG_LEVEL = "WARNING"
LOGSTATS_INTERVAL = 0
