"""The outside world: each provider is a folder here and a line in registry.py."""
