"""Whose turn is it? Pure: the line as it was read, and who is free; the definitions are docs/decisions/0060."""
