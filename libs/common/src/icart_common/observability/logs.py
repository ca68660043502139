"""Structured logs, one JSON object a line, of ids and reasons alone.

Personal data is kept out by construction: only the fields named here are written, values are short, and tracebacks carry
no local variables and no exception text. A field is on the list when its values are codes, counts, places and ids of records
or agencies, never of people. A call that names another is found by the rules of the house: what it says would be lost.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset({
    "event", "level", "timestamp", "service", "runner", "topic", "topics", "partition", "offset", "code", "error", "defect",
    "where", "records", "rows", "seconds", "count", "command", "rule", "clock", "contact", "delivery", "dead_letter", "document",
    "port", "reason_code", "revision", "state", "attempt", "channel", "authority", "version", "logger", "buckets", "lag",
    "instance", "due", "url", "path", "status", "pid", "agency", "fix", "clocks", "moved", "request",
})  # fmt: skip
_LONGEST = 200


def keep_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every field that is not on the list, and cut what is long."""
    dropped = [name for name in event if name not in ALLOWED]
    for name in dropped:
        del event[name]
    for name, value in event.items():
        if isinstance(value, str) and len(value) > _LONGEST:
            event[name] = value[:_LONGEST]
    return event


def _failure(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its class and place: its text may repeat what somebody typed."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if error is None and info:
        error = sys.exc_info()[1]
    if error is not None:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        event["error"] = type(error).__name__
        if trace:
            event["where"] = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
    return event


class _Foreign(logging.Handler):
    """Other libraries' records: their logger's name and the exception's class, never their text."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name, "where": f"{record.filename}:{record.lineno}"}
        if record.exc_info:
            fields["exc_info"] = record.exc_info
        structlog.get_logger().log(record.levelno, "library", **fields)


def configure_logs(service: str, level: str = "INFO") -> None:
    """Write this process's logs as JSON lines to standard output."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _failure,
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(handlers=[_Foreign()], level=max(number, logging.WARNING), force=True)
