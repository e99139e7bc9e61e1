"""The part of the worker that runs jobs: beside the sealer, in threads, until told to stop."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from croniter import croniter
from django.db import connection
from procrastinate import App, PsycopgConnector, RetryDecision
from procrastinate.contrib.django import connector_params
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as Waiting
from procrastinate.retry import BaseRetryStrategy

from liuchi.ground.kernel import clock, jobs
from liuchi.ground.kernel.errors import describe_failure
from liuchi.ground.kernel.jobs import FAILED_WITH, Job, Stopped

#: Jobs that run at the same time in each lane.
LANES: Final = {"quick": 3, "long": 1, "outgoing": 4}
#: Seconds that running jobs are given once the worker was told to stop.
GRACE: Final = 1.0
#: Seconds between two signs of life, and between two looks for jobs; after how much silence a worker counts as dead.
HEARTBEAT, SILENCE = 2.0, 10.0
#: Seconds between two attempts while the database is away.
PAUSE: Final = 2.0
#: A repeated job missed while no worker ran is made up for within this time, once.
MISSED: Final = timedelta(hours=24)
#: Workers that a job may take with it before it is laid aside.
MOST_DEATHS: Final = 5
LONGEST_PAUSE: Final = 300
CHINA: Final = ZoneInfo("Asia/Shanghai")
_log = structlog.get_logger(__name__)

# A job whose worker is gone goes back into its queue, unless it keeps taking its workers with it.
_RESCUE = """
WITH stalled AS (
    SELECT job.id, job.attempts FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
        AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(silence)s))
    FOR UPDATE OF job SKIP LOCKED
)
SELECT id, CASE WHEN attempts < %(most)s THEN procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)::text
    ELSE procrastinate_finish_job_v1(id, 'failed', false)::text END AS done FROM stalled
"""
_NOTE = "UPDATE procrastinate_jobs SET args = args || %(note)s WHERE id = %(id)s"


class JobWorker:
    """Runs jobs in a thread of its own, from `start` until `stop` is set."""

    def __init__(self, wired: Mapping[str, Job], stop: threading.Event) -> None:
        self.wired = wired
        self.stop = stop
        self.thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._running: set[asyncio.Future[None]] = set()

    def start(self) -> None:
        """Begin."""
        jobs.stopping = self.stop
        self.thread.start()

    def end(self, within: float = 2 * GRACE) -> bool:
        """Stop, and tell whether everything had ended `within` so many seconds.

        A job that does not end is cut off with the process; it was put back into its queue and begins again.
        """
        self.stop.set()
        self.thread.join(within)
        return not self.thread.is_alive()

    def _run(self) -> None:
        asyncio.run(self._keep_working())

    async def _keep_working(self) -> None:
        """Outlive restarts of the database."""
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        trouble = ""
        while not self.stop.is_set():
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - whatever ends the work, it is begun again
                if type(error).__name__ != trouble:
                    _log.warning("jobs.waiting", trouble=type(error).__name__)
                trouble = type(error).__name__
                await self._stopped(PAUSE)
            else:
                trouble = ""

    async def _work(self) -> None:
        """Work until told to stop.

        Raises:
            Exception: whatever the database's absence looks like from where we stood.
        """
        app = App(connector=PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=5, timeout=5))
        for job in self.wired.values():
            app.task(name=job.name, queue=job.lane, pass_context=True, retry=_Backoff(job))(self._task(job))
        try:
            if await self._opened(app):
                lanes = [asyncio.create_task(_lane(app, name)) for name in LANES]
                sides = [
                    asyncio.create_task(each) for each in (_rescue(app), _keep_time(app, self.wired), self._stopped())
                ]
                await asyncio.wait([*lanes, *sides], return_when=asyncio.FIRST_COMPLETED)
                await self._wind_up(lanes, sides)
        finally:
            await app.close_async()

    async def _opened(self, app: App) -> bool:
        """Connect, and tell whether that came before the wish to stop."""
        opening = asyncio.ensure_future(app.connector.open_async())
        stopped = asyncio.create_task(self._stopped())
        await asyncio.wait([opening, stopped], return_when=asyncio.FIRST_COMPLETED)
        for each in (opening, stopped):
            each.cancel()
        await asyncio.wait([opening, stopped])
        return not opening.cancelled() and opening.result() is None

    async def _wind_up(self, lanes: list[asyncio.Task[None]], sides: list[asyncio.Task[None]]) -> None:
        """Let running jobs end; those that do not in time, once we are to stop, are put back."""
        ended = [each for each in (*lanes, *sides) if each.done()]
        for each in (*lanes, *sides):
            each.cancel()
        ending = asyncio.gather(*lanes, *sides, return_exceptions=True)
        patience = 0.0
        while not ending.done():
            await asyncio.wait([ending], timeout=0.1)
            patience += 0.1 * self.stop.is_set()
            if patience > GRACE:
                for running in [each for each in self._running if not each.done()]:
                    running.set_exception(Stopped())
        for each in ended:
            each.result()

    async def _stopped(self, within: float | None = None) -> None:
        """Return when told to stop, or after so many seconds."""
        waited = 0.0
        while not self.stop.is_set() and (within is None or waited < within):
            await asyncio.sleep(0.1)
            waited += 0.1

    def _task(self, job: Job) -> Callable[..., Any]:
        async def run(context: JobContext, **arguments: Any) -> None:
            given = {name: value for name, value in arguments.items() if name not in (FAILED_WITH, "timestamp")}
            try:
                await self._in_thread(job, given)
            except Stopped:
                _log.info("job.put_back", job=job.name, number=context.job.id)
                raise
            except Exception as error:
                await _note_failure(context, job, error)
                raise

        return run

    async def _in_thread(self, job: Job, given: Mapping[str, Any]) -> None:
        """Run a job where nobody has to wait for it: a thread that ends with the process, whatever it is doing."""
        loop = asyncio.get_running_loop()
        running: asyncio.Future[None] = loop.create_future()
        self._running.add(running)
        running.add_done_callback(self._running.discard)

        def tell(error: BaseException | None) -> None:
            if not running.done():
                running.set_exception(error) if error else running.set_result(None)

        def work() -> None:
            error: BaseException | None = None
            try:
                job.run(**given)
            except BaseException as raised:  # noqa: BLE001 - told to whoever waits
                error = raised
            finally:
                connection.close()
            if not loop.is_closed():
                loop.call_soon_threadsafe(tell, error)

        threading.Thread(target=work, name=job.name, daemon=True).start()
        await running


class _Backoff(BaseRetryStrategy):
    """Again after 2, 4, 8 … seconds, at most five minutes; one that was only interrupted, at once."""

    def __init__(self, job: Job) -> None:
        self.attempts = job.attempts

    def get_retry_decision(self, *, exception: BaseException, job: Waiting) -> RetryDecision | None:
        if isinstance(exception, (Stopped, asyncio.CancelledError)):
            return RetryDecision(retry_at=datetime.now(UTC))
        if job.attempts + 1 >= self.attempts:
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** (job.attempts + 1), LONGEST_PAUSE)})


def last_moment(cron: str, now: datetime) -> datetime:
    """Return when a job repeated by `cron` (China time) was last to begin, seen from `now`; aware."""
    found: datetime = croniter(cron, now.astimezone(CHINA)).get_prev(datetime)
    return found


async def _lane(app: App, name: str) -> None:
    await app.run_worker_async(
        queues=[name],
        name=name,
        concurrency=LANES[name],
        install_signal_handlers=False,
        delete_jobs="successful",
        fetch_job_polling_interval=HEARTBEAT,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENCE,
    )


async def _rescue(app: App) -> None:
    """Put jobs whose worker died back into their queue, as long as this one lives."""
    while True:
        found = await app.connector.execute_query_all_async(_RESCUE, silence=SILENCE, most=MOST_DEATHS)
        if found:
            _log.warning("jobs.taken_up_again", count=len(found))
        await asyncio.sleep(HEARTBEAT)


async def _keep_time(app: App, wired: Mapping[str, Job]) -> None:
    """Put repeated jobs into their queue when their time comes; the database lets each moment in once."""
    seen: dict[str, datetime] = {}
    while True:
        now = clock.now()
        for job in (each for each in wired.values() if each.cron):
            moment = last_moment(job.cron, now)
            if seen.get(job.name) != moment and now - moment < MISSED:
                await _begin_at(app, job, int(moment.timestamp()))
            seen[job.name] = moment
        await asyncio.sleep(1)


async def _begin_at(app: App, job: Job, moment: int) -> None:
    ready = app.configure_task(
        job.name, lock=job.name, queueing_lock=job.name, queue=job.lane, task_kwargs={"timestamp": moment}
    )
    try:
        await app.job_manager.defer_periodic_job(job=ready.job, periodic_id="", defer_timestamp=moment)
    except AlreadyEnqueued:
        _log.info("job.still_waiting", job=job.name)


async def _note_failure(context: JobContext, job: Job, error: Exception) -> None:
    failure, attempts = describe_failure(error), context.job.attempts + 1
    for_good = attempts >= job.attempts
    told = _log.error if for_good else _log.warning
    told(
        "job.laid_aside" if for_good else "job.failed",
        job=job.name,
        number=context.job.id,
        attempts=attempts,
        error=failure,
    )
    await context.app.connector.execute_query_async(_NOTE, note={FAILED_WITH: failure}, id=context.job.id)
