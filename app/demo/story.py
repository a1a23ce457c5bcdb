"""Prints each call's story to the terminal, one line for each fact."""

from collections.abc import Callable, Mapping
from datetime import datetime

from rich.text import Text

from app.domain.calls import OfferOutcome, Rule
from app.domain.ids import CallId, OperatorId
from app.floor.facts import (
    CallAnswered,
    CallArrived,
    CallEnded,
    CallerKnown,
    CallHeld,
    CallLeaving,
    CallQueued,
    CallResumed,
    CallTransferred,
    Fact,
    OfferEnded,
    OfferMade,
    StepResult,
)
from app.system.clock import utc_now

_RULES = {
    Rule.PREFERRED: "served this customer last",
    Rule.KEPT: "kept for this customer",
    Rule.LONGEST_IDLE: "idle longest",
    Rule.LONGEST_WAITING: "just became free",
}


class Storyteller:
    """Turns the floor's facts into lines; give `tell` to the runner as a sink.

    Args:
        say: takes one line.
        queues: the queues' titles by id.
    """

    def __init__(self, say: Callable[[Text], None], queues: Mapping[str, str]) -> None:
        self.operators: dict[OperatorId, str] = {}
        """The operators' names by id."""
        self._say = say
        self._queues = queues
        self._callers: dict[CallId, str] = {}

    def tell(self, outcome: StepResult) -> None:
        """Print the facts of one step."""
        for fact in outcome.facts:
            told = self._line(fact)
            if told is not None:
                call, style, text = told
                self._say(self._with_time(outcome.at.wall, call, style, text))
            if isinstance(fact, CallEnded):
                self._callers.pop(fact.call, None)

    def tell_work(self, call: CallId, text: str) -> None:
        """Print what an operator has written down in a call."""
        self._say(self._with_time(utc_now(), call, "magenta", text))

    def _with_time(self, at: datetime, call: CallId, style: str, text: str) -> Text:
        return Text.assemble(
            (f"{at.astimezone():%H:%M:%S} ", "dim"),
            (f"{self._callers.get(call, call):<36} ", "bold"),
            (text, style),
        )

    def _operator(self, id_: OperatorId | None) -> str:
        return "somebody outside" if id_ is None else self.operators.get(id_, f"operator {id_}")

    def _line(self, fact: Fact) -> tuple[CallId, str, str] | None:  # noqa: C901 - the table of facts
        match fact:
            case CallArrived():
                self._callers[fact.call] = fact.caller_number or "number withheld"
                queue = self._queues.get(fact.queue, fact.queue)
                return fact.call, "", f"calls {queue}" if fact.campaign is None else f"is called: {queue}"
            case CallerKnown():
                self._callers[fact.call] = f"{self._callers[fact.call]} {fact.name}".strip()
                return None
            case CallQueued(cause="transferred" | "max_wait"):
                return fact.call, "", f"waits in {self._queues.get(fact.queue, fact.queue)}"
            case OfferMade():
                who, why = self._operator(fact.operator), _RULES[fact.reason.rule]
                return fact.call, "cyan", f"rings {who} ({why}; waited {fact.reason.waited_s:.1f} s)"
            case OfferEnded(outcome=OfferOutcome.TIMED_OUT | OfferOutcome.REJECTED | OfferOutcome.FAILED):
                how = fact.outcome.value.replace("_", " ")
                return (
                    fact.call,
                    "yellow",
                    f"{self._operator(fact.operator)}: {how}; the caller keeps the place",
                )
            case CallAnswered():
                return fact.call, "green", f"talks with {self._operator(fact.operator)}"
            case CallHeld():
                return fact.call, "", "is put on hold"
            case CallResumed():
                return fact.call, "", f"is back after {fact.held_s:.0f} s on hold"
            case CallTransferred():
                return fact.call, "", f"is transferred ({fact.kind.value}) to {fact.target}"
            case CallLeaving():
                why = "nobody is free in time" if fact.cause == "not_in_time" else "has waited too long"
                return fact.call, "yellow", f"{why}, hears a message and is let go"
            case CallEnded(record=record):
                style = "green" if record.answered_at else "red"
                return (
                    fact.call,
                    style,
                    (
                        f"{record.outcome.value}, ended by {record.ended_by.value}: "
                        f"waited {record.waited_s:.1f} s, talked {record.talked_s:.1f} s"
                    ),
                )
            case _:
                return None
