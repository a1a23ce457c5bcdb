"""Every example in the description is one: it fits its schema, and an answer's has every field."""

from typing import Any

from pydantic import BaseModel

from app.api import schemas as common
from app.api.health import Ready
from app.crm.articles import schemas as articles
from app.crm.articles import search_schemas as article_search
from app.crm.attempts import schemas as attempts
from app.crm.calls import schemas as calls
from app.crm.campaigns import schemas as campaigns
from app.crm.consent_lists import schemas as consent_lists
from app.crm.consents import schemas as consents
from app.crm.contact_imports import schemas as contact_imports
from app.crm.contacts import schemas as contacts
from app.crm.detection import schemas as verdicts
from app.crm.directory import schemas as directory
from app.crm.imports import schemas as imports
from app.crm.leads import schemas as leads
from app.crm.operators import schemas as operators
from app.crm.orders import schemas as orders
from app.crm.page_settings import schemas as page_settings
from app.crm.price_lists import schemas as price_lists
from app.crm.products import schemas as products
from app.crm.promotions import schemas as promotions
from app.crm.queues import schemas as queues
from app.crm.sounds import schemas as sounds
from app.crm.surveys import response_schemas as survey_responses
from app.crm.surveys import result_schemas as survey_results
from app.crm.surveys import schemas as surveys
from app.crm.tallies import schemas as tallies
from app.crm.users import schemas as people
from app.reports import schemas as reports

MODELS = sorted(
    {
        model
        for module in (
            article_search,
            articles,
            attempts,
            calls,
            campaigns,
            consent_lists,
            consents,
            contact_imports,
            contacts,
            directory,
            imports,
            leads,
            operators,
            orders,
            page_settings,
            people,
            price_lists,
            products,
            promotions,
            queues,
            reports,
            sounds,
            survey_responses,
            survey_results,
            surveys,
            tallies,
            verdicts,
        )
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__
    }
    | {Ready},
    key=lambda model: model.__name__,
)
WITHIN = {  # shown inside others
    "AgainIn",
    "AmdIn",
    "ContactPreview",
    "EmailIn",
    "EmailOut",
    "HoursIn",
    "HoursOut",
    "LeadIn",
    "LeadNumberOut",
    "LegOut",
    "MembershipIn",
    "NotAdded",
    "QuotientOut",
    "SheetOut",
    "SpentDay",
    "VerdictShare",
    "PhoneIn",
    "PhoneOut",
    "PreviewRow",
    "RecyclingIn",
    "RejectedLine",
    "SourceOut",
    "TimelineEvent",
}


async def test_examples_fit() -> None:
    for model in MODELS:
        extra: Any = model.model_config.get("json_schema_extra") or {}
        examples = extra.get("examples", [])
        assert examples or model.__name__ in WITHIN, f"{model.__name__} has no example"
        for example in examples:
            model.model_validate(example)
            if not issubclass(model, common.RequestModel):
                assert set(example) == set(model.model_fields), model.__name__
