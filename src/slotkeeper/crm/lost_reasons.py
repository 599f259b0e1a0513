"""Why deals are lost: the reasons that a company offers, and whether one has to be given."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import Malformed

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Label = Annotated[str, msgspec.Meta(max_length=60)]


class LostReason(msgspec.Struct, frozen=True, kw_only=True):
    """``key`` is what a deal keeps; an ``archived`` one is not offered any more."""

    key: Key
    label: Label | None = None
    archived: bool = False


class LostReasons(msgspec.Struct, frozen=True, kw_only=True):
    reasons: Annotated[Sequence[LostReason], msgspec.Meta(max_length=100)]
    required: bool = False


USUAL = LostReasons(
    reasons=(
        LostReason(key="price", label="Price"),
        LostReason(key="competitor", label="Competitor"),
        LostReason(key="timing", label="Wrong time"),
        LostReason(key="no_need", label="No need"),
        LostReason(key="no_response", label="No response"),
        LostReason(key="other", label="Other"),
    )
)


async def get_lost_reasons(connection: Connection, company_id: UUID) -> LostReasons:
    """The usual ones until the company has its own."""
    return await fetch(connection, LostReasons, _GET, {"company_id": company_id}) or USUAL


async def set_lost_reasons(connection: Connection, company_id: UUID, reasons: LostReasons) -> LostReasons:
    """Replaces all of them; deals keep the keys that they have. Raises ``Malformed`` for a key that stands twice.

    A reason without a label keeps that of the usual one with its key.
    """
    keys = [reason.key for reason in reasons.reasons]
    if len(keys) != len(set(keys)):
        raise Malformed.field("reasons", "must not have a key twice")
    params = {
        "company_id": company_id,
        "reasons": Jsonb(msgspec.to_builtins([_labelled(reason) for reason in reasons.reasons])),
        "required": reasons.required,
    }
    await execute(connection, _SET, params)
    return await get_lost_reasons(connection, company_id)


def _labelled(reason: LostReason) -> LostReason:
    usual = {known.key: known.label for known in USUAL.reasons}
    return msgspec.structs.replace(reason, label=reason.label or usual.get(reason.key))


_GET = """
    SELECT json_build_object('reasons', lost_reasons, 'required', lost_reason_required)::text FROM crm_settings
    WHERE company_id = %(company_id)s AND lost_reasons IS NOT NULL
"""

_SET = """
    INSERT INTO crm_settings (company_id, lost_reasons, lost_reason_required)
    VALUES (%(company_id)s, %(reasons)s, %(required)s)
    ON CONFLICT (company_id) DO UPDATE SET
        lost_reasons = excluded.lost_reasons, lost_reason_required = excluded.lost_reason_required
"""
