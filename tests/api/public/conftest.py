from ..v4.conftest import api, desk

__all__ = ["api", "desk"]
