"""Lists of numbers as rows: what was uploaded, and how far it has been taken in."""

from typing import Final

from app.crm.consent_lists.tables import ConsentListRow
from app.lists.jobs import FileJobs

LISTS: Final = FileJobs(ConsentListRow)
