"""Operators' calls outside, beside the floor: limits from settings, what was spent before, what the PBX does alone.

The rule itself is `app.floor.outgoing`; `app.crm.dialled` reads the numbers.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.campaign_rules import week_of
from app.crm.dialled import read_dialled
from app.crm.number_facts import emergency_numbers, zone, zones_of
from app.floor.dial_facts import NumberKind
from app.floor.events import OutgoingCharged, OutgoingMissed
from app.floor.facts import CallRecord, Outcome, OutgoingAlarm, OutgoingRefused
from app.floor.hours import Place, day_begins, local_date
from app.floor.model import Direction
from app.floor.outgoing import OutgoingLimits, OutgoingRule, RoleLimits
from app.floor.outgoing_state import price
from app.pbx.parse import endpoint_of
from app.pbx.softphones import AwayNumber
from app.records.completion import Change, Kind
from app.records.engine import reading
from app.records.queries.spending import spent_by_operators, tariffs_of
from app.settings import OutgoingSettings, RoleCallSettings

log = structlog.get_logger(__name__)


def limits_of(said: OutgoingSettings, region: str) -> OutgoingLimits:
    """The floor's limits.

    Args:
        said: the settings.
        region: the centre's country (ISO 3166).
    """
    place = zone(said.time_zone or next(iter(zones_of(region)), ""))
    roles = {"operator": said.operator, "supervisor": said.supervisor, "administrator": said.administrator}
    return OutgoingLimits(
        roles={role: _role(one, region) for role, one in roles.items()},
        calls_of_operator=said.calls_of_operator,
        calls=said.calls,
        money_of_operator=said.money_of_operator,
        money=said.money,
        hours=week_of(said.hours),
        place=Place((place,) if place is not None else ()),
        emergency=said.emergency,
        trunk=said.trunk,
        emergency_trunk=said.emergency_trunk,
        caller_id=said.caller_id,
        longest_s=said.longest_s,
        alarm_refusals=said.alarm_refusals,
        alarm_s=said.alarm_s,
    )


def away_numbers(said: OutgoingSettings, region: str) -> list[AwayNumber]:
    """What the PBX dials by itself while the service is away."""
    numbers = [AwayNumber(f"{prefix}*", said.trunk, said.caller_id) for prefix in dict.fromkeys(said.away)]
    if said.emergency:
        trunk = said.emergency_trunk or said.trunk
        help_ = dict.fromkeys((*emergency_numbers(region), *said.emergency_numbers))
        numbers += [AwayNumber(number, trunk, said.caller_id) for number in help_]
    return numbers


async def spent_before(engine: AsyncEngine, limits: OutgoingLimits, now: datetime) -> list[OutgoingCharged]:
    """What an earlier life of the service has on record of today's money, for the floor."""
    today = local_date(limits.place, now)
    async with reading(engine) as session:
        spent = await spent_by_operators(session, day_begins(limits.place, now))
    return [OutgoingCharged(operator, today, amount) for operator, amount in spent.items()]


async def reckoned(session: AsyncSession, records: Sequence[CallRecord], region: str) -> list[CallRecord]:
    """Records from the PBX's own log, operators' calls among them with the number read and the cost."""
    numbers = {
        record.call: read_dialled(record.dialed, region).number
        for record in records
        if record.direction is Direction.OPERATOR
    }
    tariffs = await tariffs_of(session, set(numbers.values())) if numbers else {}
    return [
        record._replace(
            caller_number=numbers[record.call],
            cost=price(tariffs.get(numbers[record.call]), record.talked_s)
            if record.answered_at is not None
            else Decimal(0),
        )
        if record.call in numbers
        else record
        for record in records
    ]


def charges(
    records: Sequence[CallRecord], changes: Sequence[Change], limits: OutgoingLimits
) -> list[OutgoingCharged]:
    """What completed records cost more than the floor has counted."""
    changed = {change.call: change for change in changes}
    return [
        OutgoingCharged(
            record.operator,
            local_date(limits.place, record.arrived_at),
            record.cost - (changed[record.call].differences.get("cost", (None,))[0] or 0),
        )
        for record in records
        if record.call in changed and record.cost and record.operator is not None
        if "cost" in changed[record.call].differences or not changed[record.call].differences
    ]


def missed(
    records: Sequence[CallRecord], changes: Sequence[Change], region: str, emergency: Collection[str] = ()
) -> list[OutgoingMissed]:
    """Completed records of calls that raise alarms and that nobody heard: refusals, and calls for help.

    Args:
        records: that were completed, operators' calls among them.
        changes: what was completed of each.
        region: ISO 3166 code of the country for numbers without a country code.
        emergency: numbers for help besides those of the country.
    """
    unheard = {
        change.call for change in changes if change.kind is Kind.ADDED or "refused_by" in change.differences
    }
    found = []
    for record in sorted(records, key=lambda one: one.arrived_at):
        if record.call not in unheard or record.direction is not Direction.OPERATOR:
            continue
        rule = OutgoingRule(record.refused_by) if record.refused_by else None
        if rule is None and read_dialled(record.dialed, region, emergency).kind is not NumberKind.EMERGENCY:
            continue
        endpoint = endpoint_of(record.channel_name) if record.operator is None else ""
        found.append(OutgoingMissed(record.operator, endpoint, record.arrived_at, rule))
    return found


def log_outgoing(outcome: Outcome) -> None:
    """Log refusals and alarms. A sink of the runner."""
    for fact in outcome.facts:
        if isinstance(fact, OutgoingRefused):
            log.info(
                "outgoing_refused",
                call_id=fact.call,
                operator_id=fact.operator,
                endpoint=fact.endpoint,
                rule=fact.rule.value,
            )
        elif isinstance(fact, OutgoingAlarm):
            log.warning(
                "outgoing_alarm",
                cause=fact.cause.value,
                operator_id=fact.operator,
                endpoint=fact.endpoint,
                refusals=fact.refusals,
            )


def _role(said: RoleCallSettings, region: str) -> RoleLimits:
    countries = frozenset(said.countries if said.countries is not None else [region])
    return RoleLimits(frozenset(said.kinds), countries, tuple(said.prefixes))
