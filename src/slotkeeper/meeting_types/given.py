"""Texts and numbers that requests about meeting types are made of, with their bounds (meetergo-v4-api.md 2.5)."""

from typing import Annotated, TypeAlias, TypeVar

from msgspec import Meta, UnsetType

from slotkeeper.records.language import Language

T = TypeVar("T")
Given: TypeAlias = T | UnsetType
"""A member that may be left out, which is not the same as null."""

Name = Annotated[str, Meta(max_length=200, pattern=r"\S")]
Line = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=10_000)]
NameInLanguages = Annotated[dict[Language, Name | None], Meta(max_length=11)]
TextInLanguages = Annotated[dict[Language, Text | None], Meta(max_length=11)]
Slug = Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$(?!\n)")]
WebAddress = Annotated[
    str, Meta(max_length=2000, pattern=r"^(?:https?://\S+)?$(?!\n)", description="http or https; empty for none")
]
Colour = Annotated[
    str,
    Meta(
        pattern=r"^(?:#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})"
        r"|rgb\( ?[0-9]{1,3} ?, ?[0-9]{1,3} ?, ?[0-9]{1,3} ?\))?$(?!\n)",
        description="#rrggbb or rgb(r, g, b); empty for none",
    ),
]
Duration = Annotated[int, Meta(ge=5, le=480, description="Minutes")]
Buffer = Annotated[int, Meta(ge=0, le=120, description="Minutes")]
Spots = Annotated[int, Meta(ge=1, le=100)]
Locations = Annotated[tuple[Annotated[str, Meta(max_length=1000)], ...], Meta(max_length=50)]
