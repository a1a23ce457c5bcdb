"""May this number be dialled now: a table with each rule, one property a rule, and the promise of `until`."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.compliance.dial_facts import (
    NEVER,
    ORDINARY,
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
from app.compliance.eligibility import ALLOWED, DialRule, Suppressed, may_dial
from app.compliance.hours import Place, is_open, local_date
from app.compliance.rules import RULE_SETS, Limits, every_day
from app.domain.campaigns import AttemptOutcome, CampaignState, Purpose
from app.domain.numbers import NumberKind
from tests.floor.dials import (
    CAMPAIGN,
    CONTACT,
    HOME,
    LEAD,
    MONDAY_NOON,
    NUMBER,
    OTHER_CAMPAIGN,
    OTHER_NUMBER,
    allowed_dials,
    facts,
    moments,
    past,
    some_facts,
)

NOW = MONDAY_NOON
STEPS = 20
few = settings(max_examples=40, deadline=None)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE_TO_NINE = Limits(hours=every_day(540, 1260))
MARKETING = RULE_SETS["eu_estonia"].limits
OFCOM = RULE_SETS["ofcom_2010"].limits


def campaign(limits: Limits = Limits(), **said: object) -> CampaignFacts:  # noqa: B008 - frozen
    return replace(CampaignFacts(CAMPAIGN, Purpose.SURVEY, limits=limits), **said)  # type: ignore[arg-type]


def attempts(**said: object) -> CampaignFacts:
    return campaign(attempts=AttemptRules(**said))  # type: ignore[arg-type]


def kind(kind: NumberKind) -> NumberFacts:
    return NumberFacts(NUMBER, kind, HOME)


def no(until: datetime | None = None, **said: object) -> Said:
    return replace(Said(ConsentKind.DO_NOT_CALL, NOW - DAY, until=until, source="call"), **said)  # type: ignore[arg-type]


def yes(until: datetime | None = None, **said: object) -> Said:
    return replace(no(until, **said), word=ConsentKind.CONSENT)


ANSWERED, ABANDONED, MACHINE, BUSY = (
    AttemptOutcome.ANSWERED,
    AttemptOutcome.ABANDONED,
    AttemptOutcome.MACHINE,
    AttemptOutcome.BUSY,
)
SELLING = campaign(MARKETING, purpose=Purpose.MARKETING)

STOPPED: list[tuple[DialFacts, DialRule, datetime | None]] = [
    (facts(campaign=campaign(state=CampaignState.PAUSED)), DialRule.CAMPAIGN_STATE, None),
    (facts(campaign=campaign(state=CampaignState.DRAINED)), DialRule.CAMPAIGN_STATE, None),
    (facts(campaign=campaign(begins=NOW + DAY)), DialRule.CAMPAIGN_DATES, NOW + DAY),
    (facts(campaign=campaign(ends=NOW)), DialRule.CAMPAIGN_DATES, None),
    (facts(number=kind(NumberKind.INVALID)), DialRule.NUMBER_INVALID, None),
    (facts(number=kind(NumberKind.EMERGENCY)), DialRule.NUMBER_KIND, None),
    (facts(number=kind(NumberKind.SHARED_COST)), DialRule.NUMBER_KIND, None),
    (facts(campaign=campaign(prefixes=("+358", "+3726"))), DialRule.NUMBER_PREFIX, None),
    (facts(said=(no(),)), DialRule.DO_NOT_CALL, None),
    (facts(said=(no(NOW + HOUR),)), DialRule.DO_NOT_CALL, NOW + HOUR),
    (facts(said=(no(NOW + HOUR), yes())), DialRule.DO_NOT_CALL, NOW + HOUR),
    (facts(said=(no(purpose=Purpose.SURVEY),)), DialRule.DO_NOT_CALL, None),
    (facts(said=(no(campaign=CAMPAIGN),)), DialRule.DO_NOT_CALL, None),
    (facts(campaign=SELLING), DialRule.CONSENT_MISSING, None),
    (facts(campaign=SELLING, said=(yes(NOW),)), DialRule.CONSENT_MISSING, None),
    (facts(campaign=SELLING, said=(yes(given=NOW + HOUR),)), DialRule.CONSENT_MISSING, NOW + HOUR),
    (facts(campaign=SELLING, said=(yes(purpose=Purpose.SURVEY),)), DialRule.CONSENT_MISSING, None),
    (facts(campaign=attempts(of_lead=3), lead=LeadFacts(LEAD, attempts=3)), DialRule.ATTEMPTS_OF_LEAD, None),
    (
        facts(campaign=attempts(of_number=2), lead=LeadFacts(LEAD, attempts_of_number=2)),
        DialRule.ATTEMPTS_OF_NUMBER,
        None,
    ),
    (
        facts(campaign=campaign(NINE_TO_NINE), number=NumberFacts(NUMBER, NumberKind.MOBILE)),
        DialRule.TIME_ZONE_UNKNOWN,
        None,
    ),
    (facts(in_call=True), DialRule.CONTACT_IN_CALL, NOW + timedelta(minutes=1)),
    (
        facts(history=(past(None, NOW - HOUR, campaign=OTHER_CAMPAIGN, number=OTHER_NUMBER, took_s=None),)),
        DialRule.CONTACT_IN_CALL,
        NOW + timedelta(minutes=1),
    ),
    (
        facts(campaign=campaign(OFCOM), history=(past(ABANDONED, NOW - DAY, took_s=60),)),
        DialRule.REST_AFTER_ABANDONED,
        NOW + 2 * DAY + timedelta(minutes=1),
    ),
    (
        facts(campaign=campaign(OFCOM), history=(past(ABANDONED, NOW - DAY, number=OTHER_NUMBER, took_s=0),)),
        DialRule.REST_AFTER_ABANDONED,
        NOW + 2 * DAY,
    ),
    (
        facts(campaign=campaign(OFCOM), history=(past(AttemptOutcome.UNKNOWN, NOW - DAY, took_s=0),)),
        DialRule.REST_AFTER_ABANDONED,
        NOW + 2 * DAY,
    ),
    (
        facts(campaign=campaign(OFCOM), history=(past(MACHINE, NOW - HOUR, took_s=0),)),
        DialRule.REST_AFTER_MACHINE,
        NOW + 23 * HOUR,
    ),
    (
        facts(campaign=attempts(gap_s={BUSY: 7200.0}), history=(past(BUSY, NOW - HOUR, took_s=0),)),
        DialRule.GAP,
        NOW + HOUR,
    ),
    (
        facts(campaign=attempts(day_of_lead=1), history=(past(BUSY, NOW - HOUR, number=OTHER_NUMBER),)),
        DialRule.DAY_OF_LEAD,
        NOW + 12 * HOUR,
    ),
    (
        facts(campaign=attempts(day_of_number=1), history=(past(BUSY, NOW - HOUR, campaign=OTHER_CAMPAIGN),)),
        DialRule.DAY_OF_NUMBER,
        NOW + 12 * HOUR,
    ),
    (
        facts(campaign=attempts(day_of_contact=1), history=(past(BUSY, NOW - HOUR, number=OTHER_NUMBER),)),
        DialRule.DAY_OF_CONTACT,
        NOW + 12 * HOUR,
    ),
    (facts(campaign=campaign(spend=Spend(5.01, 5.0, NOW + HOUR))), DialRule.SPEND, NOW + HOUR),
    (facts(campaign=campaign(Limits(hours=every_day(540, 720)))), DialRule.CALLING_HOURS, NOW + 21 * HOUR),
    (facts(campaign=campaign(Limits(hours=(None,) * 7))), DialRule.CALLING_HOURS, None),
]


@pytest.mark.parametrize(("asked", "rule", "until"), STOPPED)
def test_what_stops_a_dial_and_until_when(asked: DialFacts, rule: DialRule, until: datetime | None) -> None:
    answer = may_dial(asked, NOW)
    assert isinstance(answer, Suppressed)
    assert (answer.rule, answer.until) == (rule, until)
    assert answer.detail
    assert NUMBER not in answer.detail


def test_the_table_has_every_rule_in_its_order() -> None:
    ruled = [rule for _, rule, _ in STOPPED]
    assert list(dict.fromkeys(ruled)) == list(DialRule)


@pytest.mark.parametrize(
    "asked",
    [
        facts(),
        facts(campaign=campaign(begins=NOW, ends=NOW + HOUR)),
        facts(campaign=campaign(state=CampaignState.DRAINED), lead=LeadFacts(LEAD, is_callback=True)),
        facts(campaign=campaign(prefixes=("+358", "+3725"))),
        facts(campaign=campaign(kinds=ORDINARY | {NumberKind.TOLL_FREE}), number=kind(NumberKind.TOLL_FREE)),
        facts(
            said=(no(NOW), no(given=NOW + HOUR), no(purpose=Purpose.MARKETING), no(campaign=OTHER_CAMPAIGN))
        ),
        facts(campaign=SELLING, said=(yes(NOW + HOUR, purpose=Purpose.MARKETING),)),
        facts(campaign=SELLING, lead=LeadFacts(LEAD, is_person=False)),
        facts(campaign=campaign(NINE_TO_NINE)),
        facts(
            campaign=campaign(OFCOM), history=(past(ABANDONED, NOW - DAY, took_s=60),), operator_reserved=True
        ),
        facts(campaign=campaign(OFCOM), history=(past(ABANDONED, NOW - 3 * DAY, took_s=0),)),
        facts(campaign=campaign(OFCOM), history=(past(MACHINE, NOW - HOUR, number=OTHER_NUMBER),)),
        facts(campaign=attempts(gap_s={BUSY: 3600.0}), history=(past(BUSY, NOW - HOUR, took_s=0),)),
        facts(campaign=attempts(day_of_lead=1), history=(past(BUSY, NOW - HOUR, campaign=OTHER_CAMPAIGN),)),
        facts(campaign=attempts(day_of_number=1), history=(past(BUSY, NOW - 13 * HOUR),)),
        facts(campaign=attempts(day_of_number=1), history=(past(AttemptOutcome.REFUSED, NOW - HOUR),)),
        facts(
            campaign=attempts(gap_s={BUSY: 7200.0}),
            history=(past(BUSY, NOW - HOUR),),
            lead=LeadFacts(LEAD, is_callback=True),
        ),
        facts(campaign=campaign(spend=Spend(5.0, 5.0, NOW + HOUR))),
    ],
)
def test_what_is_allowed(asked: DialFacts) -> None:
    assert may_dial(asked, NOW) == ALLOWED


def test_waiting_for_several_rules_is_waiting_once() -> None:
    """An abandoned call on Thursday noon; 72 hours end on Sunday, and there are no calls before Monday at nine."""
    thursday = NOW - 4 * DAY
    asked = facts(
        campaign=campaign(replace(OFCOM, hours=MARKETING.hours)),
        history=(past(ABANDONED, thursday, took_s=0),),
    )
    answer = may_dial(asked, thursday + HOUR)
    assert answer == Suppressed(
        DialRule.REST_AFTER_ABANDONED, "rests for 3 days", datetime.fromisoformat("2026-03-02T07:00Z")
    )


def test_a_wait_that_outlasts_the_campaign_has_no_end() -> None:
    asked = facts(campaign=campaign(Limits(hours=every_day(540, 720)), ends=NOW + 20 * HOUR))
    answer = may_dial(asked, NOW)
    assert isinstance(answer, Suppressed)
    assert (answer.rule, answer.until) == (DialRule.CALLING_HOURS, None)


@pytest.mark.parametrize("never", sorted(NEVER))
def test_no_campaign_can_ask_for_what_is_never_dialled(never: NumberKind) -> None:
    asked = facts(campaign=campaign(kinds=frozenset(NumberKind)), number=kind(never))
    assert isinstance(may_dial(asked, NOW), Suppressed)


@pytest.mark.parametrize("said", [{"of_lead": 0}, {"day_of_contact": 0}, {"gap_s": {BUSY: -1.0}}])
def test_attempts_that_make_no_sense(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"at least one|negative"):
        attempts(**said)


@settings(max_examples=200, deadline=None)
@given(some_facts, moments)
def test_until_is_the_first_moment_that_is_allowed(asked: DialFacts, now: datetime) -> None:
    """Stopped at each moment before it, allowed at it; stopped for good when there is none."""
    answer = may_dial(asked, now)
    if answer == ALLOWED:
        return
    assert isinstance(answer, Suppressed)
    busy = asked.in_call or any(attempt.ended is None for attempt in asked.history)
    horizon = 15 * DAY
    if answer.until is not None:
        assert answer.until > now
        horizon = answer.until - now
        if not busy:
            assert may_dial(asked, answer.until) == ALLOWED
    for step in range(STEPS):
        assert isinstance(may_dial(asked, now + horizon * step / STEPS), Suppressed)


Dial = tuple[DialFacts, datetime]


def with_nobody_reserved(asked: DialFacts) -> DialFacts:
    return replace(asked, operator_reserved=False)


def of_no_callback(asked: DialFacts) -> DialFacts:
    return replace(asked, lead=replace(asked.lead, is_callback=False))


@few
@given(allowed_dials())
def test_nothing_is_dialled_for_a_campaign_that_does_not_run(dial: Dial) -> None:
    asked, now = dial
    running = asked.campaign
    assert running.state is CampaignState.RUNNING or (
        running.state is CampaignState.DRAINED and asked.lead.is_callback
    )
    assert running.begins is None or running.begins <= now
    assert running.ends is None or now < running.ends


@few
@given(allowed_dials())
def test_no_number_is_dialled_that_is_not_of_the_campaign_s_kinds(dial: Dial) -> None:
    asked, _ = dial
    assert asked.number.kind in ORDINARY
    assert not asked.campaign.prefixes or any(NUMBER.startswith(one) for one in asked.campaign.prefixes)


@few
@given(allowed_dials())
def test_nobody_is_called_who_said_no(dial: Dial) -> None:
    asked, now = dial
    for said in asked.said:
        if (
            said.word is ConsentKind.DO_NOT_CALL
            and said.given <= now
            and (said.until is None or said.until > now)
        ):
            assert said.purpose not in (None, asked.campaign.purpose) or said.campaign == OTHER_CAMPAIGN


@few
@given(allowed_dials())
def test_a_no_stops_what_was_allowed(dial: Dial) -> None:
    """Said a moment ago, it holds at once; nothing that anybody said outweighs it."""
    asked, now = dial
    refused = replace(asked, said=(*asked.said, Said(ConsentKind.DO_NOT_CALL, now)))
    answer = may_dial(refused, now)
    assert isinstance(answer, Suppressed)
    assert answer.rule is DialRule.DO_NOT_CALL


@few
@given(allowed_dials())
def test_no_person_is_called_without_consent_where_it_is_needed(dial: Dial) -> None:
    asked, now = dial
    needed = asked.campaign.purpose in (asked.campaign.limits.consent_for or ())
    if needed and asked.lead.is_person:
        assert any(
            said.word is ConsentKind.CONSENT
            and said.given <= now
            and (said.until is None or now < said.until)
            for said in asked.said
        )
        answer = may_dial(replace(asked, said=()), now)
        assert isinstance(answer, Suppressed)
        assert answer.rule is DialRule.CONSENT_MISSING


@few
@given(allowed_dials())
def test_nobody_is_called_outside_his_hours(dial: Dial) -> None:
    asked, now = dial
    hours = asked.campaign.limits.hours
    if hours is not None:
        assert asked.number.place.zones
        assert is_open(hours, holidays=True, place=asked.number.place, at=now)


@few
@given(some_facts, moments)
def test_nobody_is_called_on_a_holiday_that_is_shut(asked: DialFacts, now: datetime) -> None:
    limits = replace(asked.campaign.limits, hours=every_day(0, 1440), holidays=False)
    place = Place(HOME.zones, frozenset({local_date(HOME, now)}))
    asked = replace(
        asked, campaign=replace(asked.campaign, limits=limits), number=replace(asked.number, place=place)
    )
    assert isinstance(may_dial(asked, now), Suppressed)


@few
@given(allowed_dials())
def test_nobody_has_two_calls_at_a_time(dial: Dial) -> None:
    asked, _ = dial
    assert not asked.in_call
    assert all(attempt.ended is not None for attempt in asked.history)


@few
@given(allowed_dials(with_nobody_reserved))
def test_nobody_abandoned_is_called_again_within_the_rest(dial: Dial) -> None:
    asked, now = dial
    limits = asked.campaign.limits
    for attempt in asked.history:
        assert attempt.ended is not None
        since_s = (now - attempt.ended).total_seconds()
        if attempt.outcome in (AttemptOutcome.ABANDONED, AttemptOutcome.UNKNOWN, None):
            assert since_s >= (limits.redial_after_abandoned_s or -inf)
        if attempt.outcome is MACHINE and attempt.number == NUMBER:
            assert since_s >= (limits.redial_after_machine_s or -inf)


@few
@given(allowed_dials(of_no_callback))
def test_no_number_is_dialled_too_soon(dial: Dial) -> None:
    asked, now = dial
    for attempt in asked.history:
        if attempt.number == NUMBER and attempt.outcome is not None and attempt.ended is not None:
            gap_s = asked.campaign.attempts.gap_s.get(attempt.outcome, 0.0)
            assert now - attempt.ended >= timedelta(seconds=gap_s)


@few
@given(allowed_dials())
def test_nobody_is_tried_too_often(dial: Dial) -> None:
    asked, now = dial
    rules = asked.campaign.attempts
    today = [
        one
        for one in asked.history
        if one.outcome is not AttemptOutcome.REFUSED
        and local_date(asked.number.place, one.placed) == local_date(asked.number.place, now)
    ]
    counts = [
        (asked.lead.attempts, rules.of_lead),
        (asked.lead.attempts_of_number, rules.of_number),
        (sum(one.lead == LEAD and one.campaign == CAMPAIGN for one in today), rules.day_of_lead),
        (sum(one.number == NUMBER for one in today), rules.day_of_number),
    ]
    if asked.lead.contact is not None:
        counts.append((sum(one.contact == CONTACT for one in today), rules.day_of_contact))
    assert all(most is None or made < most for made, most in counts)


@few
@given(allowed_dials())
def test_no_day_costs_more_than_its_money(dial: Dial) -> None:
    asked, now = dial
    spend = asked.campaign.spend
    assert spend is None or spend.spent <= spend.limit or now >= spend.next_day


@settings(max_examples=60, deadline=None)
@given(
    some_facts,
    moments,
    st.lists(st.tuples(st.sampled_from(AttemptOutcome), st.floats(0.0, 2.0)), max_size=12),
)
def test_no_sequence_dials_against_the_rules(
    asked: DialFacts, now: datetime, story: list[tuple[AttemptOutcome, float]]
) -> None:
    """Dialled whenever it is allowed, waiting as long as it is told: the whole history keeps every rule."""
    asked = replace(asked, history=(), in_call=False, lead=LeadFacts(LEAD, CONTACT), operator_reserved=False)
    made: list[PastAttempt] = []
    for outcome, days in story:
        answer = may_dial(asked, now)
        if isinstance(answer, Suppressed):
            if answer.until is None:
                break
            now = answer.until
            assert may_dial(asked, now) == ALLOWED
        made.append(past(outcome, now))
        asked = replace(
            asked,
            history=(*asked.history, made[-1]),
            lead=replace(
                asked.lead,
                attempts=asked.lead.attempts + 1,
                attempts_of_number=asked.lead.attempts_of_number + 1,
            ),
        )
        now += timedelta(seconds=31) + days * DAY
    _kept_its_maxima(asked, made)
    _kept_its_rests(asked, made)


def _kept_its_maxima(asked: DialFacts, made: list[PastAttempt]) -> None:
    rules, limits = asked.campaign.attempts, asked.campaign.limits
    assert all(most is None or len(made) <= most for most in (rules.of_lead, rules.of_number))
    by_day = Counter(
        local_date(asked.number.place, attempt.placed)
        for attempt in made
        if attempt.outcome is not AttemptOutcome.REFUSED
    )
    for most in (rules.day_of_lead, rules.day_of_number, rules.day_of_contact):
        assert most is None or max(by_day.values(), default=0) <= most
    if limits.hours is not None:
        for attempt in made:
            assert is_open(limits.hours, holidays=True, place=asked.number.place, at=attempt.placed)


def _kept_its_rests(asked: DialFacts, made: list[PastAttempt]) -> None:
    rules, limits = asked.campaign.attempts, asked.campaign.limits
    for before, after in itertools.pairwise(made):
        assert before.ended is not None
        assert before.outcome is not None
        rest_s = rules.gap_s.get(before.outcome, 0.0)
        if before.outcome in (AttemptOutcome.ABANDONED, AttemptOutcome.UNKNOWN):
            rest_s = max(rest_s, limits.redial_after_abandoned_s or 0.0)
        if before.outcome is MACHINE:
            rest_s = max(rest_s, limits.redial_after_machine_s or 0.0)
        assert after.placed - before.ended >= timedelta(seconds=rest_s)
