"""The states of surveys and of responses, and what leads from one to the next. Pure.

::

    draft --publish--> published --withdraw--> withdrawn --publish--> published

    open --finish--> finished
      |  <--reopen--+
      +--refuse--> refused       reopened where the customer thinks better of it
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class SurveyState(StrEnum):
    """Whether a survey is asked."""

    DRAFT = "draft"
    """It is being written."""
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """It is not asked any more; its answers stay."""


class ResponseState(StrEnum):
    """How far a customer has come."""

    OPEN = "open"
    """Asked and not ended: what was answered so far is a partial answer."""
    FINISHED = "finished"
    REFUSED = "refused"
    """The customer does not want to answer, or to go on."""


class ResponseAction(StrEnum):
    """What may be done with a response."""

    ANSWER = "answer"
    FINISH = "finish"
    REFUSE = "refuse"
    REOPEN = "reopen"
    """Ask on, as the customer thinks better of it."""


_AFTER: Final = MappingProxyType(
    {
        (ResponseState.OPEN, ResponseAction.ANSWER): ResponseState.OPEN,
        (ResponseState.OPEN, ResponseAction.FINISH): ResponseState.FINISHED,
        (ResponseState.OPEN, ResponseAction.REFUSE): ResponseState.REFUSED,
        (ResponseState.REFUSED, ResponseAction.REOPEN): ResponseState.OPEN,
    }
)


def after(state: ResponseState, action: ResponseAction) -> ResponseState | None:
    """The state that an action leads to; None: it may not be done now.

    >>> after(ResponseState.OPEN, ResponseAction.FINISH), after(ResponseState.FINISHED, ResponseAction.ANSWER)
    (<ResponseState.FINISHED: 'finished'>, None)
    """
    return _AFTER.get((state, action))


def actions(state: ResponseState) -> list[ResponseAction]:
    """What may be done in a state, in the order of `ResponseAction`."""
    return [action for action in ResponseAction if (state, action) in _AFTER]
