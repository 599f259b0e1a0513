"""What a meeting type lets attendees do with an appointment themselves (meetergo-v4-api.md section 5)."""

from typing import Literal

import msgspec

PolicyMode = Literal["disabled", "hours", "days"]


class CancellationPolicy(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Not ``enabled``: until the start. ``disabled``: never. Else ``duration`` hours or days of notice."""

    enabled: bool = False
    mode: PolicyMode | None = None
    duration: int | None = None


class ReschedulingPolicy(CancellationPolicy, frozen=True, kw_only=True, rename="camel"):
    """``max_changes``: moves by attendees; ``max_shift_days``: how far one move may go; None: no bound.

    While the policy is not ``enabled``, none of it holds.
    """

    max_changes: int | None = None
    max_shift_days: int | None = None
    reason_required: bool = False
