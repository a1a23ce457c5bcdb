"""Tables of users, roles, sessions and tokens, and of the places that users have logged in from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row, UtcDateTime
from app.records.revision import CONFIGURES


class SessionKind(StrEnum):
    """A person in a browser, or a program with a token."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 - a kind, not a secret


class UserRow(Row, table=True):
    """Someone who may log in."""

    __tablename__ = "user_account"  # `user` is a reserved word in SQL
    __table_args__ = (
        CONFIGURES | {"sqlite_autoincrement": True},
    )  # an id of a deleted user never comes back

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, max_length=100)
    """Folded to lower case."""
    password_hash: str
    role: str
    """A `Role`, or the name of a `RoleRow`."""
    display_name: str
    language: str = "et"
    """`et`, `ru` or `en`."""
    active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class RoleRow(Row, table=True):
    """A role that an administrator has made."""

    __tablename__ = "role"
    __table_args__ = CONFIGURES

    name: str = Field(primary_key=True, max_length=40)
    title: str
    permissions: list[str] = Field(sa_type=Json)
    phone: str
    """The built-in `Role` whose limits for calls outside hold."""
    version: int = 1


class SessionRow(Row, table=True):
    """An open log-in or a program's token. Only the token's SHA-256 is kept."""

    __tablename__ = "session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    user_id: int = Field(
        sa_column=Column(ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    kind: str
    """A `SessionKind`."""
    name: str = ""
    """The program's name; empty for a person's session."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None: until revoked."""
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    """True to a minute."""


class PlaceKind(StrEnum):
    """What identifies a place that a user logs in from."""

    DEVICE = "device"
    ADDRESS = "address"


class KnownPlaceRow(Row, table=True):
    """A place that a user has logged in from. Only the SHA-256 of the device's token or the address is stored."""

    __tablename__ = "known_place"

    user_id: int = Field(
        sa_column=Column(
            ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    mark: str = Field(primary_key=True, max_length=64, index=True)
    kind: str = Field(max_length=10)
    """A `PlaceKind`."""
    last_seen_at: datetime = Field(sa_type=UtcDateTime)


describe(UserRow, "user", reads=Permission.USERS_MANAGE, hidden={"password_hash"}, without={"created_at"})
describe(RoleRow, "role", reads=Permission.USERS_MANAGE)
describe(
    SessionRow,
    "token",
    reads=Permission.USERS_MANAGE,
    hidden={"token_hash"},
    without={"last_seen_at"},
    told=lambda row: row.kind == SessionKind.TOKEN.value,
)
