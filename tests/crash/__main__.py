"""``python -m tests.crash --kills 200``: see harness.py."""

import argparse
import asyncio
import sys

from rich.console import Console

from tests.crash.harness import survive
from tests.support.own_database import own_database


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 the server and the worker under load, then count")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with own_database("crash") as url:
        outcome = asyncio.run(survive(url, asked.kills, asked.seed, Console()))
    Console().print(outcome.report())
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
