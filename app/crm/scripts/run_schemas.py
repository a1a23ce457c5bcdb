"""Scripts in calls, as the API takes and shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Prose, RequestModel, Shown
from app.crm.scripts.flow import JumpKind, QuestionKind
from app.crm.scripts.runs import Run, ShownStep
from app.crm.scripts.schemas import PassedOut
from app.crm.scripts.service import Offer
from app.crm.scripts.tables import RunState, ScriptJump, ScriptRunRow, StepCode

Typed = Annotated[Prose, Field(max_length=4000)] | Annotated[list[StepCode], Field(max_length=50)]
_STEP: dict[str, JsonValue] = {
    "code": "greeting",
    "text": "Tere, Anna! Kas teil on hetk aega?",
    "required": True,
    "question": {"kind": "yes_no", "choices": []},
    "jump": None,
    "typed": None,
}
_OFFER: dict[str, JsonValue] = {"script": 3, "number": 2, "title": "Kiire internet", "language": "et"}
_LISTED: dict[str, JsonValue] = {
    "id": 11,
    "version": 4,
    "script": 3,
    "number": 2,
    "title": "Kiire internet",
    "call": "1764000000.1",
    "contact": 12,
    "queue": "internet",
    "campaign": None,
    "language": "et",
    "state": "open",
    "user": 4,
    "user_name": "Jaan Kask",
    "begun_at": "2026-11-03T09:10:00Z",
    "changed_at": "2026-11-03T09:12:00Z",
    "ended_at": None,
}
_PASSED: dict[str, JsonValue] = {
    "step": "greeting",
    "answer": "yes",
    "at": "2026-11-03T09:11:00Z",
    "by": 4,
    "by_name": "Jaan Kask",
}
_RUN: dict[str, JsonValue] = _LISTED | {
    "trail": [_PASSED],
    "typed": {"greeting": "yes"},
    "position": "offer",
    "now": _STEP | {"code": "offer"},
}


class TypedIn(RequestModel):
    """What was typed at steps."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"typed": {"address": "Pärnu mnt 1"}}]})

    typed: Annotated[dict[StepCode, Typed], Field(max_length=100)]
    """By step, a text as it was typed, or codes of choices. Steps that are left out stay as they are."""


class PassIn(RequestModel):
    """The step to be passed, with its answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "greeting", "answer": "yes"}]})

    step: StepCode
    """The code of the step: the one that comes next."""
    answer: Typed | None = None
    """The answer; null: what was typed there before, if anything."""


class BackIn(RequestModel):
    """The step to go back to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "greeting"}]})

    step: StepCode
    """The code of a step that was passed."""


class RunStateIn(RequestModel):
    """The state that a run is to have."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "finished"}]})

    state: RunState
    """`finished` at its end, `broken_off` anywhere; `open` opens it again."""


class ShownChoice(Shown):
    """An answer to choose."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "fiber", "text": "Valguskaabel"}]})

    code: str
    """Its code, which is the answer."""
    text: str
    """What the operator reads."""


class ShownQuestion(Shown):
    """What a step asks."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "yes_no", "choices": []}]})

    kind: QuestionKind
    """The kind of its answers."""
    choices: list[ShownChoice]
    """The answers of kinds `choice` and `several`."""


class ShownJump(ScriptJump, Shown):
    """What a step offers to open."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "order", "ref": "fiber-300"}]})

    to: JumpKind
    """The kind of what is opened."""


class StepOut(Shown):
    """A step, with its variables filled in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_STEP]})

    code: str
    """The step's code."""
    text: str
    """What is said."""
    required: bool
    """Nobody goes on without an answer."""
    question: ShownQuestion | None
    """What is asked."""
    jump: ShownJump | None
    """What it offers to open."""
    typed: str | list[str] | None
    """What was typed here before."""

    @classmethod
    def of(cls, one: ShownStep) -> Self:
        """The step as the API shows it."""
        asked = one.step.get("question")
        return cls.model_validate(
            {
                "code": one.code,
                "text": one.text,
                "required": one.step.get("required", False),
                "question": None
                if asked is None
                else {
                    "kind": asked["kind"],
                    "choices": [{"code": code, "text": text} for code, text in one.choices.items()],
                },
                "jump": one.step.get("jump"),
                "typed": one.typed,
            }
        )


class OfferOut(Shown):
    """A script that a call may begin with."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OFFER]})

    script: int
    """The script's id."""
    number: int
    """Its published version."""
    title: str
    """Its title."""
    language: str
    """The language that it would be spoken in: the caller's, else the operator's, else one that it has."""

    @classmethod
    def of(cls, one: Offer) -> Self:
        """The script as the API shows it."""
        return cls(script=one.script, number=one.number, title=one.title, language=one.language)


class RunListed(Shown):
    """A script in a call."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LISTED]})

    id: int
    """The run's id."""
    version: int
    """Counts the changes; for `If-Match`."""
    script: int
    """The script's id."""
    number: int
    """The version of the script that the call began with."""
    title: str
    """The script's title."""
    call: str
    """The call's id."""
    contact: int | None
    """The id of the call's contact."""
    queue: str
    """The queue of the call."""
    campaign: int | None
    """The id of the call's campaign."""
    language: str
    """The language that it is spoken in."""
    state: RunState
    """How far it is."""
    user: int | None
    """The id of the user who began it."""
    user_name: str
    """The user's name as it was."""
    begun_at: datetime
    """When it was begun."""
    changed_at: datetime
    """When something was answered or typed last."""
    ended_at: datetime | None
    """When it was finished or broken off."""

    @classmethod
    def of_row(cls, row: ScriptRunRow, title: str) -> Self:
        """The run as a list shows it."""
        same = ("id", "version", "number", "queue", "language", "state", "user_name")
        times = ("begun_at", "changed_at", "ended_at")
        return cls.model_validate(
            {name: getattr(row, name) for name in (*same, *times)}
            | {"script": row.script_id, "title": title, "call": row.call_id, "contact": row.contact_id}
            | {"campaign": row.campaign_id, "user": row.user_id}
        )


class Runs(Shown):
    """A page of runs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LISTED], "next": None}]})

    items: list[RunListed]
    """The runs, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class TrailOut(PassedOut):
    """A step that was passed in a call."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PASSED]})

    at: datetime
    """When it was passed."""
    by: int | None
    """The id of the user who passed it."""
    by_name: str
    """The user's name as it was."""


class RunOut(RunListed):
    """A script in a call: what was answered, and what comes next."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RUN]})

    trail: list[TrailOut]
    """The steps that were passed, in order; of a step that stands there twice the last answer counts."""
    typed: dict[str, str | list[str]]
    """What was typed last at each step, passed or not."""
    position: str | None
    """The code of the next step, or `end`."""
    now: StepOut | None
    """The next step; null at the end, and when the run is over."""

    @classmethod
    def of(cls, run: Run) -> Self:
        """The run as the API shows it."""
        listed = RunListed.of_row(run.row, run.title).model_dump()
        more = {"trail": run.row.trail, "typed": run.row.typed, "position": run.at}
        return cls.model_validate(
            listed | more | {"now": StepOut.of(run.now) if run.now is not None else None}
        )


class ScriptOfCall(Shown):
    """What is to be said in a call."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"offers": [_OFFER], "first": _STEP, "runs": []}]}
    )

    offers: list[OfferOut]
    """The scripts that the call may begin with, the best first."""
    first: StepOut | None
    """The first step of the best one; null: there is none."""
    runs: list[RunListed]
    """The scripts that the call has begun."""

    @classmethod
    def of(
        cls, offers: Sequence[Offer], first: ShownStep | None, runs: Sequence[tuple[ScriptRunRow, str]]
    ) -> Self:
        """The call's scripts as the API shows them."""
        return cls(
            offers=[OfferOut.of(one) for one in offers],
            first=StepOut.of(first) if first is not None else None,
            runs=[RunListed.of_row(*one) for one in runs],
        )
