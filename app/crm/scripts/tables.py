"""Scripts as rows: what is being written, every published version, and what was answered in calls."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

import pydantic
from pydantic import StringConstraints, model_validator
from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import AutoString, Field

from app.crm.calls.belonging import follows_call
from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.crm.scripts.errors import JumpWithoutTarget
from app.crm.scripts.flow import Check, JumpKind, QuestionKind
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, OrderedJson, Row, UtcDateTime
from app.system.fields import Fields, Line, Prose, QueueName, Title

TextLanguage = Literal["et", "ru", "en"]
StepCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_\-]{0,39}$")]
"""What a script calls a step or a choice: small letters, digits, `_` and `-`, up to 40."""
Said = Annotated[Prose, pydantic.Field(max_length=4000)]
CampaignIds = Annotated[
    list[Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)]], pydantic.Field(max_length=100)
]


class ScriptState(StrEnum):
    """Whether a script is there in calls."""

    DRAFT = "draft"
    """It has never been published."""
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """New calls do not begin with it; runs go on, because records refer to it."""


class RunState(StrEnum):
    """How far the script of a call is."""

    OPEN = "open"
    FINISHED = "finished"
    """It came to its end."""
    BROKEN_OFF = "broken_off"
    """It was left before its end."""


class ScriptChoice(Fields):
    """One answer to choose."""

    code: StepCode
    """What conditions and records call it."""
    texts: dict[TextLanguage, Annotated[Title, pydantic.Field(max_length=100)]]
    """What operators read, by language."""


class ScriptQuestion(Fields):
    """What a step asks."""

    kind: QuestionKind
    """The kind of its answers."""
    choices: Annotated[list[ScriptChoice], pydantic.Field(max_length=50)] = pydantic.Field(
        default_factory=list
    )
    """The answers of kinds `choice` and `several`."""


class ScriptJump(Fields):
    """What a step offers to open; the script goes on behind it."""

    to: JumpKind
    """The kind of what is opened."""
    ref: Annotated[Line, pydantic.Field(max_length=60)] = ""
    """Which one: the id of an article or a survey, the code of a product or a disposition, the id of a category of
    complaints. Empty: a new order or complaint."""

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.ref and self.to not in {JumpKind.ORDER, JumpKind.COMPLAINT}:
            raise JumpWithoutTarget(kind=self.to.value)
        return self


class ScriptCondition(Fields):
    """What an answer must be like."""

    step: StepCode | None = None
    """The step with the question; null: this one."""
    check: Check
    """How the answer is looked at. Without an answer only `is_not` and `unanswered` hold."""
    value: Annotated[Line, pydantic.Field(max_length=200)] = ""
    """What it is compared with: a choice's code, `yes`, `no`, a number, a day, a text whatever its case."""


class ScriptBranch(Fields):
    """Where a step leads if all conditions hold."""

    when: Annotated[list[ScriptCondition], pydantic.Field(min_length=1, max_length=5)]
    """The conditions."""
    then: StepCode
    """The code of the next step, or `end`."""


class ScriptStep(Fields):
    """One step: what is said, asked and opened, and where it leads."""

    code: StepCode
    """What other steps, answers and records call it; not `end`."""
    texts: dict[TextLanguage, Said]
    """What is said, by language, with variables such as `{contact.given_name|kallis klient}`: what stands behind the
    bar is said where the variable is empty."""
    required: bool = False
    """Nobody goes on without an answer."""
    question: ScriptQuestion | None = None
    """What is asked; null: nothing."""
    jump: ScriptJump | None = None
    """What it offers to open; null: nothing."""
    branches: Annotated[list[ScriptBranch], pydantic.Field(max_length=20)] = pydantic.Field(
        default_factory=list
    )
    """Where answers lead; the first whose conditions hold counts."""
    then: StepCode | None = None
    """Where it leads if no branch does: the code of a step, or `end`; null: nowhere."""


class ScriptFields(Fields):
    """The fields of a script that people set."""

    title: Title
    """What operators and supervisors call it."""
    queues: Annotated[list[QueueName], pydantic.Field(max_length=100)] = pydantic.Field(default_factory=list)
    """The queues whose calls it is for."""
    campaigns: CampaignIds = pydantic.Field(default_factory=list)
    """The ids of the campaigns whose calls it is for."""
    steps: Annotated[list[ScriptStep], pydantic.Field(max_length=200)] = pydantic.Field(default_factory=list)
    """The steps; a call begins with the first one."""


class ScriptRow(Row, table=True):
    """A script; calls refer to it, so it is withdrawn and never deleted."""

    __tablename__ = "script"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    version: int = 1
    """Counts the changes."""
    state: ScriptState = Field(default=ScriptState.DRAFT, sa_type=AutoString)
    title: str = Field(max_length=100)
    queues: list[str] = Field(default_factory=list, sa_type=OrderedJson)
    campaigns: list[int] = Field(default_factory=list, sa_type=OrderedJson)
    steps: list[dict[str, Any]] = Field(default_factory=list, sa_type=OrderedJson)
    """Of `ScriptStep`."""
    number: int | None = None
    """The published version that calls begin with; None: none was published."""
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = ""
    """The display name of who changed it last."""


class ScriptVersionRow(Row, table=True):
    """A script as it was published; it never changes."""

    __tablename__ = "script_version"
    __table_args__ = (UniqueConstraint("script_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    script_id: int = Field(sa_column=Column(ForeignKey("script.id", ondelete="CASCADE"), nullable=False))
    number: int
    title: str = Field(max_length=100)
    queues: list[str] = Field(default_factory=list, sa_type=OrderedJson)
    campaigns: list[int] = Field(default_factory=list, sa_type=OrderedJson)
    steps: list[dict[str, Any]] = Field(default_factory=list, sa_type=OrderedJson)
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: int | None = None
    """Who published it; without a foreign key, so that it stays as it was."""
    user_name: str = ""


class ScriptRunRow(Row, table=True):
    """A script in a call: what was typed, and which steps were passed."""

    __tablename__ = "script_run"
    __table_args__ = (
        UniqueConstraint("call_id", "script_id"),
        Index("ix_script_run_script_id_id", "script_id", "id"),
        Index("ix_script_run_user_id_id", "user_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    version: int = 1
    """Counts the changes."""
    script_id: int = Field(sa_column=Column(ForeignKey("script.id", ondelete="CASCADE"), nullable=False))
    number: int
    """The version of the script that the call began with, and keeps."""
    call_id: str = Field(max_length=150)
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), nullable=True, index=True
        ),
    )
    queue: str = ""
    campaign_id: int | None = None
    """Without a foreign key: what was said stays as it was."""
    language: str = Field(max_length=2)
    state: RunState = Field(default=RunState.OPEN, sa_type=AutoString)
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=OrderedJson)
    """What was typed last at each step, as it was typed: a text, or codes of choices."""
    trail: list[dict[str, Any]] = Field(default_factory=list, sa_type=OrderedJson)
    """The steps that were passed, in order, each with its answer, when, and by whom."""
    user_id: int | None = None
    """Who began it."""
    user_name: str = ""
    begun_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


describe(ScriptRow, "script", reads=Permission.SCRIPTS_WRITE, without={"changed_at", "changed_by"})
describe(
    ScriptRunRow,
    "script_run",
    reads=Permission.SCRIPTS_READ,
    without={"user_name", "begun_at", "changed_at"},
)
follows_call(ScriptRunRow, touched="changed_at")
joins_history(
    ScriptRunRow,
    "script",
    at="begun_at",
    user="user_id",
    shows=("script_id", "state", "call_id"),
    reads=Permission.SCRIPTS_READ,
)
holds(
    ScriptRunRow,
    shows=("begun_at", "script_id", "state", "typed", "trail", "language", "call_id", "user_name"),
    clears=("typed", "trail"),
)
