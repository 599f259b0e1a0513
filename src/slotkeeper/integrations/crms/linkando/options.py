"""Linkando's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The playbook and the template that an appointment starts in Linkando."""

    linkando_sync_enabled: bool = False
    linkando_playbook_id: int | None = None
    linkando_template_id: int | None = None
