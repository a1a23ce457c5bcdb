"""Queues, and the routes that lead to them."""

from dataclasses import asdict
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import QueueName, RequestModel, Skills, Title
from app.domain.ids import QueueId
from app.domain.queues import MaxWait, QueueSettings
from app.live.queue_view import QueueView

_LEAVE_MESSAGE = QueueSettings(QueueId(""), "").leave_message
_DAY_S = 86_400.0
Seconds = Annotated[float, Field(ge=0, le=_DAY_S)]


class QueueIn(RequestModel):
    """How a queue works."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Müük", "skills": [], "target_s": 20, "ring_s": 20, "wrap_up_s": 10}]
        }
    )

    title: Title
    """The name that people see."""
    skills: Skills = Field(default_factory=list)
    """Skills that every call of this queue needs."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """Higher is served first where an operator has several queues, -1,000..1,000."""
    target_s: Seconds = 20.0
    """The service-level target: seconds within which a call is to be answered; 0: no target."""
    ring_s: Annotated[int, Field(ge=3, le=300)] = 20
    """Seconds that an operator's phone rings before the next is asked."""
    wrap_up_s: Seconds = 10.0
    """Seconds for work after a call."""
    preferred_s: Seconds = 10.0
    """Seconds that a call waits for the operator its caller talked with last; 0: not at all."""
    miss_limit: Annotated[int, Field(ge=0, le=100)] = 1
    """Misses in a row after which an operator is put on a break; 0: never."""
    retry_s: Seconds = 5.0
    """Seconds that an operator who missed a call is left alone."""
    max_wait_s: Seconds = 0.0
    """Seconds that a call may wait; 0: as long as the caller likes."""
    max_wait_then: MaxWait = MaxWait.STAY
    """What follows then: `stay` nothing, `queue` the other queue, `leave` a message and the end."""
    overflow_queue: QueueName | None = None
    """The queue that calls go to after the longest wait, with `queue`."""
    leave_message: Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_/\-]+$")] = (
        _LEAVE_MESSAGE
    )
    """The PBX's sound file that is played before a caller is let go, with `leave`."""

    def settings(self, id_: QueueId) -> QueueSettings:
        """As the floor has it."""
        fields = self.model_dump()
        fields["skills"] = frozenset(self.skills)
        return QueueSettings(id_, **fields)


class NewQueue(QueueIn):
    """A new queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "sales", "title": "Müük"}]})

    id: QueueName
    """Its short name, as the dialplan knows it: letters, digits, `-` and `_`."""


class QueueOut(QueueIn):
    """A queue: what is set, and its counts now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "sales",
                    "title": "Müük",
                    "skills": [],
                    "priority": 0,
                    "target_s": 20,
                    "ring_s": 20,
                    "wrap_up_s": 10,
                    "preferred_s": 10,
                    "miss_limit": 1,
                    "retry_s": 5,
                    "max_wait_s": 0,
                    "max_wait_then": "stay",
                    "overflow_queue": None,
                    "leave_message": _LEAVE_MESSAGE,
                    "live": {
                        "id": "sales",
                        "title": "Müük",
                        "waiting": 1,
                        "longest_wait_since": "2026-03-02T09:15:01.000Z",
                        "target_s": 20,
                        "idle": 0,
                        "talking": 2,
                        "wrap_up": 0,
                        "on_break": 1,
                        "members": 3,
                    },
                }
            ]
        }
    )

    id: str
    """Its short name, as the dialplan knows it."""
    live: QueueView | None
    """None while the floor does not have the queue."""

    @classmethod
    def of(cls, settings: QueueSettings, live: QueueView | None) -> "QueueOut":
        """Settings as they are told."""
        fields = asdict(settings) | {"skills": sorted(settings.skills), "live": live}
        return cls.model_construct(**fields)
