"""What is said of dispositions over HTTP."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import RequestModel, Title
from app.crm.dispositions.tables import DispositionRow


class DispositionIn(RequestModel):
    """What an operator says a call came to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "sale",
                    "title": "Müüdud",
                    "titles": {"en": "Sold", "ru": "Продано"},
                    "human": True,
                    "sale": True,
                }
            ]
        }
    )

    code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")]
    """Its short name, for programs; each campaign has a code once."""
    title: Title
    """What operators read."""
    titles: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], Title], Field(max_length=20)
    ] = Field(default_factory=dict)
    """By language, for those who read it; `title` for the others."""
    human: bool = True
    """A person was reached."""
    sale: bool = False
    """It counts as a sale."""
    do_not_call: bool = False
    """The customer does not want to be called: their numbers are not called again, in any campaign."""
    callback: bool = False
    """The customer asked to be called at another time, which the operator then says."""
    unworkable: bool = False
    """The lead is not dialled again."""
    answering_machine: bool = False
    """It was a machine: what the detector is judged by."""
    position: Annotated[int, Field(ge=0, le=1000)] = 0
    """Where it stands in the list."""
    active: bool = True
    """Operators may choose it."""


class NewDisposition(DispositionIn):
    """A new disposition."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"campaign": 3, "code": "callback", "title": "Helistada tagasi", "callback": True}]
        }
    )

    campaign: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """None: for every campaign."""


class DispositionOut(NewDisposition):
    """A disposition."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 5,
                    "campaign": None,
                    "code": "sale",
                    "title": "Müüdud",
                    "titles": {"en": "Sold"},
                    "human": True,
                    "sale": True,
                    "do_not_call": False,
                    "callback": False,
                    "unworkable": False,
                    "answering_machine": False,
                    "position": 0,
                    "active": True,
                }
            ]
        },
        extra="ignore",
    )

    id: int
    """Its id."""

    @classmethod
    def of(cls, row: DispositionRow) -> "DispositionOut":
        """A row as it is told."""
        return cls.model_validate(row.model_dump() | {"campaign": row.campaign_id})
