from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.recycling import LeadState
from app.crm.attempts.errors import CallbackUntimed
from app.crm.attempts.outcomes import Disposed, dispose
from app.crm.attempts.placing import NewAttempt, begin_attempts
from app.crm.attempts.queries import note_attempt, open_attempts
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.rules import recycling_of
from app.crm.campaigns.tables import CampaignRow
from app.crm.dispositions.queries import save_disposition
from app.crm.dispositions.tables import DispositionRow
from app.crm.leads.judging import wake_exhausted
from app.crm.leads.queries import numbers_of
from app.crm.tallies.hours import count_call, hour_tallies
from app.domain.campaigns import AttemptOutcome, DialMode
from app.domain.ids import AttemptId, CampaignId, OperatorId
from app.pacing.best_hour import HourTally
from app.records.engine import reading, writing
from tests.records.lists import (
    RUNNER,
    begin,
    draft,
    end,
    engaged,
    fill,
    later,
    lead_row,
    make_campaign,
    number,
    pick,
)
from tests.records.stories import DAWN

ANSWERED, BUSY, UNKNOWN = AttemptOutcome.ANSWERED, AttemptOutcome.BUSY, AttemptOutcome.UNKNOWN
ID = AttemptId("kc-1")


@pytest.fixture
async def campaign(engine: AsyncEngine) -> CampaignId:
    return await make_campaign(engine)


async def dial(engine: AsyncEngine, campaign: CampaignId, *keys: int) -> int:
    """A lead whose first attempt is under way."""
    await fill(engine, campaign, draft(*(keys or (1,))))
    (lead,) = await pick(engine, campaign)
    assert await begin(engine, lead, ID)
    return lead.id


async def test_an_attempt_is_written_down_before_it_is_dialled(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    lead = await dial(engine, campaign)
    async with reading(engine) as session:
        (attempt,) = await open_attempts(session)
    assert (attempt.id, attempt.lead_id, attempt.number) == (ID, lead, number(1))
    assert (attempt.placed_at, attempt.sent_at, attempt.mode, attempt.rule_set) == (
        DAWN,
        None,
        "progressive",
        "own",
    )
    row = await lead_row(engine, lead)
    assert (row.state, row.attempt_id) == ("dialling", ID)


async def test_begun_twice_is_begun_once(engine: AsyncEngine, campaign: CampaignId) -> None:
    await fill(engine, campaign, draft(1), draft(2))
    one, two = await pick(engine, campaign, 2)
    new = [
        NewAttempt(AttemptId("a"), one.id, 0, DialMode.RATIO),
        NewAttempt(AttemptId("b"), two.id, 3, DialMode.RATIO),  # it has no such number
    ]
    for _ in range(2):
        async with writing(engine) as session:
            assert await begin_attempts(session, new, RUNNER, DAWN) == {"a"}
    async with writing(engine) as session:
        assert await note_attempt(session, AttemptId("a"), sent_at=later(1))
        assert not await note_attempt(session, AttemptId("c"), sent_at=later(1))
        assert await begin_attempts(session, new, RUNNER, DAWN) == set(), "what was sent is not sent again"
        assert (
            await begin_attempts(
                session, [NewAttempt(AttemptId("a"), two.id, 0, DialMode.RATIO)], RUNNER, DAWN
            )
            == set()
        )


async def test_an_end_counts_once(engine: AsyncEngine, campaign: CampaignId) -> None:
    lead = await dial(engine, campaign)
    moved = await end(engine, ID, BUSY, at=20)
    assert moved is not None
    assert (moved.lead, moved.state, moved.reason, moved.next_at) == (
        lead,
        LeadState.WAITING,
        "busy",
        later(320),
    )
    assert await end(engine, ID, ANSWERED, at=21) is None
    assert await end(engine, "kc-9", BUSY) is None
    row = await lead_row(engine, lead)
    assert (row.attempts, row.last_outcome, row.runner) == (1, "busy", "")
    async with reading(engine) as session:
        assert await engaged(session) == set()
        assert [(one.attempts, one.last_outcome) for one in (await numbers_of(session, [lead]))[lead]] == [
            (1, "busy")
        ]
    assert await pick(engine, campaign, at=319) == []
    assert [one.id for one in await pick(engine, campaign, at=320)] == [lead]


async def test_the_numbers_are_tried_in_turn_and_a_wrong_one_is_left(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    await fill(engine, campaign, draft(1, 2, 3))
    at, dialled = 0.0, []
    for turn, outcome in enumerate(
        (AttemptOutcome.NO_ANSWER, AttemptOutcome.WRONG_NUMBER, AttemptOutcome.NO_ANSWER)
    ):
        (lead,) = await pick(engine, campaign, at=at)
        dialled.append(lead.number.e164)
        await begin(engine, lead, f"kc-{turn}", at=at)
        moved = await end(engine, f"kc-{turn}", outcome, at=at)
        assert moved is not None
        assert moved.next_at is not None
        at = (moved.next_at - DAWN).total_seconds()
    assert dialled == [number(1), number(2), number(3)]
    assert moved is not None
    assert moved.reason == "day_exhausted"
    assert moved.next_at == datetime(2025, 6, 2, 21, tzinfo=UTC), "midnight in Tallinn"
    (lead,) = await pick(engine, campaign, at=at)
    assert lead.number.e164 == number(1)


async def test_a_day_is_the_leads_own(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, recycling={"max_per_day": 1})
    await fill(engine, campaign, draft(1, time_zone="Asia/Tokyo"))
    (lead,) = await pick(engine, campaign)
    await begin(engine, lead, "kc-1")
    moved = await end(engine, "kc-1", BUSY)
    assert moved is not None
    assert moved.next_at == datetime(2025, 6, 2, 15, tzinfo=UTC)


async def test_what_the_pbx_refused_is_not_counted(engine: AsyncEngine, campaign: CampaignId) -> None:
    lead = await dial(engine, campaign)
    await end(engine, ID, AttemptOutcome.REFUSED)
    assert (await lead_row(engine, lead)).attempts == 0


async def test_a_number_that_is_refused_again_and_again_is_not_tried_for_ever(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, recycling={"max_per_campaign": 2, "max_per_day": 2})
    await fill(engine, campaign, draft(1))
    moved, tries = None, 0
    while moved is None or moved.state is LeadState.WAITING:
        (lead,) = await pick(engine, campaign, at=tries * 100_000)
        assert await begin(engine, lead, f"kc-{tries}", at=tries * 100_000)
        moved = await end(engine, f"kc-{tries}", AttemptOutcome.REFUSED, at=tries * 100_000 + 1)
        tries += 1
    assert (tries, moved.reason) == (5, "attempts_exhausted")  # three are free


@pytest.mark.parametrize("maximum", ["max_per_campaign", "max_per_number"])
async def test_raising_a_maximum_wakes_the_leads_it_had_exhausted(engine: AsyncEngine, maximum: str) -> None:
    campaign = await make_campaign(engine, recycling={maximum: 1})
    first = await dial(engine, campaign)
    await end(engine, ID, AttemptOutcome.NO_ANSWER)
    await fill(engine, campaign, draft(2), draft(3))
    (second,) = await pick(engine, campaign)
    await begin(engine, second, "kc-2")
    await end(engine, "kc-2", ANSWERED)
    assert (await lead_row(engine, first)).state == "done"
    await change(engine, campaign, {maximum: 1})
    assert (await lead_row(engine, first)).state == "done"
    await change(engine, campaign, {maximum: 2})
    row = await lead_row(engine, first)
    assert (row.state, row.reason, row.next_position) == ("ready", "maximum_raised", 0)
    assert (await lead_row(engine, second.id)).state == "done"  # who has answered is not called again


async def test_a_wrong_number_is_not_woken(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, recycling={"max_per_number": 1})
    lead = await dial(engine, campaign)
    await end(engine, ID, AttemptOutcome.WRONG_NUMBER)
    await change(engine, campaign, {"max_per_number": 5})
    assert (await lead_row(engine, lead)).state == "done"


async def test_raising_the_days_maximum_wakes_who_waits_for_tomorrow(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, recycling={"max_per_day": 1})
    lead = await dial(engine, campaign)
    await end(engine, ID, BUSY)
    assert (await lead_row(engine, lead)).reason == "day_exhausted"
    await change(engine, campaign, {"max_per_day": 3})
    assert (await lead_row(engine, lead)).state == "ready"


async def change(engine: AsyncEngine, campaign: CampaignId, recycling: dict[str, Any]) -> None:
    """Change a campaign's rules for trying again."""
    async with writing(engine) as session:
        row = await session.get(CampaignRow, campaign)
        assert row is not None
        before, row.recycling = recycling_of(row.recycling), recycling
        session.add(row)
        await session.flush()
        await wake_exhausted(session, campaign, before, recycling_of(recycling))


async def test_a_better_word_takes_the_place_of_unknown(engine: AsyncEngine, campaign: CampaignId) -> None:
    lead = await dial(engine, campaign)
    await end(engine, ID, UNKNOWN)
    assert (await lead_row(engine, lead)).reason == "unknown"
    assert await end(engine, ID, UNKNOWN) is None
    moved = await end(engine, ID, ANSWERED, at=5)
    assert moved is not None
    assert (moved.state, moved.reason) == (LeadState.DONE, "answered")
    assert (await lead_row(engine, lead)).attempts == 1
    assert await end(engine, ID, BUSY) is None


async def test_a_late_word_does_not_move_a_lead_that_went_on(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    lead = await dial(engine, campaign)
    await end(engine, ID, UNKNOWN)
    (again,) = await pick(engine, campaign, at=3600)
    assert await end(engine, ID, ANSWERED, at=3601) is None
    assert (await lead_row(engine, lead)).state == "reserved"
    assert await begin(engine, again, "kc-2", at=3602)
    async with reading(engine) as session:
        first = await session.get(AttemptRow, ID)
        assert first is not None
        assert first.outcome == "answered"


async def make_disposition(engine: AsyncEngine, **flags: bool) -> DispositionRow:
    async with writing(engine) as session:
        said: dict[str, Any] = {"code": "said", "title": "Said", **flags}
        return await save_disposition(session, DispositionRow(**said))


async def say(
    engine: AsyncEngine, disposition: DispositionRow, at: float = 60.0, **said: datetime | OperatorId
) -> Disposed:
    async with writing(engine) as session:
        disposed = await dispose(session, ID, disposition, later(at), note="räägitud", **said)  # type: ignore[arg-type]
    assert disposed is not None
    return disposed


@pytest.mark.parametrize(
    ("flags", "state", "reason"),
    [
        ({"sale": True}, LeadState.DONE, "said"),
        ({"do_not_call": True, "human": True}, LeadState.DONE, "said"),
        ({"unworkable": True, "human": False}, LeadState.DONE, "said"),
        ({"answering_machine": True, "human": False}, LeadState.WAITING, "machine"),
        ({"human": False}, LeadState.DONE, "answered"),
    ],
)
async def test_dispositions(
    engine: AsyncEngine, campaign: CampaignId, flags: dict[str, bool], state: LeadState, reason: str
) -> None:
    await dial(engine, campaign)
    await end(engine, ID, ANSWERED, at=50)
    disposed = await say(engine, await make_disposition(engine, **flags))
    assert disposed.attempt.note == "räägitud"
    assert disposed.moved is not None
    assert (disposed.moved.state, disposed.moved.reason) == (state, reason)


async def test_a_disposition_set_in_the_talk_takes_effect_at_its_end(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    lead = await dial(engine, campaign)
    callback = await make_disposition(engine, callback=True)
    disposed = await say(engine, callback, callback_at=later(900), callback_operator=OperatorId(7))
    assert disposed.moved is None
    moved = await end(engine, ID, ANSWERED, at=70)
    assert moved is not None
    assert (moved.state, moved.reason, moved.next_at) == (LeadState.WAITING, "callback", later(900))
    (again,) = await pick(engine, campaign, at=900, operators=[7])
    assert (again.id, again.callback_operator) == (lead, 7)
    # Nobody answers: it stays a callback of the same operator.
    await begin(engine, again, "kc-2", at=900)
    await end(engine, "kc-2", BUSY, at=910)
    row = await lead_row(engine, lead)
    assert (row.callback_at, row.callback_operator, row.next_at) == (later(1210), 7, later(1210))


async def test_a_callback_needs_its_time(engine: AsyncEngine, campaign: CampaignId) -> None:
    await dial(engine, campaign)
    with pytest.raises(CallbackUntimed):
        await say(engine, await make_disposition(engine, callback=True))


async def test_the_last_word_counts(engine: AsyncEngine, campaign: CampaignId) -> None:
    lead = await dial(engine, campaign)
    await end(engine, ID, ANSWERED)
    async with writing(engine) as session:
        sale = await save_disposition(session, DispositionRow(code="sale", title="Müük", sale=True))
        back = await save_disposition(session, DispositionRow(code="back", title="Tagasi", callback=True))
    await say(engine, back, callback_at=DAWN + timedelta(days=1))
    await say(engine, sale)
    row = await lead_row(engine, lead)
    assert (row.state, row.reason, row.callback_at) == ("done", "sale", None)


async def test_who_did_not_answer_is_tried_at_the_best_hour(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, again_at="best_hour")
    async with writing(engine) as session:
        for hour, answered in ((9, 5), (14, 20), (18, 45)):
            for call in range(50):
                await count_call(session, campaign, hour, answered=call < answered)
    lead = await dial(engine, campaign)
    moved = await end(engine, ID, AttemptOutcome.NO_ANSWER, at=25.0)  # at nine in the morning there
    assert moved is not None
    assert moved.next_at == DAWN.replace(hour=15), "at six in the evening, not three hours later"
    async with reading(engine) as session:
        assert (await hour_tallies(session, campaign))[9] == HourTally(51, 5)
    assert (await lead_row(engine, lead)).next_at == moved.next_at
