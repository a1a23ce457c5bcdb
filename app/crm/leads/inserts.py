"""Inserts of many leads."""

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from app.crm.leads.tables import LeadNumberRow, LeadRow
from app.records.base import table_of
from app.records.statements import Prepared


class Inserts:
    """Inserts of many leads, in one database's dialect."""

    def __init__(self, dialect: Dialect) -> None:
        insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
        self.leads, self.numbers = (
            Prepared(insert(table), table, dialect) for table in (table_of(LeadRow), table_of(LeadNumberRow))
        )
