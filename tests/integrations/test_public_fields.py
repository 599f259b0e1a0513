"""The objects as the API page shows them: ``true`` is a boolean, ``123`` an integer, ``"<string>"`` and ``{}`` text."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from slotkeeper.errors import Malformed
from slotkeeper.integrations.public_fields import CrmOptions, HostingInfo, crm_options, hosting_info
from slotkeeper.records.connection import AppointmentRef

SEED = Path(__file__).parents[1] / "support" / "reschedule_answer.json"
HOST, OTHER_HOST, CONNECTION = (UUID(int=n) for n in (1, 2, 3))


def in_seed(name: str) -> dict[str, Any]:
    document = json.loads(SEED.read_text())["appointment"][name]
    assert isinstance(document, dict)
    return document


def in_json(value: CrmOptions | HostingInfo) -> dict[str, Any]:
    decoded = json.loads(msgspec.json.encode(value))
    assert isinstance(decoded, dict)
    return decoded


def a_ref(provider: str, record: str, external_id: str, user_id: UUID | None = HOST) -> AppointmentRef:
    return AppointmentRef(
        provider=provider,
        connection_id=CONNECTION,
        user_id=user_id,
        record=record,
        external_id=external_id,
        container="work",
    )


def test_crm_options_have_the_seeds_keys_in_the_seeds_order() -> None:
    assert list(in_json(crm_options({}))) == list(in_seed("crmOptions"))


def test_crm_options_are_false_or_null_where_nothing_is_set() -> None:
    expected = {key: False if shown is True else None for key, shown in in_seed("crmOptions").items()}
    assert in_json(crm_options({})) == expected


def test_crm_options_take_the_seeds_own_values_and_give_them_back() -> None:
    shown = {key: "text" if value == {} else value for key, value in in_seed("crmOptions").items()}
    given = in_json(crm_options(shown))
    assert [(key, type(value)) for key, value in given.items()] == [(k, type(v)) for k, v in shown.items()]
    assert given == shown


@pytest.mark.parametrize("key", list(in_seed("crmOptions")))
def test_a_value_of_the_wrong_type_is_refused_with_its_key_named(key: str) -> None:
    with pytest.raises(Malformed, match=f"^crmOptions.{key}: Expected"):
        crm_options({key: ["neither text, number nor truth"]})


def test_unknown_crm_options_are_ignored() -> None:
    assert in_json(crm_options({"nosuchSync": True})) == in_json(crm_options({}))


def test_hosting_info_has_the_seeds_keys_in_the_seeds_order() -> None:
    given, seed = in_json(hosting_info(HOST, None, [])), in_seed("hostingInfo")
    assert list(given) == list(seed)
    assert list(given["calendarSyncProviders"]) == list(seed["calendarSyncProviders"])


def test_hosting_info_is_null_where_nothing_is_connected() -> None:
    given = in_json(hosting_info(HOST, None, []))
    assert given.pop("mainHost") == str(HOST)
    assert set(given.pop("calendarSyncProviders").values()) == {None}
    assert set(given.values()) == {None}


def test_hosting_info_has_the_seeds_types_where_everything_is_connected() -> None:
    refs = [
        a_ref("google", "event", "e1"),
        a_ref("google", "account", "sub"),
        a_ref("zoom", "meeting", "85746065432"),
        a_ref("connect", "meeting", "c1"),
        a_ref("whereby", "meeting", "w1"),
    ]
    given = in_json(hosting_info(HOST, "https://meet.example/x", refs))
    assert {key: type(value) for key, value in given.items()} == {
        key: type(value) for key, value in in_seed("hostingInfo").items()
    }
    assert given["zoomMeetingId"] == 85746065432
    assert given["googleConnectionSub"] == "sub"


def test_the_calendar_event_is_shown_with_where_it_lives() -> None:
    given = in_json(hosting_info(HOST, None, [a_ref("caldav", "event", "/cal/1.ics")]))
    assert given["calendarConnectionId"] == str(CONNECTION)
    assert given["calendarSyncProviders"] == {
        "id": str(CONNECTION),
        "type": "caldav",
        "hostId": str(HOST),
        "eventId": "/cal/1.ics",
        "calendarId": "work",
    }


def test_the_main_hosts_event_is_shown_where_each_host_has_one() -> None:
    refs = [a_ref("google", "event", "other", OTHER_HOST), a_ref("google", "event", "main", HOST)]
    given = in_json(hosting_info(HOST, None, refs))
    assert (given["googleEventId"], given["calendarSyncProviders"]["eventId"]) == ("main", "main")


def test_records_of_crms_are_not_shown_as_events() -> None:
    refs = [a_ref("internal", f"contact:{uuid4()}", "1"), a_ref("internal", "event", "2")]
    assert hosting_info(HOST, None, refs) == hosting_info(HOST, None, [])
