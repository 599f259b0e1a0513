"""A change of some members: those that are left out stay."""

from typing import TypeVar

import msgspec
from msgspec import UNSET

T = TypeVar("T", bound=msgspec.Struct)


def given(patch: msgspec.Struct) -> dict[str, object]:
    """The members that were given, null ones included, by the names that they have here."""
    values = {name: getattr(patch, name) for name in patch.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}


def changed(stored: T, patch: msgspec.Struct) -> T:
    """``stored`` with what ``patch``, whose members all are its own, gives."""
    return msgspec.structs.replace(stored, **given(patch))
