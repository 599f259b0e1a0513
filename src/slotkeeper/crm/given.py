"""What a patch gives, as assignments. Pure.

The names in the SQL are those of the struct's own fields, never a caller's.
"""

from collections.abc import Collection
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.records import patch


def given(struct: msgspec.Struct) -> dict[str, Any]:
    """The fields that are not left out; an empty text is none."""
    return {name: None if value == "" else value for name, value in patch.given(struct).items()}


def assignments(values: dict[str, Any], merged: Collection[str] = ()) -> tuple[str, dict[str, object]]:
    """For ``SET``, with their parameters; empty for nothing. Columns are named like fields.

    Of a ``merged`` object only the members that are given change, and a null removes its member.
    """
    sql, params = ["updated_at = now()"], dict[str, object]()
    for name, value in values.items():
        if name in merged:
            sql.append(f"{name} = ({name} || %({name})s) - %({name}_gone)s::text[]")
            params |= {name: Jsonb(_kept(value)), f"{name}_gone": _gone(value)}
        else:
            sql.append(f"{name} = %({name})s")
            params[name] = value
    return ", ".join(sql), params


def document(value: Any) -> dict[str, Any]:
    """An object as it is stored: without members that are left out or null."""
    return _kept(value)


def _kept(value: Any) -> dict[str, Any]:
    return {name: member for name, member in _members(value).items() if member is not None}


def _gone(value: Any) -> list[str]:
    return [name for name, member in _members(value).items() if member is None]


def _members(value: Any) -> dict[str, Any]:
    members: dict[str, Any] = msgspec.to_builtins(value) if value is not None else {}
    return members
