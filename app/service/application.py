"""The HTTP application: routes, errors, and the layers around them."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

import app.live
from app.api import floor, health, problem_codes, problems
from app.api.forwarded import Forwarded
from app.api.idempotency import Answers
from app.api.login_limits import LoginLimits
from app.api.middleware import BODY_LIMIT, Guards
from app.api.services import Services
from app.api.texts import StorableAddresses
from app.api.turns import Turns
from app.crm.articles import routes as articles
from app.crm.articles import search_routes as article_search
from app.crm.attempts import routes as attempts
from app.crm.audit import routes as audit
from app.crm.calls import routes as calls
from app.crm.campaigns import routes as campaigns
from app.crm.complaints import routes as complaints
from app.crm.complaints import task_routes as complaint_tasks
from app.crm.consent_lists import routes as consent_lists
from app.crm.consent_lists.service import MOST_BYTES as LIST_MOST
from app.crm.consents import routes as consents
from app.crm.contact_history import routes as contact_history
from app.crm.contact_search import routes as contact_search
from app.crm.contacts import routes as contacts
from app.crm.custom_fields import routes as custom_fields
from app.crm.departments import routes as departments
from app.crm.detection import routes as detection
from app.crm.dispositions import routes as dispositions
from app.crm.duplicates import routes as duplicates
from app.crm.evidence import routes as evidence
from app.crm.imports import routes as imports
from app.crm.imports.service import Imports
from app.crm.inbound_routes import routes
from app.crm.leads import routes as leads
from app.crm.merging import routes as merging
from app.crm.notes import routes as notes
from app.crm.operators import routes as operators
from app.crm.orders import routes as orders
from app.crm.orders.exporting import Exports
from app.crm.price_lists import routes as price_lists
from app.crm.products import routes as products
from app.crm.promotions import routes as promotions
from app.crm.queues import routes as queues
from app.crm.sounds import routes as sounds
from app.crm.tags import routes as tags
from app.crm.tallies import routes as tallies
from app.crm.users import roles, session, tokens
from app.crm.users import routes as users
from app.pbx.sounds import MOST_BYTES as SOUND_MOST
from app.service.reference.description import TAGS, TEXT, Described
from app.service.reference.page import add_reference

PAGE = Path(app.live.__file__).parent / "page"


def create_app(services: Services) -> FastAPI:
    """Build the application.

    Args:
        services: everything it serves. `services.hub` and `services.metrics` must be told of each outcome.
    """
    api = Described(
        title="Keskus",
        version="1",
        description=TEXT,
        openapi_url=None,  # `add_reference` serves it
        openapi_tags=TAGS,
        docs_url=None,  # its page loads scripts from another site
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.services = services
    api.state.login_limits = LoginLimits()
    api.state.answers = Answers()
    api.state.exports = Exports(services.engine)
    health.watch(services)
    problems.add_handlers(api)
    for part in V1:  # each by itself: a router within a router makes FastAPI build every route once more
        api.include_router(part, prefix="/api/v1")
    api.include_router(floor.outside)
    api.include_router(health.health_routes(health.Readiness()))
    _add_page(api)
    add_reference(api)
    api.add_middleware(StorableAddresses)
    api.add_middleware(Guards, https=services.https, uploads=_uploads(services))
    api.add_middleware(Forwarded, proxies=services.proxies)
    api.add_middleware(Turns)
    return api


V1 = (
    *(
        one.router
        for one in (
            session,
            problem_codes,
            floor,
            calls,
            contact_search,
            contacts,
            duplicates,
            campaigns,
            queues,
            operators,
            routes,
            users,
            roles,
            tokens,
        )
    ),
    *(consents.rule_sets, consent_lists.router, consents.router, evidence.router, detection.router),
    *(leads.stopped, leads.in_campaign, imports.in_campaign, leads.router, leads.callbacks, imports.router),
    *(dispositions.router, sounds.router),
    *(attempts.router, attempts.mine, attempts.in_campaign),
    *(tags.router, tags.of_contact, custom_fields.router, notes.router, contact_history.router),
    *(article_search.search, article_search.router, articles.router),
    promotions.router,
    *(merging.of_contact, merging.router),
    *(departments.router, complaints.of_call, complaints.router),
    *(complaint_tasks.in_complaint, complaint_tasks.all_tasks, complaint_tasks.categories),
    *(products.router, products.rates, price_lists.router, price_lists.of_contact, orders.router),
    *(tallies.tariffs, tallies.in_campaign, tallies.hours),
    audit.router,
)
"""Routers in this order: the first that fits a path serves it."""


def _uploads(services: Services) -> dict[str, int]:
    """Paths that take files, with the most bytes of each; the route counts the bytes of a body that comes in pieces."""
    desk = services.part(Imports)
    return {
        r"/api/v1/campaigns/\d+/imports": BODY_LIMIT if desk is None else desk.most_bytes,
        "/api/v1/consents/imports": LIST_MOST,
        "/api/v1/sounds": SOUND_MOST,
    }


def warm_up(api: FastAPI) -> None:
    """Let FastAPI build its routes, which it otherwise does at the first request, while everything else waits."""
    nowhere = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": []}
    for route in api.router.routes:
        route.matches(nowhere)


def _add_page(api: FastAPI) -> None:
    @api.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html", media_type="text/html")

    api.mount("/page", StaticFiles(directory=PAGE), name="page")
