from ..appointments.conftest import desk

__all__ = ["desk"]  # a fixture: the company's front desk
