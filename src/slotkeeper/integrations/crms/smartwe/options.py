"""SmartWe and CAS genesisWorld's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is kept in SmartWe."""

    smart_we_contact_sync: bool = False
    smart_we_company_sync: bool = False
    smart_we_deal_sync: bool = False
    smart_we_deal_stage: str | None = None
    """STATUS of a GWOPPORTUNITY that is created."""
