"""Surveys as rows: what stands now, every version, who was asked, and what they answered."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import pydantic
from pydantic import StringConstraints
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.crm.calls.belonging import follows_call
from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.crm.surveys.states import ResponseState, SurveyState
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import BigInt, Json, Row, UtcDateTime
from app.system.fields import Fields, QueueName, Title

SurveyLanguage = Literal["et", "ru", "en"]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")]
CampaignId = Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)]


class SurveyFields(Fields):
    """What people set of a survey, beside its questions."""

    title: Title
    """What the survey is called among colleagues; customers do not hear it."""
    languages: Annotated[list[SurveyLanguage], pydantic.Field(min_length=1, max_length=3)]
    """The languages in which it is asked; each question has a text in each."""
    queues: Annotated[list[QueueName], pydantic.Field(max_length=100)] = pydantic.Field(default_factory=list)
    """The queues in whose calls it is asked; with neither queues nor campaigns, in any call."""
    campaigns: Annotated[list[CampaignId], pydantic.Field(max_length=100)] = pydantic.Field(
        default_factory=list
    )
    """The ids of the campaigns in whose calls it is asked."""
    rest_days: Annotated[int, pydantic.Field(ge=0, le=3650)] = 90
    """For so many days a contact who finished or refused it is not asked again; 0: at once."""


class SurveyRow(Row, table=True):
    """A survey; answers refer to it, so it is withdrawn and never deleted."""

    __tablename__ = "survey"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    version: int = 1
    """Counts the changes."""
    state: str = Field(default=SurveyState.DRAFT.value, index=True)
    """A `SurveyState`."""
    title: str
    languages: list[str] = Field(sa_type=Json)
    queues: list[str] = Field(default_factory=list, sa_type=Json)
    campaigns: list[int] = Field(default_factory=list, sa_type=Json)
    rest_days: int = 90
    questions: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = ""
    """The display name of who changed it last."""


class SurveyVersionRow(Row, table=True):
    """A survey as it was, and as its answers were given."""

    __tablename__ = "survey_version"

    survey_id: int = Field(
        sa_column=Column(ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    """The `SurveyState` then."""
    content: dict[str, Any] = Field(sa_type=Json)
    """The fields that people set, `questions` among them."""
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: int | None = None
    """Who saved it; without a foreign key, so that it stays as it was."""
    user_name: str = ""


class SurveyResponseRow(Row, table=True):
    """A customer who was asked; one row for each time, however many questions they answered."""

    __tablename__ = "survey_response"
    __table_args__ = (
        UniqueConstraint("survey_id", "call_id"),
        Index("ix_survey_response_survey_id_asked_at", "survey_id", "asked_at"),
        Index("ix_survey_response_user_id_id", "user_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    version: int = 1
    survey_id: int = Field(foreign_key="survey.id")
    survey_version: int
    """The version that was asked."""
    state: str = ResponseState.OPEN.value
    """A `ResponseState`."""
    contact_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    )
    call_id: str | None = Field(default=None, index=True)
    queue: str | None = None
    """The queue of the call."""
    campaign_id: int | None = None
    """The campaign of the call."""
    user_id: int | None = None
    """Who asked."""
    user_name: str = ""
    """Their display name as it was."""
    language: str
    attempt: int = 1
    """1 for the first time the contact was asked, and one more each time after."""
    superseded: bool = False
    """It was left open, and the contact was asked again: its answers do not count beside the later ones."""
    reason: str = ""
    """Why the customer refused."""
    asked_on: date
    """The date of `asked_at` where the centre is."""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SurveyAnswerRow(Row, table=True):
    """What a customer answered to one question."""

    __tablename__ = "survey_answer"
    __table_args__ = (Index("ix_survey_answer_question_response_id", "question", "response_id"),)

    response_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("survey_response.id", ondelete="CASCADE"), primary_key=True, nullable=False
        )
    )
    question: str = Field(primary_key=True, max_length=40)
    """The question's code."""
    signature: str
    """What the answer means: answers with the same one add up, whichever version they are of."""
    value: str | None = Field(default=None, sa_type=Text)
    """As `app.crm.surveys.answers` reads it; None: passed over; empty: answered by `text`."""
    text: str = Field(default="", sa_type=Text)
    """What was typed as a free text, apart from `value`: whoever erases a person keeps the figures."""
    counts: bool = True
    """It is on the way through the survey: an earlier answer that was changed may lead past it."""
    at: datetime = Field(sa_type=UtcDateTime)


describe(SurveyRow, "survey", reads=Permission.SURVEYS_ASK, without={"changed_at", "changed_by"})
describe(
    SurveyResponseRow,
    "survey_response",
    reads=Permission.SURVEYS_RESULTS,
    without={"asked_on", "updated_at"},
)
describe_part(
    SurveyAnswerRow, "answers", of=SurveyResponseRow, key="response_id", shows=("question", "value", "text")
)
follows_call(SurveyResponseRow, touched="updated_at")
joins_history(
    SurveyResponseRow,
    "survey",
    at="asked_at",
    user="user_id",
    shows=("survey_id", "survey_version", "state", "language", "attempt", "call_id"),
    reads=Permission.SURVEYS_ASK,
)
holds(
    SurveyResponseRow,
    shows=("asked_at", "survey_id", "state", "language", "attempt", "reason", "call_id", "user_name"),
    clears=("reason",),
)
holds(
    SurveyAnswerRow,
    through=("response_id", SurveyResponseRow),
    shows=("response_id", "at", "question", "value", "text"),
    clears=("text",),
)
