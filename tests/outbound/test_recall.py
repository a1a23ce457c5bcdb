"""What a campaign's attempts on file teach the floor at a start."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.attempts.tables import AttemptRow
from app.domain.campaigns import AttemptOutcome, CampaignSettings, DialMode, Window
from app.domain.ids import CampaignId, QueueId
from app.outbound.recall import recall
from app.pacing.abandonment import Abandonment, LiveAnswers
from app.records.engine import reading, writing
from app.records.tables import CallLegRow, OperatorStateRow
from tests.records.stories import DAWN

CAMPAIGN = CampaignId(1)
ANSWERED, ABANDONED = AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED
HOUR = timedelta(hours=1)


def settings(window: Window = Window.ROLLING_DAY) -> CampaignSettings:
    begun = DAWN - timedelta(days=40)
    return CampaignSettings(
        CAMPAIGN,
        "c",
        mode=DialMode.PREDICTIVE,
        queue=QueueId("sales"),
        window=window,
        begun=begun,
        zone=ZoneInfo("Europe/Tallinn"),
    )


def attempt(
    id_: str, sent: datetime, outcome: AttemptOutcome | None, *, lead: int = 1, campaign: int = CAMPAIGN
) -> AttemptRow:
    """It rings 8 s, and lasts 12 s more when it is answered."""
    live = outcome in (ANSWERED, ABANDONED, AttemptOutcome.HUNG_UP, AttemptOutcome.MACHINE)
    rang = timedelta(seconds=8)
    return AttemptRow(
        id=id_,
        campaign_id=campaign,
        lead_id=lead,
        position=0,
        number=f"+3725550{lead:04}",
        mode="predictive",
        placed_at=sent,
        sent_at=sent,
        answered_at=sent + rang if live else None,
        ended_at=sent + (rang + timedelta(seconds=12) if live else rang) if outcome else None,
        outcome=outcome.value if outcome else None,
        call_id=id_ if live else None,
    )


async def test_live_answers_are_those_of_the_window(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        session.add_all(
            [
                attempt("old", DAWN - timedelta(days=39), ABANDONED),
                attempt("period", DAWN - timedelta(days=9), ANSWERED),
                attempt("yesterday", DAWN - 20 * HOUR, ABANDONED),
                attempt("today", DAWN - HOUR, ANSWERED),
                attempt("too", DAWN - HOUR, ANSWERED),
                attempt("gone", DAWN - HOUR, AttemptOutcome.HUNG_UP),
                attempt("machine", DAWN - HOUR, AttemptOutcome.MACHINE),
                attempt("open", DAWN - HOUR, None),
                attempt("theirs", DAWN - HOUR, ANSWERED, campaign=2),
                attempt("later", DAWN + HOUR, ANSWERED),
            ]
        )
    for window, expected in {
        Window.ROLLING_DAY: LiveAnswers(2, 1),
        Window.CALENDAR_DAY: LiveAnswers(2, 0),
        Window.THIRTY_DAYS: LiveAnswers(3, 1),
        Window.CAMPAIGN: LiveAnswers(3, 2),
    }.items():
        said = settings(window)
        async with reading(engine) as session:
            recalled = await recall(session, said, DAWN)
        counted = Abandonment(said.window, said.begun or DAWN, zone=said.zone)
        for at, answers in recalled.answers:
            counted.add(at, abandoned=False, times=answers.answered)
            counted.add(at, abandoned=True, times=answers.abandoned)
        assert counted.at(DAWN) == expected, window


async def test_dials_are_told_as_they_went_the_oldest_first(engine: AsyncEngine) -> None:
    minute = timedelta(minutes=1)
    async with writing(engine) as session:
        session.add_all(
            [
                attempt("a", DAWN - 5 * minute, AttemptOutcome.BUSY),
                attempt("b", DAWN - 4 * minute, ANSWERED),
                attempt("c", DAWN - 3 * minute, AttemptOutcome.HUNG_UP, lead=2),
                attempt("d", DAWN - 2 * minute, AttemptOutcome.FAILED, lead=3),
                attempt("e", DAWN - 2 * minute, AttemptOutcome.UNKNOWN, lead=3),
                attempt("f", DAWN - minute, AttemptOutcome.MACHINE, lead=4),
                attempt("z", DAWN - timedelta(days=20), ANSWERED, lead=5),
            ]
        )
    async with reading(engine) as session:
        dials = (await recall(session, settings(), DAWN)).dials
    assert [(dial.answered, dial.rang_s, dial.ordinal) for dial in dials] == [
        (False, 8.0, 1),
        (True, 8.0, 2),
        (True, 8.0, 1),
        (False, 8.0, 1),
    ]
    assert [dial.at for dial in dials] == sorted(dial.at for dial in dials)


async def test_talks_and_wrap_ups_are_whole(engine: AsyncEngine) -> None:
    def leg(call: str, number: int, talked_s: float, operator: int | None = 5) -> CallLegRow:
        return CallLegRow(
            call_id=call,
            number=number,
            operator_id=operator,
            began_at=DAWN,
            answered_at=DAWN if talked_s else None,
            ended_at=DAWN,
            talked_s=talked_s,
        )

    def state(seq: int, seconds: float, cause: str, operator: int = 5) -> OperatorStateRow:
        return OperatorStateRow(
            operator_id=operator,
            seq=seq,
            from_at=DAWN - HOUR + timedelta(seconds=seq),
            to_at=DAWN,
            duration_s=seconds,
            presence="available",
            routing="wrap_up",
            device="registered",
            cause=cause,
        )

    async with writing(engine) as session:
        session.add_all([attempt("a", DAWN - HOUR, ANSWERED), attempt("b", DAWN - HOUR / 2, ANSWERED)])
        session.add_all([leg("a", 0, 0.0, 6), leg("a", 1, 95.0), leg("b", 0, 40.0), leg("x", 0, 7.0)])
        session.add_all([state(1, 0.5, "device"), state(2, 0.2, "call_ended"), state(3, 11.8, "device")])
        session.add_all([state(4, 20.0, "call_ended"), state(5, 99.0, "call_ended", operator=6)])
        session.add_all([attempt("c", DAWN - HOUR / 4, ANSWERED), leg("c", 0, 30.0, 7)])
        # Of operator 7's first wrap-up only the end is recent enough: it belongs to no other operator's.
        session.add_all([state(6, 50.0, "device", operator=7), state(7, 15.0, "call_ended", operator=7)])
    async with reading(engine) as session:
        recalled = await recall(session, settings(), DAWN)
    assert recalled.talks_s == (95.0, 40.0, 30.0)
    assert recalled.wrap_ups_s == pytest.approx((12.0, 20.0, 15.0))


async def test_of_a_campaign_that_never_dialled_nothing_is_told(engine: AsyncEngine) -> None:
    async with reading(engine) as session:
        recalled = await recall(session, settings(), DAWN)
    assert (recalled.answers, recalled.dials, recalled.talks_s, recalled.wrap_ups_s) == ((), (), (), ())
