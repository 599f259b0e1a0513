"""Bookings that wait for somebody's word: their appointment is tentative and holds its time until it is given.

The host's word comes first, then the attendee's, where a meeting type asks for both (meetergo-v4-api.md section 5).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace
from psycopg.types.json import Jsonb

from slotkeeper.appointments.cancel import cancelled_by, write_cancelled
from slotkeeper.appointments.recording import (
    INSERT_JOB,
    PLAN_REMINDERS,
    WRITE_HISTORY,
    next_version,
    recording_params,
)
from slotkeeper.appointments.reminders import plan_reminders
from slotkeeper.appointments.stored import STORED_FROM, STORED_JSON, Stored
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import Conflict, NotFound
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment, WaitingFor
from slotkeeper.records.change import Actor, Change, Kind
from slotkeeper.records.people import Attendee

PATIENCE = timedelta(hours=24)


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers a request: a host (or an admin for them), or the attendee."""

    side: WaitingFor
    actor: Actor
    through: str = "api"


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """``request`` is the state of the request; None for an appointment that never was one."""

    stored: Stored
    reminders: tuple[int, ...]
    request: str | None
    then_opt_in: bool
    expires_at: datetime | None


async def confirm(connection: Connection, company_id: UUID, request_id: UUID, word: Word, now: datetime) -> Stored:
    """Raises ``NotFound``, and ``Conflict`` for a request that is decided, or waits for somebody else's word."""
    waiting = await _read(connection, company_id, request_id)
    before = waiting.stored.appointment
    _require_waiting(waiting, word, now)
    ask_next = word.side == "host" and waiting.then_opt_in
    after = replace(
        next_version(before, now),
        status="tentative" if ask_next else "confirmed",
        waiting_for="attendee" if ask_next else None,
    )
    after = replace(after, attendees=_opted_in(after) if word.side == "attendee" else after.attendees)
    change = _change(after, "requested" if ask_next else "confirmed", word, None)
    reminders = [] if ask_next else plan_reminders(after.id, after.sequence, after.start, waiting.reminders, now)
    params = {
        **recording_params(company_id, change, reminders),
        "version": before.version,
        "ics": build_ics(after),
        "status": after.status,
        "waiting_for": after.waiting_for,
        "expires_at": _deadline(after, now) if ask_next else None,
        "now": now,
        "opted_in": word.side == "attendee",
    }
    if await (await execute(connection, _CONFIRM, params)).fetchone() is None:
        raise Stale
    ids = tuple(reminder.id for reminder in reminders)
    return replace(waiting.stored, appointment=after, ics=build_ics(after), reminder_ids=ids)


async def decline(
    connection: Connection, company_id: UUID, request_id: UUID, word: Word, reason: str | None, now: datetime
) -> None:
    """The attendee is told, and the time is free again. Raises as ``confirm``."""
    waiting = await _read(connection, company_id, request_id)
    _require_waiting(waiting, word, now)
    declined = cancelled_by(waiting.stored, word.actor, reason, now)
    change = _change(declined.appointment, "declined", word, reason)
    await write_cancelled(connection, waiting.stored.appointment, declined, change, "declined_by_host")


async def expire(connection: Connection, company_id: UUID, request_id: UUID, now: datetime) -> None:
    """Nobody gave their word in time; nothing where somebody did after all."""
    waiting = await _read(connection, company_id, request_id)
    if waiting.request != "pending" or waiting.expires_at is None or waiting.expires_at > now:
        return
    nobody = Word(side="host", actor=Actor(kind="system", name="slotkeeper"), through="system")
    expired = cancelled_by(waiting.stored, nobody.actor, None, now)
    change = _change(expired.appointment, "expired", nobody, None)
    await write_cancelled(connection, waiting.stored.appointment, expired, change, "expired")


def request_params(
    appointment: Appointment, opt_in: bool, asked: Mapping[str, object], now: datetime
) -> Mapping[str, object]:
    """Of ``ENTER_REQUEST`` and of the time that the request holds."""
    waits = appointment.waiting_for is not None
    return {
        "waiting_for": appointment.waiting_for,
        "request_type": "requireHostConfirmation" if appointment.waiting_for == "host" else "doubleOptIn",
        "then_opt_in": appointment.waiting_for == "host" and opt_in,
        "dto": Jsonb(dict(asked)),
        "expires_at": _deadline(appointment, now) if waits else None,
    }


def _deadline(appointment: Appointment, now: datetime) -> datetime:
    return min(now + PATIENCE, appointment.start)


def _opted_in(appointment: Appointment) -> tuple[Attendee, ...]:
    return tuple(replace(attendee, double_opt_in="confirmed") for attendee in appointment.attendees)


def _require_waiting(waiting: Waiting, word: Word, now: datetime) -> None:
    if waiting.request != "pending":
        raise Conflict(f"this booking is {(waiting.request or 'confirmed').replace('_', ' ')}", code="already-decided")
    if waiting.expires_at is not None and waiting.expires_at <= now:
        raise Conflict("nobody confirmed this booking in time", code="request-expired")
    if waiting.stored.appointment.waiting_for != word.side:
        raise Conflict(f"this booking waits for the {waiting.stored.appointment.waiting_for}", code="not-your-turn")


def _change(after: Appointment, kind: Kind, word: Word, reason: str | None) -> Change:
    return Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind=kind,
        at=after.stamped_at,
        actor=word.actor,
        through=word.through,
        start=after.start,
        end=after.end,
        reason=reason,
    )


async def _read(connection: Connection, company_id: UUID, request_id: UUID) -> Waiting:
    waiting = await fetch(connection, Waiting, _READ, {"company_id": company_id, "id": request_id})
    if waiting is None:
        raise NotFound(f"provisional booking {request_id} not found")
    return waiting


ENTER_REQUEST = """
    INSERT INTO provisional_bookings (company_id, id, type, then_opt_in, dto, expires_at, created_at)
    SELECT changed.company_id, changed.id, %(request_type)s, %(then_opt_in)s, %(dto)s, %(expires_at)s, %(now)s
    FROM changed WHERE %(waiting_for)s::text IS NOT NULL
"""

_READ = f"""
    SELECT json_build_object(
        'stored', {STORED_JSON}, 'reminders', t.reminders, 'request', p.status, 'then_opt_in', p.then_opt_in,
        'expires_at', p.expires_at
    )::text
    {STORED_FROM}
    JOIN provisional_bookings p ON p.company_id = a.company_id AND p.id = a.id
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
"""

_CONFIRM = f"""
    WITH changed AS (
        UPDATE appointments SET
            status = %(status)s, waiting_for = %(waiting_for)s, sequence = %(sequence)s, version = version + 1,
            ics = %(ics)s, stamped_at = %(at)s, updated_at = %(now)s
        WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s
        RETURNING company_id, id
    ), answered AS (
        UPDATE provisional_bookings p SET
            status = CASE WHEN %(waiting_for)s::text IS NULL THEN 'confirmed' ELSE 'pending' END,
            decided_at = CASE WHEN %(waiting_for)s::text IS NULL THEN %(now)s::timestamptz END,
            expires_at = coalesce(%(expires_at)s, p.expires_at)
        FROM changed WHERE p.company_id = changed.company_id AND p.id = changed.id
    ), kept AS (
        UPDATE blocked_times b SET expires_at = %(expires_at)s
        FROM changed WHERE b.company_id = changed.company_id AND b.source_id = changed.id
    ), opted_in AS (
        UPDATE attendees t SET double_opt_in = 'confirmed', updated_at = %(now)s
        FROM changed WHERE t.company_id = changed.company_id AND t.appointment_id = changed.id AND %(opted_in)s
    ), planned AS ({PLAN_REMINDERS}), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
