"""The line of questions: each has one answer, whatever the database does."""

import asyncio
from typing import ClassVar, NamedTuple

from app.crm.answers.questions import WORKERS, Questions
from app.domain.ids import CallId


class Asked(NamedTuple):
    call: CallId


class Slow(Questions[Asked, str]):
    """A database that answers when it is let, or breaks."""

    patience_s: ClassVar[float] = 0.2

    def __init__(self, answers: asyncio.Queue[str], line: int) -> None:
        super().__init__(answers.put_nowait, line)
        self.let = asyncio.Event()
        self.asked = asyncio.Semaphore(0)
        self.broken: Exception | None = None

    async def from_database(self, question: Asked) -> str:
        self.asked.release()
        await self.let.wait()
        if self.broken is not None:
            raise self.broken
        return f"{question.call} known"

    def without_database(self, question: Asked) -> str:
        return f"{question.call} unknown"


async def test_each_question_has_one_answer() -> None:
    answers: asyncio.Queue[str] = asyncio.Queue()
    line = Slow(answers, line=2)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(line.run())
        for place in range(WORKERS):
            line.ask(Asked(CallId(f"a{place}")))
            await line.asked.acquire()
        for place in range(3):
            line.ask(Asked(CallId(f"b{place}")))
        assert answers.get_nowait() == "b2 unknown", "the line is full: answered at once"
        line.let.set()
        said = {await answers.get() for _ in range(WORKERS + 2)}
        assert said == {f"a{place} known" for place in range(WORKERS)} | {"b0 known", "b1 known"}
        for error in (OSError("away"), ValueError("a fault of ours")):
            line.broken = error
            line.ask(Asked(CallId("c")))
            assert await answers.get() == "c unknown"
        line.let.clear()
        line.ask(Asked(CallId("d")))
        assert await answers.get() == "d unknown", "it hangs"
        assert answers.empty()
        running.cancel()
