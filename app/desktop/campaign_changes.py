"""Which campaigns must be told of: those that were set, decided anew, or left the floor."""

from collections.abc import Iterator, Mapping

from app.desktop.campaign_view import CampaignView, Standing, campaign_view
from app.desktop.session import Told
from app.floor.campaign import CampaignSettings
from app.floor.floor import Floor
from app.floor.model import CampaignId


class CampaignChanges:
    """What was touched since the last telling. Only those who see the floor are told.

    Args:
        floor: read, never changed.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._touched: dict[CampaignId, None] = {}
        self._standings: dict[CampaignId, Standing] = {}
        self._settings: dict[CampaignId, CampaignSettings] = {
            id_: campaign.settings for id_, campaign in floor.campaigns.items()
        }

    def touch(self, campaign: CampaignId) -> None:
        """It was decided how many calls it places."""
        self._touched[campaign] = None

    def know(self, standings: Mapping[CampaignId, Standing]) -> bool:
        """Take what is known beside the floor; whether anything has to be told."""
        changed = [id_ for id_, standing in standings.items() if self._standings.get(id_) != standing]
        self._standings = dict(standings)
        self._touched.update(dict.fromkeys(changed))
        return bool(changed)

    def view(self, campaign: CampaignId) -> CampaignView | None:
        """One campaign; None when it is not on the floor."""
        found = self._floor.campaigns.get(campaign)
        return campaign_view(found, self._standings.get(campaign, Standing())) if found is not None else None

    def take(self) -> Iterator[Told]:
        """What must be told now."""
        campaigns, known = self._floor.campaigns, self._settings
        for id_, campaign in campaigns.items():
            if known.get(id_) is not campaign.settings:
                known[id_] = campaign.settings
                self._touched[id_] = None
        for id_ in self._touched:
            if (view := self.view(id_)) is not None:
                yield Told({"type": "campaign_changed", "campaign": view})
        self._touched.clear()
        if len(known) > len(campaigns):
            for id_ in [id_ for id_ in known if id_ not in campaigns]:
                del known[id_]
                yield Told({"type": "campaign_removed", "id": id_})

    def views(self) -> list[CampaignView]:
        """Every campaign on the floor, for a snapshot."""
        return [view for id_ in self._floor.campaigns if (view := self.view(id_)) is not None]
