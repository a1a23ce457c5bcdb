"""Lists of numbers as rows: what was brought, how far it has come in."""

from typing import Final

from app.crm.consent_lists.tables import ConsentListRow
from app.lists.jobs import FileJobs

LISTS: Final = FileJobs(ConsentListRow)
