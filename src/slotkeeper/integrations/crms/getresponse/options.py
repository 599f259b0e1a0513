"""GetResponse's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The GetResponse list that attendees join."""

    get_response_enabled: bool = False
    get_response_campaign_id: str | None = None
    """GetResponse's id of the list."""
