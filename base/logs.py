"""Logs as JSON lines that hold only an allow-list of fields: what a person wrote can never slip in."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

ALLOWED = frozenset(
    "event level timestamp room request_id conversation message seq ordinal kind code status method route seconds count"
    " attempts process reason error state holder handoff application worker release channel size port pid version account".split()
)


def _only_allowed(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, (int, float, bool)) or v is None else str(v)[:200] for k, v in event.items() if k in ALLOWED}


def configure(settings: Any) -> None:
    """Send structured logs to standard error at the settings' level, and quieten the libraries."""
    level = getattr(logging, settings.log_level)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s", force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get_log(room: str) -> Any:
    """The logger of a room; fields outside of ALLOWED are dropped."""
    return structlog.get_logger(room=room)  # lazy: loggers made at import time follow a later `configure`
