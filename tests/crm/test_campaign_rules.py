"""The law by default: what a campaign has to say before it is kept, and before it calls."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.compliance.eligibility import DialRule
from app.compliance.lawful import Lack, LegalBasis
from app.compliance.rules import RULE_SETS, suggested_for
from app.crm.campaigns.errors import CampaignLacks, HoursMissing, RuleSetMissing
from app.crm.campaigns.rules import (
    check_may_call,
    check_rules,
    lacks_of,
    limits_of,
    needs_consent,
    rules_without_effect,
)
from app.crm.campaigns.tables import CampaignRow
from app.domain.campaigns import Purpose

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = [{"days": [1, 2, 3, 4, 5], "from": "10:00", "to": "18:00"}]


def row(**said: Any) -> CampaignRow:
    fixed: dict[str, Any] = {"title": "x", "mode": "ratio", "queue": "q", "purpose": "marketing"}
    fixed |= {"country": "EE", "time_zone": "Europe/Tallinn"}
    return CampaignRow(**(fixed | {"state_at": AT, "created_at": AT, "updated_at": AT} | said))


@pytest.mark.parametrize(
    ("country", "rule_set"),
    [
        ("EE", "eu_estonia"),
        ("LV", "eu_estonia"),
        ("FR", "eu_estonia"),
        ("NO", "eu_estonia"),
        ("US", "us_tsr"),
        ("PR", "us_tsr"),
        ("GB", "ofcom_2010"),
        ("CH", "own"),
        ("AU", "own"),
    ],
)
def test_each_country_has_a_rule_set_to_begin_with(country: str, rule_set: str) -> None:
    assert suggested_for(country).id == rule_set


def test_no_country_is_in_two_sets() -> None:
    named = [country for rules in RULE_SETS.values() for country in rules.countries]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("country", ["EE", "US", "AU"])
def test_who_names_no_rule_set_is_told_which_there_are(country: str) -> None:
    with pytest.raises(RuleSetMissing) as told:
        check_rules(row(), country)
    for name in RULE_SETS:
        assert name in str(told.value)
    assert f"for a centre in {country} it is {suggested_for(country).id}" in str(told.value)


@pytest.mark.parametrize(
    "rule_set", [name for name, rules in RULE_SETS.items() if rules.limits.hours is None]
)
def test_a_rule_set_without_hours_needs_the_campaigns_own(rule_set: str) -> None:
    campaign = row(rule_set=rule_set)
    with pytest.raises(HoursMissing):
        check_rules(campaign, "EE")
    campaign.hours = DAY
    check_rules(campaign, "EE")


@pytest.mark.parametrize("rule_set", ["eu_estonia", "us_tsr"])
def test_a_rule_set_with_hours_is_enough(rule_set: str) -> None:
    check_rules(row(rule_set=rule_set), "EE")


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, [Lack.RULE_SET, Lack.HOURS, Lack.LEGAL_BASIS]),
        ({"rule_set": "own"}, [Lack.HOURS, Lack.LEGAL_BASIS]),
        ({"rule_set": "own", "hours": DAY}, [Lack.LEGAL_BASIS]),
        ({"rule_set": "eu_estonia"}, [Lack.LEGAL_BASIS]),
        ({"rule_set": "eu_estonia", "legal_basis": "consent"}, []),
        ({"rule_set": "eu_estonia", "legal_basis": "existing_customers"}, []),
        ({"rule_set": "eu_estonia", "legal_basis": "legitimate_interest"}, [Lack.LEGAL_BASIS_NOTE]),
        (
            {"rule_set": "eu_estonia", "legal_basis": "legitimate_interest", "legal_basis_note": " "},
            [Lack.LEGAL_BASIS_NOTE],
        ),
        (
            {"rule_set": "eu_estonia", "legal_basis": "legitimate_interest", "legal_basis_note": "LIA 4"},
            [],
        ),
        ({"rule_set": "eu_estonia", "purpose": "survey"}, []),
        ({"rule_set": "mars"}, [Lack.RULE_SET]),
    ],
)
def test_what_a_campaign_lacks_before_it_calls(said: dict[str, Any], missing: list[Lack]) -> None:
    campaign = row(**said)
    assert list(lacks_of(campaign)) == missing
    if missing:
        with pytest.raises(CampaignLacks) as told:
            check_may_call(campaign)
        assert list(told.value.missing) == missing
    else:
        check_may_call(campaign)


def test_one_that_calls_may_go_on_lacking_what_it_lacked() -> None:
    check_may_call(row(rule_set="eu_estonia"), allowed=[Lack.RULE_SET, Lack.HOURS, Lack.LEGAL_BASIS])
    with pytest.raises(CampaignLacks):
        check_may_call(row(rule_set="own"), allowed=[Lack.LEGAL_BASIS])


@pytest.mark.parametrize("rule_set", sorted(RULE_SETS))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_rests_on_consent_asks_for_it(rule_set: str, purpose: Purpose) -> None:
    campaign = row(rule_set=rule_set, hours=DAY, purpose=purpose.value, legal_basis=LegalBasis.CONSENT.value)
    assert purpose in (limits_of(campaign).consent_for or ())
    assert needs_consent(campaign)
    campaign.legal_basis = LegalBasis.EXISTING_CUSTOMERS.value
    by_law = RULE_SETS[rule_set].limits.consent_for or frozenset()
    assert needs_consent(campaign) is (purpose in by_law), "the rule set's own demand remains"


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ({"rule_set": "own"}, [DialRule.CONSENT_MISSING, DialRule.NUMBER_PREFIX]),
        ({"rule_set": "own", "prefixes": ["+372"]}, [DialRule.CONSENT_MISSING]),
        ({"rule_set": "own", "legal_basis": "consent"}, [DialRule.NUMBER_PREFIX]),
        ({"rule_set": "eu_estonia", "prefixes": ["+372"]}, []),
    ],
)
def test_which_rules_stop_nobody(said: dict[str, Any], rules: list[DialRule]) -> None:
    """Only those that cannot stop anybody: else a lead would be judged anew for ever."""
    assert rules_without_effect(row(**said)) == rules
