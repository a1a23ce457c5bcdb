"""Brings phones' accounts and numbers from the rows to where the PBX reads them."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.inbound_routes.service import routes_of_dialplan
from app.crm.operators.service import accounts
from app.pbx.realtime.registrations import Phones
from app.pbx.realtime.softphones import SoftphoneStore
from app.records.engine import reading


class PhoneAccounts:
    """A part of the configuration.

    Args:
        engine: the rows.
        phones: writes accounts and numbers.
        encrypted: SIP phones must encrypt their sound.
    """

    name = "phones"

    def __init__(self, engine: AsyncEngine, phones: Phones | SoftphoneStore, *, encrypted: bool) -> None:
        self._engine, self._phones, self._encrypted = engine, phones, encrypted

    async def bring(self) -> bool:
        """Write what differs; the secrets of accounts that are there stay."""
        async with reading(self._engine) as session:
            wanted = await accounts(session, encrypted=self._encrypted)
            routes = await routes_of_dialplan(session)
        try:
            await self._phones.bring(wanted, routes)
        except IntegrityError:
            return True  # another process, such as `keskus user`, wrote the same account at this moment
        return False
