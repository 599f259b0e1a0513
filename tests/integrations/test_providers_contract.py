"""What every provider in the registry keeps to; docs/providers.md is printed from the same."""

import inspect
import re
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from slotkeeper import integrations
from slotkeeper.integrations.protocols import Calendar, Connectable, Crm, HostedMeeting, MeetingLink
from slotkeeper.integrations.provider_table import provider_table, public_fields_of
from slotkeeper.integrations.registry import Registered, adapter, crm, of_kind, providers

PROTOCOLS: dict[str, type] = {"calendar": Calendar, "crm": Crm, "meeting_link": MeetingLink}
CAN_SUPPORT = {"calendar": {"write", "read_busy", "watch"}, "meeting_link": {"link", "meeting"}}

ANY_PROVIDER = re.compile(r"slotkeeper\.integrations\.((?:calendars|crms|meeting_links)\.\w+)")

ALL = [pytest.param(registered, id=registered.name) for registered in providers().values()]
WITH_ADAPTER = [
    pytest.param(registered, id=registered.name) for registered in providers().values() if registered.has_adapter
]
CRMS = [pytest.param(registered, id=registered.name) for registered in of_kind("crm")]


def members(protocol: type) -> dict[str, Any]:
    """The attributes and methods that a protocol and its bases ask for."""
    asked: dict[str, Any] = {}
    for base in protocol.__mro__:
        if getattr(base, "_is_protocol", False):
            asked |= dict.fromkeys(inspect.get_annotations(base))
            asked |= {name: part for name, part in vars(base).items() if inspect.isfunction(part) and name[0] != "_"}
    return asked


def protocol_of(registered: Registered) -> type:
    return HostedMeeting if "meeting" in registered.declared.supports else PROTOCOLS[registered.kind]


@pytest.mark.parametrize("registered", WITH_ADAPTER)
def test_an_adapter_has_everything_that_its_protocol_asks_for(registered: Registered) -> None:
    missing = [name for name in members(protocol_of(registered)) if not hasattr(registered.declared, name)]
    assert missing == []


@pytest.mark.parametrize("registered", WITH_ADAPTER)
def test_an_adapters_methods_take_what_its_protocol_hands_them(registered: Registered) -> None:
    asked = {name: part for name, part in members(protocol_of(registered)).items() if isinstance(part, FunctionType)}
    for name, method in asked.items():
        given = getattr(registered.declared, name)
        assert list(inspect.signature(given).parameters) == list(inspect.signature(method).parameters), name
        assert inspect.iscoroutinefunction(given) == inspect.iscoroutinefunction(method), name


@pytest.mark.parametrize("registered", ALL)
def test_a_provider_has_a_name_that_fits_a_route_and_says_in_one_line_what_it_is(registered: Registered) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_-]*", registered.name)
    assert re.fullmatch(r"\S[^\n|]*\.", (registered.declared.__doc__ or "").partition("\n")[0])


@pytest.mark.parametrize("registered", ALL)
def test_a_provider_supports_only_what_its_kind_can(registered: Registered) -> None:
    assert registered.declared.supports <= CAN_SUPPORT.get(registered.kind, registered.declared.supports)


@pytest.mark.parametrize("registered", CRMS)
def test_a_crms_options_are_frozen_and_each_has_a_default(registered: Registered) -> None:
    declared: Any = registered.declared
    assert declared.options.__struct_config__.frozen
    assert declared.options() == declared.options()


@pytest.mark.parametrize("registered", [p for p in CRMS if p in WITH_ADAPTER])
def test_a_crm_needs_a_connection_if_and_only_if_it_has_accounts(registered: Registered) -> None:
    assert crm(registered.name).needs_connection == isinstance(adapter(registered.name), Connectable)


@pytest.mark.parametrize("registered", ALL)
def test_a_provider_knows_no_other_provider(registered: Registered) -> None:
    kind, folder = registered.declared.__module__.split(".")[2:4]
    sources = Path(integrations.__file__).parent.joinpath(kind, folder).rglob("*.py")
    named = [name for source in sources for name in ANY_PROVIDER.findall(source.read_text())]
    assert {*named} <= {f"{kind}.{folder}"}


def test_no_two_providers_have_a_public_field_in_common() -> None:
    fields = [field for registered in providers().values() for field in public_fields_of(registered)]
    assert len(fields) == len(set(fields))


def test_the_table_of_providers_in_the_documents_is_the_printed_one() -> None:
    assert (Path(__file__).parents[2] / "docs" / "providers.md").read_text() == provider_table()
