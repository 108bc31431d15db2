"""What a figure must carry to mean anything: the machine, the commit, how many were measured, and how they spread."""

from __future__ import annotations

import math
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from base import clock
from base.settings import ROOT


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile (share 0-1) of at least one value."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(seconds: Sequence[float]) -> dict[str, Any]:
    """Count, p50, p95 and maximum of times given in seconds, in milliseconds."""
    if not seconds:
        return {"n": 0}
    found = {"p50_ms": percentile(seconds, 0.5), "p95_ms": percentile(seconds, 0.95), "max_ms": max(seconds)}
    return {"n": len(seconds), **{name: round(value * 1000, 2) for name, value in found.items()}}


def machine() -> dict[str, Any]:
    """Cores, memory, processor and Python of this machine."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "cpu": _cpu(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor()


def commit() -> str | None:
    """The commit of the working tree, with + when it has changes; None outside of git."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def report(name: str, **figures: Any) -> dict[str, Any]:
    """The one object that a bench prints."""
    return {
        "bench": name,
        "at": clock.now().isoformat(timespec="seconds"),
        "machine": machine(),
        "commit": commit(),
        **figures,
    }
