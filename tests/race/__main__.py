"""``python -m tests.race``: ten rounds against one server process, then against two; see harness.py."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.race.harness import Outcome, compete
from tests.support.own_database import own_database


def main() -> int:
    parser = argparse.ArgumentParser(description="move many appointments into one free time at once, and count")
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    console = Console()
    with own_database("race") as url:
        outcomes = [asyncio.run(compete(url, asked.rounds, processes, console)) for processes in (1, 2)]
    console.print(_table(outcomes))
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    console.print("\n".join(faults[:20]) or "one winner each, nothing overlaps, the history agrees")
    return 1 if faults else 0


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table("servers", "race", "rounds", "answers", "slowest answer")
    for outcome in outcomes:
        for name, labels in outcome.answers.items():
            counted = ", ".join(f"{n} x {label}" for label, n in sorted(labels.items()))
            table.add_row(
                str(outcome.processes), name, str(outcome.rounds), counted, f"{outcome.slowest[name] * 1000:.0f} ms"
            )
    return table


if __name__ == "__main__":
    sys.exit(main())
