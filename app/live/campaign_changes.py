"""Which campaigns readers must be told of: those that were set, have a new pacing decision, or left the floor."""

from collections.abc import Iterator, Mapping

from app.domain.campaigns import CampaignSettings
from app.domain.ids import CampaignId
from app.floor.floor import Floor
from app.live.campaign_view import CampaignView, Standing, campaign_view
from app.live.session import Told


class CampaignChanges:
    """Campaigns touched since the last messages. Only readers who see the floor are told.

    Args:
        floor: read, never changed.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.touched: dict[CampaignId, None] = {}
        """Campaigns to tell of next."""
        self._standings: dict[CampaignId, Standing] = {}
        self._settings: dict[CampaignId, CampaignSettings] = {
            id_: campaign.settings for id_, campaign in floor.campaigns.items()
        }
        self.told: dict[CampaignId, object] = {id_: self.view(id_) for id_ in floor.campaigns}
        """The last view of each campaign that was told."""

    def touch(self, campaign: CampaignId) -> None:
        """Note that a campaign has a new pacing decision."""
        self.touched[campaign] = None

    def know(self, standings: Mapping[CampaignId, Standing]) -> bool:
        """Take what the database tells of campaigns; return whether anything has to be told."""
        changed = [id_ for id_, standing in standings.items() if self._standings.get(id_) != standing]
        self._standings = dict(standings)
        self.touched.update(dict.fromkeys(changed))
        return bool(changed)

    def view(self, campaign: CampaignId) -> CampaignView | None:
        """One campaign; None when it is not on the floor."""
        found = self._floor.campaigns.get(campaign)
        return campaign_view(found, self._standings.get(campaign, Standing())) if found is not None else None

    def take(self) -> Iterator[Told]:
        """Messages that are due now."""
        campaigns, known = self._floor.campaigns, self._settings
        for id_, campaign in campaigns.items():
            if known.get(id_) is not campaign.settings:
                known[id_] = campaign.settings
                self.touched[id_] = None
        for id_ in self.touched:
            if (view := self.view(id_)) is not None:
                self.told[id_] = view
                yield Told({"type": "campaign_changed", "campaign": view})
        self.touched.clear()
        if len(known) > len(campaigns):
            for id_ in [id_ for id_ in known if id_ not in campaigns]:
                del known[id_]
                self.told.pop(id_, None)
                yield Told({"type": "campaign_removed", "id": id_})

    def views(self) -> list[CampaignView]:
        """Every campaign on the floor, for a snapshot."""
        return [view for id_ in self._floor.campaigns if (view := self.view(id_)) is not None]
