"""Surveys as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.problems import FieldProblem
from app.api.schemas import RequestModel, Shown
from app.crm.surveys.content import BranchFields, OptionFields, QuestionFields
from app.crm.surveys.flow import Fault
from app.crm.surveys.service import faults_of
from app.crm.surveys.states import SurveyState
from app.crm.surveys.tables import SurveyFields, SurveyRow, SurveyVersionRow

_BRANCH: dict[str, JsonValue] = {"at_most": 6, "to": "why"}
_BRANCH_WHOLE: dict[str, JsonValue] = {"values": [], "at_least": None, "skipped": False, **_BRANCH}
_OPTION: dict[str, JsonValue] = {"code": "price", "texts": {"et": "Hind", "en": "The price"}}
_QUESTION: dict[str, JsonValue] = {
    "code": "recommend",
    "kind": "nps",
    "texts": {"et": "Kui tõenäoliselt soovitaksite meid?", "en": "How likely are you to recommend us?"},
    "required": True,
    "branches": [_BRANCH],
    "then": "end",
}
_WHY: dict[str, JsonValue] = {
    "code": "why",
    "kind": "text",
    "texts": {"et": "Mida peaksime parandama?", "en": "What should we do better?"},
}
_SAID: dict[str, JsonValue] = {
    "title": "Pärast kõnet",
    "languages": ["et", "en"],
    "queues": ["support"],
    "campaigns": [],
    "rest_days": 90,
    "questions": [_QUESTION, _WHY],
}
_QUESTION_WHOLE: dict[str, JsonValue] = {
    "low": None,
    "high": None,
    "low_texts": {},
    "high_texts": {},
    "options": [],
    "required": False,
    "branches": [],
    "then": None,
}
SHOWN_QUESTIONS: list[JsonValue] = [
    _QUESTION_WHOLE | _QUESTION | {"branches": [_BRANCH_WHOLE]},
    _QUESTION_WHOLE | _WHY,
]
_LISTED: dict[str, JsonValue] = {
    "id": 3,
    "version": 2,
    "state": "published",
    "title": "Pärast kõnet",
    "languages": ["et", "en"],
    "queues": ["support"],
    "campaigns": [],
    "rest_days": 90,
    "changed_at": "2026-11-02T08:00:00Z",
    "changed_by": "Mari Tamm",
}
_VERSION: dict[str, JsonValue] = {
    "version": 2,
    "state": "published",
    "at": "2026-11-02T08:00:00Z",
    "user": 2,
    "user_name": "Mari Tamm",
}


class BranchIn(BranchFields, RequestModel):
    """Where some answers lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BRANCH]})


class OptionIn(OptionFields, RequestModel):
    """One thing that can be chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPTION]})


class QuestionIn(QuestionFields, RequestModel):
    """A question."""

    model_config = ConfigDict(json_schema_extra={"examples": [_QUESTION]})

    options: Annotated[list[OptionIn], Field(max_length=50)] = Field(default_factory=list)  # type: ignore[assignment]  # the same fields
    """What can be chosen, for `choice` and `several`."""
    branches: Annotated[list[BranchIn], Field(max_length=20)] = Field(default_factory=list)  # type: ignore[assignment]  # the same fields
    """Where some answers lead; of several branches the first that fits counts."""


class SurveyIn(SurveyFields, RequestModel):
    """A survey with its questions. A draft may have faults, which the answer tells."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAID]})

    questions: Annotated[list[QuestionIn], Field(max_length=50)] = Field(default_factory=list)
    """The questions in their order, at most 50."""

    def content(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        said = self.model_dump(mode="json")
        return said | {"languages": list(dict.fromkeys(said["languages"]))}


class SurveyStateIn(RequestModel):
    """The state that a survey is to have."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "published"}]})

    state: SurveyState
    """The state: `draft`, `published` or `withdrawn`."""


class BranchOut(BranchFields, Shown):
    """Where some answers lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BRANCH_WHOLE]})


class OptionOut(OptionFields, Shown):
    """One thing that can be chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPTION]})


class QuestionOut(QuestionFields, Shown):
    """A question."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHOWN_QUESTIONS[0]]})

    options: list[OptionOut]  # type: ignore[assignment]  # the same fields
    """What can be chosen, for `choice` and `several`."""
    branches: list[BranchOut]  # type: ignore[assignment]  # the same fields
    """Where some answers lead; of several branches the first that fits counts."""


class SurveyListed(SurveyFields, Shown):
    """A survey in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LISTED]})

    id: int
    """The survey's id."""
    version: int
    """The number of the version."""
    state: SurveyState
    """Whether it is asked."""
    changed_at: datetime
    """When it was changed last."""
    changed_by: str
    """Who changed it last."""

    @classmethod
    def of_row(cls, row: SurveyRow) -> Self:
        """The survey as a list shows it."""
        return cls.model_validate(row.model_dump(exclude={"questions"}))


class SurveyOut(SurveyListed):
    """A survey with its questions."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_LISTED, "questions": SHOWN_QUESTIONS, "problems": []}]}
    )

    questions: list[QuestionOut]
    """The questions in their order."""
    problems: list[FieldProblem]
    """Why it cannot be asked as it is; with any, it cannot be published."""

    @classmethod
    def of(cls, row: SurveyRow) -> Self:
        """The survey as the API shows it."""
        problems = [_problem(fault) for fault in faults_of(row)]
        return cls.model_validate(row.model_dump() | {"problems": problems})


class Surveys(Shown):
    """A page of surveys."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LISTED], "next": None}]})

    items: list[SurveyListed]
    """The surveys of this page, in the order in which they were made."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class SurveyVersionListed(Shown):
    """A version of a survey in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VERSION]})

    version: int
    """The number of the version."""
    state: SurveyState
    """The survey's state in that version."""
    at: datetime
    """When it was saved."""
    user: int | None
    """Who saved it."""
    user_name: str
    """Their display name as it was."""

    @classmethod
    def of(cls, row: SurveyVersionRow) -> Self:
        """The version as a list shows it."""
        return cls(
            version=row.version,
            state=SurveyState(row.state),
            at=row.at,
            user=row.user_id,
            user_name=row.user_name,
        )


class SurveyVersionOut(SurveyVersionListed):
    """A survey as it was."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_VERSION, "survey": {**_SAID, "questions": SHOWN_QUESTIONS}}]}
    )

    survey: "SurveyContent"
    """The survey's fields as they were."""

    @classmethod
    def of(cls, row: SurveyVersionRow) -> Self:
        """The version as the API shows it."""
        listed = SurveyVersionListed.of(row).model_dump()
        return cls.model_validate(listed | {"survey": row.content})


class SurveyContent(SurveyFields, Shown):
    """What people set of a survey."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_SAID, "questions": SHOWN_QUESTIONS}]})

    questions: list[QuestionOut]
    """The questions in their order."""


class SurveyVersions(Shown):
    """A page of a survey's versions."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_VERSION], "next": None}]})

    items: list[SurveyVersionListed]
    """The versions of this page, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


def _problem(fault: Fault) -> FieldProblem:
    return FieldProblem(
        where=fault.where,
        what=str(fault.what),
        code=fault.what.code,
        params={
            name: list(value) if isinstance(value, (list, tuple)) else value
            for name, value in fault.what.params.items()
        },
    )
