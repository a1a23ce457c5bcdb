"""The last calls that each operator missed, so that callers are not forgotten when the ringing stops."""

from collections.abc import Mapping
from typing import Literal

from app.domain.calls import OfferOutcome
from app.domain.ids import CallId, OfferId, OperatorId
from app.floor.facts import CallEnded, OfferEnded, OfferRang, StepResult
from app.floor.floor import Floor
from app.live.operator_view import MissedView
from app.live.views import iso

KEPT = 3
_CALLER_GONE = "channel_gone"
_OUTCOMES: Mapping[OfferOutcome, Literal["timed_out", "rejected", "cancelled"]] = {
    OfferOutcome.TIMED_OUT: "timed_out",
    OfferOutcome.REJECTED: "rejected",
    OfferOutcome.CANCELLED: "cancelled",
}


class MissedCalls:
    """Call `note` with each outcome.

    Args:
        floor: read, never changed.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._rang: dict[CallId, OfferId] = {}
        self._missed: dict[OperatorId, list[MissedView]] = {}

    def of(self, operator: OperatorId) -> list[MissedView]:
        """An operator's missed calls, the newest first."""
        return list(self._missed.get(operator, ()))

    def forget(self, operator: OperatorId) -> None:
        """Forget the missed calls of an operator who went offline."""
        self._missed.pop(operator, None)

    def note(self, outcome: StepResult) -> None:
        """Remember the calls that rang in vain."""
        for fact in outcome.facts:
            if isinstance(fact, OfferRang):
                self._rang[fact.call] = fact.offer
            elif isinstance(fact, OfferEnded):
                rang = self._rang.pop(fact.call, None) == fact.offer
                if rang and _is_missed(fact) and (view := self._view(fact, outcome)) is not None:
                    self._missed[fact.operator] = [view, *self._missed.get(fact.operator, ())][:KEPT]

    def _view(self, ended: OfferEnded, outcome: StepResult) -> MissedView | None:
        call = self._floor.calls.get(ended.call)
        over = (
            fact.record for fact in outcome.facts if isinstance(fact, CallEnded) and fact.call == ended.call
        )
        of = call or next(over, None)
        if of is None:
            return None
        return {
            "call": ended.call,
            "queue": of.queue,
            "caller_number": of.caller_number,
            "caller_name": of.caller_name,
            "contact": of.contact,
            "contact_name": call.contact_name if call is not None else "",
            "at": iso(outcome.at.wall),
            "outcome": _OUTCOMES[ended.outcome],
        }


def _is_missed(ended: OfferEnded) -> bool:
    if ended.outcome is OfferOutcome.CANCELLED:
        return ended.cause == _CALLER_GONE
    return ended.outcome in _OUTCOMES
