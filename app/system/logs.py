"""Logging: structlog to standard error, phone numbers masked wherever they appear under a known key."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_ROW = re.compile(r"\nDETAIL:.*?(?=\n\[SQL|\n\n|\Z)", re.DOTALL)
"""The part of a PostgreSQL error that quotes the refused row."""
_NUMBER = re.compile(r"\+?\d{7,15}(?!\d)")
_NUMBER_KEYS = frozenset({"number", "caller_number", "caller_sent", "dialed", "phone", "e164"})


def mask_number(number: str) -> str:
    """A phone number fit for a log: all but the last three digits hidden.

    >>> mask_number("+37255500123")
    '*********123'
    """
    return "*" * max(0, len(number) - 3) + number[-3:] if len(number) > 3 else "*" * len(number)


def _mask_numbers(
    _logger: Any,
    _method: str,
    entry: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    for key in _NUMBER_KEYS & entry.keys():
        entry[key] = mask_number(str(entry[key]))
    return entry


def _without_rows(
    _logger: Any,
    _method: str,
    entry: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    """Remove rows that a database quotes from a traceback, and mask phone numbers in it."""
    told = entry.get("exception")
    if isinstance(told, str):
        told = _ROW.sub("", told)
        entry["exception"] = _NUMBER.sub(lambda found: mask_number(found[0]), told)
    return entry


def configure(level: str = "INFO", *, json: bool = False) -> None:
    """Set up logging once, at the start of a process.

    Args:
        level: a standard level name.
        json: one JSON object a line, for log collectors; otherwise lines to read.
    """
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_rows,
            _mask_numbers,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
