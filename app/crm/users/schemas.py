"""Users and their roles, sessions, tokens."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.accounts.passwords import PASSWORD_MAX, PASSWORD_MIN
from app.accounts.roles import permissions_in
from app.accounts.tables import RoleRow, UserRow
from app.api.schemas import Line, RequestModel, Shown, Title
from app.domain.roles import PERMISSIONS, Permission, Role

Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$"),
]
NewPassword = Annotated[str, Field(max_length=PASSWORD_MAX, json_schema_extra={"minLength": PASSWORD_MIN})]
"""Told here, judged by `app.accounts.passwords`, which says what to do."""
RoleName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_\-]*$")]
UserLanguage = Literal["et", "ru", "en"]
_USER: dict[str, JsonValue] = {
    "id": 12,
    "username": "mari.maasikas",
    "display_name": "Mari Maasikas",
    "role": "operator",
    "language": "et",
    "active": True,
}
_ROLE: dict[str, JsonValue] = {
    "title": "Meeskonnajuht",
    "permissions": ["own", "floor.read", "floor.watch", "operators.read"],
    "phone": "operator",
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
    role: str
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
            role=row.role,
            language=row.language,
            active=row.active,
        )


class Me(UserOut):
    """Who asks."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_USER | {"operator": 12, "permissions": ["own", "calls.read"]}]}
    )

    operator: int | None
    """Set when this user takes calls."""
    permissions: list[Permission]
    """What the user's role may do."""


class RoleIn(RequestModel):
    """A role, as an administrator makes it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROLE]})

    title: Title
    """What people call it."""
    permissions: Annotated[list[Permission], Field(max_length=len(Permission))]
    """What it may do; `own` is needed to log in to anything of use."""
    phone: Role = Role.OPERATOR
    """The role that is always there whose limits hold for calls outside from its users' phones."""


class RoleOut(Shown):
    """A role."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "team_lead", "built_in": False, **_ROLE}]}
    )

    name: str
    """Its name, by which users have it."""
    title: str
    """What people call it; empty for those that are always there."""
    permissions: list[Permission]
    """What it may do."""
    phone: Role
    """The role that is always there whose limits hold for calls outside from its users' phones."""
    built_in: bool
    """It is always there, and stays as it is."""

    @classmethod
    def of(cls, row: RoleRow) -> "RoleOut":
        """One that was made, as it is told."""
        return cls(
            name=row.name,
            title=row.title,
            permissions=sorted(permissions_in(row, row.name)),
            phone=Role(row.phone),
            built_in=False,
        )

    @classmethod
    def always_there(cls) -> "list[RoleOut]":
        """Those that nobody made."""
        return [
            cls(name=role.value, title="", permissions=sorted(has), phone=role, built_in=True)
            for role, has in PERMISSIONS.items()
        ]


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
    role: RoleName = Role.OPERATOR.value
    """What the user may do: one of `GET /roles`."""
    language: UserLanguage = "et"
    """The language of the page and of what is said to the user."""


class UserChange(RequestModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}, {"active": False}]})

    display_name: Title | None = None
    """The name that others see."""
    role: RoleName | None = None
    """What the user may do: one of `GET /roles`."""
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
