"""iCloud: CalDAV at Apple's server, with a password that Apple makes for one app (support.apple.com/102654)."""

from typing import ClassVar

from slotkeeper.integrations.dav.calendar import DavCalendar
from slotkeeper.integrations.protocols import ConnectForm, FormField


class ICloud(DavCalendar):
    """Apple's iCloud, by CalDAV with an app-specific password."""

    name: ClassVar[str] = "icloud"
    server: ClassVar[str] = "https://caldav.icloud.com/"
    form: ClassVar[ConnectForm] = ConnectForm(
        title="iCloud",
        hint="Your Apple password does not work here. Make an app-specific password at account.apple.com, "
        "under Sign-In and Security.",
        fields=(
            FormField(name="username", part="credentials", kind="text", label="Apple Account (e-mail address)"),
            FormField(name="password", part="credentials", kind="password", label="App-specific password"),
        ),
    )
