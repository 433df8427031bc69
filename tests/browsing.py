"""A newsroom served on loopback and a browser to walk it, for the tests that need a real one."""

import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager

import pytest
from conftest import ROOT, free_port

from nlp.serve import serve_command, serve_environment

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
ABSENT = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium with its chromedriver on this machine")
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,900")
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}


@contextmanager
def served(path):
    """Serve a news.db as `unionnews serve` does, and give its address."""
    port = free_port()
    environment = serve_environment(path.parent) | {"PYTHONPATH": f"{ROOT}:{ROOT / 'datasets'}"}
    server = subprocess.Popen(
        serve_command("127.0.0.1", port), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/-/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def browsing(downloads=None):
    """A headless browser that keeps its log; files go to `downloads`."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ARGUMENTS:
        options.add_argument(argument)
    if downloads:
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def on_a_phone(browser):
    """Give the browser a phone's screen for a while."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def refused(browser):
    """What the content policy refused since the log was last read."""
    return [entry["message"] for entry in browser.get_log("browser") if "Content Security Policy" in entry["message"]]


def wait_for(condition, seconds=10):
    """Wait until something holds; say whether it came to."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False
