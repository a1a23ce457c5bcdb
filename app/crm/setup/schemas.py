"""The first steps of a centre, as the API shows them."""

from enum import StrEnum

from pydantic import ConfigDict

from app.api.schemas import Shown


class StepName(StrEnum):
    """The first steps, in the order in which they are taken."""

    PBX = "pbx"
    TRUNK = "trunk"
    QUEUE = "queue"
    NUMBER = "number"
    OPERATOR = "operator"
    PHONE = "phone"
    CALL = "call"


class Step(Shown):
    """One step, and whether it is done."""

    name: StepName
    """`pbx`: the service is logged in to the PBX. `trunk`: a call has come in by the carrier's line. `queue`: there is
    a queue. `number`: a number leads to a queue, or to an operator. `operator`: an operator serves a queue that a
    number leads to. `phone`: the phone of such an operator is registered. `call`: an operator has answered a call."""
    done: bool
    """The step is done."""
    detail: str
    """What it was done with, such as the queue's title, or why it is not; empty for none."""


class SetupOut(Shown):
    """The way to the first answered call."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "done": False,
                    "steps": [
                        {"name": "pbx", "done": True, "detail": ""},
                        {"name": "queue", "done": True, "detail": "Müük"},
                        {"name": "number", "done": False, "detail": ""},
                    ],
                }
            ]
        }
    )

    done: bool
    """All steps are done."""
    steps: list[Step]
    """The steps, in their order."""
