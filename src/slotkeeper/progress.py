"""What happens at the moment, on stderr, so that stdout holds nothing but the report."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Step:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def at(self, done: int, of: int) -> None:
        self._progress.update(self._task, completed=done, total=max(of, 1))


class Steps:
    """One line for each step, with its bar and its time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        task = self._progress.add_task(title, total=1)
        step = Step(self._progress, task)
        yield step
        whole = self._progress.tasks[task].total
        self._progress.update(task, completed=whole)


@contextmanager
def shown_steps() -> Iterator[Steps]:
    columns = (
        SpinnerColumn(finished_text="*"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Steps(progress)
