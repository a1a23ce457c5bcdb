"""Kinds of column and of index that several tables have."""

from typing import Any

from sqlalchemy import String, text


def only_where(condition: str) -> dict[str, Any]:
    """Options of an index that holds some of the rows alone, in both dialects."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


Digits = String(40).with_variant(String(40, collation="C"), "postgresql")
"""In byte order, so that a prefix is a range: the order of a language passes over the plus sign."""
