"""Rows that the database refuses as they are, such as text with invalid characters that a caller's phone sent."""

from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

_DATA, _CONSTRAINT = "22", "23"  # SQLSTATE classes


def is_spoiled(error: BaseException) -> bool:
    """Whether an error is due to the rows, and not to the database or the way to it."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return False
        if isinstance(error, (DataError, IntegrityError)):
            return True
        state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or ""
        return str(state)[:2] in (_DATA, _CONSTRAINT)
    if isinstance(error, StatementError):
        return isinstance(error.orig, ValueError)
    return isinstance(error, ValueError)


def clean(value: Any) -> Any:
    """The same value with all its text fit for every database: no NUL, no lone surrogates.

    >>> clean({"caller_name": "Mari\\x00", "skills": ("\\udcff",)})
    {'caller_name': 'Mari', 'skills': ['?']}
    """
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value
