"""One webhook per change and endpoint, with bytes that are the same at each attempt."""

from collections.abc import Sequence

from slotkeeper.jobs.outcomes import Done, PersonMustAct
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.secrets import Vault, link_secret
from slotkeeper.side_effects.aftermath import Aftermath
from slotkeeper.side_effects.at_change import at_change
from slotkeeper.side_effects.outward import Errand, Outward
from slotkeeper.webhooks.deliver import deliver
from slotkeeper.webhooks.payloads import WEBHOOK_TYPE_OF, payload


def plan(aftermath: Aftermath) -> Sequence[PlannedEffect]:
    webhook_type = WEBHOOK_TYPE_OF[aftermath.change.kind]
    return [
        PlannedEffect(kind="webhook", target=str(endpoint.id), detail={"webhookType": webhook_type})
        for endpoint in aftermath.endpoints
        if webhook_type in endpoint.event_types
    ]


def sealed_body(vault: Vault, link_key: bytes, aftermath: Aftermath) -> str:
    """The exact bytes that every attempt sends, sealed: they hold the secrets that the receiver needs."""
    appointment = at_change(aftermath.appointment, aftermath.change, aftermath.concerned)
    body = payload(
        appointment,
        aftermath.change,
        meeting_type=aftermath.meeting_type,
        appointment_secret=link_secret(link_key, "appointment", appointment.id),
        attendee_secrets={a.id: link_secret(link_key, "attendee", a.id) for a in appointment.attendees},
    )
    return vault.seal(body).decode()


async def carry_out(outward: Outward, errand: Errand) -> Done:
    effect = errand.effect
    if errand.endpoint is None:
        raise PersonMustAct("the webhook endpoint was deleted", error_code="webhook_endpoint_gone")
    return await deliver(
        errand.endpoint.opened(outward.vault),
        message_id=str(effect.id),
        body=outward.vault.open(str(effect.detail["body"]).encode()),
        sent_at=outward.clock(),
        allow_networks=outward.settings.webhook_allow_networks,
        kept=outward.webhook_clients,
    )
