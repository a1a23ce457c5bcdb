"""AMI actions that were sent and whose answers are awaited: one action, several together, or a list.

Each class holds one future for its caller. Whatever happens - an answer, an error, a time-out, a lost link, a
caller that gave up - the future ends once, and the protocol then forgets the action. No action can be sent a
second time: its bytes are not kept.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from app.pbx.ami.errors import PbxError, PbxRejected
from app.pbx.ami.message import Event, Response


class Asked(Protocol):
    """The interface of an awaited answer, as the protocol uses it."""

    def answer(self, action_id: str, response: Response) -> bool:
        """Take an answer; True when this ActionID has nothing more to come."""

    def fail(self, error: PbxError) -> None:
        """End with an error, unless ended already."""


class AskedOne:
    """One action, one answer."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

    def answer(self, action_id: str, response: Response) -> bool:
        """Take the answer: a result, or PbxRejected."""
        del action_id
        if not self.future.done():
            if response.success:
                self.future.set_result(response)
            else:
                self.future.set_exception(PbxRejected(self.action, response.message))
        return True

    def fail(self, error: PbxError) -> None:
        """End with an error, unless ended already."""
        if not self.future.done():
            self.future.set_exception(error)


class AskedSeveral:
    """Several actions sent together; one refusal does not hide the other answers."""

    def __init__(self, actions: Sequence[tuple[str, str]]) -> None:
        """Wait for the answer to each `(ActionID, action name)`."""
        self.future: asyncio.Future[list[Response | PbxRejected]] = asyncio.get_running_loop().create_future()
        self._actions = dict(actions)
        self._answers: dict[str, Response | PbxRejected] = {}
        if not actions:
            self.future.set_result([])

    def answer(self, action_id: str, response: Response) -> bool:
        """Take one answer; the last one ends the wait. The result has all answers in the order of the actions."""
        self._answers[action_id] = (
            response if response.success else PbxRejected(self._actions[action_id], response.message)
        )
        if len(self._answers) == len(self._actions) and not self.future.done():
            self.future.set_result([self._answers[asked] for asked in self._actions])
        return True

    def fail(self, error: PbxError) -> None:
        """End with an error, unless ended already."""
        if not self.future.done():
            self.future.set_exception(error)


class AskedList:
    """One action answered by an acknowledgement, events with its ActionID, and a closing event."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.future: asyncio.Future[list[Event]] = asyncio.get_running_loop().create_future()
        self._events: list[Event] = []

    def answer(self, action_id: str, response: Response) -> bool:
        """Take the acknowledgement; a refusal ends the wait, since no closing event will follow it."""
        del action_id
        if response.success:
            return False
        self.fail(PbxRejected(self.action, response.message))
        return True

    def take(self, event: Event) -> bool:
        """Take one event of the list; True for the closing one, which is not part of the result."""
        verdict = event.get("EventList").lower()
        if verdict.startswith("cancel"):
            self.fail(PbxRejected(self.action, event.get("Message") or "list cancelled"))
            return True
        if verdict == "complete" or event.name.endswith("Complete"):
            count = event.get("ListItems")
            if count.isdecimal() and int(count) != len(self._events):
                # The service would take a channel that is missing from the list for ended.
                self.fail(PbxRejected(self.action, f"{len(self._events)} of {count} items were heard"))
            elif not self.future.done():
                self.future.set_result(self._events)
            return True
        self._events.append(event)
        return False

    def fail(self, error: PbxError) -> None:
        """End with an error, unless ended already."""
        if not self.future.done():
            self.future.set_exception(error)
