"""What each part that works in the background does when a database is away, and when it meets a fault."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId
from app.lists.left_over import LeftOver
from app.outbound import attempt_writer
from app.outbound.attempt_writer import AttemptWriter, Ended, Entry, OptedOut, Sent
from app.service import campaign_watch, user_watch
from app.service.campaign_watch import CampaignWatch
from app.service.user_watch import UserWatch
from app.system.clock import utc_now
from app.system.faults import FAULTS, PAUSE_S
from app.system.logs import _without_rows, mask_number

AWAY = OperationalError("SELECT", {}, ConnectionResetError("away"))
FAULT = KeyError("ours")
A, B = AttemptId("a"), AttemptId("b")


def counted(part: str) -> float:
    return float(FAULTS.labels(part)._value.get())


def failing_with(error: Exception) -> Callable[..., Any]:
    async def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def asyncio_that_notes(waits: list[float], most: int) -> SimpleNamespace:
    """Waits are noted, not waited for; after so many the work is cancelled."""

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == most:
            raise asyncio.CancelledError

    return SimpleNamespace(sleep=sleep)


@pytest.mark.parametrize(("error", "faults"), [(AWAY, 0), (FAULT, 2)], ids=["away", "fault"])
@pytest.mark.parametrize(
    ("module", "part", "usual_s"),
    [
        (user_watch, "user_watch", user_watch.LOOK_S),
        (campaign_watch, "campaign_watch", campaign_watch.LOOK_S),
    ],
    ids=["user_watch", "campaign_watch"],
)
async def test_whoever_looks_again_and_again_rests_after_a_fault(
    module: Any, part: str, usual_s: float, error: Exception, faults: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch: Any = object.__new__(UserWatch if module is user_watch else CampaignWatch)
    waits: list[float] = []
    first = 1 if module is user_watch else 0  # it waits before it looks
    monkeypatch.setattr(watch, "look", failing_with(error))
    monkeypatch.setattr(module, "asyncio", asyncio_that_notes(waits, 2 + first))
    before = counted(part)
    with capture_logs() as logged, pytest.raises(asyncio.CancelledError):
        await watch.run()
    assert waits[first:] == pytest.approx([PAUSE_S if faults else usual_s] * 2, abs=1.0)
    assert counted(part) - before == faults
    assert ["exc_info" in entry for entry in logged] == [faults > 0] * 2


async def test_left_over_work_is_tried_while_the_database_is_away_and_not_after_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.lists.left_over.RETRY_S", 0.0)
    errors: list[Exception] = [AWAY, AWAY, FAULT]
    tries = 0

    async def see_to() -> None:
        nonlocal tries
        tries += 1
        if errors:
            raise errors.pop(0)

    left_over = LeftOver(see_to)
    await left_over.in_the_end()
    assert tries == 3
    await left_over.seen_to()  # who begins something new sees to it first
    assert tries == 4


class Written:
    """What a writer wrote; some of it meets an error."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entries: list[tuple[str, AttemptId]] = []
        self.errors: dict[tuple[str, AttemptId], list[Exception]] = {}

        def writes(what: str) -> Callable[..., Any]:
            async def write(_: object, said: Any, *__: object, **___: object) -> None:
                attempt = said.id if what == "ended" else said
                if errors := self.errors.get((what, attempt)):
                    raise errors[0] if len(errors) == 1 else errors.pop(0)
                self.entries.append((what, attempt))

            return write

        monkeypatch.setattr(attempt_writer, "end_attempt", writes("ended"))
        monkeypatch.setattr(attempt_writer, "_opt_out", writes("opted_out"))
        monkeypatch.setattr(attempt_writer, "note_attempt", writes("noted"))
        monkeypatch.setattr(attempt_writer, "RETRY_S", 0.0)


async def written(engine: AsyncEngine, *entries: Entry) -> AttemptWriter:
    made = AttemptWriter(engine)
    for entry in entries:
        made.write(entry)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        task = group.create_task(made.run())
        await made.flush()
        task.cancel()
    return made


def ended(attempt: AttemptId) -> Ended:
    return Ended(attempt, AttemptOutcome.ANSWERED, at=utc_now())


async def test_an_end_that_meets_a_fault_holds_up_no_other(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Written(monkeypatch)
    seen.errors[("ended", A)] = [FAULT]
    before = counted("attempt_writer")
    with capture_logs() as logged:
        made = await written(engine, Sent(A, utc_now()), ended(A), ended(B))
    assert ("ended", B) in seen.entries
    assert ("ended", A) not in seen.entries, "on record it is under way: it is not dialled again"
    assert (made.pending, made.away) == (0, False)
    assert counted("attempt_writer") == before + 1
    (entry,) = [one for one in logged if one["event"] == "attempts_not_written"]
    assert entry["attempt"] == A


async def test_nothing_is_dialled_while_a_do_not_call_is_not_on_record(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Written(monkeypatch)
    seen.errors[("opted_out", A)] = [FAULT]
    made = await written(engine, OptedOut(A, utc_now()), ended(A), ended(B))
    assert ("ended", B) in seen.entries
    assert ("ended", A) not in seen.entries, "the next start asks the PBX's log, which knows of the key, too"
    assert (made.pending, made.away) == (0, True)


async def test_entries_wait_while_the_database_is_away(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Written(monkeypatch)
    seen.errors[("ended", A)] = [AWAY, AWAY, AWAY]
    tries = 0

    def until_it_is_back(*_: object, **__: object) -> bool:
        nonlocal tries
        tries += 1
        if tries == 3:
            seen.errors.clear()
        return True

    monkeypatch.setattr(attempt_writer, "report", until_it_is_back)
    made = await written(engine, ended(A), ended(B))
    assert [entry for entry in seen.entries if entry[0] == "ended"] == [("ended", A), ("ended", B)]
    assert (made.pending, made.away, tries) == (0, False, 3)


def test_a_traceback_in_the_log_holds_no_row() -> None:
    told = (
        "asyncpg.exceptions.UniqueViolationError: duplicate key\nDETAIL:  Key (name)=(Mari) exists.\n\n"
        "The above exception was the direct cause\nValueError: +37255500001 is odd\n[SQL: INSERT]"
    )
    entry = _without_rows(None, "error", {"exception": told})
    assert "Mari" not in entry["exception"]
    assert mask_number("+37255500001") in entry["exception"]
    assert "+37255500001" not in entry["exception"]
    assert "duplicate key" in entry["exception"]
    assert "[SQL: INSERT]" in entry["exception"]
