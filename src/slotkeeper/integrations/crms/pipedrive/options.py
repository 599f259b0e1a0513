"""Pipedrive's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is kept in Pipedrive; ids are Pipedrive's."""

    pipedrive_deal_sync: bool = False
    pipedrive_contact_sync: bool = False
    pipedrive_pipeline_id: int | None = None
    pipedrive_stage_id: int | None = None
    pipedrive_use_existing_deal: bool = False
    """Hang the activity on the person's open deal, if there is one, instead of a new deal."""
