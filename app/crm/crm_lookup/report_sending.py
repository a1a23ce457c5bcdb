"""Reports one call to the CRM, and says what came of it."""

from datetime import tzinfo
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.calls.names import user_names
from app.crm.crm_lookup import queries
from app.crm.crm_lookup.client import CrmClient, Walked
from app.crm.crm_lookup.desk import CrmDesk
from app.crm.crm_lookup.tables import ReportState
from app.crm.operators.queries import get_operator
from app.crm_template.expressions import Scalar
from app.crm_template.predefined import ReportedCall, variables_of
from app.domain.calls import CallOutcome, Direction
from app.domain.errors import Refusal
from app.domain.ids import OperatorId
from app.records.engine import reading
from app.records.tables import CallRow

PATIENCE_S: Final = 20.0
_UNRECORDED: Final = "the call's record is not written yet"
_AGAIN: Final = frozenset({401, 408, 425, 429})
"""Statuses of a CRM that may take the report later, besides those from 500."""


async def report_call(
    engine: AsyncEngine, desk: CrmDesk, client: CrmClient, call: str, zone: tzinfo
) -> tuple[ReportState, str]:
    """Report a call once; returns what has become of the report, and why.

    Args:
        engine: the database.
        desk: knows what the CRM said of the number.
        client: the CRM.
        call: its id.
        zone: of the times that templates write as local.
    """
    async with reading(engine) as session:
        row = await queries.get_call(session, call)
        if row is None or row.ended_at is None:
            return ReportState.WAITING, _UNRECORDED
        said = await _reported(session, row)
    try:
        outputs = await desk.outputs_of(row.caller_number)
        values: dict[str, Scalar] = {**variables_of(said, zone)}
        values |= {name.lower(): value for name, value in outputs.items()}
        values["name"] = values.get("name") or outputs.get("FirstName", "")
        return _state(await client.report(row.caller_number, values, PATIENCE_S))
    except Refusal as error:
        return ReportState.FAILED, error.code


def _state(walked: Walked) -> tuple[ReportState, str]:
    """What has become of a report; `waiting`: it is worth another try."""
    steps = walked.outcome.steps
    failed = walked.outcome.failed
    if failed is None:
        sent = any(step.status is not None for step in steps)
        return (ReportState.SENT, "") if sent else (ReportState.SKIPPED, "the template skips this call")
    if failed.outcome == "unfit":
        return ReportState.FAILED, failed.detail
    if failed.outcome == "unreadable":  # the CRM has taken it; to send it again would report it twice
        return ReportState.SENT, failed.detail
    if failed.status is not None and failed.status < 500 and failed.status not in _AGAIN:
        return ReportState.FAILED, f"the CRM refused it with status {failed.status}"
    said = f"the CRM answered with status {failed.status}" if failed.status else f"no answer: {walked.why}"
    return ReportState.WAITING, said


async def _reported(session: AsyncSession, row: CallRow) -> ReportedCall:
    operator, name = None, ""
    if row.operator_id is not None:
        operator = await get_operator(session, OperatorId(row.operator_id))
        name = (await user_names(session, [row.operator_id])).get(row.operator_id, "")
    assert row.ended_at is not None
    return ReportedCall(
        id=row.id,
        number=row.caller_number,
        outbound=row.direction != Direction.INBOUND.value,
        answered=row.outcome == CallOutcome.ANSWERED.value or row.talked_s > 0,
        started=row.arrived_at,
        established=row.answered_at,
        ended=row.ended_at,
        talked_s=row.talked_s,
        name=row.caller_name,
        agent=operator.endpoint.rpartition("/")[2] if operator is not None else name,
        agent_name=name,
        queue=row.queue,
        dialed=row.dialed,
    )
