"""The floor's questions about a call, answered from the database beside it: each has its answer in time.

A few workers answer side by side. When the line is full, the database is away, slow or at fault, a question is
answered with what is known without it: no call waits for the database for longer than `patience_s`.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, Final, Generic, Protocol, TypeVar

import structlog

from app.domain.ids import CallId
from app.system.faults import report

log = structlog.get_logger(__name__)

WORKERS: Final = 4
LINE: Final = 1000
"""Questions that wait; a second's worth at ten times any load measured."""


class Question(Protocol):
    """About one call."""

    @property
    def call(self) -> CallId:
        """The id of the call that the question is about."""


Q = TypeVar("Q", bound=Question)
A = TypeVar("A")


class Questions(ABC, Generic[Q, A]):
    """Takes questions and puts one answer each.

    Args:
        put: takes the answers; must return at once.
        line: how many questions may wait.
    """

    patience_s: ClassVar[float]
    """How long one answer may take: a database that hangs must not keep the workers from the next question."""

    def __init__(self, put: Callable[[A], None], line: int = LINE) -> None:
        self._put = put
        self._line: asyncio.Queue[Q] = asyncio.Queue(line)

    def ask(self, question: Q) -> None:
        """Take a question; never waits."""
        try:
            self._line.put_nowait(question)
        except asyncio.QueueFull:
            log.warning("question_line_full", question=type(question).__name__, call_id=question.call)
            self._put(self.without_database(question))

    async def run(self) -> None:
        """Answer questions until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._work())

    @abstractmethod
    async def from_database(self, question: Q) -> A:
        """The whole answer."""

    @abstractmethod
    def without_database(self, question: Q) -> A:
        """What can be said at once."""

    async def _work(self) -> None:
        while True:
            question = await self._line.get()
            self._put(await self._answer(question))

    async def _answer(self, question: Q) -> A:
        name = type(question).__name__
        try:
            async with asyncio.timeout(self.patience_s):
                return await self.from_database(question)
        except Exception as error:  # noqa: BLE001 - a fault here is no reason to keep a call waiting
            report(log, "question_unanswered", error, part="questions", question=name, call_id=question.call)
        return self.without_database(question)
