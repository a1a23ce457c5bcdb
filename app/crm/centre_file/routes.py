"""The whole configuration as one file, out and in."""

import asyncio
import secrets
from typing import Annotated, cast

from fastapi import APIRouter, Query

from app.accounts.errors import (
    HashingBusy,
    LastAdministrator,
    MoreThanOneHas,
    RoleBuiltIn,
    UsernameTaken,
)
from app.accounts.hashing import hash_password
from app.accounts.service import LoggedIn
from app.api.configuration import Configuring, later
from app.api.problems import refusals
from app.api.security import Known, needs, require
from app.crm.centre_file import service
from app.crm.centre_file.body import UNREAD, UnreadRoute
from app.crm.centre_file.errors import NamedTwice, NameUnknown
from app.crm.centre_file.parsing import read_file
from app.crm.centre_file.reading import read_centre
from app.crm.centre_file.schemas import Brought, CentreFile
from app.crm.complaints.errors import CategoryTaken, TooManyCategories
from app.crm.custom_fields.errors import (
    ChoicesUnfit,
    CustomFieldHasValues,
    CustomFieldTaken,
    TooManyCustomFields,
)
from app.crm.departments.errors import KEPT, TooManyDepartments
from app.crm.dispositions.errors import DispositionTaken
from app.crm.operators.errors import AlreadyOperator, OperatorUnknown
from app.crm.price_lists.errors import PriceListTaken, TooManyPriceLists
from app.crm.products.errors import (
    ProductCodeTaken,
    ProductEndsTooSoon,
    ProductUnnamed,
    TooManyProducts,
    VatCategoryUnknown,
    VatCategoryUsed,
)
from app.crm.queues.errors import KEPT as KEPT_OF_QUEUES
from app.crm.queues.errors import QueueExists
from app.crm.tags.errors import TagTaken, TooManyTags
from app.crm.ways.errors import NOWHERE
from app.domain.roles import Permission
from app.floor.errors import OperatorInCall
from app.numbers.errors import UNREADABLE
from app.records.engine import reading

Manages = Annotated[LoggedIn, needs(Permission.CONFIGURATION_MANAGE)]
_REFUSED = (
    LastAdministrator,
    MoreThanOneHas,
    RoleBuiltIn,
    UsernameTaken,
    CategoryTaken,
    TooManyCategories,
    ChoicesUnfit,
    CustomFieldHasValues,
    CustomFieldTaken,
    TooManyCustomFields,
    TooManyDepartments,
    DispositionTaken,
    AlreadyOperator,
    OperatorUnknown,
    PriceListTaken,
    TooManyPriceLists,
    ProductCodeTaken,
    ProductEndsTooSoon,
    ProductUnnamed,
    TooManyProducts,
    VatCategoryUnknown,
    VatCategoryUsed,
    QueueExists,
    TagTaken,
    TooManyTags,
    OperatorInCall,
    *KEPT,
    *KEPT_OF_QUEUES,
    *NOWHERE,
    *UNREADABLE,
)
"""What the subjects refuse."""
router = APIRouter(prefix="/configuration", tags=["configuration"], route_class=UnreadRoute)


@router.get("", summary="The configuration as a file", responses=refusals())
async def get_configuration(_: Manages, services: Known) -> CentreFile:
    """Returns the whole configuration with names in place of ids; `PUT` brings it into another centre.

    Passwords, phones' secrets, tokens and webhooks are not in it, nor are campaigns, articles, scripts, surveys and
    promotions, which are work and not configuration.
    """
    async with reading(services.engine) as session:
        return await read_centre(session)


@router.put(
    "",
    summary="Bring a configuration in",
    responses=refusals(*_REFUSED, NamedTwice, NameUnknown, HashingBusy) | later(200),
)
async def put_configuration(
    said: Annotated[CentreFile, UNREAD],
    who: Manages,
    services: Known,
    configuring: Configuring,
    *,
    dry_run: Annotated[bool, Query(description="Try all of it, and change nothing.")] = False,
) -> Brought:
    """Makes and changes what the file says, all of it or nothing, and returns what differed. What the file does not
    have stays as it is. Brought in twice, it changes nothing the second time. A file has at most 2,000 entries of a
    kind and 4 MiB; bring a larger one in by parts.

    Needs all permissions. New users may log in once somebody sets their password; phones' secrets are renewed where
    they are needed.
    """
    for permission in Permission:
        require(who, permission)
    unusable = await hash_password(secrets.token_urlsafe(32))
    file = await asyncio.to_thread(read_file, cast("bytes", said))
    return await service.bring_file(services, configuring, file, who, unusable=unusable, dry_run=dry_run)
