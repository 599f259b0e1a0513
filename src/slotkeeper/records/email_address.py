"""An e-mail address as bodies bring it."""

from typing import Annotated

import msgspec

PATTERN = r"^[^@\s]{1,64}@[^@\s]{1,189}$(?!\n)"
"""Python's ``$`` also matches before a last line feed, JSON Schema's does not."""
Email = Annotated[str, msgspec.Meta(pattern=PATTERN, max_length=254)]
EmailOrEmpty = Annotated[str, msgspec.Meta(pattern=rf"^$(?!\n)|{PATTERN}", max_length=254)]
"""Some clients send an empty text for what their user left blank."""
