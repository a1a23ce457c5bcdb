"""A campaign's rules from its row: its rule set and its own settings together, the stricter of each."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.compliance.dial_facts import AttemptRules, CampaignFacts, Spend
from app.compliance.eligibility import DialRule
from app.compliance.lawful import LACKS, Lack, LegalBasis, lacks
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
from app.crm.campaigns.queries import recycling_of
from app.crm.campaigns.tables import CampaignRow
from app.domain.campaigns import CampaignState, Purpose
from app.domain.errors import WordedRefusal
from app.domain.ids import CampaignId

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


_CALLS = frozenset({CampaignState.RUNNING, CampaignState.DRAINED})


class RulesUnfit(WordedRefusal, ValueError):  # noqa: N818 - named for what is so
    """A campaign names a rule set that there is none of, hours that are none, or allows more than its set does."""

    status = 422

    code = "campaign.rules_unfit"


class RuleSetMissing(RulesUnfit):
    """A campaign names no rule set."""

    code = "campaign.rule_set_missing"


class HoursMissing(RulesUnfit):
    """A campaign says no calling hours, and its rule set has none."""

    code = "campaign.hours_missing"


class ZoneMissing(RulesUnfit):
    """A campaign says no time zone, and its country has several."""

    code = "campaign.time_zone_missing"


class CampaignLacks(WordedRefusal):
    """A campaign cannot call yet."""

    code = "campaign.lacks"

    def __init__(self, missing: Sequence[Lack]) -> None:
        super().__init__(f"the campaign cannot call yet: {'; '.join(LACKS[one] for one in missing)}")
        self.missing = tuple(missing)

    @property
    def errors(self) -> Sequence[tuple[str, str]]:
        """What the campaign lacks."""
        return [(f"body.{one.value}", LACKS[one]) for one in self.missing]


def rule_set_of(name: str) -> RuleSet:
    """The rule set of a name; a campaign that names none has its own settings alone.

    Raises:
        RulesUnfit: there is none.
    """
    found = RULE_SETS.get(name or OWN.id)
    if found is None:
        raise RulesUnfit(f"there is no rule set {name!r}; there are {', '.join(RULE_SETS)}")
    return found


def limits_of(row: CampaignRow) -> Limits:
    """What holds for a campaign.

    Raises:
        RulesUnfit: see there.
    """
    return stricter(rule_set_of(row.rule_set).limits, _own(row))


def lax_settings(row: CampaignRow) -> list[str]:
    """Names of a campaign's own settings that allow what its rule set does not: they have no effect.

    Raises:
        RulesUnfit: see there.
    """
    return too_lax(rule_set_of(row.rule_set).limits, _own(row))


def lacks_of(row: CampaignRow) -> tuple[Lack, ...]:
    """What a campaign lacks before it may call; one that was begun before goes on without."""
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
    """Whether persons are called only with their consent on file."""
    try:
        asked = limits_of(row).consent_for
    except RulesUnfit:
        return False
    return asked is not None and Purpose(row.purpose) in asked


def rules_without_effect(row: CampaignRow) -> list[DialRule]:
    """Rules that stop nobody as the campaign now is: whom they stopped for good is judged anew."""
    stops = {
        DialRule.CONSENT_MISSING: needs_consent(row),
        DialRule.NUMBER_PREFIX: bool(row.prefixes),
    }
    return [rule for rule, holds in stops.items() if not holds]


def check_may_call(row: CampaignRow, allowed: Collection[Lack] = ()) -> None:
    """Whether a campaign lacks nothing before it calls.

    Args:
        row: the campaign.
        allowed: what it lacked before a change, while it was calling.

    Raises:
        CampaignLacks: see there.
    """
    missing = lacks_of(row)
    if set(missing) - set(allowed):
        raise CampaignLacks(missing)


def is_calling(row: CampaignRow) -> bool:
    """Whether a campaign was begun and calls, if only back."""
    return CampaignState(row.state) in _CALLS


def check_rules(row: CampaignRow, country: str) -> None:
    """Whether a campaign may be kept as it is.

    Args:
        row: the campaign.
        country: the centre's, whose rule set is suggested.

    Raises:
        RuleSetMissing, HoursMissing, ZoneMissing: see there.
        RulesUnfit: see there; or it ends before it begins, or its own settings allow what its rule set does not.
    """
    if not row.rule_set:
        raise RuleSetMissing(
            f"name the rule set (rule_set) that the campaign keeps: {', '.join(RULE_SETS)}; "
            f"for a centre in {country} it is {suggested_for(country).id}"
        )
    if limits_of(row).hours is None:
        raise HoursMissing(
            f"say the calling hours (hours): the rule set {row.rule_set} has none, and nobody is called at any hour "
            'unless the campaign says so; such as [{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "20:00"}], '
            "1 for Monday"
        )
    if not row.time_zone:
        raise ZoneMissing(
            f"say the time zone (time_zone) of leads whose numbers tell none: {row.country} has several"
        )
    if row.starts_at is not None and row.ends_at is not None and row.ends_at <= row.starts_at:
        raise RulesUnfit("the campaign ends before it begins")
    lax = lax_settings(row)
    if lax:
        raise RulesUnfit(
            f"the campaign allows more than {row.rule_set} does: {', '.join(lax)}; keep within it, or leave them out"
        )


def campaign_facts(row: CampaignRow, spend: Spend | None = None) -> CampaignFacts:
    """What `app.compliance.eligibility` has to know of a campaign.

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
    """Calling hours from how a campaign says them: `days` (1 is Monday), `from` and `to` as `HH:MM`; None for none.

    Raises:
        RulesUnfit: they are no hours, or a day comes twice.

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
            raise RulesUnfit(f"calling hours are days, from and to: {error}") from error
        for day in numbers:
            if not 1 <= day <= 7:
                raise RulesUnfit(f"{day} is no day of the week: 1 is Monday, 7 is Sunday")
            if days[day - 1] is not None:
                raise RulesUnfit(f"day {day} has hours twice")
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
