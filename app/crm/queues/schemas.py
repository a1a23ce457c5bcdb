"""Queues as the API takes and shows them."""

from dataclasses import asdict
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import Line, QueueName, RequestModel, Skills, Title
from app.domain.ids import QueueId
from app.domain.queues import MaxWait, QueueSettings
from app.live.queue_view import QueueView

_LEAVE_MESSAGE = QueueSettings(QueueId(""), "").leave_message
_DAY_S = 86_400.0
Seconds = Annotated[float, Field(ge=0, le=_DAY_S)]


class QueueIn(RequestModel):
    """The settings of a queue."""

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
    """The queue's priority, -1,000..1,000: an operator who serves several queues gets calls of the highest first."""
    target_s: Seconds = 20.0
    """The service-level target: seconds within which a call is to be answered; 0: no target."""
    ring_s: Annotated[int, Field(ge=3, le=300)] = 20
    """Seconds that an operator's phone rings before the call is offered to the next operator."""
    wrap_up_s: Seconds = 10.0
    """Seconds of wrap-up after a call."""
    preferred_s: Seconds = 10.0
    """Seconds that a call waits for the operator who last talked with its caller; 0: it does not wait."""
    miss_limit: Annotated[int, Field(ge=0, le=100)] = 1
    """The number of missed offers in a row after which an operator is put on a break; 0: never."""
    retry_s: Seconds = 5.0
    """Seconds for which an operator who missed an offer is offered no call."""
    max_wait_s: Seconds = 0.0
    """The longest wait of a call in seconds; 0: no limit."""
    max_wait_then: MaxWait = MaxWait.STAY
    """What happens after the longest wait: `stay` (the call goes on waiting), `queue` (it goes to the overflow queue)
    or `leave` (a message is played and the call ends).
    """
    overflow_queue: QueueName | None = None
    """The overflow queue, for `queue`."""
    leave_message: Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_/\-]+$")] = (
        _LEAVE_MESSAGE
    )
    """The PBX's sound file that is played before the call ends, for `leave`."""
    pop_url: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = ""
    """The address that the operator's desktop opens when the phone rings; empty: none. Variables stand in braces, such
    as `https://crm.example/find?phone={number}`, and are encoded; `{crm_url}` alone is the caller's page in the CRM.
    """

    def settings(self, id_: QueueId) -> QueueSettings:
        """The settings in the form that the floor uses."""
        fields = self.model_dump()
        fields["skills"] = frozenset(self.skills)
        return QueueSettings(id_, **fields)


class NewQueue(QueueIn):
    """A new queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "sales", "title": "Müük"}]})

    id: QueueName
    """The queue's short name, by which the dialplan knows it: letters, digits, `-` and `_`."""


class PauseIn(RequestModel):
    """Whether a queue is paused."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"paused": True, "reason": "fire drill"}, {"paused": False}]}
    )

    paused: bool
    """True: nobody waits in it. False: it is open."""
    reason: Line = ""
    """Why it is paused, as colleagues read it on the wallboard."""

    @property
    def why(self) -> str | None:
        """As the floor has it."""
        return self.reason if self.paused else None


class QueueOut(QueueIn):
    """A queue: its settings, and its counts now."""

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
                    "pop_url": "https://crm.example/find?phone={number}",
                    "paused": None,
                    "version": 1,
                    "live": {
                        "id": "sales",
                        "title": "Müük",
                        "waiting": 1,
                        "longest_wait_since": "2026-03-02T09:15:01.000Z",
                        "target_s": 20,
                        "paused": None,
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
    """The queue's short name, by which the dialplan knows it."""
    paused: str | None
    """Why the queue is paused, which may be empty: nobody waits in it. null: it is open."""
    version: int
    """The number of the version, as in the `ETag`."""
    live: QueueView | None
    """The queue's counts now; null while the queue is not on the floor."""

    @classmethod
    def of(cls, settings: QueueSettings, version: int, live: QueueView | None) -> "QueueOut":
        """The settings as the API shows them."""
        fields = asdict(settings) | {"skills": sorted(settings.skills), "version": version, "live": live}
        return cls.model_construct(**fields)
