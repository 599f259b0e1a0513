"""The languages that the API knows (meetergo-v4-api.md 4.7)."""

from typing import Literal

Language = Literal["en", "de", "fr", "es", "no", "nl", "it", "pl", "sv", "tr", "da"]
