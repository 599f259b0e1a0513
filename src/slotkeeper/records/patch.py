"""Merge what a request gives into what is stored, as JSON Merge Patch does (RFC 7396): what is left out stays. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

S = TypeVar("S", bound=Struct)
K = TypeVar("K")
V = TypeVar("V")


def given(patch: Struct) -> dict[str, object]:
    """The members that were given, null ones included, by the names that they have here."""
    values = {name: getattr(patch, name) for name in patch.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}


def patched(stored: S, patch: Struct | UnsetType) -> S:
    """``stored`` with the members of ``patch`` that it has too and that are given; objects are merged likewise.

    Members whose shapes differ on both sides (ids for schedules …) are the caller's.
    """
    if patch is UNSET:
        return stored
    changes = {name: value for name, value in given(patch).items() if name in stored.__struct_fields__}
    return replace(stored, **{name: _member(getattr(stored, name), new) for name, new in changes.items()})


def patched_map(stored: Mapping[K, V], patch: Mapping[K, V | None] | UnsetType) -> dict[K, V]:
    """Null takes a key away."""
    merged = {**stored, **(patch or {})}
    return {key: value for key, value in merged.items() if value is not None}


def _member(stored: object, new: object) -> object:
    return patched(stored, new) if isinstance(stored, Struct) and isinstance(new, Struct) else new
