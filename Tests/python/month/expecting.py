"""What ends a month that is not as it should be."""

import time


class Difference(Exception):
    """Something was expected and something else was found."""


def same(what, expected, found):
    """Ends the month where `found` is not what was expected."""
    if expected != found:
        raise Difference(f"{what}\n  expected {expected}\n  found    {found}")


def between(what, least, most, found):
    """Ends the month where `found` is outside what the moment allows."""
    if not least <= found <= most:
        raise Difference(f"{what}\n  expected {least} to {most}\n  found    {found}")


def comes_to(what, expected, ask, seconds=30):
    """Asks until the answer is what was expected: pages follow a moved clock, and workers their gateways, a moment later."""
    deadline = time.monotonic() + seconds
    while (found := ask()) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    same(what, expected, found)
