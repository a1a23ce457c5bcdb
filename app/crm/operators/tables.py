"""Operators, their phones, and their places in queues."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import Json, Row
from app.records.revision import CONFIGURES


class SoftphoneKind(StrEnum):
    """The kind of phone: any SIP phone, or the phone in the browser."""

    SIP = "sip"
    BROWSER = "browser"


class OperatorRow(Row, table=True):
    """The settings that make a user an operator. Its id is the user's id."""

    __tablename__ = "operator"
    __table_args__ = CONFIGURES

    id: int = Field(
        sa_column=Column(
            ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    auto_answer: bool = False
    version: int = 1


class SoftphoneRow(Row, table=True):
    """An operator's phone; each operator has at most one."""

    __tablename__ = "softphone"
    __table_args__ = CONFIGURES

    endpoint: str = Field(primary_key=True, max_length=40)
    """PJSIP endpoint name."""
    operator_id: int = Field(
        sa_column=Column(ForeignKey("operator.id", ondelete="CASCADE"), nullable=False, unique=True)
    )
    kind: str = SoftphoneKind.SIP.value
    """A `SoftphoneKind`."""


class MembershipRow(Row, table=True):
    """An operator's place in a queue."""

    __tablename__ = "membership"
    __table_args__ = CONFIGURES

    operator_id: int = Field(
        sa_column=Column(ForeignKey("operator.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    queue: str = Field(
        sa_column=Column(ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    level: int = 1
    """The level in the queue; operators on level 1 are offered calls first."""
    left: bool = False
    """The operator has left the queue for now."""


describe(
    OperatorRow,
    "operator",
    reads=Permission.OPERATORS_READ,
    also=("presence_changed", "state_set", "secret_renewed", "phone_started"),
)
describe_part(SoftphoneRow, "phone", of=OperatorRow, key="operator_id", shows=("endpoint", "kind"))
describe_part(MembershipRow, "queues", of=OperatorRow, key="operator_id", shows=("queue", "level", "left"))
