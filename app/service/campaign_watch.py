"""Tells supervisors what the database has of campaigns: what they lack, and how many leads each rule stops."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.campaigns.queries import get_campaign
from app.crm.campaigns.rules import lacks_of
from app.crm.leads.stopped import count_stopped
from app.domain.ids import CampaignId
from app.floor.floor import Floor
from app.live.campaign_view import Standing, StoppedLeads
from app.records.engine import reading
from app.system import clock
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

LOOK_S: Final = 10.0
"""The least seconds between two counts of the leads."""
SHARE: Final = 0.05
"""The most of the time that counting may take, 0..1: very many leads are counted more seldom."""


class CampaignWatch:
    """Call `run` in a task group.

    Args:
        engine: the database of leads.
        floor: read, never changed.
        watched: whether anybody looks.
        tell: given what is known of each campaign on the floor.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        floor: Floor,
        *,
        watched: Callable[[], bool],
        tell: Callable[[Mapping[CampaignId, Standing]], None],
    ) -> None:
        self._engine, self._floor = engine, floor
        self._watched, self._tell = watched, tell

    async def run(self) -> None:
        """Count while somebody looks, until cancelled."""
        while True:
            began_s, least_s = clock.monotonic(), LOOK_S
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - what a page shows is no reason to stop answering callers
                if not report(log, "leads_not_counted", error, part="campaign_watch"):
                    least_s = PAUSE_S
            await asyncio.sleep(max(least_s, (clock.monotonic() - began_s) / SHARE))

    async def look(self) -> None:
        """Count once, if somebody looks."""
        if not self._watched():
            return
        standings: dict[CampaignId, Standing] = {}
        for id_ in list(self._floor.campaigns):
            async with reading(self._engine) as session:
                row = await get_campaign(session, id_)
                if row is not None:
                    counted = await count_stopped(session, id_)
                    stopped = tuple(StoppedLeads(one.rule.value, one.leads, one.next_at) for one in counted)
                    standings[id_] = Standing(lacks_of(row), stopped)
        self._tell(standings)
