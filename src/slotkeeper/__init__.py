"""slotkeeper: a scheduling server where a move and everything that hangs on it is one commit."""

__version__ = "0.1.0"
