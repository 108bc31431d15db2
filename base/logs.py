"""Logs as JSON lines that hold only an allow-list of fields: what a person wrote can never slip in.

An allowed field holds a number or a word of code (ASCII); anything else is replaced by its length. An exception is told
by its class and its places in the code, a library's record by who spoke and where: their words may quote a message.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from base.privacy import mask

ALLOWED = frozenset(
    "event level timestamp room request_id conversation message seq ordinal kind code status method route seconds count"
    " attempts process reason error state holder handoff application worker release channel size port pid version account"
    " where".split()
)
_CODE = re.compile(r"[A-Za-z0-9_.,:;/{}<>()\[\]'+=@ -]{0,200}")


def _only_allowed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        k: v if isinstance(v, (int, float)) or v is None else _code(str(v)) for k, v in event.items() if k in ALLOWED
    }


def _code(text: str) -> str:
    """The text if it looks like code's own words, else only how long it is."""
    return mask(text) if _CODE.fullmatch(text) else f"<{len(text)} characters>"


def _exception(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """`exc_info` becomes the exception's class and where it came from, never its words."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if error is not None:
        event.update(error=type(error).__name__, where=places(error.__traceback__))
    return event


def places(trace: TracebackType | None) -> str:
    """The last four places of a traceback, "file.py:line" each, the innermost last."""
    return " ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-4:])


class _Libraries(logging.Handler):
    """What the libraries log: who and where, in the same form as ours."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
            place = f"{record.module}.py:{record.lineno}"
            speak = structlog.get_logger(room=record.name)
            getattr(speak, "error" if record.levelno >= logging.ERROR else "warning")(
                "library", where=place, error=error
            )
        except Exception:
            self.handleError(record)


def configure(settings: Any) -> None:
    """Send structured logs to standard error at the settings' level, and quieten the libraries."""
    level = getattr(logging, settings.log_level)
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()], force=True)
    logging.raiseExceptions = False  # a record that cannot be written is not printed instead
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception,
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
