"""How often answering-machine detection was wrong, counted from dispositions."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.attempts.outcomes import dispose
from app.crm.attempts.queries import note_attempt
from app.crm.detection.service import Verdicts, verdicts
from app.crm.dispositions.queries import save_disposition
from app.crm.dispositions.tables import DispositionRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, OperatorId
from app.pacing.amd_accuracy import share
from app.records.engine import reading, writing
from tests.records.lists import begin, draft, end, fill, later, make_campaign, pick

SALE, MACHINE, NOTHING = "sale", "machine", ""


@pytest.mark.parametrize(("wrong", "of"), [(0, 1), (0, 50), (3, 100), (50, 50), (1, 2)])
def test_the_interval_holds_the_share_and_stays_a_share(wrong: int, of: int) -> None:
    told = share(wrong, of)
    assert told.share is not None
    assert 0 <= told.low <= told.share <= told.high <= 1
    assert told.low < told.high


def test_more_calls_say_more() -> None:
    few, many = share(1, 10), share(100, 1000)
    assert many.high - many.low < few.high - few.low


async def test_what_operators_heard_is_set_against_what_it_said(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    async with writing(engine) as session:
        said = {
            SALE: await save_disposition(session, DispositionRow(code=SALE, title=SALE, sale=True)),
            MACHINE: await save_disposition(
                session, DispositionRow(code=MACHINE, title=MACHINE, human=False, answering_machine=True)
            ),
        }
    talks = (
        ("HUMAN HUMAN-800-800", SALE),
        ("HUMAN", MACHINE),
        ("NOTSURE TOOLONG-5000", MACHINE),
        ("HUMAN", NOTHING),
        ("MACHINE MAXWORDS-3-3", SALE),
        ("MACHINE LONGGREETING", MACHINE),
        ("", MACHINE),
    )
    await fill(engine, campaign, *(draft(key) for key in range(len(talks))))
    for index, (amd, code) in enumerate(talks):
        (lead,) = await pick(engine, campaign)
        id_ = AttemptId(f"kc-{index}")
        assert await begin(engine, lead, id_, at=float(index))
        async with writing(engine) as session:
            await note_attempt(session, id_, amd=amd or None, operator=OperatorId(5))
        await end(engine, id_, AttemptOutcome.ANSWERED, at=index + 0.5)
        if code:
            async with writing(engine) as session:
                await dispose(session, id_, said[code], later(index + 0.7))
    async with reading(engine) as session:
        assert await verdicts(session, campaign) == (Verdicts(4, 3, 2), Verdicts(2, 2, 1))
        assert await verdicts(session, campaign, later(3)) == (Verdicts(1, 0, 0), Verdicts(2, 2, 1))
