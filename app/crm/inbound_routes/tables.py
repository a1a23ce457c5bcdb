"""Numbers that can be dialled, and where each leads."""

from enum import StrEnum

from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row
from app.records.revision import CONFIGURES


class RouteKind(StrEnum):
    """Where a dialed number leads."""

    QUEUE = "queue"
    OPERATOR = "operator"


class RouteRow(Row, table=True):
    """Where a dialed number leads."""

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
    """Class of hold music."""
    language: str = ""
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = 0


describe(RouteRow, "route", reads=Permission.ROUTES_READ)
