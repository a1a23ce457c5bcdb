"""What a careful client of `/ws/desktop` does: keeps the truth and checks that nothing is missing."""

import json
from typing import Any

from pydantic import TypeAdapter

from app.live.messages import VERSION, Answer, Change, Numbered

_ANSWER: TypeAdapter[Any] = TypeAdapter(Answer)
_CHANGE: TypeAdapter[Any] = TypeAdapter(Change)
_NUMBERED: TypeAdapter[Any] = TypeAdapter(Numbered)


def check(message: dict[str, Any]) -> None:
    """Fail where a frame is not as the contract has it, or has a name that is not in it."""
    parts = {"number", "prev", "at"}
    if message["type"] in {"snapshot", "resumed", "beat"}:
        assert _ANSWER.validate_python(message, strict=True) == message
        return
    numbered = {name: value for name, value in message.items() if name in parts}
    assert _NUMBERED.validate_python(numbered, strict=True) == numbered
    change = {name: value for name, value in message.items() if name not in parts}
    assert _CHANGE.validate_python(change, strict=True) == change


class Reader:
    """Applies frames in order; fails on a gap, a repetition, or a frame that is not in the contract."""

    def __init__(self, *, operator: int | None = None) -> None:
        self.operator = operator
        self.epoch = ""
        self.last: int | None = None
        self.numbers: list[int] = []
        self.snapshots = 0
        self.kinds: list[str] = []
        self.linked = False
        self.records = ""
        self.queues: dict[str, Any] = {}
        self.operators: dict[int, Any] = {}
        self.calls: dict[str, Any] = {}
        self.campaigns: dict[int, Any] = {}

    def read(self, frame: str) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(frame)
        check(message)
        kind = message["type"]
        self.kinds.append(kind)
        assert message.get("version", VERSION) == VERSION
        if kind == "snapshot":
            self.snapshots += 1
            self.epoch, self.last, self.linked = message["epoch"], message["number"], message["linked"]
            self.records = message["records"]
            self.numbers.clear()
            self.queues = {each["id"]: each for each in message["queues"]}
            self.operators = {each["id"]: each for each in message["operators"]}
            self.calls = {each["id"]: each for each in message["calls"]}
            self.campaigns = {each["id"]: each for each in message["campaigns"]}
        elif kind == "resumed":
            assert message["after"] == self.last
        elif kind == "beat":
            assert message["number"] == self.last
        else:
            assert message["prev"] == self.last, "a message is missing or came twice"
            assert self.last is not None
            assert message["number"] > self.last
            self.last = message["number"]
            self.numbers.append(message["number"])
            self._apply(kind, message)
        return message

    def _apply(self, kind: str, message: dict[str, Any]) -> None:  # noqa: C901 - a table of kinds
        match kind:
            case "call_changed":
                self.calls[message["call"]["id"]] = message["call"]
            case "screen_pop":
                self.calls[message["call"]["id"]] = message["call"]
            case "call_ended":
                self.calls.pop(message["id"], None)
            case "call_hidden" if self.operator is not None:
                self.calls.pop(message["id"], None)
            case "screen_pop_ended" if message["operator"] == self.operator:
                self.calls.pop(message["call"], None)
            case "operator_changed":
                self.operators[message["operator"]["id"]] = message["operator"]
            case "operator_removed":
                self.operators.pop(message["id"], None)
            case "queue_changed":
                self.queues[message["queue"]["id"]] = message["queue"]
            case "queue_removed":
                self.queues.pop(message["id"], None)
            case "campaign_changed":
                self.campaigns[message["campaign"]["id"]] = message["campaign"]
            case "campaign_removed":
                self.campaigns.pop(message["id"], None)
            case "link_changed":
                self.linked = message["linked"]
            case "records_changed":
                self.records = message["records"]

    @property
    def truth(self) -> dict[str, Any]:
        return {
            "linked": self.linked,
            "queues": self.queues,
            "operators": self.operators,
            "calls": self.calls,
            "campaigns": self.campaigns,
        }
