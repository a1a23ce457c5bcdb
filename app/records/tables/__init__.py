"""The tables: one class a row, nothing validated here (input has schemas of its own).

Enums are stored by value, as strings. Points in time are aware and in UTC on every database.
"""

from app.records.tables.base import Row, UtcDateTime, metadata, table_of
from app.records.tables.campaigns import (
    CampaignChangeRow,
    CampaignRow,
    DispositionRow,
    ImportJobRow,
    JobState,
)
from app.records.tables.consent import ConsentRow, SuppressionRow
from app.records.tables.consent_lists import ConsentListRow
from app.records.tables.contacts import ContactKind, ContactRow, PhoneRow
from app.records.tables.history import (
    CallEventRow,
    CallLegRow,
    CallRow,
    CallSource,
    EventLogMarkRow,
    OperatorStateRow,
)
from app.records.tables.leads import AttemptRow, EngagedRow, LeadNumberRow, LeadRow
from app.records.tables.people import (
    KnownPlaceRow,
    OperatorRow,
    PlaceKind,
    Role,
    SessionKind,
    SessionRow,
    SoftphoneKind,
    SoftphoneRow,
    UserRow,
)
from app.records.tables.queues import MembershipRow, QueueRow, RouteKind, RouteRow
from app.records.tables.sounds import SoundRow
from app.records.tables.tallies import CampaignHourRow, CampaignSpendRow, TariffRow

__all__ = [
    "AttemptRow",
    "CallEventRow",
    "CallLegRow",
    "CallRow",
    "CallSource",
    "CampaignChangeRow",
    "CampaignHourRow",
    "CampaignRow",
    "CampaignSpendRow",
    "ConsentListRow",
    "ConsentRow",
    "ContactKind",
    "ContactRow",
    "DispositionRow",
    "EngagedRow",
    "EventLogMarkRow",
    "ImportJobRow",
    "JobState",
    "KnownPlaceRow",
    "LeadNumberRow",
    "LeadRow",
    "MembershipRow",
    "OperatorRow",
    "OperatorStateRow",
    "PhoneRow",
    "PlaceKind",
    "QueueRow",
    "Role",
    "RouteKind",
    "RouteRow",
    "Row",
    "SessionKind",
    "SessionRow",
    "SoftphoneKind",
    "SoftphoneRow",
    "SoundRow",
    "SuppressionRow",
    "TariffRow",
    "UserRow",
    "UtcDateTime",
    "metadata",
    "table_of",
]
