"""Users, sessions, tokens, operators."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from app.accounts import PASSWORD_MAX, PASSWORD_MIN
from app.api.schemas.common import Line, Number, QueueName, Said, Skills, Title
from app.desktop.views import OperatorView
from app.floor.model import Presence
from app.records.tables import Role, UserRow

Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$"),
]
NewPassword = Annotated[str, Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]
UserLanguage = Literal["et", "ru", "en"]
_USER: dict[str, JsonValue] = {
    "id": 12,
    "username": "mari.maasikas",
    "display_name": "Mari Maasikas",
    "role": "operator",
    "language": "et",
    "active": True,
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

    display_name: Title | None = None
    role: Role | None = None
    language: UserLanguage | None = None
    active: bool | None = None
    password: NewPassword | None = None


class PasswordChange(Said):
    """A user's own new password."""

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

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_seen_at: datetime


class NewToken(TokenOut):
    """A token, shown this once."""

    token: str


class StateIn(Said):
    """A presence that is asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"presence": "on_break", "reason": "lunch"}, {"presence": "available"}]
        }
    )

    presence: Presence
    reason: Line = ""
    """Of a break."""


class MembershipIn(Said):
    """A place in a queue."""

    queue: QueueName
    level: Annotated[int, Field(ge=1, le=100)] = 1
    """1 is asked first."""


class OperatorProfile(Said):
    """What an operator can do."""

    skills: Skills = Field(default_factory=list)
    memberships: Annotated[list[MembershipIn], Field(max_length=200)] = Field(default_factory=list)
    auto_answer: bool = False


class OperatorIn(OperatorProfile):
    """A new operator: a new user, or the part of an operator for one that is there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user": {
                        "username": "mari.maasikas",
                        "password": "at-least-10-characters",
                        "display_name": "Mari Maasikas",
                    },
                    "skills": ["lang:et", "lang:ru"],
                    "memberships": [{"queue": "sales", "level": 1}],
                    "number": "101",
                },
                {"user": 12, "memberships": [{"queue": "sales"}]},
            ]
        }
    )

    user: UserIn | Annotated[int, Field(ge=1, le=2**31 - 1)]
    browser: bool = False
    """The phone in the browser, instead of any SIP phone."""
    number: Number | None = None
    """An internal number: colleagues reach the operator by it."""


class OperatorOut(BaseModel):
    """An operator: what is set, and the state now."""

    id: int
    name: str
    endpoint: str
    skills: list[str]
    memberships: list[MembershipIn]
    auto_answer: bool
    numbers: list[str]
    """Numbers that lead to this operator."""
    state: OperatorView | None
    """None while the floor does not have the operator."""


class SipAccount(BaseModel):
    """What to type into a SIP phone."""

    username: str
    secret: str
    """Shown this once."""
    address: str
    """Where the phone registers."""


class NewOperator(OperatorOut):
    """An operator with the account of the phone, shown this once."""

    sip: SipAccount | None
    """None where accounts are not written by this service."""
