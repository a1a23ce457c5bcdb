"""Numbers that can be dialled, and where each leads."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import DialplanSkills, Language, QueueName, RequestModel, Shown
from app.crm.inbound_routes.tables import RouteKind, RouteRow


class RouteIn(RequestModel):
    """Where a dialed number leads."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "queue", "target": "sales", "language": "et"},
                {"kind": "operator", "target": "12"},
            ]
        }
    )

    kind: RouteKind
    """What it leads to."""
    target: QueueName
    """A queue's id, or an operator's id."""
    answer: bool = True
    """Answer at once; otherwise the caller hears ringing until an operator answers."""
    music: Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_.\-]*$")] = "default"
    """The PBX's class of hold music."""
    language: Language = ""
    """The caller's language, such as `et`; empty: none is asked for."""
    skills: DialplanSkills = Field(default_factory=list)
    """What a caller by this number needs, besides the language."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """What its calls have more, or less, than others of their queue, -1,000..1,000."""


class RouteOut(Shown):
    """A number and where it leads."""

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
                }
            ]
        }
    )

    number: str
    """The number that is dialled."""
    kind: RouteKind
    """What it leads to."""
    target: str
    """A queue's id, or an operator's id."""
    answer: bool
    """The call is answered at once; otherwise the caller hears ringing until an operator answers."""
    music: str
    """The PBX's class of hold music."""
    language: str
    """The caller's language; empty: none is asked for."""
    skills: list[str]
    """What a caller by this number needs, besides the language."""
    priority: int
    """What its calls have more, or less, than others of their queue."""

    @classmethod
    def of(cls, row: RouteRow) -> "RouteOut":
        """A row as it is told."""
        return cls.model_validate(row.model_dump())
