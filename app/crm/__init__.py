"""The subjects of the business, a folder each.

A subject has the files `tables` (rows), `queries` (SQL that decides nothing), `service` (its rules), `schemas` (what is
said over HTTP) and `routes`, as far as it needs them. Its tables are registered here: foreign keys go from one subject
to another, so whoever uses one must know them all.
"""

from typing import Final

from app.accounts import tables as _accounts
from app.crm.articles import tables as _articles
from app.crm.attempts import tables as _attempts
from app.crm.campaigns import tables as _campaigns
from app.crm.complaints import tables as _complaints
from app.crm.consent_lists import tables as _consent_lists
from app.crm.consents import tables as _consents
from app.crm.contact_imports import tables as _contact_imports
from app.crm.contact_search import tables as _contact_search
from app.crm.contact_search import upkeep as _upkeep
from app.crm.contacts import tables as _contacts
from app.crm.crm_lookup import tables as _crm_lookup
from app.crm.custom_fields import tables as _custom_fields
from app.crm.departments import tables as _departments
from app.crm.dispositions import tables as _dispositions
from app.crm.duplicates import tables as _duplicates
from app.crm.evidence import tables as _evidence
from app.crm.imports import tables as _imports
from app.crm.inbound_routes import tables as _inbound_routes
from app.crm.leads import tables as _leads
from app.crm.merging import tables as _merging
from app.crm.notes import tables as _notes
from app.crm.operators import tables as _operators
from app.crm.orders import tables as _orders
from app.crm.page_settings import tables as _page_settings
from app.crm.price_lists import tables as _price_lists
from app.crm.privacy import tables as _privacy
from app.crm.products import tables as _products
from app.crm.promotions import tables as _promotions
from app.crm.queues import tables as _queues
from app.crm.scripts import tables as _scripts
from app.crm.sounds import tables as _sounds
from app.crm.surveys import tables as _surveys
from app.crm.tags import tables as _tags
from app.crm.tallies import tables as _tallies
from app.crm.webhooks import tables as _webhooks
from app.records import keyed as _keyed
from app.records import revision as _revision
from app.records import tables as _history
from app.records.base import metadata

__all__ = ["TABLES", "metadata"]

_upkeep.listen()


TABLES: Final = (
    *(
        _accounts,
        _articles,
        _attempts,
        _campaigns,
        _consent_lists,
        _consents,
        _contact_imports,
        _contact_search,
        _contacts,
        _crm_lookup,
        _custom_fields,
        _dispositions,
        _duplicates,
        _evidence,
        _imports,
        _inbound_routes,
    ),
    *(_history, _leads, _merging, _operators, _promotions, _queues, _revision, _sounds, _tags, _tallies),
    *(_complaints, _departments, _notes, _scripts),
    *(_orders, _page_settings, _price_lists, _products, _surveys),
    *(_keyed, _privacy),
    _webhooks,
)
"""`metadata` has all of them."""
