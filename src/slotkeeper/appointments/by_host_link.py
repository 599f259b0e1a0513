"""An appointment as one of its hosts sees it who follows a mailed link: without a token, and for this one only."""

from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.company_keys import LINK_KEY_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Actor
from slotkeeper.records.people import Host
from slotkeeper.secrets import Vault, host_kind, id_in_secret, secret_is_right


class SeenByHost(msgspec.Struct, frozen=True, kw_only=True):
    """``expires_at``: until when a booking waits for a word; None for one that never did."""

    appointment: Appointment
    host: Host
    expires_at: datetime | None
    link_key: bytes

    def is_asked(self, now: datetime) -> bool:
        """Whether the appointment waits for the host's word."""
        return self.appointment.waiting_for == "host" and self.expires_at is not None and now < self.expires_at

    @property
    def actor(self) -> Actor:
        return Actor(kind="host", id=self.host.id, name=self.host.full_name)

    @property
    def caller(self) -> Caller:
        """The host, but never as an admin, and setting nothing aside."""
        return Caller(
            company_id=self.appointment.company_id,
            user_id=self.host.id,
            user_name=self.host.full_name,
            email=self.host.email,
            is_admin=False,
            override_by="admins",
            credential="link",
            link_key=self.link_key,
        )


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    appointment: Appointment
    expires_at: datetime | None
    left: tuple[UUID, ...]
    """Hosts who are no longer of the company."""
    link_key: bytes


async def appointment_by_host_link(connection: Connection, vault: Vault, secret: str) -> SeenByHost:
    """The present state. Any wrong secret raises ``NotFound`` alike, and so does that of who is no longer its host."""
    found = await fetch(connection, _Found, _FIND, {"id": id_in_secret(secret)})
    if found is not None:
        link_key = vault.open(found.link_key)
        for host in found.appointment.hosts:
            if (
                secret_is_right(secret, link_key, host_kind(host.id), found.appointment.id)
                and host.id not in found.left
            ):
                return SeenByHost(
                    appointment=found.appointment, host=host, expires_at=found.expires_at, link_key=link_key
                )
    raise NotFound("appointment not found")


_FIND = f"""
    SELECT json_build_object(
        'appointment', {APPOINTMENT_JSON}, 'link_key', {LINK_KEY_JSON},
        'expires_at', (
            SELECT p.expires_at FROM provisional_bookings p WHERE p.company_id = a.company_id AND p.id = a.id
        ),
        'left', (
            SELECT coalesce(json_agg(u.id), '[]') FROM users u
            WHERE u.company_id = a.company_id AND u.id = ANY (a.host_ids) AND u.deleted_at IS NOT NULL
        )
    )::text
    FROM appointments a
    JOIN companies c ON c.id = a.company_id
    WHERE a.id = %(id)s AND a.deleted_at IS NULL
"""
