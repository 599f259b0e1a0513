"""How long the texts of the CRM may be."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=255)]
Long = Annotated[str, msgspec.Meta(max_length=10_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Tags = Annotated[Sequence[Tag], msgspec.Meta(max_length=100)]
Phone = Annotated[str, msgspec.Meta(max_length=50)]
Moment = Annotated[str, msgspec.Meta(max_length=40, description="ISO 8601 with a zone, or a date in the caller's zone")]
Day = Annotated[str, msgspec.Meta(max_length=40, description="ISO 8601 date; of an instant, the day that it names")]
