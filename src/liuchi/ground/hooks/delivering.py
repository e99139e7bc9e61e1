"""Sending what was taken: receivers beside one another, what is for one of them one after the other."""

import json
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from liuchi.ground.hooks.outcomes import Outcome, Parcel
from liuchi.ground.hooks.signing import signed_headers
from liuchi.ground.hooks.timing import wished
from liuchi.ground.kernel.jobs import Stopped, pause_if_stopping
from liuchi.ground.kernel.outgoing import Limits, NotReached, Request, exchange

#: What a receiver is given to answer; nothing of its answer is read but the head.
PATIENCE: Final = Limits(seconds=15, size=65_536)
#: Receivers that are spoken to at the same time.
AT_ONCE: Final = 8


def deliver(parcels: Sequence[Parcel]) -> list[Outcome]:
    """Send parcels and return how each went.

    What is left for a receiver that could not be reached is returned untried, and so is all the rest when the worker
    stops.
    """
    batches: dict[object, list[Parcel]] = {}
    for parcel in parcels:
        batches.setdefault(parcel.subscription_id, []).append(parcel)
    with ThreadPoolExecutor(min(AT_ONCE, len(batches) or 1), "hooks") as threads:
        return [outcome for outcomes in threads.map(_to_one_receiver, batches.values()) for outcome in outcomes]


def _to_one_receiver(parcels: Iterable[Parcel]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    is_over = False
    for parcel in parcels:
        is_over = is_over or _is_stopping()
        outcome = Outcome(parcel.delivery_id, parcel.subscription_id) if is_over else send(parcel)
        is_over = is_over or outcome.is_out_of_reach
        outcomes.append(outcome)
    return outcomes


def _is_stopping() -> bool:
    try:
        pause_if_stopping()
    except Stopped:
        return True
    return False


def send(parcel: Parcel) -> Outcome:
    """Make one attempt, signed for this moment; return how it went."""
    body = json.dumps(parcel.content, ensure_ascii=False, separators=(",", ":")).encode()
    # The receiver compares with its own clock: the real time, whatever the house's clock is set to.
    signed = signed_headers(parcel.secrets, parcel.message_id, int(time.time()), body)
    request = Request(parcel.address, "POST", body, {**signed, "Content-Type": "application/json; charset=utf-8"})
    begun = time.monotonic()
    status, error, wish = None, "", None
    try:
        answer = exchange(request, limits=PATIENCE)
    except NotReached as failure:
        error = failure.code
    else:
        status = answer.status
        wish = wished(answer.headers.get("retry-after", ""))
    took = int((time.monotonic() - begun) * 1000)
    return Outcome(parcel.delivery_id, parcel.subscription_id, status, error, took, wish)
