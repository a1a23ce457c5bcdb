"""Run by Alembic, with the connection it is given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import JSON
from sqlmodel import AutoString

from app.records.base import UtcDateTime
from app.records.migrations import is_compared


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our own types by the names that `script.py.mako` imports; SQLModel's strings as plain ones."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, JSON):
        return "Json"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["tables"],
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=render_item,
    include_name=is_compared,
    compare_server_default=False,
)
context.run_migrations()
