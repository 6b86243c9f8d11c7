"""Background jobs: at most thirty at once, kept for a day (JOBS)."""

import asyncio
import secrets
from collections.abc import Callable

from emulator.account import Account
from emulator.model import Job, Json
from emulator.refusals import Refusal

MOST = 30
KEPT = 24 * 3600
Result = dict[str, Json]


def start(account: Account, type_: str, steps: list[Callable[[], Result]]) -> Job:
    """Queue a job; it runs in the server's loop, once the answer is written. Raises Refusal (429)."""
    in_flight = [job.id for job in account.jobs.values() if job.status in ("queued", "working")]
    if len(in_flight) >= MOST:
        raise Refusal(
            429,
            {
                "error": "TooManyJobs",
                "description": f"The number of jobs in flight exceeds the limit of {MOST}",
                "current_job_ids": in_flight,
            },
            {"zendesk-ratelimit-inflight-jobs": f"total={MOST}; remaining=0; resets=60", "Retry-After": "60"},
        )
    job = Job(secrets.token_hex(16), type_, "queued", account.clock.now(), len(steps))
    account.jobs[job.id] = job
    task = asyncio.get_running_loop().create_task(_run(account, job, steps))
    account.running_jobs.add(task)
    task.add_done_callback(account.running_jobs.discard)
    return job


async def _run(account: Account, job: Job, steps: list[Callable[[], Result]]) -> None:
    await account.clock.sleep(account.switches.job_seconds)
    job.status = "working"
    for step in steps:
        await asyncio.sleep(0)
        try:
            job.results.append(step())
        except Refusal as refusal:
            job.results.append({"success": False, **_told(refusal)})
        job.progress += 1
    failed = bool(job.results) and not any(result.get("success", True) for result in job.results)
    job.status = "failed" if failed and len(steps) == 1 else "completed"
    job.message = f"Completed at {int(account.clock.now())}"
    for old in [each for each in account.jobs.values() if each.created_at < account.clock.now() - KEPT]:
        del account.jobs[old.id]


def _told(refusal: Refusal) -> Result:
    body = refusal.body if isinstance(refusal.body, dict) else {"error": str(refusal.body)}
    return {"error": body.get("error"), "details": body.get("description")}


def job_json(account: Account, job: Job) -> dict[str, Json]:
    return {
        "id": job.id,
        "job_type": job.type,
        "url": f"{account.address}/api/v2/job_statuses/{job.id}.json",
        "total": job.total,
        "progress": job.progress if job.status != "queued" else None,
        "status": job.status,
        "message": job.message,
        "results": job.results if job.status in ("completed", "failed") else None,
    }
