"""Responses to surveys as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, JsonValue, StrictInt, StringConstraints

from app.api.problems import FieldProblem
from app.api.schemas import RequestModel, Shown, named_after
from app.crm.surveys.answers import TEXT_MOST
from app.crm.surveys.asking import Response
from app.crm.surveys.flow import Kind
from app.crm.surveys.schemas import SHOWN_QUESTIONS, QuestionOut
from app.crm.surveys.states import ResponseAction, ResponseState, actions
from app.crm.surveys.tables import Code, SurveyAnswerRow, SurveyLanguage, SurveyResponseRow
from app.system.fields import Line, Prose

ContactChoice = Annotated[int, Field(ge=1, le=2**53)]
CallChoice = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9_.:\-]+$")]
AnswerSaid = (
    Annotated[StrictInt, Field(ge=-(10**12), le=10**12)]
    | Annotated[Prose, Field(max_length=TEXT_MOST)]
    | Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=50)]
    | None
)
_ROW: Final[dict[str, JsonValue]] = {
    "id": 90,
    "version": 3,
    "survey": 3,
    "survey_version": 2,
    "state": "open",
    "may": ["answer", "finish", "refuse"],
    "contact": 7,
    "contact_name": "Õunapuu Mari-Liis",
    "call": "1764000000.1",
    "queue": "support",
    "campaign": None,
    "user": 12,
    "user_name": "Mari Maasikas",
    "language": "et",
    "attempt": 1,
    "superseded": False,
    "reason": "",
    "asked_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-02T09:02:00Z",
    "ended_at": None,
}
_ANSWER: Final[dict[str, JsonValue]] = {
    "question": "recommend",
    "value": 4,
    "counts": True,
    "at": "2026-03-02T09:01:00Z",
}
_OFFER: Final[dict[str, JsonValue]] = {
    "survey": 3,
    "survey_version": 2,
    "title": "Pärast kõnet",
    "languages": ["et", "en"],
    "response": None,
    "problem": None,
}


class ResponseIn(RequestModel):
    """A survey is asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"call": "1764000000.1", "language": "et"}]})

    call: CallChoice | None = None
    """The call in which it is asked."""
    contact: ContactChoice | None = None
    """The contact who is asked; null: the call's, if it has one."""
    language: SurveyLanguage | None = None
    """The language in which it is asked; null: the call's if the survey has it, else the survey's first."""


class ResponsePatch(RequestModel):
    """Answers as they are given; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answers": {"recommend": 4, "why": "ooteaeg"}}]}
    )

    answers: Annotated[dict[Code, AnswerSaid], Field(max_length=50)] = Field(default_factory=dict)
    """By the question's code: a whole number for `scale` and `nps`, an option's code for `choice`, a list of them for
    `several`, a text such as `"12.5"` for `number`, `"2026-03-02"` for `date`, a text for `text`. Null passes the
    question over, or takes an answer back."""
    contact: ContactChoice | None = None
    """The contact who answers, once that is known; null: nobody who is known."""

    @property
    def names_contact(self) -> bool:
        """Whether the contact is to change."""
        return "contact" in self.model_fields_set


class RefusalIn(RequestModel):
    """The customer does not want to answer, or to go on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "kiire"}]})

    reason: Line = ""
    """Why, if the customer says so."""


class AnswerOut(Shown):
    """An answer to a question."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})

    question: str
    """The question's code."""
    value: int | str | list[str] | None
    """The answer, as it is sent; null: passed over."""
    counts: bool
    """It is on the way through the survey; an answer that an earlier one leads past is kept, and does not count."""
    at: datetime
    """When it was given."""

    @classmethod
    def of(cls, row: SurveyAnswerRow, kind: Kind) -> Self:
        """The answer as the API shows it."""
        return cls(question=row.question, value=shown_value(row, kind), counts=row.counts, at=row.at)


class ResponseListed(Shown):
    """A response in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROW]})

    id: int
    """The response's id."""
    version: int
    """Raised with each change, for `If-Match`."""
    survey: int
    """The survey's id."""
    survey_version: int
    """The version that is asked; it stays when the survey is changed."""
    state: ResponseState
    """How far it has come: an open one, with answers, is a partial answer."""
    may: list[ResponseAction]
    """What its state allows next."""
    contact: int | None
    """The contact who was asked; null: unknown, or removed."""
    contact_name: str
    """The contact's name; empty: unknown, or removed."""
    call: str | None
    """The call in which it was asked; null: in none."""
    queue: str | None
    """The queue of that call."""
    campaign: int | None
    """The campaign of that call; null: the customer called, or there was no call."""
    user: int | None
    """Who asked."""
    user_name: str
    """Their display name as it was."""
    language: SurveyLanguage
    """The language in which it is asked."""
    attempt: int
    """1 for the first time the contact was asked this survey, and one more each time after."""
    superseded: bool
    """It was left open, and the contact was asked again: its answers do not count in results."""
    reason: str
    """Why the customer refused; empty: not said, or not refused."""
    asked_at: datetime
    """When it was begun."""
    updated_at: datetime
    """When it was last changed."""
    ended_at: datetime | None
    """When it was finished or refused; null: open."""

    @classmethod
    def of_row(cls, row: SurveyResponseRow, contact_name: str) -> Self:
        """The response as a list shows it."""
        return cls.model_validate(_values(row, contact_name))


class ResponseOut(ResponseListed):
    """A response with what is asked, what was answered, and what comes next."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**_ROW, "next": "why", "answers": [_ANSWER], "questions": SHOWN_QUESTIONS}]
        }
    )

    next: str | None
    """The code of the question to ask next; null: there is none, and it can be finished."""
    answers: list[AnswerOut]
    """The answers so far, in the order of the questions."""
    questions: list[QuestionOut]
    """The questions of the version that is asked."""

    @classmethod
    def of(cls, response: Response, contact_name: str) -> Self:
        """The response as the API shows it."""
        kinds = {question.code: question.kind for question in response.questions}
        places = {code: place for place, code in enumerate(kinds)}
        answers = [
            AnswerOut.of(one, kinds[one.question])
            for one in sorted(response.answers, key=lambda one: places[one.question])
        ]
        return cls.model_validate(
            _values(response.row, contact_name)
            | {
                "next": response.way.next,
                "answers": answers,
                "questions": response.version.content["questions"],
            }
        )


class Responses(Shown):
    """A page of responses."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ROW], "next": None}]})

    items: list[ResponseListed]
    """The responses of this page, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class OfferOut(Shown):
    """A survey that belongs to a call, and whether it may be asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OFFER]})

    survey: int
    """The survey's id."""
    survey_version: int
    """Its version now."""
    title: str
    """What it is called."""
    languages: list[SurveyLanguage]
    """The languages in which it can be asked."""
    response: int | None
    """The response that was begun in this call; null: none."""
    problem: FieldProblem | None
    """Why it is not asked now; null: it may be."""


def shown_value(row: SurveyAnswerRow, kind: Kind) -> int | str | list[str] | None:
    """An answer as it was sent."""
    if row.value is None:
        return None
    match kind:
        case Kind.SCALE | Kind.NPS:
            return int(row.value)
        case Kind.SEVERAL:
            return row.value.split(",")
        case Kind.TEXT:
            return row.text
        case _:
            return row.value


def _values(row: SurveyResponseRow, contact_name: str) -> dict[str, Any]:
    return named_after(row.model_dump(exclude={"asked_on"})) | {
        "contact_name": contact_name,
        "may": actions(ResponseState(row.state)),
    }
