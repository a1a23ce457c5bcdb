"""The reconciler between a log, records and a floor: what it adds, what it closes, and what it leaves alone."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.metrics import FloorMetrics
from app.crm.calls.queries import get_call
from app.crm.contacts.lookup import Lookup
from app.domain.ids import FIRST_NODE, CallId, ChannelId, QueueId
from app.floor.facts import CallArrived, CallEnded, CallRecord, Reconciled, StepResult
from app.floor.floor import Floor, Node
from app.history import reconciler as reconciler_module
from app.history.event_log_mark import event_log_mark, set_event_log_mark
from app.history.reconciler import HistoryReconciler
from app.pbx.clocks import ClockSet, HeardClock
from app.pbx.event_log import EventLog
from app.records.engine import reading, writing
from app.records.journal import Journal
from app.records.tables import CallRow, CallSource
from app.sandbox.sandbox import shipped
from tests.history.test_history import ANNA, ENTERED, NOON_S, Log
from tests.holding import HELD_BOUND_S, Holding
from tests.records.stories import at, call_record, step

STORM = 600


class Setting:
    """A reconciler with everything around it."""

    def __init__(self, engine: AsyncEngine, file: Path, journal: Journal) -> None:
        self.engine, self.journal, self.file = engine, journal, file
        self.floor = Floor(nodes={FIRST_NODE: Node(FIRST_NODE, linked=True)})
        self.clock = HeardClock()
        self.metrics = FloorMetrics(self.floor, completed=True)
        self.reconciler = HistoryReconciler(
            EventLog(f"sqlite+aiosqlite:///{file}"),
            engine,
            journal,
            self.floor,
            lookup=Lookup(engine, "EE"),
            pbx_clock=self.clock,
            counts=self.metrics,
        )

    def logged(self, log: Log) -> None:
        """What Asterisk wrote, in the order it did."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.executemany(
                "INSERT INTO cel (eventtype, eventtime, channame, uniqueid, linkedid, context, appname, appdata,"
                " cid_num, cid_name, extra) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(*entry[1:-1], json.dumps(entry.extra)) for entry in log.entries],
            )

    async def row(self) -> CallRow | None:
        async with reading(self.engine) as session:
            whole = await get_call(session, CallId(ANNA))
        return whole.call if whole else None

    def end(self, record: CallRecord) -> None:
        """The call ends on the floor."""
        ended = step(64, CallEnded(CallId(ANNA), record))
        self.journal.record(ended)
        self.reconciler.note(ended)
        self.metrics.note(ended)

    @property
    def waits(self) -> tuple[float, float]:
        """How many calls `/metrics` tells of, and how long they waited in all."""
        samples = [one for metric in self.metrics.registry.collect() for one in metric.samples]
        count, seconds = (
            sum(one.value for one in samples if one.name == f"keskus_call_wait_seconds_{what}")
            for what in ("count", "sum")
        )
        return count, seconds

    def reconciled(self) -> None:
        self.reconciler.note(StepResult(at(0), [], [Reconciled(0, 0)]))

    async def mark(
        self, row_id: int, heard_at: datetime | None = None, clock_sets: Sequence[tuple[float, float]] = ()
    ) -> None:
        async with writing(self.engine) as session:
            await set_event_log_mark(session, "pbx", row_id, heard_at, clock_sets)


@pytest.fixture
async def setting(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Setting]:
    file = tmp_path / "cel.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((shipped("asterisk") / "sqlite" / "cel.sql").read_text())
    async with _running(Journal(engine, linger_s=0.0)) as journal:
        made = Setting(engine, file, journal)
        yield made
        await made.reconciler.events.close()


@asynccontextmanager
async def _running(journal: Journal) -> AsyncIterator[Journal]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(journal.run())
        yield journal
        task.cancel()


def talk() -> Log:
    log = Log()
    log.enters()
    log.at_s += 2
    log.dials()
    log.at_s += 3
    log.talks()
    log.at_s += 60
    log.stops()
    log.hangs_up()
    return log


def arrived(call: str = ANNA) -> StepResult:
    return step(
        0,
        CallArrived(
            CallId(call),
            QueueId("tugi"),
            caller_number="37255500001",
            caller_name="",
            dialed="",
            channel_name="PJSIP/trunk-1",
            language="et",
            skills=(),
            priority=0,
            arrived_at=at(0).wall,
        ),
    )


async def test_what_was_logged_before_the_first_start_is_nobody_s_gap(setting: Setting) -> None:
    setting.logged(talk())
    setting.reconciled()
    await setting.reconciler.work()
    assert await setting.row() is None
    assert not setting.reconciler.pending
    async with reading(setting.engine) as session:
        mark = await event_log_mark(session, "pbx")
    assert mark is not None
    assert mark.row_id == await setting.reconciler.events.last_id()


async def test_a_gap_is_filled_and_the_mark_moves_on_one_look_behind(setting: Setting) -> None:
    await setting.mark(0)
    setting.logged(talk())
    setting.reconciled()
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert (row.outcome, row.talked_s, row.waited_s, row.source) == ("answered", 60, 5, CallSource.LOG)
    assert row.arrived_at.timestamp() == NOON_S
    last = await setting.reconciler.events.last_id()
    await setting.reconciler.work()
    async with reading(setting.engine) as session:
        mark = await event_log_mark(session, "pbx")
    assert mark is not None
    assert mark.row_id == last


async def test_another_log_than_the_one_that_was_marked_is_read_from_its_beginning(setting: Setting) -> None:
    await setting.mark(1_000_000)
    setting.logged(talk())
    setting.reconciled()
    await setting.reconciler.work()
    assert await setting.row() is not None


async def test_nothing_is_believed_while_the_pbx_cannot_be_heard(setting: Setting) -> None:
    await setting.mark(0)
    setting.logged(talk())
    setting.reconciled()
    setting.floor.node(FIRST_NODE).linked = False
    await setting.reconciler.work()
    assert await setting.row() is None
    assert setting.reconciler.pending


async def test_a_call_that_is_nowhere_is_closed_after_a_while(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting.journal.record(arrived())
    setting.reconciled()
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert row.ended_at is None  # it may only just have begun
    assert setting.reconciler.pending
    monkeypatch.setattr(reconciler_module, "DOUBT_S", 0.0)
    setting.reconciler._doubtful.clear()
    setting.reconciled()
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert (row.outcome, row.ended_by, row.source) == ("failed", "pbx", CallSource.UNHEARD)
    assert not setting.reconciler.pending


async def test_a_call_the_pbx_died_with_ends_with_the_last_that_was_logged(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler_module, "DOUBT_S", 0.0)
    await setting.mark(0)
    log = talk()
    del log.entries[-6:]  # the last row is that they talk
    setting.journal.record(arrived())
    setting.logged(log)
    setting.reconciled()
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert (row.outcome, row.ended_by, row.waited_s, row.source) == ("answered", "pbx", 5, CallSource.UNHEARD)
    assert row.talked_s == 0


async def test_a_talk_the_pbx_died_with_lasts_until_it_was_last_heard(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler_module, "DOUBT_S", 0.0)
    log = talk()
    del log.entries[-6:]
    heard_at = at_noon(605)
    await setting.mark(0, heard_at, [(NOON_S - 86_400, 3600.0)])
    setting.journal.record(arrived())
    setting.logged(log)
    setting.reconciled()
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert (row.outcome, row.waited_s, row.talked_s, row.duration_s) == ("answered", 5, 600, 605)
    assert setting.clock.sets == [ClockSet(NOON_S - 86_400, 3600.0)], "as the last process noticed it"


async def test_a_talk_the_pbx_died_with_lasts_until_that_logged_its_last(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler_module, "DOUBT_S", 0.0)
    await setting.mark(0, at_noon(1))
    log = talk()
    del log.entries[-6:]
    log.at_s -= 60
    since = int(NOON_S)
    starts = [  # 9 and 8 began together
        (f"pbx-{since}.7", 10),
        (f"other-{since}.1", 5),
        (f"pbx-{since + 10}.9", 0),
        (f"pbx-{since + 10}.8", 30),
        (f"pbx-{since + 12}.0", 2),  # another run
        (f"pbx-{since + 910}.10", 900),
    ]
    ids = {"c1": ChannelId(f"pbx-{since - 5}.5"), "l1": ChannelId(f"pbx-{since}.6")}
    log.entries = [
        entry._replace(unique=ids[entry.unique], linked=ids[entry.linked]) for entry in log.entries
    ]
    for unique, after_s in starts:
        log.at_s += after_s
        log.write("CHAN_START", unique, "PJSIP/op9-1", linked=unique)
    setting.logged(log)
    setting.reconciled()
    await setting.reconciler.work()
    await setting.reconciler.work()
    async with reading(setting.engine) as session:
        whole = await get_call(session, CallId(ids["c1"]))
    assert whole is not None
    assert (whole.call.waited_s, whole.call.talked_s) == (5, 45)


async def test_an_end_that_was_heard_is_the_end(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PBX died and was back at once: whatever it does then, its calls ended when the link was lost."""
    monkeypatch.setattr(reconciler_module, "DOUBT_S", 0.0)
    await setting.mark(0, at_noon(600))
    log = talk()
    del log.entries[-6:]
    record = call_record(ANNA, 0, 64, operator=7)._replace(
        arrived_at=at_noon(0), ended_at=at_noon(7), unheard=True
    )
    setting.journal.record(arrived())
    setting.journal.record(step(64, CallEnded(CallId(ANNA), record)))
    setting.logged(log)
    setting.reconciled()
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert (row.waited_s, row.talked_s, row.duration_s) == (5, 2, 7)


def at_noon(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOON_S + seconds, UTC)


async def test_what_the_journal_had_no_room_for_is_completed(engine: AsyncEngine, setting: Setting) -> None:
    await setting.mark(0)
    setting.logged(talk())
    await setting.reconciler.work()
    assert await setting.row() is None  # nothing is missing as far as is known
    setting.journal._capacity = 0
    setting.journal.record(arrived())
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert row.source == CallSource.LOG


async def test_the_journal_never_writes_behind_the_log(engine: AsyncEngine, setting: Setting) -> None:
    """A call that ends while the reconciler waits for the journal is left to its next look."""
    await setting.mark(0)
    setting.logged(talk())
    record = call_record(ANNA, 0, 64, operator=7)._replace(talked_s=1.0, unheard=True)
    ended = step(64, CallEnded(CallId(ANNA), record))
    flush = setting.journal.flush

    async def flush_while_it_ends() -> None:
        await flush()
        setting.journal.flush = flush  # type: ignore[method-assign]
        setting.reconciler.note(ended)
        setting.journal.record(ended)

    setting.journal.flush = flush_while_it_ends  # type: ignore[method-assign]
    setting.reconciled()
    await setting.reconciler.work()
    assert setting.reconciler.pending
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert (row.talked_s, row.source) == (60, CallSource.LOG)


async def test_a_call_taken_over_waited_as_long_in_the_metrics_as_in_its_record(setting: Setting) -> None:
    await setting.mark(0)
    setting.logged(talk())
    setting.end(call_record(ANNA, 0, 64, operator=7)._replace(waited_s=34.0, unheard=True))
    assert setting.waits == (0, 0), "what is not known is not told"
    for _ in range(3):
        setting.reconciled()
        await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert row.waited_s != 34.0
    assert setting.waits == pytest.approx((1, row.waited_s))


async def test_a_call_that_was_never_heard_is_in_the_metrics_once_it_is_on_record(setting: Setting) -> None:
    await setting.mark(0)
    setting.logged(talk())
    for _ in range(3):
        setting.reconciled()
        await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert setting.waits == pytest.approx((1, row.waited_s))


async def test_of_a_call_the_log_does_not_tell_the_metrics_tell_what_was_heard(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler_module, "DOUBT_S", 0.0)
    setting.end(call_record(ANNA, 0, 64, operator=7)._replace(waited_s=4.0, unheard=True))
    await setting.reconciler.work()
    assert not setting.reconciler.pending
    assert setting.waits == (1, 4.0)


async def test_a_call_that_ends_while_the_database_is_away_is_completed_when_it_is_back(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time after which nothing more is asked of the log does not run out before it was asked at all."""
    monkeypatch.setattr(reconciler_module, "DOUBT_S", 0.0)
    await setting.mark(0)
    setting.logged(talk())
    record = call_record(ANNA, 0, 64, operator=7)._replace(talked_s=1.0, unheard=True)
    ended = step(64, CallEnded(CallId(ANNA), record))
    flush = setting.journal.flush

    async def flush_while_it_ends() -> None:
        setting.journal.flush = flush  # type: ignore[method-assign]
        setting.journal.record(ended)
        setting.reconciler.note(ended)
        await flush()

    setting.journal.flush = flush_while_it_ends  # type: ignore[method-assign]
    await setting.reconciler.work()
    await setting.reconciler.work()
    row = await setting.row()
    assert row is not None
    assert (row.talked_s, row.source) == (60, CallSource.LOG)


# PostgreSQL's rows are read on the loop, SQLite's on a thread.
@pytest.mark.parametrize("backend", ["postgresql"])
async def test_a_storm_of_calls_is_completed_while_the_loop_goes_on(setting: Setting) -> None:
    log = Log()
    for number in range(STORM):
        call, channel = f"c{number}", f"PJSIP/trunk-{number}"
        log.write("CHAN_START", call, channel, linked=call)
        log.write("APP_START", call, channel, linked=call, application="UserEvent", data=ENTERED)
        log.at_s += 1
        for _ in range(6):
            log.write("APP_START", call, channel, linked=call, application="Wait", data="2")
        log.hangs_up(call, channel, linked=call)
    setting.logged(log)
    await setting.mark(0)
    for number in range(STORM):
        record = call_record(f"c{number}", 0, 1, operator=None)._replace(unheard=True)
        setting.journal.record(step(1, CallEnded(record.call, record)))
        setting.reconciler.note(step(1, CallEnded(record.call, record)))
    await setting.journal.flush()
    async with Holding() as holding:
        await setting.reconciler.work()
    assert not setting.reconciler.pending
    assert holding.longest_s <= HELD_BOUND_S
