"""The other rows that a request names: schedules and resources. Somebody else's is refused like an unknown one."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec

from slotkeeper.errors import Malformed
from slotkeeper.meeting_types.fields import MeetingTypeFields


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What exists in the company: schedules with their owners, and users."""

    availabilities: dict[UUID, UUID] = {}
    users: tuple[UUID, ...] = ()


def reference_params(given: MeetingTypeFields) -> Mapping[str, object]:
    resources = [*_resources(given)]
    schedules = [*_own_schedules(given), *_resource_schedules(given)]
    return {
        "availability_ids": [schedule_id for _, schedule_id in schedules],
        "resource_ids": [resource_id for _, resource_id in resources],
    }


def require_known(given: MeetingTypeFields, known: Known, owner_id: UUID) -> None:
    """Raises ``Malformed`` naming the first member that names nothing."""
    for field, schedule_id in _own_schedules(given):
        if known.availabilities.get(schedule_id) != owner_id:
            raise Malformed.field(field, "must name an availability of the meeting type's owner")
    for field, resource_id in _resources(given):
        if resource_id not in known.users:
            raise Malformed.field(field, "must name a user of this company")
    for field, schedule_id in _resource_schedules(given):
        if schedule_id not in known.availabilities:
            raise Malformed.field(field, "must name an availability of this company")


def _own_schedules(given: MeetingTypeFields) -> Iterator[tuple[str, UUID]]:
    if given.availability_id:
        yield "availabilityId", given.availability_id
    by_channel = (given.meeting_options and given.meeting_options.channel_availabilities) or {}
    for channel, schedule in by_channel.items():
        if isinstance(schedule, UUID):
            yield f"meetingOptions.channelAvailabilities.{channel}", schedule


def _resources(given: MeetingTypeFields) -> Iterator[tuple[str, UUID]]:
    for at, channel in enumerate(given.resource_channels or ()):
        yield f"resourceChannels[{at}].resourceId", channel.resource_id


def _resource_schedules(given: MeetingTypeFields) -> Iterator[tuple[str, UUID]]:
    for at, channel in enumerate(given.resource_channels or ()):
        if channel.availability_id:
            yield f"resourceChannels[{at}].availabilityId", channel.availability_id


KNOWN_JSON = """json_build_object(
    'availabilities', (
        SELECT coalesce(json_object_agg(v.id, v.user_id), '{}') FROM availabilities v
        WHERE v.company_id = %(company_id)s AND v.id = ANY (%(availability_ids)s::uuid[]) AND v.deleted_at IS NULL
    ),
    'users', (
        SELECT coalesce(json_agg(r.id), '[]') FROM users r
        WHERE r.company_id = %(company_id)s AND r.id = ANY (%(resource_ids)s::uuid[]) AND r.deleted_at IS NULL
    )
)"""
