"""Brevo's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether attendees are kept as Brevo contacts."""

    brevo_enabled: bool = False
