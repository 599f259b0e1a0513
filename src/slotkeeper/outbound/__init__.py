"""Requests to addresses that people typed in: checked, pinned, bounded."""
