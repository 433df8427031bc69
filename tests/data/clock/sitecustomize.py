"""Set the clock of a child process to UNIONNEWS_TEST_CLOCK, seconds since 1970: tests put this folder on its path."""

import os

if moment := os.environ.get("UNIONNEWS_TEST_CLOCK"):
    import time_machine

    time_machine.travel(float(moment), tick=True).start()
