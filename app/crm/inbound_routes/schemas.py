"""Numbers that can be dialled, and the queue or operator to which each leads."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import DialplanSkills, Language, QueueName, RequestModel, Shown
from app.crm.inbound_routes.tables import RouteKind, RouteRow


class RouteIn(RequestModel):
    """The target of a dialled number, and how its calls are answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "queue", "target": "sales", "language": "et"},
                {"kind": "operator", "target": "12"},
            ]
        }
    )

    kind: RouteKind
    """The kind of target."""
    target: QueueName
    """A queue's id, or an operator's id."""
    answer: bool = True
    """Answer at once; otherwise the caller hears ringing until an operator answers."""
    music: Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_.\-]*$")] = "default"
    """The PBX's class of hold music."""
    language: Language = ""
    """The caller's language, such as `et`; empty: no language is required."""
    skills: DialplanSkills = Field(default_factory=list)
    """Skills that a call to this number needs, besides the language."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """Added to the queue's priority for calls to this number; it may be negative, -1,000..1,000."""


class RouteOut(Shown):
    """A dialled number, its target, and how its calls are answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "6001000",
                    "kind": "queue",
                    "target": "sales",
                    "answer": True,
                    "music": "default",
                    "language": "et",
                    "skills": [],
                    "priority": 0,
                    "version": 1,
                }
            ]
        }
    )

    number: str
    """The number that is dialled."""
    kind: RouteKind
    """The kind of target."""
    target: str
    """A queue's id, or an operator's id."""
    answer: bool
    """The call is answered at once; otherwise the caller hears ringing until an operator answers."""
    music: str
    """The PBX's class of hold music."""
    language: str
    """The caller's language; empty: no language is required."""
    skills: list[str]
    """Skills that a call to this number needs, besides the language."""
    priority: int
    """Added to the queue's priority for calls to this number."""
    version: int
    """The number of the version: with it in quotes as `If-Match` the route is changed."""

    @classmethod
    def of(cls, row: RouteRow) -> "RouteOut":
        """The route as the API shows it."""
        return cls.model_validate(row.model_dump())
