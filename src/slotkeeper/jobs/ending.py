"""How a job ends: in the statement that writes what it did, which also fetches the next job for the place it leaves.

Procrastinate ends a job and fetches the next one with a statement each. One statement for all saves two round trips
and two commits, and leaves no moment in which a job has done its work and is not at its end.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from procrastinate import BaseConnector
from procrastinate.jobs import Job, Notification, Status
from procrastinate.manager import JobManager, NotificationCallback

FINISHED = """finished AS MATERIALIZED (
    SELECT j.worker_id, procrastinate_finish_job_v1(j.id, 'succeeded', false)
    FROM procrastinate_jobs j
    WHERE j.id = %(job_id)s::bigint AND j.worker_id = %(worker_id)s::bigint AND j.status = 'doing'
)"""
"""Ends the job of ``Jobs.ending``, if it was not taken over meanwhile; the statement selects one of the next two."""

ENDED_JSON = "json_build_object('ended', EXISTS (SELECT FROM finished))"

ENDED_AND_NEXT_JSON = """json_build_object(
    'ended', EXISTS (SELECT FROM finished),
    'next', (
        SELECT to_json(n) FROM finished, procrastinate_fetch_job_v2(%(queues)s::varchar[], finished.worker_id) n
        WHERE n.id IS NOT NULL
    )
)"""
"""Not in a statement that changes other jobs: PostgreSQL refuses to change a row twice in one."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``procrastinate_jobs``, as far as a ``Job`` has it."""

    id: int
    queue_name: str
    task_name: str
    priority: int
    lock: str | None
    queueing_lock: str | None
    args: dict[str, object]
    status: str
    scheduled_at: datetime | None
    attempts: int
    worker_id: int


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    ended: bool
    next: Fetched | None = None


class Jobs(JobManager):
    """Procrastinate's, with a place for jobs that were fetched on the way, and with what it forgets to tell itself."""

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self._ended: set[int | None] = set()
        self._next: list[Job] = []
        self._queues: list[str] | None = None
        self._told = False
        self._tell: NotificationCallback | None = None

    def ending(self, job: Job | None) -> Mapping[str, object]:
        """The parameters of the SQL above; without a job nothing is ended and fetched."""
        return {
            "job_id": job.id if job else None,
            "worker_id": job.worker_id if job else None,
            "queues": self._queues,
        }

    def has_ended(self, job: Job, ended: Ended) -> None:
        if ended.ended:
            self._ended.add(job.id)
        if ended.next:
            self._next.append(Job.from_row(msgspec.structs.asdict(ended.next)))

    async def give_back(self) -> None:
        """Those that were fetched while the worker was stopping."""
        while self._next:
            await super().retry_job(self._next.pop())

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """A worker that finds none waits until it is told: what it is told while it looks must not be lost."""
        self._queues = None if queues is None else list(queues)
        while not self._next:
            self._told = False
            job = await super().fetch_job(self._queues, worker_id)
            if job or not (self._told or self._next):
                return job
        return self._next.pop(0)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Nobody is told that a lock is free, so the worker tells itself."""
        if job.id in self._ended:
            self._ended.discard(job.id)
        else:
            await super().finish_job(job, status, delete_job)
        if self._tell and (job.lock or self._next):
            await self._tell(channel="", notification={"type": "job_inserted", "job_id": job.id or 0})

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Not for one that has ended, should it be interrupted right after."""
        if job.id in self._ended:
            self._ended.discard(job.id)
        else:
            await super().retry_job(job, retry_at, priority, queue, lock)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        async def tell(*, channel: str, notification: Notification) -> None:
            self._told = True
            await on_notification(channel=channel, notification=notification)

        self._tell = tell
        try:
            await super().listen_for_jobs(on_notification=tell, queues=queues)
        finally:
            self._tell = None
