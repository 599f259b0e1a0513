from datetime import UTC, datetime, timedelta

import httpx
import pytest

from slotkeeper.integrations.dav.dav_client import require_done, resources_in
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.outbound.client import Response


def answer(status: int, content: bytes = b"", *, truncated: bool = False, **headers: str) -> Response:
    return Response(
        status=status,
        headers=httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}),
        content=content,
        truncated=truncated,
        received_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("status", [423, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_later_when_the_server_wishes(status: int) -> None:
    with pytest.raises(Later) as later:
        require_done(answer(status, retry_after="120"))
    assert later.value.retry_in == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("status", "error_code"),
    [
        (401, "calendar_reconnect"),
        (403, "calendar_reconnect"),
        (400, "calendar_rejected"),
        (404, "calendar_rejected"),
        (409, "calendar_rejected"),
        (413, "calendar_rejected"),
        (507, "calendar_rejected"),
    ],
)
def test_what_stays_needs_a_person(status: int, error_code: str) -> None:
    with pytest.raises(PersonMustAct) as verdict:
        require_done(answer(status))
    assert verdict.value.error_code == error_code


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(answer(207, b"<html/>"), id="a web page"),
        pytest.param(answer(207, b'<multistatus xmlns="DAV:"/>', truncated=True), id="too long to be read whole"),
    ],
)
def test_an_answer_that_cannot_be_read_needs_a_person(told: Response) -> None:
    with pytest.raises(PersonMustAct) as verdict:
        resources_in(told)
    assert verdict.value.error_code == "calendar_rejected"
