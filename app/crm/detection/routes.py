"""The accuracy of answering-machine detection."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.problems import refusals
from app.api.schemas import Moment, RowId
from app.api.security import Known, needs
from app.crm.campaigns.errors import CampaignUnknown
from app.crm.campaigns.service import known_campaign
from app.crm.detection.schemas import DetectionOut, VerdictShare
from app.crm.detection.service import verdicts
from app.domain.ids import CampaignId
from app.domain.roles import Permission
from app.records.engine import reading

Reads = Annotated[LoggedIn, needs(Permission.EVIDENCE_READ)]
router = APIRouter(prefix="/campaigns/{id}/machine-detection", tags=["campaigns"])


@router.get("", summary="How often the detector was wrong", responses=refusals(CampaignUnknown))
async def get_detection(
    id: RowId,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    since: Annotated[Moment | None, Query(description="Calls placed then or later; left out: all.")] = None,
) -> DetectionOut:
    """Estimated from the dispositions of calls in which operators talked, with the uncertainty of the estimate.

    Machines that were hung up on are heard by nobody: to learn how many of them were people, let a campaign pass them
    on for a while.
    """
    async with reading(services.engine) as session:
        await known_campaign(session, CampaignId(id))
        human, machine = await verdicts(session, CampaignId(id), since)
    return DetectionOut(human=VerdictShare.of(human), machine=VerdictShare.of(machine))
