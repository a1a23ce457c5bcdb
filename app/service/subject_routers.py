"""The routers of the subjects, and what their routes find in the application's state."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.api import problem_codes
from app.crm.articles import routes as articles
from app.crm.articles import search_routes as article_search
from app.crm.attempts import routes as attempts
from app.crm.audit import routes as audit
from app.crm.audit import stream_routes as event_stream
from app.crm.calls import routes as calls
from app.crm.campaigns import routes as campaigns
from app.crm.centre_file import routes as centre_file
from app.crm.complaints import routes as complaints
from app.crm.complaints import task_routes as complaint_tasks
from app.crm.consent_lists import routes as consent_lists
from app.crm.consents import routes as consents
from app.crm.contact_exports import routes as contact_exports
from app.crm.contact_exports.service import ContactExports
from app.crm.contact_history import routes as contact_history
from app.crm.contact_imports import routes as contact_imports
from app.crm.contact_search import routes as contact_search
from app.crm.contacts import routes as contacts
from app.crm.crm_lookup import routes as crm_lookup
from app.crm.custom_fields import routes as custom_fields
from app.crm.departments import routes as departments
from app.crm.detection import routes as detection
from app.crm.directory import routes as directory
from app.crm.dispositions import routes as dispositions
from app.crm.duplicates import routes as duplicates
from app.crm.evidence import routes as evidence
from app.crm.imports import routes as imports
from app.crm.inbound_routes import routes
from app.crm.leads import routes as leads
from app.crm.merging import routes as merging
from app.crm.notes import routes as notes
from app.crm.operators import day_routes as operator_day
from app.crm.operators import phone_routes, place_routes
from app.crm.operators import routes as operators
from app.crm.orders import routes as orders
from app.crm.orders.exporting import Exports
from app.crm.page_settings import routes as page_settings
from app.crm.price_lists import routes as price_lists
from app.crm.privacy import routes as privacy
from app.crm.products import routes as products
from app.crm.promotions import routes as promotions
from app.crm.queues import routes as queues
from app.crm.scripts import routes as scripts
from app.crm.scripts import run_routes as script_runs
from app.crm.setup import routes as setup
from app.crm.sounds import routes as sounds
from app.crm.stale_contacts import routes as stale_contacts
from app.crm.surveys import response_routes as survey_responses
from app.crm.surveys import result_routes as survey_results
from app.crm.surveys import routes as surveys
from app.crm.surveys.exporting import SurveyExports
from app.crm.surveys.reporting import Reports
from app.crm.tags import routes as tags
from app.crm.tallies import routes as tallies
from app.crm.users import roles, tokens
from app.crm.users import routes as users
from app.crm.uses import routes as uses
from app.crm.webhooks import routes as webhooks
from app.reports import need_routes as reports_needs
from app.reports import routes as reports
from app.reports.needs import NeedsOfDays
from app.reports.service import Reports as PeriodReports
from app.service import installation_routes as installation

ROUTERS: Final = (
    *(
        one.router
        for one in (
            problem_codes,
            calls,
            contact_search,
            contact_exports,
            stale_contacts,
            contacts,
            duplicates,
            campaigns,
            queues,
            operators,
            operator_day,
            phone_routes,
            routes,
            users,
            roles,
            tokens,
            page_settings,
        )
    ),
    *(place_routes.mine, place_routes.router),
    *(consents.rule_sets, consent_lists.router, consents.router, evidence.router, detection.router),
    *(leads.stopped, leads.in_campaign, imports.in_campaign, leads.router, leads.callbacks, imports.router),
    *(dispositions.router, sounds.router),
    *(attempts.router, attempts.mine, attempts.in_campaign),
    *(tags.router, tags.of_contact, custom_fields.router, notes.router, contact_history.router),
    *(article_search.search, article_search.router, articles.router),
    *(scripts.router, script_runs.of_call, script_runs.router),
    promotions.router,
    *(merging.of_contact, merging.router),
    *(contact_imports.files, contact_imports.router),
    directory.router,
    *(departments.router, complaints.of_call, complaints.router),
    *(complaint_tasks.in_complaint, complaint_tasks.all_tasks, complaint_tasks.categories),
    *(products.router, products.rates, price_lists.router, price_lists.of_contact, orders.router),
    *(survey_responses.asked, survey_results.router, surveys.router, survey_responses.router),
    *(tallies.tariffs, tallies.in_campaign, tallies.hours),
    *(reports_needs.router, reports.router),
    *(privacy.of_contact, privacy.erasures, privacy.rules),
    *(setup.router, uses.router, centre_file.router, installation.router),
    *(audit.router, event_stream.router, webhooks.router, crm_lookup.router),
)
"""Routers in this order: the first that fits a path serves it."""

DESKS: Final[dict[str, Callable[[AsyncEngine], object]]] = {
    "exports": Exports,
    "contact_exports": ContactExports,
    "survey_exports": SurveyExports,
    "survey_reports": Reports,
    "reports": PeriodReports,
    "needs_of_days": NeedsOfDays,
}
"""What is made for the application's state, by name there."""
