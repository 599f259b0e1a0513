"""KlickTipp's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether attendees are kept as KlickTipp subscribers."""

    klicktipp_enabled: bool = False
