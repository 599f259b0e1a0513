"""What may be asked of a webhook endpoint, and the checks before it is saved."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.errors import Malformed
from slotkeeper.outbound.address_check import AddressRefused, NoAddress, Resolver, check_address
from slotkeeper.outbound.public_addresses import is_private_name
from slotkeeper.settings import Network

EVENT_TYPES = (
    "booking_created",
    "booking_cancelled",
    "booking_rescheduled",
    "form_submission",
    "new_employee",
    "credential_error",
    "review_submitted",
    "review_published",
    "signature_completed",
    "booking_reassigned",
    "reschedule_proposed",
    "reschedule_proposal_declined",
    "reschedule_proposal_withdrawn",
)
MAX_DESCRIPTION_LENGTH = 1000


class NewEndpoint(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    endpoint: str
    event_types: tuple[str, ...]
    description: str | None = None


class EndpointPatch(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What is not given stays; ``eventTypes`` replaces the whole list; null clears ``description``."""

    endpoint: str | UnsetType = UNSET
    event_types: tuple[str, ...] | UnsetType = UNSET
    description: str | UnsetType | None = UNSET


async def require_valid(
    asked: NewEndpoint | EndpointPatch, allow_networks: Sequence[Network], resolve: Resolver
) -> None:
    """Raises ``Malformed`` naming the field; what a patch leaves out is not looked at."""
    if asked.event_types is not UNSET:
        _require_event_types(asked.event_types)
    if asked.description is not UNSET and asked.description is not None:
        _require_description(asked.description)
    if asked.endpoint is not UNSET:
        await _require_address(asked.endpoint, allow_networks, resolve)


def _require_event_types(event_types: Sequence[str]) -> None:
    if not event_types:
        raise Malformed.field("eventTypes", "must name at least one event type")
    if unknown := [name for name in event_types if name not in EVENT_TYPES]:
        raise Malformed.field("eventTypes", f"unknown: {unknown[0]!r}; there are {', '.join(EVENT_TYPES)}")


def _require_description(description: str) -> None:
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise Malformed.field("description", f"must have at most {MAX_DESCRIPTION_LENGTH} characters")
    if "\0" in description:
        raise Malformed.field("description", "must not contain the character U+0000")


async def _require_address(endpoint: str, allow_networks: Sequence[Network], resolve: Resolver) -> None:
    """A public name that has no address at present is taken: the address is checked again whenever it is dialled."""
    try:
        await check_address(endpoint, allow_networks, resolve)
    except AddressRefused as refusal:
        raise Malformed.field("endpoint", str(refusal)) from refusal
    except NoAddress as refusal:
        if is_private_name(refusal.host):
            raise Malformed.field("endpoint", str(refusal)) from refusal
