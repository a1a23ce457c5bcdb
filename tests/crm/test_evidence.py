from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.eligibility import DialRule, Suppressed
from app.crm.attempts.past import attempts_about, live_answers, page_attempts
from app.crm.attempts.queries import AttemptCursor
from app.crm.attempts.tables import AttemptRow
from app.crm.evidence.queries import NotDialled, SuppressionCursor, note_suppressions, page_suppressions
from app.crm.evidence.tables import SuppressionRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import CampaignId, ContactId, LeadId
from app.records.engine import reading, writing
from tests.records.stories import DAWN

CAMPAIGN = CampaignId(1)
DAY = timedelta(days=1)
NUMBER, OTHER = "+37255500123", "+37255500456"


def stopped(lead: int, rule: DialRule, number: str = NUMBER, until: datetime | None = None) -> NotDialled:
    return NotDialled(CAMPAIGN, LeadId(lead), number, Suppressed(rule, "why", until), "us_tsr")


async def test_a_rule_is_written_once_a_day_with_how_often(engine: AsyncEngine) -> None:
    hours, no = DialRule.CALLING_HOURS, DialRule.DO_NOT_CALL
    async with writing(engine) as session:
        await note_suppressions(session, [stopped(2, no), stopped(1, hours), stopped(1, hours)], DAWN)
        await note_suppressions(session, [], DAWN)
    async with writing(engine) as session:
        later = DAWN + timedelta(hours=1)
        await note_suppressions(
            session, [stopped(1, hours, until=DAWN + DAY), stopped(1, hours, OTHER)], later
        )
    async with writing(engine) as session:
        await note_suppressions(session, [stopped(1, hours)], DAWN + DAY)
    rows = await _suppressions(engine, DAWN, DAWN + 2 * DAY)
    assert [(row.lead_id, row.number, row.rule, row.times) for row in rows] == [
        (1, NUMBER, hours.value, 3),
        (1, OTHER, hours.value, 1),
        (2, NUMBER, no.value, 1),
        (1, NUMBER, hours.value, 1),
    ]
    assert (rows[0].first_at, rows[0].last_at, rows[0].until) == (DAWN, later, DAWN + DAY)
    assert len(await _suppressions(engine, DAWN + DAY, DAWN + 2 * DAY)) == 1
    assert await _suppressions(engine, DAWN - DAY, DAWN) == []


async def _suppressions(engine: AsyncEngine, from_at: datetime, to_at: datetime) -> list[SuppressionRow]:
    """In pages of one."""
    found: list[SuppressionRow] = []
    after = None
    async with reading(engine) as session:
        while page := await page_suppressions(session, CAMPAIGN, from_at, to_at, after=after, limit=1):
            (row,) = page
            found.append(row)
            after = SuppressionCursor(row.day, row.lead_id, row.number, row.rule)
    return found


def attempt(
    id_: str, placed: datetime, outcome: AttemptOutcome | None, number: str = NUMBER, contact: int | None = 5
) -> AttemptRow:
    return AttemptRow(
        id=id_,
        campaign_id=CAMPAIGN,
        lead_id=1,
        contact_id=contact,
        position=0,
        number=number,
        mode="predictive",
        placed_at=placed,
        answered_at=placed + timedelta(seconds=10),
        ended_at=placed + timedelta(seconds=20) if outcome else None,
        outcome=outcome.value if outcome else None,
    )


async def test_attempts_as_evidence(engine: AsyncEngine) -> None:
    answered, abandoned = AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED
    async with writing(engine) as session:
        session.add_all(
            [
                attempt("a", DAWN - 9 * DAY, abandoned),
                attempt("b", DAWN - 9 * DAY, None),
                attempt("c", DAWN, answered, OTHER),
                attempt("d", DAWN, abandoned, OTHER, contact=None),
                attempt("e", DAWN + timedelta(seconds=1), AttemptOutcome.MACHINE, contact=None),
            ]
        )
    async with reading(engine) as session:
        first = await page_attempts(session, CAMPAIGN, DAWN, DAWN + DAY, limit=2)
        after = AttemptCursor(first[-1].placed_at, first[-1].id)
        rest = await page_attempts(session, CAMPAIGN, DAWN, DAWN + DAY, after=after)
        live = await live_answers(session, CAMPAIGN, None, DAWN + DAY)
        recent = await live_answers(session, CAMPAIGN, DAWN, DAWN + DAY)
        about = await attempts_about(session, NUMBER, ContactId(5), DAWN - DAY)
        alone = await attempts_about(session, OTHER, None, DAWN - DAY)
    assert [row.id for row in (*first, *rest)] == ["c", "d", "e"]
    ten = timedelta(seconds=10)
    assert live == [(DAWN - 9 * DAY + ten, True), *recent]
    assert sorted(recent) == [(DAWN + ten, False), (DAWN + ten, True)]
    assert [(one.number, one.outcome, one.ended is None) for one in about] == [
        (NUMBER, None, True),
        (OTHER, answered, False),
        (NUMBER, AttemptOutcome.MACHINE, False),
    ]
    assert [one.outcome for one in alone] == [answered, abandoned]
