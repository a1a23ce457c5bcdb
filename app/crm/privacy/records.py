"""What the records of the floor hold of a contact: `app.records` knows no subjects, so its lines are here."""

from app.crm.privacy.holdings import holds
from app.records.event_table import EventRow
from app.records.tables import CallEventRow, CallRow

holds(
    CallRow,
    number="caller_number",
    shows=(
        *("arrived_at", "direction", "caller_number", "caller_sent", "caller_name", "dialed", "queue"),
        *("answered_at", "ended_at", "outcome", "waited_s", "talked_s", "language"),
    ),
    clears=("caller_number", "caller_sent", "caller_name"),
)
holds(CallEventRow, through=("call_id", CallRow), shows=("call_id", "at", "kind", "data"), clears=("data",))
holds(
    EventRow,
    shows=("at", "kind", "subject_id", "actor_name", "before", "after"),
    clears=("before", "after"),
)
