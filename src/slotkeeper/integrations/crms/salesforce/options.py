"""Salesforce's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is kept in Salesforce; statuses and stages are the org's own picklist values."""

    salesforce_sync_enabled: bool = False
    salesforce_case_sync: bool = False
    salesforce_lead_sync: bool = False
    salesforce_opportunity_sync: bool = False
    salesforce_lead_status: str | None = None
    salesforce_case_status: str | None = None
    salesforce_opportunity_stage: str | None = None
    salesforce_default_object_type: str | None = None
    """``Lead`` or ``Contact``: what an unknown attendee becomes."""
