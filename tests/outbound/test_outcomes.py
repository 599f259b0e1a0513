from datetime import UTC, datetime, timedelta

import httpx
import pytest

from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.outbound.client import Response
from slotkeeper.outbound.outcomes import ErrorCodes, require_success, retry_after

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
CODES = ErrorCodes(reconnect="reconnect", gone="gone", rejected="rejected")


def response(status: int, **headers: str) -> Response:
    return Response(
        status=status,
        headers=httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}),
        content=b"",
        truncated=False,
        received_at=NOW,
    )


def ends_in(status: int) -> str:
    try:
        require_success(response(status, retry_after="7"), CODES)
    except Later as later:
        return f"later, in {later.retry_in}"
    except PersonMustAct as verdict:
        return verdict.error_code
    return "done"


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        pytest.param((200, 201, 202, 204, 207), "done", id="success"),
        pytest.param((408, 425, 429, 500, 502, 503, 504), "later, in 0:00:07", id="what may pass"),
        pytest.param((401, 403), "reconnect", id="credentials"),
        pytest.param((404, 410), "gone", id="what is not there"),
        pytest.param((301, 400, 402, 409, 412, 422, 501), "rejected", id="what asking again would not change"),
    ],
)
def test_a_status_code_says_whether_it_is_done_comes_later_or_needs_a_person(
    statuses: tuple[int, ...], end: str
) -> None:
    assert {status: ends_in(status) for status in statuses} == dict.fromkeys(statuses, end)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        pytest.param("0", timedelta(0), id="no wait"),
        pytest.param(" 120 ", timedelta(minutes=2), id="seconds"),
        pytest.param("Tue, 10 Mar 2026 14:05:00 GMT", timedelta(minutes=5), id="a date"),
        pytest.param("Tue, 10 Mar 2026 14:05:00 -0000", timedelta(minutes=5), id="a date without a zone"),
        pytest.param("Tue, 10 Mar 2026 13:00:00 GMT", timedelta(0), id="a date that has passed"),
        pytest.param("86401", timedelta(hours=24), id="more than a day"),
        pytest.param("9" * 400, timedelta(hours=24), id="absurdly long"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24), id="the end of time"),
        pytest.param("-5", None, id="a negative number"),
        pytest.param("soon", None, id="a word"),
        pytest.param("", None, id="empty"),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date_and_capped(header: str, wait: timedelta | None) -> None:
    assert retry_after(response(503, retry_after=header)) == wait


def test_without_retry_after_the_back_off_decides() -> None:
    assert retry_after(response(503)) is None
