"""The main job in front of the user: book, move, and wait for everything that follows."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

import httpx
import msgspec

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.demo.evidence import Evidence, Person, PlannedReminder
from slotkeeper.demo.serve_on import curl_for
from slotkeeper.demo.stage import Stage, StoryStopped
from slotkeeper.demo.working_times import working_times
from slotkeeper.progress import Steps
from slotkeeper.secrets import Vault

HOST = Person(address="grace@harbour-physio.example", role="host", timezone="Europe/London", language="en")
ATTENDEE = Person(address="jonas.weber@example.com", role="attendee", timezone="Europe/Berlin", language="de")
GUEST = Person(address="mia.weber@example.com", role="guest", timezone="Europe/Berlin", language="de")
_EFFECTS_WITHIN = 30.0  # seconds
_LOOK_EVERY = 0.05


class Told(msgspec.Struct, frozen=True, kw_only=True):
    evidence: Evidence
    curl: str
    """Moves the same appointment once more."""


class Story:
    """Acts as a user of the API would; only the company itself and the reminders' due times come from the database."""

    def __init__(self, stage: Stage, connection: Connection, client: httpx.AsyncClient, steps: Steps) -> None:
        self.stage = stage
        self.connection = connection
        self.client = client
        self.steps = steps

    async def open_company(self) -> Bootstrapped:
        with self.steps.step("A company with a host and a meeting type"):
            company = await bootstrap(
                self.connection,
                Vault(self.stage.settings.secret_key),
                company="Harbour Physio",
                email=HOST.address,
                timezone=HOST.timezone,
            )
        self.client.headers["Authorization"] = f"Bearer {company.token}"
        return company

    async def register_webhook(self) -> str:
        """The secret that its signatures are made with."""
        body = {"endpoint": self.stage.receiver_url, "eventTypes": ["booking_created", "booking_rescheduled"]}
        with self.steps.step("A webhook is registered"):
            return str((await self.call("POST", "/webhooks", body))["secret"])

    async def book(self, company: Bootstrapped, start: datetime) -> Mapping[str, Any]:
        """The appointment, once everything that follows from the booking has happened."""
        body = {
            "meetingTypeId": str(company.meeting_type_id),
            "hostIds": [str(company.user_id)],
            "start": start.isoformat(),
            "attendee": {
                "email": ATTENDEE.address,
                "fullname": "Jonas Weber",
                "timezone": ATTENDEE.timezone,
                "language": ATTENDEE.language,
                "bringalongEmails": [GUEST.address],
                "receiveReminders": True,
                "notes": {"Reason": "Left knee"},
            },
        }
        with self.steps.step("Jonas books an appointment over HTTP"):
            booked = await self.call("POST", "/v4/booking", body)
        await self.effects_settled(booked["appointmentId"], "What follows from the booking", 0)
        appointment: Mapping[str, Any] = await self.call("GET", f"/v4/appointment/{booked['appointmentId']}")
        return appointment

    async def move(self, appointment_id: str, start: datetime) -> Mapping[str, Any]:
        """The seed's request, and its answer."""
        body = {"start": start.isoformat(), "ignoreAvailability": False}
        with self.steps.step("The host moves it"):
            answer: Mapping[str, Any] = await self.call("POST", f"/v4/appointment/{appointment_id}/reschedule", body)
        return answer

    async def effects_settled(self, appointment_id: str, title: str, after: int) -> list[Mapping[str, Any]]:
        """The ledger's lines past the first ``after``, once each has ended, or after half a minute as they are."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + _EFFECTS_WITHIN
        with self.steps.step(title) as step:
            while True:
                ledger = await self.ledger(appointment_id)
                effects = ledger["effects"][after:]
                step.at(sum(effect["state"] == "done" for effect in effects), len(effects))
                if ledger["settled"] or loop.time() > give_up_at:
                    return list(effects)
                await asyncio.sleep(_LOOK_EVERY)

    async def ledger(self, appointment_id: str) -> Mapping[str, Any]:
        """``effects``, oldest change first, and whether all of them are ``settled``."""
        ledger: Mapping[str, Any] = await self.call("GET", f"/v4/appointment/{appointment_id}/effects")
        return ledger

    async def planned_reminders(self, appointment: Mapping[str, Any]) -> Sequence[PlannedReminder]:
        params = {
            "company_id": UUID(appointment["companyId"]),
            "ids": [UUID(reminder_id) for reminder_id in appointment["scheduledReminderIds"]],
        }
        return await fetch_all(self.connection, PlannedReminder, _REMINDERS, params)

    async def call(self, method: str, path: str, body: object = None) -> Any:
        answer = await self.client.request(method, self.stage.url + path, json=body)
        if not answer.is_success:
            raise StoryStopped(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()


async def tell(stage: Stage, connection: Connection, client: httpx.AsyncClient, steps: Steps) -> Told:
    """Book, move, wait; what each side saw of the move."""
    story = Story(stage, connection, client, steps)
    first, second, third = working_times(datetime.now(UTC), HOST.timezone, [time(10), time(14, 30), time(11)])
    company = await story.open_company()
    webhook_secret = await story.register_webhook()
    before = await story.book(company, first)
    evidence = await _move(story, before, second, webhook_secret)
    return Told(evidence=evidence, curl=curl_for(stage.url, before["id"], company.token, third))


async def _move(story: Story, before: Mapping[str, Any], start: datetime, webhook_secret: str) -> Evidence:
    earlier_effects = len((await story.ledger(before["id"]))["effects"])
    reminders_before = await story.planned_reminders(before)
    mails, deliveries = len(story.stage.mailbox.messages), len(story.stage.deliveries)
    answer = await story.move(before["id"], start)
    effects = await story.effects_settled(before["id"], "What follows from the move", earlier_effects)
    return Evidence(
        people=(ATTENDEE, GUEST, HOST),
        moved_to=start,
        before=before,
        answer=answer,
        messages=story.stage.mailbox.messages[mails:],
        deliveries=story.stage.deliveries[deliveries:],
        webhook_secret=webhook_secret,
        reminders_before=reminders_before,
        reminders_after=await story.planned_reminders(answer["appointment"]),
        effects=effects,
    )


_REMINDERS = """
    SELECT json_build_object('id', id, 'due_at', due_at)::text FROM reminders
    WHERE company_id = %(company_id)s AND id = ANY (%(ids)s) ORDER BY due_at
"""
