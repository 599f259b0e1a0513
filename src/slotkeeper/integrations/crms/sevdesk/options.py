"""sevDesk's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The category of contacts that attendees become in sevDesk."""

    sevdesk_enabled: bool = False
    sevdesk_category_id: int | None = None
