"""A campaign's rules from its row: its rule set and its own settings combined, the stricter of each."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.compliance.dial_facts import AttemptRules, CampaignFacts, Spend
from app.compliance.eligibility import DialRule
from app.compliance.lawful import Lack, LegalBasis, lacks
from app.compliance.recycling import Again, Recycling
from app.compliance.rules import (
    OWN,
    RULE_SETS,
    Hours,
    Limits,
    RuleSet,
    Week,
    stricter,
    suggested_for,
    too_lax,
)
from app.crm.campaigns.errors import (
    CampaignLacks,
    DayTwice,
    DayUnknown,
    EndsBeforeItBegins,
    HoursMissing,
    HoursUnreadable,
    RuleSetMissing,
    RuleSetUnknown,
    RulesTooLax,
    RulesUnfit,
    ZoneMissing,
)
from app.crm.campaigns.tables import CampaignRow
from app.domain.campaigns import AttemptOutcome, CampaignState, Purpose
from app.domain.ids import CampaignId

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_HOURS = '[{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "20:00"}]'
_CALLS = frozenset({CampaignState.RUNNING, CampaignState.DRAINED})


def recycling_of(stored: Mapping[str, Any]) -> Recycling:
    """A campaign's recycling rules: what its row sets, and the defaults for the rest."""
    usual = Recycling()
    again = dict(usual.again)
    for outcome, rule in (stored.get("again") or {}).items():
        again[AttemptOutcome(outcome)] = (
            Again(gap_s=rule["gap_s"], other_number=rule.get("other_number", True))
            if rule is not None
            else None
        )
    return Recycling(
        again=again,
        other_number_gap_s=stored.get("other_number_gap_s", usual.other_number_gap_s),
        max_per_day=stored.get("max_per_day", usual.max_per_day),
        max_per_campaign=stored.get("max_per_campaign", usual.max_per_campaign),
        max_per_number=stored.get("max_per_number", usual.max_per_number),
        max_per_day_of_number=stored.get("max_per_day_of_number", usual.max_per_day_of_number),
        max_per_day_of_contact=stored.get("max_per_day_of_contact", usual.max_per_day_of_contact),
    )


def rule_set_of(name: str) -> RuleSet:
    """The rule set of a name; a campaign that names none has its own settings alone.

    Raises:
        RuleSetUnknown: there is none.
    """
    found = RULE_SETS.get(name or OWN.id)
    if found is None:
        raise RuleSetUnknown(rule_set=name, known=tuple(RULE_SETS))
    return found


def limits_of(row: CampaignRow) -> Limits:
    """The limits that hold for a campaign.

    Raises:
        RulesUnfit: see there.
    """
    return stricter(rule_set_of(row.rule_set).limits, _own(row))


def lax_settings(row: CampaignRow) -> list[str]:
    """Names of a campaign's own settings that allow more than its rule set does: these settings have no effect.

    Raises:
        RulesUnfit: see there.
    """
    return too_lax(rule_set_of(row.rule_set).limits, _own(row))


def lacks_of(row: CampaignRow) -> tuple[Lack, ...]:
    """What a campaign lacks before it may call; a campaign that began under earlier requirements goes on without it."""
    try:
        limits = limits_of(row)
    except RulesUnfit:
        return (Lack.RULE_SET,)
    basis = LegalBasis(row.legal_basis) if row.legal_basis else None
    return lacks(
        limits,
        rule_set=row.rule_set,
        purpose=Purpose(row.purpose),
        basis=basis,
        note=row.legal_basis_note,
    )


def needs_consent(row: CampaignRow) -> bool:
    """Whether the campaign calls persons only with their consent on file."""
    try:
        asked = limits_of(row).consent_for
    except RulesUnfit:
        return False
    return asked is not None and Purpose(row.purpose) in asked


def rules_without_effect(row: CampaignRow) -> list[DialRule]:
    """Rules that stop no lead with the campaign's present settings; leads they had stopped for good are judged anew."""
    stops = {
        DialRule.CONSENT_MISSING: needs_consent(row),
        DialRule.NUMBER_PREFIX: bool(row.prefixes),
    }
    return [rule for rule, holds in stops.items() if not holds]


def check_may_call(row: CampaignRow, allowed: Collection[Lack] = ()) -> None:
    """Check that a campaign lacks nothing that it needs before it calls.

    Args:
        row: the campaign.
        allowed: what it lacked before a change, while it was calling.

    Raises:
        CampaignLacks: see there.
    """
    missing = lacks_of(row)
    if set(missing) - set(allowed):
        raise CampaignLacks(missing=tuple(one.value for one in missing))


def is_calling(row: CampaignRow) -> bool:
    """Whether a campaign has begun and places calls, if only callbacks."""
    return CampaignState(row.state) in _CALLS


def check_rules(row: CampaignRow, country: str) -> None:
    """Check that a campaign's rules may be saved.

    Args:
        row: the campaign.
        country: the centre's, whose rule set is suggested.

    Raises:
        RulesUnfit: it may not; the class says why.
    """
    if not row.rule_set:
        suggested = suggested_for(country).id
        raise RuleSetMissing(known=tuple(RULE_SETS), country=country, suggested=suggested)
    if limits_of(row).hours is None:
        raise HoursMissing(rule_set=row.rule_set, example=_HOURS)
    if not row.time_zone:
        raise ZoneMissing(country=row.country)
    if row.starts_at is not None and row.ends_at is not None and row.ends_at <= row.starts_at:
        raise EndsBeforeItBegins
    lax = lax_settings(row)
    if lax:
        raise RulesTooLax(rule_set=row.rule_set, settings=tuple(lax))


def campaign_facts(row: CampaignRow, spend: Spend | None = None) -> CampaignFacts:
    """The facts about a campaign that `app.compliance.eligibility` needs.

    Args:
        row: a saved campaign.
        spend: the day's money, where it is counted.

    Raises:
        RulesUnfit: see there.
    """
    assert row.id is not None
    recycling = recycling_of(row.recycling)
    return CampaignFacts(
        id=CampaignId(row.id),
        purpose=Purpose(row.purpose),
        limits=limits_of(row),
        state=CampaignState(row.state),
        begins=row.starts_at,
        ends=row.ends_at,
        attempts=AttemptRules(
            of_lead=recycling.max_per_campaign,
            of_number=recycling.max_per_number,
            day_of_lead=recycling.max_per_day,
            day_of_number=recycling.max_per_day_of_number,
            day_of_contact=recycling.max_per_day_of_contact,
            gap_s={outcome: again.gap_s for outcome, again in recycling.again.items() if again is not None},
        ),
        prefixes=tuple(row.prefixes),
        spend=spend,
    )


def week_of(said: Sequence[Mapping[str, Any]]) -> Week | None:
    """Calling hours from a campaign's own form: `days` (1 is Monday), `from` and `to` as `HH:MM`; None for none.

    Raises:
        HoursUnreadable, DayUnknown, DayTwice: see there.

    >>> week_of([{"days": [1, 2], "from": "09:00", "to": "21:00"}])[:3]
    (Hours(opens=540, closes=1260), Hours(opens=540, closes=1260), None)
    """
    if not said:
        return None
    days: list[Hours | None] = [None] * 7
    for one in said:
        try:
            hours = Hours(_minutes(one["from"]), _minutes(one["to"]))
            numbers = [int(day) for day in one["days"]]
        except (KeyError, TypeError, ValueError) as error:
            raise HoursUnreadable(example=_HOURS) from error
        for day in numbers:
            if not 1 <= day <= 7:
                raise DayUnknown(day=day)
            if days[day - 1] is not None:
                raise DayTwice(day=day)
            days[day - 1] = hours
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def _own(row: CampaignRow) -> Limits:
    asked = row.legal_basis == LegalBasis.CONSENT.value
    consent = frozenset({Purpose(row.purpose)}) if asked else None
    return Limits(
        abandon_limit=row.abandon_limit,
        ring_min_s=float(row.ring_s),
        connect_s=row.connect_s,
        message=True if row.message else None,
        hours=week_of(row.hours),
        holidays=None if row.holidays else False,
        consent_for=consent,
    )


def _minutes(said: str) -> int:
    match = _TIME.fullmatch(said)
    if match is None:
        raise ValueError(f"{said!r} is no time of day")
    return int(match[1]) * 60 + int(match[2])
