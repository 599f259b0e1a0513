"""After the report: a request to paste, and what arrives because of it."""

import asyncio
import json
from datetime import datetime

from rich.console import Console

from slotkeeper.demo.stage import Stage

_LOOK_EVERY = 0.2


def curl_for(url: str, appointment_id: str, token: str, start: datetime) -> str:
    """The seed's request, ready to paste."""
    body = json.dumps({"start": start.isoformat(), "ignoreAvailability": False})
    return (
        f"curl --request POST --url {url}/v4/appointment/{appointment_id}/reschedule \\\n"
        f"  --header 'Content-Type: application/json' \\\n"
        f"  --header 'Authorization: Bearer {token}' \\\n"
        f"  --data '{body}'"
    )


async def serve_on(stage: Stage, curl: str, console: Console) -> None:
    """Until a signal; tells each message and webhook as it arrives."""
    console.print(f"slotkeeper serves {stage.url}. Move it once more (Ctrl-C stops everything):\n", markup=False)
    console.print(curl, markup=False, highlight=False, soft_wrap=True)
    mails, deliveries = len(stage.mailbox.messages), len(stage.deliveries)
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        for mail in stage.mailbox.messages[mails:]:
            console.print(f"mail to {mail.recipient}: {mail.subject}", markup=False)
        for delivery in stage.deliveries[deliveries:]:
            payload = delivery.payload
            console.print(f"webhook {payload.get('webhookType')}: start {payload.get('start')}", markup=False)
        mails, deliveries = len(stage.mailbox.messages), len(stage.deliveries)
