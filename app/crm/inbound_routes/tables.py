"""Numbers that can be dialled, and the queue or operator to which each leads."""

from enum import StrEnum

from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row
from app.records.revision import CONFIGURES


class RouteKind(StrEnum):
    """The kind of target of a dialled number."""

    QUEUE = "queue"
    OPERATOR = "operator"


class RouteRow(Row, table=True):
    """The route of a dialled number."""

    __tablename__ = "route"
    __table_args__ = CONFIGURES

    number: str = Field(primary_key=True, max_length=40)
    kind: str
    """A `RouteKind`."""
    target: str
    """A queue's id, or an operator's id in digits."""
    answer: bool = True
    """Answer at once; otherwise the caller hears ringing until an operator answers."""
    music: str = "default"
    """The class of hold music."""
    language: str = ""
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = 0
    version: int = 1


describe(RouteRow, "route", reads=Permission.ROUTES_READ)
