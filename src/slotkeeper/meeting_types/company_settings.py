"""What ``useCompanySettings`` of a meeting type means in a company."""

from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.meeting_types.given import Given
from slotkeeper.records.meeting_options import Setting

CompanySetting = Literal["enabled", "disabled"]


class CompanySettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    double_opt_in: CompanySetting
    require_host_confirmation: CompanySetting


class CompanySettingsPatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays."""

    double_opt_in: Given[CompanySetting] = UNSET
    require_host_confirmation: Given[CompanySetting] = UNSET


def in_effect(setting: Setting, company: CompanySetting) -> bool:
    """Whether a meeting type with this setting asks for it. Pure."""
    return (company if setting == "useCompanySettings" else setting) == "enabled"


async def get_company_settings(connection: Connection, company_id: UUID) -> CompanySettings:
    return _found(await fetch(connection, CompanySettings, _GET, {"company_id": company_id}))


async def update_company_settings(
    connection: Connection, company_id: UUID, given: CompanySettingsPatch
) -> CompanySettings:
    """Holds from the next booking on for every meeting type that leaves it to the company."""
    params = {
        "company_id": company_id,
        "double_opt_in": given.double_opt_in or None,
        "require_host_confirmation": given.require_host_confirmation or None,
    }
    return _found(await fetch(connection, CompanySettings, _UPDATE, params))


def _found(settings: CompanySettings | None) -> CompanySettings:
    if settings is None:
        raise NotFound("company not found")
    return settings


_SETTINGS_JSON = """json_build_object(
    'doubleOptIn', double_opt_in, 'requireHostConfirmation', require_host_confirmation
)::text"""

_GET = f"SELECT {_SETTINGS_JSON} FROM companies WHERE id = %(company_id)s"

_UPDATE = f"""
    UPDATE companies SET
        double_opt_in = coalesce(%(double_opt_in)s::text, double_opt_in),
        require_host_confirmation = coalesce(%(require_host_confirmation)s::text, require_host_confirmation)
    WHERE id = %(company_id)s
    RETURNING {_SETTINGS_JSON}
"""
