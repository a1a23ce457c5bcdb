"""What a user may do: permissions by name, and the roles that are sets of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What an operation requires. One's own calls are those one took part in, one's own callbacks those one is to
    make."""

    OWN = "own"
    """One's own log-in, tokens, state and wrap-up."""
    FLOOR_READ = "floor.read"
    """The live state of queues and of one's own calls."""
    FLOOR_WATCH = "floor.watch"
    """The live state of all operators, calls, campaigns and alarms."""
    CALLS_READ = "calls.read"
    """One's own calls."""
    CALLS_READ_ALL = "calls.read_all"
    CALLS_STEER = "calls.steer"
    """Move callers who wait to another queue, and end calls."""
    ATTEMPTS_DISPOSE = "attempts.dispose"
    """Set the disposition of one's own campaign calls."""
    ATTEMPTS_DISPOSE_ALL = "attempts.dispose_all"
    """Set a disposition for a colleague, and correct one."""
    ATTEMPTS_READ_ALL = "attempts.read_all"
    CALLBACKS_WRITE = "callbacks.write"
    """One's own callbacks."""
    CALLBACKS_WRITE_ALL = "callbacks.write_all"
    CONTACTS_READ = "contacts.read"
    CONTACTS_WRITE = "contacts.write"
    CONTACTS_REMOVE = "contacts.remove"
    CONTACTS_IMPORT = "contacts.import"
    """Bring in files of contacts, and undo that."""
    CONTACTS_EXPORT = "contacts.export"
    """Take contacts out as a file, all of them if one likes."""
    CONTACTS_EXPORT_PERSON = "contacts.export_person"
    """Hand out all that is held of one person."""
    CONTACTS_ERASE = "contacts.erase"
    """Erase a person everywhere; nothing brings them back."""
    PRIVACY_SET = "privacy.set"
    """Set how long data are kept, and what hinders an erasure."""
    CUSTOM_FIELDS_WRITE = "custom_fields.write"
    """Declare custom fields of contacts."""
    CONSENTS_LOOK_UP = "consents.look_up"
    CONSENTS_WRITE = "consents.write"
    CONSENTS_MANAGE = "consents.manage"
    """See all consents and objections, end one with a reason, import lists of them."""
    CAMPAIGNS_READ = "campaigns.read"
    CAMPAIGNS_RUN = "campaigns.run"
    """Create, change, start and end campaigns."""
    DISPOSITIONS_READ = "dispositions.read"
    DISPOSITIONS_WRITE = "dispositions.write"
    LEADS_READ = "leads.read"
    LEADS_WRITE = "leads.write"
    LEADS_IMPORT = "leads.import"
    EVIDENCE_READ = "evidence.read"
    """A campaign's attempts, the suppressed dials with their reasons, and its abandonment."""
    DEPARTMENTS_READ = "departments.read"
    DEPARTMENTS_WRITE = "departments.write"
    DIRECTORY_READ = "directory.read"
    """Names of colleagues, queues and departments, their numbers, and whether somebody is free there."""
    COMPLAINTS_READ = "complaints.read"
    COMPLAINTS_WRITE = "complaints.write"
    """Make complaints, work on them, pass them on."""
    COMPLAINTS_SET_UP = "complaints.set_up"
    """Set the categories of complaints."""
    QUEUES_READ = "queues.read"
    QUEUES_WRITE = "queues.write"
    QUEUES_JOIN = "queues.join"
    """Leave one's own queues for now, and join them again."""
    OPERATORS_READ = "operators.read"
    OPERATORS_WRITE = "operators.write"
    OPERATORS_STEER = "operators.steer"
    """Set another operator's presence, end their wrap-up, or let them leave and join their queues."""
    ROUTES_READ = "routes.read"
    ROUTES_WRITE = "routes.write"
    SOUNDS_READ = "sounds.read"
    SOUNDS_WRITE = "sounds.write"
    ARTICLES_READ = "articles.read"
    """Published articles, their search, and whether they helped."""
    ARTICLES_WRITE = "articles.write"
    """Write, publish and withdraw articles, edit synonyms, and see what operators said and searched for in vain."""
    SCRIPTS_READ = "scripts.read"
    """The scripts of one's own calls, and what was answered there."""
    SCRIPTS_ANSWER = "scripts.answer"
    """Go through scripts in one's own calls."""
    SCRIPTS_WRITE = "scripts.write"
    """Write, try, publish and withdraw scripts."""
    PROMOTIONS_READ = "promotions.read"
    PROMOTIONS_WRITE = "promotions.write"
    PRODUCTS_READ = "products.read"
    PRODUCTS_WRITE = "products.write"
    """Products, their stock and VAT rates, price lists, and the terms of contacts."""
    ORDERS_READ = "orders.read"
    ORDERS_WRITE = "orders.write"
    """Draft, place, repeat and cancel orders."""
    ORDERS_MANAGE = "orders.manage"
    """Confirm orders, deliver them, take returns, and export them."""
    SURVEYS_ASK = "surveys.ask"
    """Ask customers published surveys, and see what one has asked."""
    SURVEYS_WRITE = "surveys.write"
    """Write, publish and withdraw surveys."""
    SURVEYS_RESULTS = "surveys.results"
    """See all responses to surveys and what they add up to, and export them."""
    REPORTS_READ = "reports.read"
    """Reports of calls, operators, campaigns, orders and complaints, and the rows that their figures count."""
    TARIFFS_READ = "tariffs.read"
    TARIFFS_WRITE = "tariffs.write"
    WEBHOOKS_MANAGE = "webhooks.manage"
    """Set up the programs that events are sent to, see what was sent, and send it again."""
    CRM_MANAGE = "crm.manage"
    """Set up the CRM that is asked who calls, with its secrets, and see what is reported to it."""
    CONFIGURATION_MANAGE = "configuration.manage"
    """See the settings, have the installation checked, take the whole configuration out as a file and bring one in."""
    USERS_MANAGE = "users.manage"
    AUDIT_READ = "audit.read"
    """The audit trail of everybody: who changed what and when, with the values before and after, customers' data
    included."""


class Role(StrEnum):
    """The built-in roles."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


_OPERATOR: Final = frozenset(
    {
        Permission.OWN,
        Permission.FLOOR_READ,
        Permission.CALLS_READ,
        Permission.ATTEMPTS_DISPOSE,
        Permission.CALLBACKS_WRITE,
        Permission.CONTACTS_READ,
        Permission.CONTACTS_WRITE,
        Permission.CONSENTS_LOOK_UP,
        Permission.CONSENTS_WRITE,
        Permission.DISPOSITIONS_READ,
        Permission.DEPARTMENTS_READ,
        Permission.DIRECTORY_READ,
        Permission.COMPLAINTS_READ,
        Permission.COMPLAINTS_WRITE,
        Permission.QUEUES_READ,
        Permission.QUEUES_JOIN,
        Permission.ARTICLES_READ,
        Permission.SCRIPTS_READ,
        Permission.SCRIPTS_ANSWER,
        Permission.PROMOTIONS_READ,
        Permission.PRODUCTS_READ,
        Permission.ORDERS_READ,
        Permission.ORDERS_WRITE,
        Permission.SURVEYS_ASK,
    }
)
_ADMINISTRATORS_ALONE: Final = frozenset(
    {
        Permission.DEPARTMENTS_WRITE,
        Permission.QUEUES_WRITE,
        Permission.OPERATORS_WRITE,
        Permission.ROUTES_WRITE,
        Permission.CUSTOM_FIELDS_WRITE,
        Permission.CONTACTS_ERASE,
        Permission.PRIVACY_SET,
        Permission.SOUNDS_WRITE,
        Permission.TARIFFS_WRITE,
        Permission.WEBHOOKS_MANAGE,
        Permission.CRM_MANAGE,
        Permission.CONFIGURATION_MANAGE,
        Permission.USERS_MANAGE,
        Permission.AUDIT_READ,
    }
)
PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.OPERATOR: _OPERATOR,
    Role.SUPERVISOR: frozenset(Permission) - _ADMINISTRATORS_ALONE,
    Role.ADMINISTRATOR: frozenset(Permission),
}
"""The permissions of each role."""
