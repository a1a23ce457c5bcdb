"""Costs and alarms of operators' calls outside that the floor did not hear."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.hours import local_date
from app.compliance.outgoing import OutgoingLimits, OutgoingRule
from app.crm.answers.dialled import read_dialled
from app.crm.tallies.service import tariffs_of
from app.domain.calls import Direction
from app.domain.numbers import NumberKind
from app.floor.events import OutgoingCharged, OutgoingMissed
from app.floor.facts import CallRecord
from app.floor.outgoing.state import price
from app.pbx.words import endpoint_of
from app.records.changes import Change, Kind


async def reckoned(session: AsyncSession, records: Sequence[CallRecord], region: str) -> list[CallRecord]:
    """Records from the PBX's own log; those of operators' calls outside get the number as read and the cost."""
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
    """Costs of completed records that the floor has not counted."""
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
    """Calls that raise alarms and that nobody heard: refused calls, and calls to emergency numbers.

    Args:
        records: completed records, operators' calls outside among them.
        changes: what was completed in each.
        region: ISO 3166 code of the country for numbers without a country code.
        emergency: emergency numbers besides those of the country.
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
