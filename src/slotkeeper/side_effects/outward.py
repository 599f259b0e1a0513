"""What carrying an effect outward needs: handed to each handler, so that none reaches for globals."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection
from slotkeeper.emails.smtp import SmtpSender
from slotkeeper.integrations.connections import SealedAccount
from slotkeeper.outbound.client import KeptClients
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change, Kind
from slotkeeper.records.connection import ExternalRef
from slotkeeper.records.effect import Effect
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings
from slotkeeper.side_effects.audience import Concerned
from slotkeeper.webhooks.endpoints import SealedDestination


class Outward(msgspec.Struct, frozen=True, kw_only=True):
    settings: Settings
    vault: Vault
    pool: AsyncConnectionPool[Connection]
    smtp: SmtpSender
    clock: Callable[[], datetime]
    webhook_clients: KeptClients | None = None


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """One effect with what it is about: the change that caused it, and the appointment as it is now."""

    effect: Effect
    change: Change
    appointment: Appointment
    crm_options: Mapping[str, object] = {}
    refs: Mapping[str, ExternalRef] = {}
    """Outside objects of this appointment at this effect's connection, by record."""
    concerned: Concerned = Concerned()
    later: Sequence[Kind] = ()
    """The kinds of the changes after this one."""
    link_key: bytes
    """The company's, sealed."""
    account: SealedAccount | None = None
    """Where a calendar or CRM is written; None where it is no longer connected, or needs no connection."""
    endpoint: SealedDestination | None = None
    """A webhook's; None where it was deleted."""
