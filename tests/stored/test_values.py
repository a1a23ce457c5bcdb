"""The words that stand in columns stay: whatever their classes and members are called."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from pathlib import Path

import app
from app.accounts.tables import PlaceKind, SessionKind
from app.cases.case import CaseEventKind, CaseState, Severity
from app.compliance.dial_facts import ConsentKind
from app.compliance.eligibility import DialRule
from app.compliance.lawful import Lack, LegalBasis
from app.compliance.outgoing import OutgoingRule
from app.compliance.recycling import Exhausted, LeadState
from app.crm import metadata
from app.crm.articles.tables import ArticleState
from app.crm.complaints.tables import Alarm, LinkKind
from app.crm.contact_exports.service import ContactFormat
from app.crm.contact_imports.tables import Did, Existing, Same
from app.crm.contacts.tables import ContactKind
from app.crm.crm_lookup.tables import LookupKind, ReportState
from app.crm.custom_fields.tables import CustomFieldKind
from app.crm.departments.tables import ReachKind
from app.crm.directory.service import EntryKind, Reachability
from app.crm.inbound_routes.tables import RouteKind
from app.crm.operators.tables import SoftphoneKind
from app.crm.orders.states import OrderAction, OrderState
from app.crm.privacy.holdings import Fate
from app.crm.privacy.person_files import FileForm, FileState
from app.crm.privacy.states import ErasureCause, ErasureState, KeptKind
from app.crm.products.stock import Availability, StockKeeping
from app.crm.scripts.flow import AnswerFault, Check, JumpKind, QuestionKind
from app.crm.scripts.tables import RunState, ScriptState
from app.crm.scripts.trial import FaultKind
from app.crm.setup.schemas import StepName
from app.crm.surveys.flow import Kind as SurveyQuestionKind
from app.crm.surveys.result_queries import GroupedBy
from app.crm.surveys.states import ResponseAction, ResponseState, SurveyState
from app.crm.tags.tables import TagColour
from app.crm.uses.schemas import Used
from app.crm.webhooks.tables import DeliveryState, Disabled
from app.crm_template.errors import Fault
from app.crm_template.model import AuthenticationKind, RuleKind, ValueKind
from app.domain.actors import ActorKind
from app.domain.calls import (
    CallOutcome,
    CallState,
    CrmState,
    Direction,
    EndedBy,
    OfferOutcome,
    Rule,
    TransferKind,
)
from app.domain.campaigns import (
    AgainAt,
    AttemptOutcome,
    AttemptState,
    CampaignState,
    DialMode,
    MachineHandling,
    Purpose,
    Window,
)
from app.domain.jobs import JobState
from app.domain.numbers import NumberKind
from app.domain.operators import DeviceState, Presence, RoutingState
from app.domain.promotions import DiscountKind
from app.domain.queues import MaxWait
from app.domain.roles import Permission, Role
from app.events.subjects import PARTS, SUBJECTS
from app.floor.facts import AlarmCause
from app.lists.columns import ColumnRole
from app.lists.contacts.roles import ContactRole
from app.lists.sheets import ExportFormat
from app.records.base import table_of
from app.records.tables import CallSource

VALUES = Path(__file__).parent / "values.txt"
"""Every word that was ever written, one a line. Lines are added, none is taken away."""
EVENTS = Path(__file__).parent / "events.txt"
"""Every subject of events with the names in `event.before` and `event.after`, likewise."""
STORED: Mapping[str, type[StrEnum]] = {
    "call.outcome": CallOutcome,
    "call.ended_by": EndedBy,
    "call.source": CallSource,
    "call.direction": Direction,
    "call.refused_by": OutgoingRule,
    "call_leg.outcome": OfferOutcome,
    "call_event.data.reason.rule": Rule,
    "call_event.data.kind": TransferKind,
    "operator_state.presence": Presence,
    "operator_state.routing": RoutingState,
    "operator_state.device": DeviceState,
    "attempt.mode": DialMode,
    "attempt.outcome": AttemptOutcome,
    "campaign.purpose": Purpose,
    "campaign.mode": DialMode,
    "campaign.legal_basis": LegalBasis,
    "campaign.machine": MachineHandling,
    "campaign.again_at": AgainAt,
    "campaign.state": CampaignState,
    "lead.state": LeadState,
    "lead.last_outcome": AttemptOutcome,
    "lead.reason": Exhausted,
    "suppression.rule": DialRule,
    "consent.word": ConsentKind,
    "consent_list.word": ConsentKind,
    "consent_list.state": JobState,
    "import_job.state": JobState,
    "import_job.reading.columns": ColumnRole,
    "contact_import.state": JobState,
    "contact_import.same_by": Same,
    "contact_import.existing": Existing,
    "contact_import.reading.roles": ContactRole,
    "imported_contact.did": Did,
    "contact.kind": ContactKind,
    "custom_field.kind": CustomFieldKind,
    "route.kind": RouteKind,
    "softphone.kind": SoftphoneKind,
    "queue.max_wait_then": MaxWait,
    "tag.colour": TagColour,
    "webhook.disabled": Disabled,
    "webhook_delivery.state": DeliveryState,
    "article.state": ArticleState,
    "article_version.state": ArticleState,
    "promotion.discount_kind": DiscountKind,
    "product_stock.keeping": StockKeeping,
    "customer_order.state": OrderState,
    "survey.state": SurveyState,
    "survey.questions.kind": SurveyQuestionKind,
    "survey_version.state": SurveyState,
    "survey_response.state": ResponseState,
    "complaint.state": CaseState,
    "complaint.severity": Severity,
    "complaint.alarm": Alarm,
    "complaint_category.severity": Severity,
    "complaint_event.kind": CaseEventKind,
    "complaint_link.kind": LinkKind,
    "script.state": ScriptState,
    "script_run.state": RunState,
    "script_version.steps.kind": QuestionKind,
    "script_version.steps.check": Check,
    "script_version.steps.to": JumpKind,
    "department.allowed_minutes": Severity,
    "department.reach_kind": ReachKind,
    "department.fallback_kind": ReachKind,
    "user_account.role": Role,
    "role.permissions": Permission,
    "crm_lookup.kind": LookupKind,
    "crm_report.state": ReportState,
    "session.kind": SessionKind,
    "known_place.kind": PlaceKind,
    "event.actor": ActorKind,
    "erasure.state": ErasureState,
    "erasure.why": ErasureCause,
    "retention.kind": KeptKind,
    "retention_day.kind": KeptKind,
}
"""Which words stand where."""
NOT_STORED: frozenset[type[StrEnum]] = frozenset(
    {
        CallState,
        AttemptState,
        Window,
        NumberKind,
        Lack,
        AlarmCause,
        Availability,
        ContactFormat,
        StepName,
        Used,
        EntryKind,
        Reachability,
        ExportFormat,
        OrderAction,
        FaultKind,
        AnswerFault,
        ResponseAction,
        GroupedBy,
        *(Fate, FileForm, FileState),
        *(CrmState, AuthenticationKind, Fault, RuleKind, ValueKind),
    }
)
"""Of what lasts no longer than the process, but may be told."""
HOUSE = (
    "app.domain",
    "app.cases",
    "app.compliance",
    "app.events",
    "app.floor",
    "app.records",
    "app.accounts",
    "app.crm",
)
"""Rooms whose words may be stored."""
INNER = {"Kind", "Keeping"}
"""Of what the journal and the reconciler say of themselves."""


def event_lines() -> Iterator[str]:
    for subject in SUBJECTS.values():
        columns = table_of(subject.row).columns.keys()
        yield from (f"{subject.name} tells {name}" for name in columns if name not in subject.without)
    for part in PARTS.values():
        yield from (f"{SUBJECTS[part.of].name} tells {part.name}.{name}" for name in part.shows)


def lines() -> Iterator[str]:
    for place, words in STORED.items():
        yield from (f"{place} may be {word.value}" for word in words)


def test_no_word_that_was_written_is_gone_or_called_otherwise() -> None:
    today, written = set(lines()), set(VALUES.read_text().splitlines())
    assert not sorted(written - today), "old rows have them: keep reading them"
    assert not sorted(today - written), "add these lines"


def test_no_subject_of_events_nor_what_is_told_of_it_is_gone_or_called_otherwise() -> None:
    today, written = set(event_lines()), set(EVENTS.read_text().splitlines())
    assert not sorted(written - today), "old events have them: keep them"
    assert not sorted(today - written), "add these lines"


def test_every_place_is_a_column() -> None:
    for place in STORED:
        table, column = place.split(".")[:2]
        assert column in metadata.tables[table].columns, place


def test_every_set_of_words_is_known_to_be_stored_or_not() -> None:
    for found in pkgutil.walk_packages(app.__path__, "app."):
        if found.name.startswith(HOUSE) and ".migrations" not in found.name:
            importlib.import_module(found.name)
    known = set(STORED.values()) | NOT_STORED
    unknown = {
        words.__name__
        for words in _below(StrEnum)
        if words.__module__.startswith(HOUSE) and words not in known and words.__name__ not in INNER
    }
    assert not unknown, "say where they stand, or that they do not"


def _below(class_: type[Enum]) -> Iterator[type[Enum]]:
    for below in class_.__subclasses__():
        yield below
        yield from _below(below)
