"""Users and their roles, sessions and tokens."""

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
"""The schema shows the limits; `app.accounts.passwords` checks the password, and its refusals say what to do."""
RoleName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_\-]*$")]
UserLanguage = Literal["et", "ru", "en"]
_USER: dict[str, JsonValue] = {
    "id": 12,
    "username": "mari.maasikas",
    "display_name": "Mari Maasikas",
    "role": "operator",
    "language": "et",
    "active": True,
    "version": 1,
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
    """The user's id."""
    username: str
    """The name for logging in."""
    display_name: str
    """The name that others see."""
    role: str
    """The name of the user's role."""
    language: str
    """The language of the page and of messages to the user."""
    active: bool
    """Whether the user may log in."""
    version: int
    """The number of the version, as in the `ETag`."""

    @classmethod
    def of(cls, row: UserRow) -> "UserOut":
        """The user as the API shows it."""
        assert row.id is not None
        return cls(
            id=row.id,
            username=row.username,
            display_name=row.display_name,
            role=row.role,
            language=row.language,
            active=row.active,
            version=row.version,
        )


class Me(UserOut):
    """The user who is logged in."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_USER | {"operator": 12, "permissions": ["own", "calls.read"]}]}
    )

    operator: int | None
    """The user's id as an operator; null: the user does not take calls."""
    permissions: list[Permission]
    """The permissions of the user's role."""


class RoleIn(RequestModel):
    """The settings of a role that an administrator makes."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROLE]})

    title: Title
    """The title that people see."""
    permissions: Annotated[list[Permission], Field(max_length=len(Permission))]
    """The role's permissions; `own` is needed to log in to anything of use."""
    phone: Role = Role.OPERATOR
    """The built-in role whose limits hold for outbound calls from the phones of this role's users."""


class RoleOut(Shown):
    """A role."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "team_lead", "built_in": False, "version": 1, **_ROLE}]}
    )

    name: str
    """The role's name, by which users have it."""
    title: str
    """The title that people see; empty for built-in roles."""
    permissions: list[Permission]
    """The role's permissions."""
    phone: Role
    """The built-in role whose limits hold for outbound calls from the phones of this role's users."""
    built_in: bool
    """True: the role always exists and cannot be changed."""
    version: int
    """The number of the version: with it in quotes as `If-Match` the role is changed."""

    @classmethod
    def of(cls, row: RoleRow) -> "RoleOut":
        """A role that an administrator made, as the API shows it."""
        return cls(
            name=row.name,
            title=row.title,
            permissions=sorted(permissions_in(row, row.name)),
            phone=Role(row.phone),
            built_in=False,
            version=row.version,
        )

    @classmethod
    def always_there(cls) -> "list[RoleOut]":
        """The built-in roles."""
        return [
            cls(name=role.value, title="", permissions=sorted(has), phone=role, built_in=True, version=1)
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
    """The name for logging in, without blanks."""
    password: NewPassword
    """At least 10 characters that are not easily guessed."""
    display_name: Title
    """The name that others see."""
    role: RoleName = Role.OPERATOR.value
    """The name of the user's role: one of `GET /roles`."""
    language: UserLanguage = "et"
    """The language of the page and of messages to the user."""


class UserChange(RequestModel):
    """What to change; a field that is left out keeps its value."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}, {"active": False}]})

    display_name: Title | None = None
    """The name that others see."""
    role: RoleName | None = None
    """The name of the user's role: one of `GET /roles`."""
    language: UserLanguage | None = None
    """The language of the page and of messages to the user."""
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
    """The current password."""
    new: NewPassword
    """At least 10 characters that are not easily guessed."""


class TokenIn(RequestModel):
    """A program's token."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "CRM", "days": 365}]})

    name: Title
    """What the token is for, so that it is known later which one to revoke."""
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """The token's lifetime in days; left out: until it is revoked."""


class TokenOut(Shown):
    """A token's data, without the token itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    id: int
    """The token's id."""
    name: str
    """What the token is for."""
    created_at: datetime
    """When it was made."""
    expires_at: datetime | None
    """When the token expires; null: it is good until it is revoked."""
    last_seen_at: datetime
    """When the token was last used, to the minute."""


class NewToken(TokenOut):
    """A new token; it is shown only this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN | {"token": "2XgO...43 characters"}]})

    token: str
    """The token itself, for `Authorization: Bearer`. It is shown only this once."""
