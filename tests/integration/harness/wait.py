"""Waiting for a condition instead of sleeping."""

import time


def until(condition, timeout=10.0, what="the condition"):
    """Returns the first true value of condition(), which may raise OSError or AssertionError until it holds."""
    deadline = time.monotonic() + timeout
    last = None
    while True:
        try:
            value = condition()
            if value:
                return value
        except (OSError, AssertionError, KeyError) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout} s; last: {last!r}")
        time.sleep(0.02)
