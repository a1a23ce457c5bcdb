"""Queues as rows."""

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from app.domain.queues import MaxWait
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row
from app.records.revision import CONFIGURES


class QueueRow(Row, table=True):
    """A queue; `app.domain.queues.QueueSettings` explains its columns."""

    __tablename__ = "queue"
    __table_args__ = CONFIGURES

    id: str = Field(primary_key=True, max_length=40)
    title: str
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = 0
    target_s: float = 20.0
    ring_s: int = 20
    wrap_up_s: float = 10.0
    preferred_s: float = 10.0
    miss_limit: int = 1
    retry_s: float = 5.0
    max_wait_s: float = 0.0
    max_wait_then: str = MaxWait.STAY.value
    overflow_queue: str | None = Field(
        default=None, sa_column=Column(ForeignKey("queue.id", ondelete="SET NULL"), nullable=True)
    )
    leave_message: str = "please-try-call-later"
    pop_url: str = ""
    paused: str | None = None
    version: int = 1


describe(QueueRow, "queue", reads=Permission.QUEUES_READ)
