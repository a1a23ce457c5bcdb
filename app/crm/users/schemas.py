"""Users, sessions, tokens."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.accounts.passwords import PASSWORD_MAX, PASSWORD_MIN
from app.accounts.tables import UserRow
from app.api.schemas import Line, RequestModel, Shown, Title
from app.domain.roles import Role

Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$"),
]
NewPassword = Annotated[str, Field(max_length=PASSWORD_MAX, json_schema_extra={"minLength": PASSWORD_MIN})]
"""Told here, judged by `app.accounts.passwords`, which says what to do."""
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


class Credentials(RequestModel):
    """A name and a password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"username": "mari.maasikas", "password": "at-least-10-characters"}]}
    )

    username: Annotated[Line, Field(min_length=1)]
    """The user's name for logging in."""
    password: Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]
    """The password; it is never shown, and never logged."""


class UserOut(Shown):
    """Someone who may log in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_USER]})

    id: int
    """Its id."""
    username: str
    """The name for logging in."""
    display_name: str
    """The name that others see."""
    role: Role
    """What the user may do."""
    language: str
    """The language of the page and of what is said to the user."""
    active: bool
    """Whether the user may log in."""

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


class UserIn(RequestModel):
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
    """The name for logging in: no blanks."""
    password: NewPassword
    """At least 10 characters that are not easily guessed."""
    display_name: Title
    """The name that others see."""
    role: Role = Role.OPERATOR
    """What the user may do."""
    language: UserLanguage = "et"
    """The language of the page and of what is said to the user."""


class UserChange(RequestModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}, {"active": False}]})

    display_name: Title | None = None
    """The name that others see."""
    role: Role | None = None
    """What the user may do."""
    language: UserLanguage | None = None
    """The language of the page and of what is said to the user."""
    active: bool | None = None
    """False: the user is logged out everywhere, and may not log in."""
    password: NewPassword | None = None
    """A new password; the user is logged out everywhere."""


class PasswordChange(RequestModel):
    """A user's own new password."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"current": "the-password-now", "new": "at-least-10-characters"}]}
    )

    current: Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]
    """The password now."""
    new: NewPassword
    """At least 10 characters that are not easily guessed."""


class TokenIn(RequestModel):
    """A program's token."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "CRM", "days": 365}]})

    name: Title
    """What the token is for, so that it is known later which one to revoke."""
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """How long it is good; without it, until it is revoked."""


class TokenOut(Shown):
    """A token as it is kept: without itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    id: int
    """Its id."""
    name: str
    """What it is for."""
    created_at: datetime
    """When it was made."""
    expires_at: datetime | None
    """Until when it is good; null: until it is revoked."""
    last_seen_at: datetime
    """When it was used last, to a minute."""


class NewToken(TokenOut):
    """A token, shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN | {"token": "2XgO...43 characters"}]})

    token: str
    """The token itself, for `Authorization: Bearer`. It is shown this once."""
