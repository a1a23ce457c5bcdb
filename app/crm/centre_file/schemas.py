"""A centre's configuration as a file: the requests of the interface, with names in place of ids."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import RequestModel, Shown
from app.crm.complaints.schemas import CategoryIn
from app.crm.custom_fields.schemas import NewCustomField
from app.crm.departments.schemas import DepartmentIn, Goals
from app.crm.departments.tables import ReachKind
from app.crm.dispositions.schemas import DispositionIn
from app.crm.inbound_routes.schemas import RouteIn
from app.crm.operators.schemas import OperatorProfile
from app.crm.products.schemas import ProductIn, VatRate
from app.crm.queues.schemas import NewQueue
from app.crm.tags.schemas import TagIn
from app.crm.tallies.schemas import TariffIn
from app.crm.users.schemas import RoleIn, RoleName, UserLanguage, Username
from app.system.fields import Title
from app.system.money import Price

_MOST: Final = 2000
_Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class RoleEntry(RoleIn):
    """A role of the centre's own."""

    name: RoleName
    """The role's name."""


class UserEntry(RequestModel):
    """A user without the password: a new one may log in once somebody sets it."""

    username: Username
    """The name for logging in."""
    display_name: Title
    """The name that others see."""
    role: RoleName = "operator"
    """The name of the user's role."""
    language: UserLanguage = "et"
    """The language of the page and of messages to the user."""
    active: bool = True
    """Whether the user may log in."""


class OperatorEntry(OperatorProfile):
    """An operator without the phone's secret: it is renewed and shown where it is needed."""

    username: Username
    """The user's name for logging in."""
    browser: bool = False
    """True: the phone is the one in the browser. It counts when the operator is made."""


class RouteEntry(RouteIn):
    """A number that can be dialled."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,40}$")]
    """The number, as it is dialled."""
    target: _Name
    """A queue's id, or an operator's user name."""


class GoalsEntry(Goals):
    """What calls are sent to."""

    target: Annotated[str, StringConstraints(max_length=100)] = ""
    """The queue's id, the operator's user name, the number, or the department's name; empty for `none`."""


class DepartmentEntry(DepartmentIn):
    """A department in use."""

    deputy: Username | None = None  # type: ignore[assignment]  # by name
    """The user name of whoever is told when a complaint is late; null: its members are."""
    members: Annotated[list[Username], Field(max_length=500)] = Field(default_factory=list)  # type: ignore[assignment]
    """The user names of those who belong to it."""
    reach: GoalsEntry = GoalsEntry(kind=ReachKind.NONE)
    """How calls reach it while it works."""
    fallback: GoalsEntry = GoalsEntry(kind=ReachKind.NONE)
    """Where calls go while it is closed."""


class CategoryEntry(CategoryIn):
    """A category of complaints."""

    department: Title | None = None  # type: ignore[assignment]  # by name
    """The name of the department that has its complaints; null: none."""


class PriceEntry(RequestModel):
    """A product's price in a list."""

    product: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    """The product's code."""
    net_price: Price
    """The price of one unit without VAT."""


class PriceListEntry(RequestModel):
    """A price list."""

    name: Title
    """The list's name."""
    tag: Title | None = None
    """The name of the tag whose contacts get these prices; null: only those whose terms name the list."""
    active: bool = True
    """Whether the list is in use."""
    prices: Annotated[list[PriceEntry], Field(max_length=_MOST)] = Field(default_factory=list)
    """The prices, by product."""


class CentreFile(RequestModel):
    """A centre's configuration. What a file does not have stays as it is: nothing is taken away.

    Passwords, phones' secrets, tokens, webhooks' secrets and the settings of the service are not in it.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"form": 1, "queues": [{"id": "sales", "title": "Müük"}]}]}
    )

    form: Literal[1] = 1
    """The form of the file."""
    roles: Annotated[list[RoleEntry], Field(max_length=_MOST)] = Field(default_factory=list)
    """Roles that administrators made, by name."""
    users: Annotated[list[UserEntry], Field(max_length=_MOST)] = Field(default_factory=list)
    """Users, by user name."""
    queues: Annotated[list[NewQueue], Field(max_length=_MOST)] = Field(default_factory=list)
    """Queues, by id."""
    operators: Annotated[list[OperatorEntry], Field(max_length=_MOST)] = Field(default_factory=list)
    """Operators who may log in, by user name."""
    routes: Annotated[list[RouteEntry], Field(max_length=_MOST)] = Field(default_factory=list)
    """Numbers that can be dialled, by number."""
    tariffs: Annotated[list[TariffIn], Field(max_length=_MOST)] = Field(default_factory=list)
    """Prices of calls, by prefix; they replace all prices, unless there are none in the file."""
    tags: Annotated[list[TagIn], Field(max_length=_MOST)] = Field(default_factory=list)
    """Tags, by name."""
    contact_fields: Annotated[list[NewCustomField], Field(max_length=_MOST)] = Field(default_factory=list)
    """Custom fields of contacts, by code."""
    departments: Annotated[list[DepartmentEntry], Field(max_length=_MOST)] = Field(default_factory=list)
    """Departments in use, by name."""
    complaint_categories: Annotated[list[CategoryEntry], Field(max_length=_MOST)] = Field(
        default_factory=list
    )
    """Categories of complaints, by name; of several with one name, the first in use."""
    dispositions: Annotated[list[DispositionIn], Field(max_length=_MOST)] = Field(default_factory=list)
    """Dispositions for every campaign, by code."""
    vat_rates: Annotated[list[VatRate], Field(max_length=500)] = Field(default_factory=list)
    """VAT rates, by category and day; they replace all rates, unless there are none in the file."""
    products: Annotated[list[ProductIn], Field(max_length=_MOST)] = Field(default_factory=list)
    """Products, by code, without their stock."""
    price_lists: Annotated[list[PriceListEntry], Field(max_length=_MOST)] = Field(default_factory=list)
    """Price lists, by name."""


class Difference(Shown):
    """One entry of a file that the centre does not have as it is."""

    kind: str
    """The list in the file, such as `queues`."""
    name: str
    """The entry, by its name in that list."""
    made: bool
    """True: the centre does not have it. False: it is changed."""
    fields: list[str]
    """The fields that differ; empty where it is made."""


class Brought(Shown):
    """What a file changed, or would change."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "dry_run": True,
                    "differences": [
                        {"kind": "queues", "name": "sales", "made": False, "fields": ["title", "target_s"]}
                    ],
                }
            ]
        }
    )

    dry_run: bool
    """True: nothing was changed; all was tried."""
    differences: list[Difference]
    """The entries that are made or changed; empty: the centre has all that the file says."""
