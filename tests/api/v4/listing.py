"""What ``GET /v4/booking-availability`` answers."""

from typing import Any

import httpx
import msgspec

from slotkeeper.api.v4.booking_availability_shapes import BookingAvailabilityJson
from tests.api.v4.conftest import Api

DAY = {"start": "2037-12-07", "end": "2037-12-07"}
"""``MONDAY``'s, from 9 to 17 in Berlin."""


class Listing:
    """The route, asked about the company's meeting type."""

    def __init__(self, api: Api) -> None:
        self.api = api

    async def answer(self, **query: object) -> httpx.Response:
        given = {"meetingTypeId": str(self.api.company.meeting_type_id), **DAY, **query}
        return await self.api.client.get("/v4/booking-availability", params=given)  # type: ignore[arg-type]

    async def __call__(self, **query: object) -> dict[str, Any]:
        answer = await self.answer(**query)
        assert answer.status_code == 200, answer.text
        msgspec.json.decode(answer.content, type=BookingAvailabilityJson)
        content: dict[str, Any] = answer.json()
        return content

    async def times(self, **query: object) -> list[str]:
        """``HH:MM`` of each spot."""
        return [spot["startTime"][11:16] for spot in spots(await self(**query))]


def spots(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [spot for day in content["dates"] for spot in day["spots"]]
