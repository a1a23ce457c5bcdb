"""What is said of tags over HTTP."""

from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown
from app.crm.contacts.schemas import ContactOut
from app.crm.tags.tables import TagFields, TagRow

_TAG: dict[str, JsonValue] = {"name": "Hulgiklient", "colour": "blue"}
TAGS_OF_CONTACT: Final = 50


class TagIn(TagFields, RequestModel):
    """A tag, as it is to be."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TAG]})


class TagOut(TagFields, Shown):
    """A tag."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 3, **_TAG}]})

    id: int
    """Its id."""

    @classmethod
    def of(cls, row: TagRow) -> Self:
        """A row as it is told."""
        return cls.model_validate(row, from_attributes=True)


class TagCounted(TagOut):
    """A tag, and how many contacts have it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 3, **_TAG, "contacts": 41}]})

    contacts: int
    """How many contacts have it."""


class TagsIn(RequestModel):
    """The tags of a contact, whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"tags": [3, 8]}]})

    tags: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=TAGS_OF_CONTACT)]
    """Ids of tags; one that comes twice counts once."""


class TaggedContacts(Shown):
    """A page of the contacts that have a tag."""

    items: list[ContactOut]
    """In the order in which they were made."""
    next: str | None
    """Give it as `cursor`; null on the last page."""
