"""HubSpot's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is kept in HubSpot; stages and pipelines are HubSpot's internal names."""

    hubspot_contact_sync: bool = False
    hubspot_contact_stage: str | None = None
    """Lifecycle stage of a contact that is created."""
    hubspot_company_sync: bool = False
    hubspot_company_stage: str | None = None
    hubspot_company_matching_field: str | None = None
    """The company property that finds the attendee's company, such as ``domain``."""
    hubspot_deal_sync: bool = False
    hubspot_deal_stage: str | None = None
    hubspot_pipeline_id: str | None = None
