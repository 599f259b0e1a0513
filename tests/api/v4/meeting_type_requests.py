"""Requests that create and change meeting types."""

from typing import Any

import httpx

from tests.api.v4.conftest import Api

PATH = "/v4/meeting-type"
INTRO = {"meetingInfo": {"name": "Intro call", "description": "", "duration": 45, "channel": "phone"}}


async def create(api: Api, **members: Any) -> dict[str, Any]:
    answer = await api.client.post(PATH, json={**INTRO, **members})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


async def patch(api: Api, meeting_type: str, **members: Any) -> httpx.Response:
    return await api.client.patch(f"{PATH}/{meeting_type}", json=members)
