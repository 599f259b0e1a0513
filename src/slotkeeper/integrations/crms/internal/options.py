"""The internal CRM's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The pipeline of the internal CRM in which a deal is opened."""

    internal_crm_pipeline_id: str | None = None
    internal_crm_stage_id: str | None = None
