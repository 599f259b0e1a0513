"""Where people book: the address of a meeting type's page, and of a link that books it once. Pure."""

from urllib.parse import quote


def booking_address(public_url: str, user_slug: str, slug: str) -> str:
    """``https://…/<user>/<meeting type>``, as in the API (meetergo-v4-api.md 1.1)."""
    return f"{public_url}/{quote(user_slug)}/{quote(slug)}"


def one_time_address(public_url: str, token: str) -> str:
    """It names no slug, so that it still works after one was changed."""
    return f"{public_url}/o/{token}"
