"""The three ends that one attempt at one remote call can have: done, later, or a person must act.

A handler returns ``Done`` or raises one of the other two; anything else it raises is a defect and counts as ``Later``.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from slotkeeper.records.connection import ExternalRef


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """It happened. ``refs`` are the outside objects to remember; ``note`` is what the ledger shows."""

    refs: Sequence[ExternalRef] = ()
    note: str | None = None


class Later(Exception):
    """It may work later; ``retry_in`` is the provider's own wish (Retry-After), else the back-off decides."""

    def __init__(self, detail: str, *, retry_in: timedelta | None = None) -> None:
        super().__init__(detail)
        self.retry_in = retry_in


class PersonMustAct(Exception):
    """It will not work again by itself. ``error_code`` is shown in ``resolvableErrors``; see docs/errors.md."""

    def __init__(self, detail: str, *, error_code: str) -> None:
        super().__init__(detail)
        self.error_code = error_code
