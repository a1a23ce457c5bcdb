"""Operators' calls outside, beside the floor: limits from settings, what was spent before, what the PBX does alone.

The rule itself is `app.compliance.outgoing`; `app.crm.answers.dialled` reads the numbers.
"""

from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.hours import Place, day_begins, local_date
from app.compliance.outgoing import OutgoingLimits, RoleLimits
from app.crm.campaigns.rules import week_of
from app.crm.tallies.queries import spent_by_operators
from app.floor.events import OutgoingCharged
from app.floor.facts import OutgoingAlarm, OutgoingRefused, StepResult
from app.numbers.facts import emergency_numbers, zone, zones_of
from app.pbx.realtime.softphones import AwayNumber
from app.records.engine import reading
from app.service.settings import OutgoingSettings, RoleCallSettings

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
    """Numbers that the PBX dials by itself while the service is away."""
    numbers = [AwayNumber(f"{prefix}*", said.trunk, said.caller_id) for prefix in dict.fromkeys(said.away)]
    if said.emergency:
        trunk = said.emergency_trunk or said.trunk
        help_ = dict.fromkeys((*emergency_numbers(region), *said.emergency_numbers))
        numbers += [AwayNumber(number, trunk, said.caller_id) for number in help_]
    return numbers


async def spent_before(engine: AsyncEngine, limits: OutgoingLimits, now: datetime) -> list[OutgoingCharged]:
    """Today's costs on record from earlier runs of the service, for the floor."""
    today = local_date(limits.place, now)
    async with reading(engine) as session:
        spent = await spent_by_operators(session, day_begins(limits.place, now))
    return [OutgoingCharged(operator, today, amount) for operator, amount in spent.items()]


def log_outgoing(outcome: StepResult) -> None:
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
