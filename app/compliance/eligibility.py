"""Whether a number may be dialled now.

`may_dial` checks the rules in the fixed order of `DialRule`. Rules that time does not change come first, so that a
number that may never be dialled is refused for good. The answer names the first rule that stops the dial, and the first
moment at which no rule would, if all else stays the same; so the lead need not be checked before then.

The facts come in as data: the kind of number, where it may be, consents and objections, and past attempts. `may_dial`
is called when leads are picked, and again at each dial.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.compliance.dial_facts import NEVER, ConsentKind, DialFacts, PastAttempt, Said
from app.compliance.hours import is_open, local_date, next_day, next_open
from app.compliance.recycling import UNCOUNTED
from app.domain.campaigns import AttemptOutcome, CampaignState
from app.domain.numbers import NumberKind
from app.domain.spans import counted, span

BUSY_LOOK_AGAIN_S = 60.0
"""How many seconds until a contact who is in another call is checked again."""


class DialRule(StrEnum):
    """The rules that can stop a dial, in the order in which they are checked."""

    CAMPAIGN_STATE = "campaign_state"
    """The campaign is not running; one that is drained still makes its callbacks."""
    CAMPAIGN_DATES = "campaign_dates"
    """The campaign has not begun, or is over."""
    NUMBER_INVALID = "number_invalid"
    NUMBER_KIND = "number_kind"
    """An emergency, premium or short number, or another kind that the campaign does not call."""
    NUMBER_PREFIX = "number_prefix"
    """The number is not on the campaign's list of prefixes."""
    DO_NOT_CALL = "do_not_call"
    CONSENT_MISSING = "consent_missing"
    """The rules require a person's consent, and there is none on record."""
    ATTEMPTS_OF_LEAD = "attempts_of_lead"
    """The lead has had all its attempts in this campaign."""
    ATTEMPTS_OF_NUMBER = "attempts_of_number"
    """This number of the lead has had all its attempts."""
    TIME_ZONE_UNKNOWN = "time_zone_unknown"
    """There are calling hours, and the called party's time zone is not known."""
    CONTACT_IN_CALL = "contact_in_call"
    """The contact or the number is being dialled or is in a call, in any campaign."""
    REST_AFTER_ABANDONED = "rest_after_abandoned"
    REST_AFTER_MACHINE = "rest_after_machine"
    GAP = "gap"
    """Too soon after the last attempt, by its outcome. A callback is exempt."""
    DAY_OF_LEAD = "day_of_lead"
    """The lead has had all its attempts of the day in this campaign."""
    DAY_OF_NUMBER = "day_of_number"
    """The number has had all its attempts of the day, in all campaigns."""
    DAY_OF_CONTACT = "day_of_contact"
    """The contact has had all its attempts of the day, in all campaigns."""
    SPEND = "spend"
    """The campaign's daily limit on money is reached."""
    CALLING_HOURS = "calling_hours"


@dataclass(slots=True, frozen=True)
class Allowed:
    """The number may be dialled."""


@dataclass(slots=True, frozen=True)
class Suppressed:
    """The number may not be dialled now."""

    rule: DialRule
    """The first rule that stops the dial."""
    detail: str
    """The reason, for people, without the telephone number."""
    until: datetime | None
    """The first moment at which no rule would stop the dial, if all else stays the same; None: time does not help."""


@dataclass(slots=True, frozen=True)
class _Stop:
    detail: str
    until: datetime | None = None
    end_unknown: bool = False


ALLOWED = Allowed()


def may_dial(facts: DialFacts, now: datetime) -> Allowed | Suppressed:
    """Whether a number may be dialled.

    Args:
        facts: the facts at this moment.
        now: this moment; aware.
    """
    stopped = _first_stop(facts, now)
    if stopped is None:
        return ALLOWED
    rule, stop = stopped
    until, end_unknown = stop.until, stop.end_unknown
    while until is not None and not end_unknown:
        later = _first_stop(facts, until)
        if later is None:
            break
        until, end_unknown = later[1].until, later[1].end_unknown
    return Suppressed(rule, stop.detail, until)


def _first_stop(facts: DialFacts, at: datetime) -> tuple[DialRule, _Stop] | None:
    for rule, check in _CHECKS.items():
        stop = check(facts, at)
        if stop is not None:
            return rule, stop
    return None


def _campaign_state(facts: DialFacts, _: datetime) -> _Stop | None:
    state = facts.campaign.state
    if state is CampaignState.RUNNING or (state is CampaignState.DRAINED and facts.lead.is_callback):
        return None
    return _Stop(f"the campaign is {state.value}")


def _campaign_dates(facts: DialFacts, at: datetime) -> _Stop | None:
    campaign = facts.campaign
    if campaign.ends is not None and at >= campaign.ends:
        return _Stop("the campaign is over")
    if campaign.begins is not None and at < campaign.begins:
        return _Stop("the campaign has not begun", campaign.begins)
    return None


def _number_invalid(facts: DialFacts, _: datetime) -> _Stop | None:
    return _Stop("not a valid number") if facts.number.kind is NumberKind.INVALID else None


def _number_kind(facts: DialFacts, _: datetime) -> _Stop | None:
    kind = facts.number.kind
    if kind in NEVER:
        return _Stop(f"{kind.value} numbers are never dialled")
    if kind not in facts.campaign.kinds:
        return _Stop(f"the campaign does not dial {kind.value} numbers")
    return None


def _number_prefix(facts: DialFacts, _: datetime) -> _Stop | None:
    allowed = facts.campaign.prefixes
    if not allowed or facts.number.number.startswith(allowed):
        return None
    return _Stop("not on the campaign's list of prefixes")


def _do_not_call(facts: DialFacts, at: datetime) -> _Stop | None:
    found = _words(facts, ConsentKind.DO_NOT_CALL, at)
    if not found:
        return None
    longest = max(found, key=lambda said: (said.until is None, said.until))
    return _Stop(f"asked not to be called ({longest.source})", longest.until)


def _consent_missing(facts: DialFacts, at: datetime) -> _Stop | None:
    asked = facts.campaign.limits.consent_for or frozenset()
    purpose = facts.campaign.purpose
    if purpose not in asked or not facts.lead.is_person or _words(facts, ConsentKind.CONSENT, at):
        return None
    coming = [
        said.given for said in facts.said if said.given > at and _concerns(said, facts, ConsentKind.CONSENT)
    ]
    return _Stop(f"no consent to be called for {purpose.value}", min(coming, default=None))


def _attempts_of_lead(facts: DialFacts, _: datetime) -> _Stop | None:
    most = facts.campaign.attempts.of_lead
    return (
        _Stop(f"tried {counted(most, 'time')}") if most is not None and facts.lead.attempts >= most else None
    )


def _attempts_of_number(facts: DialFacts, _: datetime) -> _Stop | None:
    most = facts.campaign.attempts.of_number
    if most is None or facts.lead.attempts_of_number < most:
        return None
    return _Stop(f"this number was tried {counted(most, 'time')}")


def _time_zone_unknown(facts: DialFacts, _: datetime) -> _Stop | None:
    if facts.campaign.limits.hours is None or facts.number.place.zones:
        return None
    return _Stop("neither the lead nor its number tells a time zone")


def _contact_in_call(facts: DialFacts, at: datetime) -> _Stop | None:
    if not facts.in_call and all(attempt.ended is not None for attempt in facts.history):
        return None
    return _Stop("in another call", at + timedelta(seconds=BUSY_LOOK_AGAIN_S), end_unknown=True)


def _rest_after_abandoned(facts: DialFacts, at: datetime) -> _Stop | None:
    """Rest all numbers of a customer after an abandoned call, and after an attempt whose outcome is not known."""
    perhaps = (AttemptOutcome.ABANDONED, AttemptOutcome.UNKNOWN, None)
    ends = [one.ended for one in facts.history if one.ended is not None and one.outcome in perhaps]
    return _rest(facts, at, ends, facts.campaign.limits.redial_after_abandoned_s)


def _rest_after_machine(facts: DialFacts, at: datetime) -> _Stop | None:
    ends = [
        one.ended
        for one in facts.history
        if one.ended is not None
        and one.outcome is AttemptOutcome.MACHINE
        and one.number == facts.number.number
    ]
    return _rest(facts, at, ends, facts.campaign.limits.redial_after_machine_s)


def _rest(facts: DialFacts, at: datetime, ends: list[datetime], rest_s: float | None) -> _Stop | None:
    if rest_s is None or not ends or facts.operator_reserved:
        return None
    until = max(ends) + timedelta(seconds=rest_s)
    return _Stop(f"rests for {span(rest_s)}", until) if until > at else None


def _gap(facts: DialFacts, at: datetime) -> _Stop | None:
    gaps = facts.campaign.attempts.gap_s
    if facts.lead.is_callback:
        return None
    waits = [
        (attempt.ended + timedelta(seconds=gaps[attempt.outcome]), attempt.outcome)
        for attempt in facts.history
        if attempt.ended is not None
        and attempt.outcome is not None
        and attempt.outcome in gaps
        and attempt.number == facts.number.number
    ]
    if not waits:
        return None
    until, outcome = max(waits)
    return _Stop(f"too soon after {outcome.value}", until) if until > at else None


def _day(
    facts: DialFacts, at: datetime, most: int | None, counts: Callable[[PastAttempt], bool]
) -> _Stop | None:
    if most is None:
        return None
    place = facts.number.place
    today = local_date(place, at)
    made = sum(
        local_date(place, one.placed) == today
        for one in facts.history
        if one.outcome not in UNCOUNTED and counts(one)
    )
    return _Stop(f"tried {counted(made, 'time')} today", next_day(place, at)) if made >= most else None


def _day_of_lead(facts: DialFacts, at: datetime) -> _Stop | None:
    campaign = facts.campaign
    return _day(
        facts,
        at,
        campaign.attempts.day_of_lead,
        lambda one: one.campaign == campaign.id and one.lead == facts.lead.id,
    )


def _day_of_number(facts: DialFacts, at: datetime) -> _Stop | None:
    number = facts.number.number
    return _day(facts, at, facts.campaign.attempts.day_of_number, lambda one: one.number == number)


def _day_of_contact(facts: DialFacts, at: datetime) -> _Stop | None:
    contact = facts.lead.contact
    if contact is None:
        return None
    return _day(facts, at, facts.campaign.attempts.day_of_contact, lambda one: one.contact == contact)


def _spend(facts: DialFacts, at: datetime) -> _Stop | None:
    spend = facts.campaign.spend
    if spend is None or spend.spent <= spend.limit or at >= spend.next_day:
        return None
    return _Stop("the day's money is spent", spend.next_day)


def _calling_hours(facts: DialFacts, at: datetime) -> _Stop | None:
    limits, place = facts.campaign.limits, facts.number.place
    if limits.hours is None:
        return None
    holidays = limits.holidays is not False
    if is_open(limits.hours, holidays=holidays, place=place, at=at):
        return None
    until = next_open(limits.hours, holidays=holidays, place=place, at=at)
    return _Stop("outside the calling hours where the called party is", until)


def _words(facts: DialFacts, word: ConsentKind, at: datetime) -> list[Said]:
    return [
        said
        for said in facts.said
        if _concerns(said, facts, word) and said.given <= at and (said.until is None or at < said.until)
    ]


def _concerns(said: Said, facts: DialFacts, word: ConsentKind) -> bool:
    return (
        said.word is word
        and said.purpose in (None, facts.campaign.purpose)
        and said.campaign in (None, facts.campaign.id)
    )


_CHECKS: Mapping[DialRule, Callable[[DialFacts, datetime], _Stop | None]] = {
    DialRule.CAMPAIGN_STATE: _campaign_state,
    DialRule.CAMPAIGN_DATES: _campaign_dates,
    DialRule.NUMBER_INVALID: _number_invalid,
    DialRule.NUMBER_KIND: _number_kind,
    DialRule.NUMBER_PREFIX: _number_prefix,
    DialRule.DO_NOT_CALL: _do_not_call,
    DialRule.CONSENT_MISSING: _consent_missing,
    DialRule.ATTEMPTS_OF_LEAD: _attempts_of_lead,
    DialRule.ATTEMPTS_OF_NUMBER: _attempts_of_number,
    DialRule.TIME_ZONE_UNKNOWN: _time_zone_unknown,
    DialRule.CONTACT_IN_CALL: _contact_in_call,
    DialRule.REST_AFTER_ABANDONED: _rest_after_abandoned,
    DialRule.REST_AFTER_MACHINE: _rest_after_machine,
    DialRule.GAP: _gap,
    DialRule.DAY_OF_LEAD: _day_of_lead,
    DialRule.DAY_OF_NUMBER: _day_of_number,
    DialRule.DAY_OF_CONTACT: _day_of_contact,
    DialRule.SPEND: _spend,
    DialRule.CALLING_HOURS: _calling_hours,
}
