"""Steps of a client: each runs, and says on one line of JSON how it went."""

import json
import sys
from contextlib import contextmanager
from datetime import datetime, timezone


class Steps:
    """The steps of one client. A step that raises is reported, and the next one runs."""

    def __init__(self, client: str, version: str):
        self.client = client
        self.version = version

    @contextmanager
    def step(self, operation: str):
        result = "right"
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the result of the step
            result = f"{type(error).__name__}: {error}"
        line = {
            "client": self.client,
            "version": self.version,
            "operation": operation,
            "result": result,
        }
        print(json.dumps(line), flush=True)


def equal(actual, wanted):
    """Raises with both values when they differ."""
    if actual != wanted:
        raise AssertionError(f"{actual!r} instead of {wanted!r}"[:2000])


@contextmanager
def refused(client, code: str):
    """Expects the typed error of this name, and nothing else."""
    try:
        yield
    except getattr(client.exceptions, code) as error:
        equal(error.response["Error"]["Code"], code)
        return
    raise AssertionError(f"{code} was not raised")


def now() -> datetime:
    return datetime.now(timezone.utc)


def endpoint() -> str:
    """Of the server, as the runner names it."""
    return sys.argv[1]
