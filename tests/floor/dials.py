"""Facts of dials: ones that are allowed, and any that hypothesis can think of."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from app.floor.campaign import AttemptOutcome, CampaignState, Purpose
from app.floor.dial_facts import (
    AttemptRules,
    CampaignFacts,
    DialFacts,
    LeadFacts,
    NumberFacts,
    NumberKind,
    PastAttempt,
    Said,
    Spend,
    Word,
)
from app.floor.hours import Place
from app.floor.model import CampaignId, ContactId, LeadId
from app.floor.rules import Limits, every_day

TALLINN = ZoneInfo("Europe/Tallinn")
NUMBER = "+37255500123"
OTHER_NUMBER = "+3726000123"
CAMPAIGN, OTHER_CAMPAIGN = CampaignId(1), CampaignId(2)
LEAD, CONTACT = LeadId(7), ContactId(70)
MONDAY_NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOME = Place((TALLINN,))


def facts(
    *,
    campaign: CampaignFacts | None = None,
    lead: LeadFacts | None = None,
    number: NumberFacts | None = None,
    said: tuple[Said, ...] = (),
    history: tuple[PastAttempt, ...] = (),
    in_call: bool = False,
    operator_reserved: bool = False,
) -> DialFacts:
    """A mobile number in Tallinn, never called, for a survey without rules."""
    return DialFacts(
        campaign or CampaignFacts(CAMPAIGN, Purpose.SURVEY, Limits()),
        lead or LeadFacts(LEAD, CONTACT),
        number or NumberFacts(NUMBER, NumberKind.MOBILE, HOME),
        said,
        history,
        in_call,
        operator_reserved,
    )


def past(
    outcome: AttemptOutcome | None,
    placed: datetime,
    *,
    campaign: CampaignId = CAMPAIGN,
    number: str = NUMBER,
    lead: LeadId = LEAD,
    contact: ContactId | None = CONTACT,
    took_s: float | None = 30.0,
) -> PastAttempt:
    """An attempt that took so long; None: it goes on."""
    ended = placed + timedelta(seconds=took_s) if took_s is not None else None
    return PastAttempt(campaign, lead, number, placed, ended, outcome, contact)


moments = st.integers(-5 * 86_400, 5 * 86_400).map(lambda s: MONDAY_NOON + timedelta(seconds=s))
few = st.none() | st.integers(1, 3)
rests = st.none() | st.sampled_from([0.0, 3600.0, 86_400.0, 259_200.0])
some_limits = st.builds(
    Limits,
    redial_after_abandoned_s=rests,
    redial_after_machine_s=rests,
    hours=st.none()
    | st.sampled_from([every_day(540, 1260), every_day(0, 1440), every_day(480, 660), (None,) * 7]),
    holidays=st.none() | st.booleans(),
    consent_for=st.none() | st.frozensets(st.sampled_from(Purpose)),
)
some_rules = st.builds(
    AttemptRules,
    of_lead=few,
    of_number=few,
    day_of_lead=few,
    day_of_number=few,
    day_of_contact=few,
    gap_s=st.dictionaries(st.sampled_from(AttemptOutcome), st.sampled_from([60.0, 7200.0, 200_000.0])),
)
some_words = st.builds(
    Said,
    st.sampled_from(Word),
    moments,
    st.none() | moments,
    st.none() | st.sampled_from([Purpose.MARKETING, Purpose.SURVEY]),
    st.none() | st.sampled_from([CAMPAIGN, OTHER_CAMPAIGN]),
)
some_past = st.builds(
    past,
    st.none() | st.sampled_from(AttemptOutcome),
    moments.map(lambda moment: moment - timedelta(days=5)),
    campaign=st.sampled_from([CAMPAIGN, OTHER_CAMPAIGN]),
    number=st.sampled_from([NUMBER, OTHER_NUMBER]),
    lead=st.sampled_from([LEAD, LeadId(8)]),
    contact=st.sampled_from([CONTACT, None]),
    took_s=st.sampled_from([0.0, 30.0, 600.0, 30.0, 30.0, 30.0, None]),
)
some_campaigns = st.builds(
    CampaignFacts,
    st.just(CAMPAIGN),
    st.sampled_from([Purpose.MARKETING, Purpose.SURVEY]),
    some_limits,
    st.sampled_from([CampaignState.RUNNING] * 5 + [CampaignState.PAUSED, CampaignState.DRAINED]),
    st.none() | moments,
    st.none() | moments,
    some_rules,
    prefixes=st.sampled_from([(), (), ("+372",), ("+358", "+371")]),
    spend=st.none() | st.builds(Spend, st.floats(0, 2), st.just(1.0), moments),
)
some_facts = st.builds(
    DialFacts,
    some_campaigns,
    st.builds(
        LeadFacts,
        st.just(LEAD),
        st.sampled_from([CONTACT, None]),
        st.booleans(),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from([False, False, True]),
    ),
    st.builds(
        NumberFacts,
        st.just(NUMBER),
        st.sampled_from([NumberKind.MOBILE] * 8 + list(NumberKind)),
        st.sampled_from([HOME, HOME, HOME, Place(), Place((TALLINN, ZoneInfo("Europe/London")))]),
    ),
    st.lists(some_words, max_size=3).map(tuple),
    st.lists(some_past, max_size=4).map(tuple),
    st.sampled_from([False, False, False, True]),
    st.booleans(),
)
