"""Processes that belong together: children end with their parent, and signals unwind instead of killing."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from threading import Event, Thread
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))
_RESTART_AFTER = 1.0  # seconds
_LOOK_EVERY = 0.1


def unwind_on_signals() -> None:
    """The first signal raises ``SystemExit(0)``, so that every ``with`` block cleans up; later ones are ignored."""
    for number in SIGNALS:
        signal.signal(number, _unwind)


def _unwind(_number: int, _frame: FrameType | None) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def end_with_parent() -> None:
    """Called in a child: should its parent be killed, it ends as if told to (SIGTERM)."""
    if parent := multiprocessing.parent_process():
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def start_child(name: str, run: Callable[..., None], *args: object) -> BaseProcess:
    """A fresh interpreter that imports ``run`` and calls it; it leads a session of its own, so that Ctrl-C in the
    terminal reaches only the parent, which ends its children in order."""
    child = multiprocessing.get_context("spawn").Process(name=name, target=_run, args=(run, *args))
    child.start()
    return child


def _run(run: Callable[..., None], *args: object) -> None:
    os.setsid()
    end_with_parent()
    run(*args)


def end_child(child: BaseProcess, patience: float) -> None:
    """SIGTERM, and SIGKILL to one that has not finished after ``patience`` seconds."""
    child.terminate()
    child.join(patience)
    if child.is_alive():
        child.kill()
        child.join()


@contextmanager
def kept_running(start: Callable[[], BaseProcess], patience: float) -> Iterator[None]:
    """A child that is started again when it dies; on leaving it has ``patience`` seconds to finish its work."""
    leaving = Event()
    keeper = Thread(target=_keep_running, args=(start, leaving, patience))
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()


def _keep_running(start: Callable[[], BaseProcess], leaving: Event, patience: float) -> None:
    while not leaving.is_set():
        child = start()
        while child.is_alive() and not leaving.wait(_LOOK_EVERY):
            pass
        end_child(child, patience)
        leaving.wait(_RESTART_AFTER)
