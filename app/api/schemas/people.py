"""Users, sessions, tokens."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas.common import Line, Said, Title
from app.passwords import PASSWORD_MAX, PASSWORD_MIN
from app.records.tables import Role, UserRow

Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$"),
]
NewPassword = Annotated[str, Field(max_length=PASSWORD_MAX, json_schema_extra={"minLength": PASSWORD_MIN})]
"""Told here, judged by `app.passwords`, which says what to do."""
UserLanguage = Literal["et", "ru", "en"]
_USER: dict[str, JsonValue] = {
    "id": 12,
    "username": "mari.maasikas",
    "display_name": "Mari Maasikas",
    "role": "operator",
    "language": "et",
    "active": True,
}
_TOKEN: dict[str, JsonValue] = {
    "id": 3,
    "name": "CRM",
    "created_at": "2026-03-02T09:00:00Z",
    "expires_at": "2027-03-02T09:00:00Z",
    "last_seen_at": "2026-03-02T09:00:00Z",
}


class Credentials(Said):
    """A name and a password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"username": "mari.maasikas", "password": "at-least-10-characters"}]}
    )

    username: Annotated[Line, Field(min_length=1)]
    password: Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]


class UserOut(BaseModel):
    """Someone who may log in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_USER]})

    id: int
    username: str
    display_name: str
    role: Role
    language: str
    active: bool

    @classmethod
    def of(cls, row: UserRow) -> "UserOut":
        """A row as it is told."""
        assert row.id is not None
        return cls(
            id=row.id,
            username=row.username,
            display_name=row.display_name,
            role=Role(row.role),
            language=row.language,
            active=row.active,
        )


class Me(UserOut):
    """Who asks."""

    model_config = ConfigDict(json_schema_extra={"examples": [_USER | {"operator": 12}]})

    operator: int | None
    """Set when this user takes calls."""


class UserIn(Said):
    """A new user."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "username": "mari.maasikas",
                    "password": "at-least-10-characters",
                    "display_name": "Mari Maasikas",
                    "role": "operator",
                    "language": "et",
                }
            ]
        }
    )

    username: Username
    password: NewPassword
    display_name: Title
    role: Role = Role.OPERATOR
    language: UserLanguage = "et"


class UserChange(Said):
    """What to change; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}, {"active": False}]})

    display_name: Title | None = None
    role: Role | None = None
    language: UserLanguage | None = None
    active: bool | None = None
    password: NewPassword | None = None


class PasswordChange(Said):
    """A user's own new password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"current": "the-password-now", "new": "at-least-10-characters"}]}
    )

    current: Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]
    new: NewPassword


class TokenIn(Said):
    """A program's token."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "CRM", "days": 365}]})

    name: Title
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """How long it is good; without it, until it is revoked."""


class TokenOut(BaseModel):
    """A token as it is kept: without itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_seen_at: datetime


class NewToken(TokenOut):
    """A token, shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN | {"token": "2XgO...43 characters"}]})

    token: str
