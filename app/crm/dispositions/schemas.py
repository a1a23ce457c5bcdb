"""Dispositions as the API takes and shows them."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.api.schemas import RequestModel
from app.crm.dispositions.tables import DispositionFields, DispositionRow


class DispositionIn(RequestModel, DispositionFields):
    """A result that an operator may set for a call."""

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


class NewDisposition(DispositionIn):
    """A new disposition."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"campaign": 3, "code": "callback", "title": "Helistada tagasi", "callback": True}]
        }
    )

    campaign: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The campaign's id; null: it is for every campaign."""


class DispositionOut(NewDisposition):
    """A disposition."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 5,
                    "version": 1,
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
    """The disposition's id."""
    version: int
    """The number of the version: with it in quotes as `If-Match` the disposition is changed."""

    @classmethod
    def of(cls, row: DispositionRow) -> "DispositionOut":
        """The disposition as the API shows it."""
        return cls.model_validate(row.model_dump() | {"campaign": row.campaign_id})
