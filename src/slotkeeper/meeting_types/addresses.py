"""Where people book: the address of a link that books a meeting type once. Pure."""


def one_time_address(public_url: str, token: str) -> str:
    """It names no slug, so that it still works after one was changed."""
    return f"{public_url}/o/{token}"
