"""Facts for `may_dial`: allowed ones, and hypothesis strategies for any."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from app.compliance.dial_facts import (
    AttemptRules,
    CampaignFacts,
    ConsentKind,
    DialFacts,
    LeadFacts,
    NumberFacts,
    PastAttempt,
    Said,
    Spend,
)
from app.compliance.eligibility import DialRule, Suppressed, may_dial
from app.compliance.hours import Place
from app.compliance.rules import Limits, every_day
from app.domain.campaigns import AttemptOutcome, CampaignState, Purpose
from app.domain.ids import CampaignId, ContactId, LeadId
from app.domain.numbers import NumberKind

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
        campaign or CampaignFacts(CAMPAIGN, Purpose.SURVEY, limits=Limits()),
        lead or LeadFacts(LEAD, CONTACT),
        number=number or NumberFacts(NUMBER, NumberKind.MOBILE, HOME),
        said=said,
        history=history,
        in_call=in_call,
        operator_reserved=operator_reserved,
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
    """A past attempt that lasted `took_s` seconds; None: it is still under way."""
    ended = placed + timedelta(seconds=took_s) if took_s is not None else None
    return PastAttempt(
        campaign, lead, number=number, placed=placed, ended=ended, outcome=outcome, contact=contact
    )


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
    st.sampled_from(ConsentKind),
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


def allowed(asked: DialFacts, now: datetime, *, waits: bool) -> tuple[DialFacts, datetime]:
    """Facts and a moment that `may_dial` allows, made from any: each rule that stops the dial is waited out or removed.

    Nothing else is changed, so that what `may_dial` allows wrongly stays in.

    Args:
        asked: any facts.
        now: any moment.
        waits: whether to wait until the moment that the answer names, if it names one; the end of a call is not known.
    """
    while isinstance(answer := may_dial(asked, now), Suppressed):
        if waits and answer.until is not None and answer.rule is not DialRule.CONTACT_IN_CALL:
            now = answer.until
        else:
            asked = _WITHOUT[answer.rule](asked, now)
    return asked, now


def allowed_dials(
    of: Callable[[DialFacts], DialFacts] = lambda facts: facts,
) -> st.SearchStrategy[tuple[DialFacts, datetime]]:
    """Facts that are allowed, each with its moment; `of` changes the facts beforehand."""
    return st.builds(
        lambda asked, now, waits: allowed(asked, now, waits=waits), some_facts.map(of), moments, st.booleans()
    )


def _campaign(**said: object) -> Callable[[DialFacts, datetime], DialFacts]:
    return lambda asked, _: replace(asked, campaign=replace(asked.campaign, **said))  # type: ignore[arg-type]


def _lead(**said: object) -> Callable[[DialFacts, datetime], DialFacts]:
    return lambda asked, _: replace(asked, lead=replace(asked.lead, **said))  # type: ignore[arg-type]


def _number(**said: object) -> Callable[[DialFacts, datetime], DialFacts]:
    return lambda asked, _: replace(asked, number=replace(asked.number, **said))  # type: ignore[arg-type]


def _no_refusal(asked: DialFacts, now: datetime) -> DialFacts:
    said = [one for one in asked.said if not _stops(replace(asked, said=(one,)), now, DialRule.DO_NOT_CALL)]
    return replace(asked, said=tuple(said))


def _no_attempt(rule: DialRule) -> Callable[[DialFacts, datetime], DialFacts]:
    """Remove the attempts that stop the dial by themselves; if only several together do, remove the first attempt."""

    def without(asked: DialFacts, now: datetime) -> DialFacts:
        history = tuple(one for one in asked.history if not _stops(replace(asked, history=(one,)), now, rule))
        return replace(asked, history=history if history != asked.history else history[1:])

    return without


def _stops(asked: DialFacts, now: datetime, rule: DialRule) -> bool:
    answer = may_dial(asked, now)
    return isinstance(answer, Suppressed) and answer.rule is rule


_WITHOUT: dict[DialRule, Callable[[DialFacts, datetime], DialFacts]] = {
    DialRule.CAMPAIGN_STATE: _campaign(state=CampaignState.RUNNING),
    DialRule.CAMPAIGN_DATES: _campaign(begins=None, ends=None),
    DialRule.NUMBER_INVALID: _number(kind=NumberKind.MOBILE),
    DialRule.NUMBER_KIND: _number(kind=NumberKind.MOBILE),
    DialRule.NUMBER_PREFIX: _campaign(prefixes=()),
    DialRule.DO_NOT_CALL: _no_refusal,
    DialRule.CONSENT_MISSING: lambda asked, now: replace(
        asked, said=(*asked.said, Said(ConsentKind.CONSENT, now))
    ),
    DialRule.ATTEMPTS_OF_LEAD: _lead(attempts=0),
    DialRule.ATTEMPTS_OF_NUMBER: _lead(attempts_of_number=0),
    DialRule.TIME_ZONE_UNKNOWN: _number(place=HOME),
    DialRule.CONTACT_IN_CALL: lambda asked, _: replace(
        asked, in_call=False, history=tuple(one for one in asked.history if one.ended is not None)
    ),
    **{
        rule: _no_attempt(rule)
        for rule in (
            DialRule.REST_AFTER_ABANDONED,
            DialRule.REST_AFTER_MACHINE,
            DialRule.GAP,
            DialRule.DAY_OF_LEAD,
            DialRule.DAY_OF_NUMBER,
            DialRule.DAY_OF_CONTACT,
        )
    },
    DialRule.SPEND: _campaign(spend=None),
    DialRule.CALLING_HOURS: lambda asked, _: replace(
        asked, campaign=replace(asked.campaign, limits=replace(asked.campaign.limits, hours=None))
    ),
}
"""For each rule, the change of facts after which it no longer stops the dial."""
