"""Scripts as the API takes and shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import ConfigDict, JsonValue

from app.api.schemas import RequestModel, Shown
from app.crm.scripts.flow import Passed
from app.crm.scripts.tables import ScriptFields, ScriptRow, ScriptState, ScriptVersionRow
from app.crm.scripts.trial import Fault, FaultKind

_STEPS: list[JsonValue] = [
    {
        "code": "greeting",
        "texts": {
            "et": "Tere, {contact.given_name|hea klient}! Kas teil on hetk aega?",
            "en": "Hello, {contact.given_name|dear customer}! Do you have a moment?",
        },
        "required": True,
        "question": {"kind": "yes_no", "choices": []},
        "jump": None,
        "branches": [{"when": [{"step": None, "check": "is", "value": "no"}], "then": "end"}],
        "then": "offer",
    },
    {
        "code": "offer",
        "texts": {"et": "Meil on teile pakkumine.", "en": "We have an offer for you."},
        "required": False,
        "question": None,
        "jump": {"to": "order", "ref": "fiber-300"},
        "branches": [],
        "then": "end",
    },
]
_SAID: dict[str, JsonValue] = {
    "title": "Kiire internet",
    "queues": ["internet"],
    "campaigns": [],
    "steps": _STEPS,
}
_LISTED: dict[str, JsonValue] = {
    "id": 3,
    "version": 5,
    "state": "published",
    "title": "Kiire internet",
    "queues": ["internet"],
    "campaigns": [],
    "number": 2,
    "changed_at": "2026-11-02T08:00:00Z",
    "changed_by": "Mari Tamm",
}
_PASSED: dict[str, JsonValue] = {"step": "greeting", "answer": "yes"}
_FAULT: dict[str, JsonValue] = {"fault": "dead_end", "step": "offer", "what": "", "way": [_PASSED]}
_VERSION: dict[str, JsonValue] = {
    "number": 2,
    "title": "Kiire internet",
    "at": "2026-11-01T08:00:00Z",
    "user": 2,
    "user_name": "Mari Tamm",
}


class ScriptIn(ScriptFields, RequestModel):
    """A script with all its steps. It may have faults until it is published."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAID]})

    def content(self) -> dict[str, Any]:
        """The script as it is stored."""
        return self.model_dump(mode="json")


class ScriptStateIn(RequestModel):
    """The state that a script is to have."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "published"}]})

    state: Literal["published", "withdrawn"]
    """`published`: what is being written becomes the next version; `withdrawn`: new calls do not begin with it."""


class ScriptListed(Shown):
    """A script in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LISTED]})

    id: int
    """The script's id."""
    version: int
    """Counts the changes; for `If-Match`."""
    state: ScriptState
    """Whether calls begin with it."""
    title: str
    """What operators and supervisors call it."""
    queues: list[str]
    """The queues whose calls it is for."""
    campaigns: list[int]
    """The ids of the campaigns whose calls it is for."""
    number: int | None
    """The published version that calls begin with; null: none was published."""
    changed_at: datetime
    """When it was changed last."""
    changed_by: str
    """Who changed it last."""

    @classmethod
    def of(cls, row: ScriptRow) -> Self:
        """The script as the API shows it."""
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


class Scripts(Shown):
    """A page of scripts."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LISTED], "next": None}]})

    items: list[ScriptListed]
    """The scripts, in the order in which they were made."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class ScriptOut(ScriptFields, ScriptListed):
    """A script with what is being written."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LISTED | _SAID]})


class PassedOut(Shown):
    """A step that was passed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PASSED]})

    step: str
    """The step's code."""
    answer: str | list[str] | None
    """The answer; null: none."""

    @classmethod
    def of(cls, one: Passed) -> Self:
        """The step as the API shows it."""
        return cls(step=one.step, answer=list(one.answer) if isinstance(one.answer, tuple) else one.answer)


class FaultOut(Shown):
    """A fault that the dry run has found."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FAULT]})

    fault: FaultKind
    """The kind of fault."""
    step: str
    """The code of the step; empty: the whole script."""
    what: str
    """The code, the variable or the language it is about; may be empty."""
    way: list[PassedOut]
    """Answers that lead there, from the first step on; only of a `dead_end` and of `no_way_out`."""


class DryRun(Shown):
    """What the dry run of a script has found."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"faults": [_FAULT], "version": 5}]})

    faults: list[FaultOut]
    """The faults; empty: it may be published."""
    version: int
    """The script's `version` as it was tried."""

    @classmethod
    def of(cls, faults: Sequence[Fault], version: int) -> Self:
        """The faults as the API shows them."""
        return cls(
            faults=[
                FaultOut(
                    fault=one.kind, step=one.step, what=one.what, way=[PassedOut.of(each) for each in one.way]
                )
                for one in faults
            ],
            version=version,
        )


class ScriptVersionListed(Shown):
    """A published version in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VERSION]})

    number: int
    """Its number: 1, 2, 3 ..."""
    title: str
    """The script's title in it."""
    at: datetime
    """When it was published."""
    user: int | None
    """The id of the user who published it."""
    user_name: str
    """The user's name as it was."""

    @classmethod
    def of(cls, row: ScriptVersionRow) -> Self:
        """The version as a list shows it."""
        return cls(number=row.number, title=row.title, at=row.at, user=row.user_id, user_name=row.user_name)


class ScriptVersions(Shown):
    """A page of versions."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_VERSION], "next": None}]})

    items: list[ScriptVersionListed]
    """The versions, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class ScriptVersionOut(ScriptFields, ScriptVersionListed):
    """A published version with its steps."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VERSION | _SAID]})

    @classmethod
    def of(cls, row: ScriptVersionRow) -> Self:
        """The version as the API shows it."""
        listed = ScriptVersionListed.of(row).model_dump()
        return cls.model_validate(
            listed | {"queues": row.queues, "campaigns": row.campaigns, "steps": row.steps}
        )
