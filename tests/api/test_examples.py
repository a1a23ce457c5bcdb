"""Every example in the description is one: it fits its schema, and an answer's has every field."""

from typing import Any

from pydantic import BaseModel

from app.api.routers.health import Ready
from app.api.schemas import (
    attempts,
    calls,
    campaigns,
    common,
    consent_lists,
    consents,
    contacts,
    imports,
    leads,
    operators,
    people,
    queues,
    sounds,
    spending,
    verdicts,
)

MODELS = sorted(
    {
        model
        for module in (
            attempts,
            calls,
            campaigns,
            consent_lists,
            consents,
            contacts,
            imports,
            leads,
            operators,
            people,
            queues,
            sounds,
            spending,
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
    "HoursIn",
    "HoursOut",
    "LeadIn",
    "LeadNumberOut",
    "LegOut",
    "MembershipIn",
    "NotAdded",
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
            if not issubclass(model, common.Said):
                assert set(example) == set(model.model_fields), model.__name__
