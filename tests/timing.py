"""How long something takes at its quickest: what bounds on hostile input are held against, whatever else the machine does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def quickest(work: Callable[..., Any], *given: Any, rounds: int = 12) -> float:
    """Seconds of this thread's processor time in the quickest of some rounds."""
    spent = []
    for _ in range(rounds):
        start = time.thread_time()
        work(*given)
        spent.append(time.thread_time() - start)
    return min(spent)
