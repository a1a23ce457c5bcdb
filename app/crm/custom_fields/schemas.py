"""Custom fields as the API takes and shows them."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown
from app.crm.custom_fields.tables import Choice, Code, CustomFieldFields, CustomFieldRow, Titles

_FIELD: dict[str, JsonValue] = {
    "kind": "choice",
    "titles": {"en": "Size", "et": "Suurus", "ru": "Размер"},
    "choices": [{"code": "small", "titles": {"en": "Small", "et": "Väike", "ru": "Малый"}}],
    "required": False,
    "position": 10,
    "active": True,
}


class CustomFieldIn(CustomFieldFields, RequestModel):
    """A custom field as the administrator declares it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FIELD]})

    titles: Titles
    """The title that people read."""
    choices: Annotated[list[Choice], Field(max_length=200)] = Field(default_factory=list)
    """The values to choose from; of kind `choice` alone."""


class NewCustomField(CustomFieldIn):
    """A custom field that does not exist yet."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "size", **_FIELD}]})

    code: Code
    """What programs, files and scripts call it; it never changes."""


class CustomFieldOut(CustomFieldFields, Shown):
    """A custom field."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "size", **_FIELD, "version": 1}]})

    code: str
    """What programs, files and scripts call it."""
    titles: Titles
    """The title that people read."""
    choices: list[Choice]
    """The values to choose from."""
    version: int
    """Raised with each change; the same as in `ETag`."""

    @classmethod
    def of(cls, row: CustomFieldRow) -> Self:
        """The field as the API shows it."""
        return cls.model_validate(row, from_attributes=True)
