"""A real server (uvicorn) in a thread, on 127.0.0.1 at a free port: its requests outlive no event loop of a test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from litestar import Litestar

from slotkeeper.serving import listen, url_of


@contextmanager
def served(app_at: Callable[[str], Litestar]) -> Iterator[str]:
    """Its address, at which ``app_at`` makes the app."""
    with listen("127.0.0.1", 0) as listening:
        url = url_of(listening)
        server = uvicorn.Server(uvicorn.Config(app_at(url), log_level="critical", ws="none"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()
