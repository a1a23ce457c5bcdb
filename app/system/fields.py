"""Types of fields that rows and requests share."""

import re
from typing import Annotated, ClassVar, dataclass_transform

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticKnownError

from app.system.errors import ControlCharacters
from app.system.moments import in_range

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_OR_LINE = re.compile(r"[\x00-\x1f\x7f]")


def _no_control(said: str) -> str:
    if _CONTROL_OR_LINE.search(said):
        raise ControlCharacters
    return said


def _no_control_but_lines(said: str) -> str:
    if _CONTROL.search(said):
        raise ControlCharacters
    return said


def _not_blank(said: str) -> str:
    if not any(letter.isprintable() and not letter.isspace() for letter in said):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return said


Moment = Annotated[AwareDatetime, AfterValidator(in_range)]
"""A point in time in UTC, within `app.system.moments.YEARS`."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_no_control)]
"""One line of text, up to 200 characters; may be empty."""
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_no_control),
]
"""One line of text, 1 to 100 characters."""
Prose = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_no_control_but_lines)]
Words = Annotated[Prose, Field(min_length=1), AfterValidator(_not_blank)]
"""Text of several lines, with something to read in it."""
QueueName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")]


class SentBack(BaseModel):
    """An object that may come back with fields of the answer it came from."""

    aside: ClassVar[frozenset[str]] = frozenset()
    """Fields of answers that may be sent back, and are not looked at: see `app.api.sent_back`."""

    @model_validator(mode="before")
    @classmethod
    def _leave_aside(cls, said: object) -> object:
        if not cls.aside or not isinstance(said, dict):
            return said
        left = cls.aside - cls.model_fields.keys()
        return {name: value for name, value in said.items() if name not in left}


@dataclass_transform(kw_only_default=True, field_specifiers=(Field,))
class Fields(SentBack):
    """Fields that a row and its HTTP schemas share, each defined and described once.

    Unknown fields are refused: a request may hold such an object within another.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)
