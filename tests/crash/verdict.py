"""What must be true when everything has settled; each line of the verdict is a sentence with a number."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import psycopg

from tests.crash.load import Move

Row = tuple[Any, ...]
_EACH = 5

_CHANGES = "SELECT appointment_id::text, sequence, kind, start_at FROM changes WHERE company_id = %s"
_EFFECTS = """
    SELECT id::text, appointment_id::text, sequence, kind, target, state FROM effects WHERE company_id = %s
"""
_UNSETTLED = """
    SELECT (SELECT count(*) FROM changes WHERE company_id = %(company_id)s AND planned_at IS NULL)
        + (SELECT count(*) FROM effects WHERE company_id = %(company_id)s AND state IN ('pending', 'retrying'))
"""


def unsettled(database_url: str, company_id: str) -> int:
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute(_UNSETTLED, {"company_id": company_id}).fetchone()
    return int(row[0]) if row else 0


def faults(
    database_url: str, company_id: str, acknowledged: Sequence[Move], mailed: Sequence[str], hooked: Sequence[str]
) -> list[str]:
    """``mailed`` and ``hooked`` are the effect ids that arrived outside, once per arrival."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        changes = connection.execute(_CHANGES, (company_id,)).fetchall()
        effects = connection.execute(_EFFECTS, (company_id,)).fetchall()
    return [
        *_lost_moves(changes, acknowledged),
        *_wrong_ledger(changes, effects),
        *_not_arrived(effects, {"email": set(mailed), "webhook": set(hooked)}),
    ]


def _lost_moves(changes: Sequence[Row], acknowledged: Sequence[Move]) -> list[str]:
    committed = Counter((row[0], row[3]) for row in changes if row[2] == "rescheduled")
    said = Counter((move.appointment_id, move.start) for move in acknowledged)
    return [f"{n - committed[key]} acknowledged moves lost: {key}" for key, n in said.items() if committed[key] < n]


def _wrong_ledger(changes: Sequence[Row], effects: Sequence[Row]) -> list[str]:
    """Every change of an appointment has the same effects, each once: two mails, contact and activity, one webhook."""
    entered: dict[tuple[str, int], list[str]] = {}
    for _, appointment, sequence, kind, target, _ in effects:
        entered.setdefault((appointment, sequence), []).append(f"{kind}:{target}")
    expected = {appointment: set(targets) for (appointment, _), targets in entered.items() if len(targets) == _EACH}
    return [
        *(f"an effect is left {row[5]}: {row[3]} {row[4]}" for row in effects if row[5] not in ("done", "superseded")),
        *(
            f"change {row[1]} of {row[0]} has {sorted(entered.get((row[0], row[1]), []))}"
            for row in changes
            if sorted(entered.get((row[0], row[1]), [])) != sorted(expected.get(row[0], ()))
        ),
    ]


def _not_arrived(effects: Sequence[Row], arrived: dict[str, set[str]]) -> list[str]:
    invented = {kind: len(ids - {row[0] for row in effects}) for kind, ids in arrived.items()}
    return [
        *(f"{row[3]} {row[0]} never arrived" for row in effects if row[3] in arrived and row[0] not in arrived[row[3]]),
        *(f"{n} arrivals that no ledger knows: {kind}" for kind, n in invented.items() if n),
    ]
