"""What must be true when everything has settled; each line of the verdict is a sentence with a number."""

from collections import Counter
from collections.abc import Sequence

import psycopg

from tests.crash.load import Move

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


def _lost_moves(changes: Sequence[tuple], acknowledged: Sequence[Move]) -> list[str]:  # type: ignore[type-arg] - rows
    committed = Counter((row[0], row[3]) for row in changes if row[2] == "rescheduled")
    said = Counter((move.appointment_id, move.start) for move in acknowledged)
    return [f"{n - committed[key]} acknowledged moves lost: {key}" for key, n in said.items() if committed[key] < n]


def _wrong_ledger(changes: Sequence[tuple], effects: Sequence[tuple]) -> list[str]:  # type: ignore[type-arg] - rows
    kinds: dict[tuple[str, int], Counter[str]] = {}
    for _, appointment, sequence, kind, target, state in effects:
        kinds.setdefault((appointment, sequence), Counter())[f"{kind}:{target}"] += 1
        if state not in ("done", "superseded"):
            return [f"an effect is left {state}: {kind} {target}"]
    expected = set(next(iter(kinds.values()), Counter()))
    return [
        f"change {row[1]} of {row[0]} has {sorted(kinds.get((row[0], row[1]), Counter()).items())}"
        for row in changes
        if set(kinds.get((row[0], row[1]), Counter())) != expected
        or set(kinds[(row[0], row[1])].values()) != {1}
    ]


def _not_arrived(effects: Sequence[tuple], arrived: dict[str, set[str]]) -> list[str]:  # type: ignore[type-arg] - rows
    invented = {kind: len(ids - {row[0] for row in effects}) for kind, ids in arrived.items()}
    return [
        *(f"{row[3]} {row[0]} never arrived" for row in effects if row[3] in arrived and row[0] not in arrived[row[3]]),
        *(f"{n} arrivals that no ledger knows: {kind}" for kind, n in invented.items() if n),
    ]
