"""Merge what a request gives into what is stored, as JSON Merge Patch does (RFC 7396). Pure."""

from collections.abc import Mapping
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

S = TypeVar("S", bound=Struct)
K = TypeVar("K")
V = TypeVar("V")


def patched(stored: S, given: Struct | UnsetType) -> S:
    """``stored`` with the members of ``given`` that it has too and that are given; objects are merged likewise.

    Members whose shapes differ on both sides (ids for schedules …) are the caller's: see ``edited``.
    """
    if given is UNSET:
        return stored
    changes = {name: getattr(given, name) for name in stored.__struct_fields__ if hasattr(given, name)}
    return replace(stored, **{name: _member(getattr(stored, name), new) for name, new in changes.items()})


def patched_map(stored: Mapping[K, V], given: Mapping[K, V | None] | UnsetType) -> dict[K, V]:
    """Null takes a key away."""
    merged = {**stored, **(given or {})}
    return {key: value for key, value in merged.items() if value is not None}


def _member(stored: object, new: object) -> object:
    if isinstance(stored, Struct) and isinstance(new, Struct | UnsetType):
        return patched(stored, new)
    return stored if new is UNSET else new
