"""Types of columns and options of indexes that several tables share."""

from typing import Any

from sqlalchemy import String, text


def only_where(condition: str) -> dict[str, Any]:
    """Options of an index that has only some of the rows, in both dialects."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


Digits = String(40).with_variant(String(40, collation="C"), "postgresql")
"""Digits in byte order, so that a prefix is a range: the order of a language passes over the plus sign."""
