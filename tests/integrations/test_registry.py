import pytest

from slotkeeper.errors import Conflict, Malformed
from slotkeeper.integrations import registry
from slotkeeper.integrations.crms.internal import InternalCrm
from slotkeeper.integrations.meeting_links.jitsi import Jitsi
from slotkeeper.records.meeting_info import MeetingInfo
from tests.ics.sample import appointment
from tests.integrations.conftest import Install


def test_a_provider_without_an_adapter_cannot_be_connected_and_the_answer_says_so() -> None:
    with pytest.raises(Conflict, match="hubspot has no adapter in this version; it cannot be connected yet"):
        registry.crm("hubspot")


@pytest.mark.parametrize(
    "name",
    [pytest.param("nosuch", id="nobody's name"), pytest.param("internal", id="a CRM, not a calendar")],
)
def test_an_unknown_provider_is_refused_with_the_field_named(name: str) -> None:
    with pytest.raises(Malformed, match=f"provider: there is no calendar named {name}"):
        registry.calendar(name)


def test_an_adapter_is_found_by_its_name() -> None:
    assert isinstance(registry.crm("internal"), InternalCrm)


def test_a_meeting_link_is_found_by_the_channel_that_it_serves() -> None:
    assert isinstance(registry.meeting_link("jitsi"), Jitsi)


def test_a_channel_that_nobody_serves_is_refused() -> None:
    with pytest.raises(Malformed, match="channel: no provider serves phone"):
        registry.meeting_link("phone")


def test_the_internal_crm_is_the_only_one_that_every_company_has() -> None:
    assert registry.crms_without_connection() == ["internal"]


def test_a_provider_without_accounts_needs_no_connection() -> None:
    with pytest.raises(Conflict, match="internal needs no connection"):
        registry.connectable("internal")


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param("phone", id="served by nobody"),
        pytest.param("zoom", id="its provider has no adapter"),
        pytest.param("custom", id="the meeting type names no link"),
    ],
)
def test_an_appointment_whose_link_is_not_known_beforehand_has_none(channel: str) -> None:
    assert registry.link_for(appointment(meeting_info=MeetingInfo(name="Intro call", channel=channel))) is None


@pytest.mark.usefixtures("acme")
def test_a_private_provider_is_found_by_its_entry_point_and_needs_no_fork() -> None:
    assert registry.calendar("acme").supports == {"write", "read_busy"}


def test_a_private_provider_cannot_take_a_built_in_name(install: Install) -> None:
    install("crm.mine", "slotkeeper.integrations.crms.hubspot:HubSpot")
    with pytest.raises(ValueError, match="two providers are named hubspot"):
        registry.providers()


def test_an_entry_point_that_names_no_kind_is_refused(install: Install) -> None:
    install("acme", "tests.integrations.acme:AcmeCalendar")
    with pytest.raises(ValueError, match="acme must start with one of calendar, crm, meeting_link"):
        registry.providers()
