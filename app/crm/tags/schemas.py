"""Tags as the API takes and shows them."""

from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown
from app.crm.contacts.schemas import ContactOut
from app.crm.tags.tables import TagFields, TagRow

_TAG: dict[str, JsonValue] = {"name": "Hulgiklient", "colour": "blue"}
TAGS_OF_CONTACT: Final = 50


class TagIn(TagFields, RequestModel):
    """A tag's name and colour."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TAG]})


class TagOut(TagFields, Shown):
    """A tag."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 3, "version": 1, **_TAG}]})

    id: int
    """The tag's id."""
    version: int
    """The number of the version, as in the `ETag`."""

    @classmethod
    def of(cls, row: TagRow) -> Self:
        """The tag as the API shows it."""
        return cls.model_validate(row, from_attributes=True)


class TagCounted(TagOut):
    """A tag, with the number of contacts that have it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": 3, "version": 1, **_TAG, "contacts": 41}]}
    )

    contacts: int
    """The number of contacts that have it."""


class TagsIn(RequestModel):
    """All tags of a contact."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"tags": [3, 8]}]})

    tags: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=TAGS_OF_CONTACT)]
    """The ids of the tags; an id that comes twice counts once."""


class TaggedContacts(Shown):
    """A page of the contacts that have a tag."""

    items: list[ContactOut]
    """The contacts, in the order in which they were made."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
