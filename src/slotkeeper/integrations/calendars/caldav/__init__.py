"""CalDAV: Nextcloud, Radicale, and any other server whose address a person types."""

from typing import ClassVar

from slotkeeper.integrations.calendars.caldav.settings import CalDavSettings, load_caldav_settings
from slotkeeper.integrations.dav.calendar import DavCalendar
from slotkeeper.integrations.protocols import ConnectForm, FormField


class CalDav(DavCalendar):
    """Any calendar that speaks CalDAV, such as Nextcloud's."""

    name: ClassVar[str] = "caldav"
    form: ClassVar[ConnectForm] = ConnectForm(
        title="CalDAV",
        hint="Nextcloud, Fastmail, mailbox.org and many others speak it. With two-factor sign-in, use an app password.",
        fields=(
            FormField(name="url", part="settings", kind="address", label="Server address"),
            FormField(name="username", part="credentials", kind="text", label="User name"),
            FormField(name="password", part="credentials", kind="password", label="Password"),
        ),
    )

    def __init__(self, settings: CalDavSettings | None = None) -> None:
        super().__init__((settings or load_caldav_settings()).allow_networks)
