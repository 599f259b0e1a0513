"""Print docs/providers.md: ``python -m slotkeeper.integrations.provider_table > docs/providers.md``."""

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from slotkeeper.integrations.registry import Registered, providers

_HEAD = """\
# Providers

Printed from `slotkeeper/integrations/registry.py` by `python -m slotkeeper.integrations.provider_table`;
a test compares.
A provider without an adapter has its public fields already, so that the API's objects are whole; it cannot be
connected yet.

| provider | kind | what it is | adapter | supports | public fields |
|---|---|---|---|---|---|
"""


def provider_table() -> str:
    return _HEAD + "".join(f"{_row(registered)}\n" for registered in providers().values())


def _row(registered: Registered) -> str:
    cells = (
        f"`{registered.name}`",
        registered.kind.replace("_", " "),
        (registered.declared.__doc__ or "").partition("\n")[0],
        "yes" if registered.has_adapter else "no",
        ", ".join(sorted(registered.declared.supports)),
        ", ".join(f"`{field}`" for field in public_fields_of(registered)),
    )
    return f"| {' | '.join(cells)} |"


def public_fields_of(registered: Registered) -> Iterator[str]:
    declared: Any = registered.declared
    if registered.kind == "crm":
        yield from (field.encode_name for field in msgspec.structs.fields(declared.options))
    else:
        yield from declared.hosting_fields


if __name__ == "__main__":
    sys.stdout.write(provider_table())
