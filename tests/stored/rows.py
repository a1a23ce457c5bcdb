"""The JSON that rows hold, by `table.column`."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.crm.articles.schemas import ArticleIn
from app.crm.campaigns.rules import recycling_of, week_of
from app.crm.campaigns.schemas import AgainIn, AmdIn, HoursIn, RecyclingIn
from app.crm.campaigns.service import _fill
from app.crm.campaigns.tables import CampaignRow
from app.crm.consent_lists.schemas import ConsentListOut
from app.crm.consent_lists.service import _rejection
from app.crm.consent_lists.tables import ConsentListRow
from app.crm.contact_imports.schemas import WholeContactImport
from app.crm.contact_imports.tables import ContactImportRow
from app.crm.crm_lookup.schemas import UrlLookup
from app.crm.crm_lookup.templates import template_of_url
from app.crm.departments.schemas import DepartmentIn
from app.crm.departments.terms import stored_week
from app.crm.departments.terms import week_of as working_week_of
from app.crm.imports.schemas import WholeImportOut
from app.crm.imports.tables import ImportJobRow
from app.crm.orders.pricing import Item, VatRate, price
from app.crm.orders.quoting import DraftLine, draft_lines, stored_lines, stored_rates
from app.crm.orders.schemas import RateOut
from app.crm.orders.tables import OrderRow
from app.crm.page_settings.schemas import LimitsIn, PageSettingsOut, SearchesIn
from app.crm.promotions.schemas import PromotionIn
from app.crm.scripts.flow import read_flow
from app.crm.scripts.run_schemas import TrailOut
from app.crm.scripts.schemas import ScriptIn
from app.crm.surveys.content import questions_of
from app.crm.surveys.schemas import SurveyContent, SurveyIn
from app.domain.campaigns import DETECTOR, AttemptOutcome
from app.lists.columns import ColumnRole
from app.lists.drafts import Rejected
from app.lists.reading import Looked, Reading
from app.lists.row_errors import RowWithoutNumber
from app.lists.rows import Row
from app.lists.workbook import SheetSeen
from app.lists.worker import _shown, _shown_contacts
from app.pbx.clocks import ClockSet
from tests.stored.form import Form

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VERSION = 1
READING = Reading(
    encoding="utf-8",
    delimiter=";",
    header=("nimi", "telefon", "linn"),
    columns=(ColumnRole.NAME, ColumnRole.PHONE, ColumnRole.VARIABLE),
    header_at=2,
    sheet="Leht1",
)
OF_CONTACTS = replace(READING, roles=("surname", "phone", "field:size"))


def recycling() -> Any:
    said = RecyclingIn(
        again={
            AttemptOutcome.BUSY: AgainIn(gap_s=600, other_number=False),
            AttemptOutcome.NO_ANSWER: None,
        },
        other_number_gap_s=30,
        max_per_day=2,
        max_per_campaign=9,
        max_per_number=5,
        max_per_day_of_number=4,
        max_per_day_of_contact=6,
    )
    return said.stored()


def asked_address() -> Any:
    said = UrlLookup(
        url="https://crm.example/people?q=[Number]",
        headers={"Authorization": "Bearer [Token]"},
        name="people.name",
        company="people.company",
        id="people.id",
        link="https://crm.example/p/[Id]",
    )
    return said.model_dump()


def read_address(_: int, stored: Any) -> Any:
    """As the CRM is asked by it."""
    template = template_of_url(stored)
    (scenario,) = template.lookups
    return {
        "url": scenario.request.url,
        "headers": [[one.key, one.text] for one in scenario.request.headers],
        "variables": [[one.name, one.path] for one in scenario.variables],
        "outputs": [[one.name, one.value] for one in scenario.outputs],
        "parameters": [one.name for one in template.parameters],
    }


def read_recycling(_: int, stored: Any) -> Any:
    """As the interface tells it, and as leads are tried again by it."""
    rules = recycling_of(stored)
    named = [rules.again[AttemptOutcome(outcome)] for outcome in stored["again"]]
    again = [rule and [rule.gap_s, rule.other_number] for rule in named]
    numbers = [
        rules.other_number_gap_s,
        rules.max_per_day,
        rules.max_per_campaign,
        rules.max_per_number,
        rules.max_per_day_of_number,
        rules.max_per_day_of_contact,
    ]
    told = RecyclingIn.model_validate(stored).model_dump(mode="json")
    return {"told": told, "again": again, "numbers": numbers}


def hours() -> Any:
    return [HoursIn(days=[1, 2, 3, 4, 5], from_="09:00", to="24:00").stored()]


def read_hours(_: int, stored: Any) -> Any:
    week = week_of(stored)
    assert week is not None
    told = [HoursIn.model_validate(one).model_dump(by_alias=True) for one in stored]
    return {"told": told, "minutes": [day and [day.opens, day.closes] for day in week]}


def detector() -> Any:
    return AmdIn(
        initial_silence=2500,
        greeting=1500,
        after_greeting_silence=800,
        total_analysis_time=5000,
        minimum_word_length=100,
        between_words_silence=50,
        maximum_number_of_words=3,
        silence_threshold=256,
        maximum_word_length=4999,
    ).stored()


def week() -> Any:
    hours = [{"opens": "09:00", "closes": "12:30"}, {"opens": "13:00", "closes": "24:00"}]
    said = DepartmentIn.model_validate(
        {"title": "Abi", "time_zone": "Europe/Tallinn", "hours": [hours, *[[]] * 6]}
    )
    return stored_week(said.draft("EE").week)


def read_week(_: int, stored: Any) -> Any:
    return [[one._asdict() for one in day] for day in working_week_of(stored)]


def read_detector(_: int, stored: Any) -> Any:
    told = AmdIn.model_validate(stored).model_dump(exclude_none=True)
    return {"told": told, "arguments": [stored.get(name) for name in DETECTOR]}


def changed() -> Any:
    row = CampaignRow(
        title="Kevad",
        purpose="marketing",
        mode="ratio",
        queue="sales",
        country="EE",
        time_zone="Europe/Tallinn",
        state_at=AT,
        created_at=AT,
        updated_at=AT,
    )
    return _fill(row, {"title": "Sügis", "lines": 1.5, "ends_at": AT, "prefixes": ["+372"]})


def look() -> Any:
    row = Row(number=3, cells=["Anna Kask", "5550 0123", "Tartu"], progress=0.5)
    sheets = (SheetSeen(name="Leht1", rows=120, hidden=False),)
    return _shown(Looked(READING, [row], sheets), "EE")


def read_look(_: int, stored: Any) -> Any:
    job = ImportJobRow(
        id=1,
        campaign_id=1,
        name="leads.xlsx",
        size=1,
        state="uploaded",
        reading=READING.as_json(),
        look=stored,
        created_at=AT,
    )
    told = WholeImportOut.of(job, AT).model_dump(mode="json")
    return {"rows": told["preview"], "sheets": told["sheets"]}


def look_of_contacts() -> Any:
    row = Row(number=3, cells=["Kask", "5550 0123", "XL"], progress=0.5)
    bad = Row(number=4, cells=["Tamm", "abc", ""], progress=0.5)
    return _shown_contacts(
        Looked(OF_CONTACTS, [row, bad], (SheetSeen(name="Leht1", rows=120, hidden=False),)), "EE"
    )


def read_look_of_contacts(_: int, stored: Any) -> Any:
    job = ContactImportRow(
        id=1,
        name="a.xlsx",
        size=1,
        state="uploaded",
        reading=OF_CONTACTS.as_json(),
        look=stored,
        created_at=AT,
    )
    told = WholeContactImport.of(job, AT).model_dump(mode="json")
    return {"rows": told["preview"], "sheets": told["sheets"]}


def read_reading(_: int, stored: Any) -> Any:
    said = asdict(Reading.from_json(stored))
    return {name: value for name, value in said.items() if name != "roles" or value is not None}


def rejection() -> Any:
    return [
        _rejection(Rejected(Row(number=7, cells=["Kask", "", "5550"], progress=0.5), (RowWithoutNumber(),)))
    ]


def read_rejections(_: int, stored: Any) -> Any:
    row = ConsentListRow(
        word="do_not_call", source="", size=1, state="done", id=1, rejections=stored, created_at=AT
    )
    return ConsentListOut.of(row, AT).model_dump(mode="json")["rejections"]


def article() -> Any:
    said = {
        "texts": {"et": {"title": "Arve ei tulnud", "body": "Vaata **rämpsposti**."}},
        "tags": ["arve"],
        "queues": ["sales"],
        "products": ["fiber-300"],
        "valid_until": "2026-12-31T22:00:00Z",
        "review_on": "2026-09-01",
    }
    return ArticleIn.model_validate(said).model_dump(mode="json")


def read_article(_: int, stored: Any) -> Any:
    """As it is brought back."""
    return ArticleIn.model_validate(stored).model_dump(mode="json")


def script_steps() -> Any:
    step = {
        "code": "greeting",
        "texts": {"et": "Tere, {contact.given_name|hea klient}! Kas soovite?"},
        "required": True,
        "question": {"kind": "choice", "choices": [{"code": "fiber", "texts": {"et": "Fiiber"}}]},
        "jump": {"to": "order", "ref": "fiber-300"},
        "branches": [{"when": [{"check": "answered"}], "then": "end"}],
    }
    return ScriptIn.model_validate({"title": "Fiiber", "steps": [step]}).content()["steps"]


def read_script_steps(_: int, stored: Any) -> Any:
    """As a call goes through them."""
    return [asdict(step) for step in read_flow({"steps": stored}).steps]


def script_trail() -> Any:
    return [
        {"step": "size", "answer": ["s", "m"], "at": AT.isoformat(), "by": 4, "by_name": "Jaan Kask"},
        {"step": "bye", "answer": None, "at": AT.isoformat(), "by": 4, "by_name": "Jaan Kask"},
    ]


def read_script_trail(_: int, stored: Any) -> Any:
    return [TrailOut.model_validate(one).model_dump(mode="json") for one in stored]


def promoted() -> Any:
    texts = {"et": {"title": "Esimene kuu poole hinnaga", "description": "", "terms": "Uutele klientidele."}}
    return PromotionIn.model_validate({"texts": texts, "from_at": AT}).fields()["texts"]


def ordered() -> Any:
    return stored_lines([DraftLine(product=3, quantity=Decimal("2.5"))])


def read_ordered(_: int, stored: Any) -> Any:
    row = OrderRow(
        state="draft", draft_lines=stored, user_name="", rounding="", created_at=AT, updated_at=AT, version=1
    )
    return [[line.product, str(line.quantity)] for line in draft_lines(row)]


def rates() -> Any:
    vat = VatRate("standard", Decimal(24))
    item = Item(product="fiber-300", quantity=Decimal(1), net_price=Decimal("14.51"), vat=vat)
    return stored_rates(price([item]).totals)


def read_rates(_: int, stored: Any) -> Any:
    return [RateOut.model_validate(one).model_dump(mode="json") for one in stored]


def survey() -> Any:
    said = {
        "title": "Pärast kõnet",
        "languages": ["et"],
        "queues": ["sales"],
        "questions": [
            {
                "code": "nps",
                "kind": "nps",
                "texts": {"et": "Kas soovitaksite?"},
                "required": True,
                "branches": [{"at_most": 6, "to": "why"}, {"values": ["9", "10"], "to": "end"}],
            },
            {
                "code": "why",
                "kind": "several",
                "texts": {"et": "Miks?"},
                "options": [
                    {"code": "price", "texts": {"et": "Hind"}},
                    {"code": "wait", "texts": {"et": "Ooteaeg"}},
                ],
                "then": "end",
            },
        ],
    }
    return SurveyIn.model_validate(said).content()


def read_survey(_: int, stored: Any) -> Any:
    """As it is told, and as its order and answers go by it."""
    told = SurveyContent.model_validate(stored).model_dump(mode="json")
    return {"told": told, "asked": read_questions(_, stored["questions"])}


def read_questions(_: int, stored: Any) -> Any:
    return [
        [one.code, one.signature, one.then, [branch.to for branch in one.branches], sorted(one.languages)]
        for one in questions_of(stored)
    ]


def searches() -> Any:
    said = {"items": [{"title": "Katkestatud", "search": {"queue": "sales", "outcome": "abandoned"}}]}
    return SearchesIn.model_validate(said).model_dump()["items"]


def limits() -> Any:
    said = {"queues": {"sales": {"waiting": 5, "service_level": 0.8}}}
    return LimitsIn.model_validate(said).model_dump()["queues"]


def read_settings(**kept: Any) -> Any:
    told = PageSettingsOut.model_validate({"searches": [], "limits": {}} | kept).model_dump(mode="json")
    return {name: told[name] for name in kept}


def as_it_is(_: int, stored: Any) -> Any:
    """It is told as it stands there."""
    return stored


FORMS = [
    Form("rows", "campaign.recycling", VERSION, recycling, read_recycling),
    Form("rows", "campaign.hours", VERSION, hours, read_hours),
    Form("rows", "campaign.amd_parameters", VERSION, detector, read_detector),
    Form("rows", "department.week", VERSION, week, read_week),
    Form("rows", "article_version.content", VERSION, article, read_article),
    Form("rows", "script_version.steps", VERSION, script_steps, read_script_steps),
    Form("rows", "script_run.trail", VERSION, script_trail, read_script_trail),
    Form("rows", "promotion.texts", VERSION, promoted, as_it_is),
    Form("rows", "customer_order.draft_lines", VERSION, ordered, read_ordered),
    Form("rows", "customer_order.vat_rates", VERSION, rates, read_rates),
    Form("rows", "survey.questions", VERSION, lambda: survey()["questions"], read_questions),
    Form("rows", "survey_version.content", VERSION, survey, read_survey),
    Form("rows", "crm_lookup.url", VERSION, asked_address, read_address),
    Form("rows", "page_settings.searches", VERSION, searches, lambda _, kept: read_settings(searches=kept)),
    Form("rows", "page_settings.limits", VERSION, limits, lambda _, kept: read_settings(limits=kept)),
    Form("rows", "campaign_change.detail", VERSION, changed, as_it_is),
    Form("rows", "import_job.reading", VERSION, READING.as_json, read_reading),
    Form("rows", "import_job.look", VERSION, look, read_look),
    Form("rows", "contact_import.reading", VERSION, OF_CONTACTS.as_json, read_reading),
    Form("rows", "contact_import.look", VERSION, look_of_contacts, read_look_of_contacts),
    Form("rows", "consent_list.rejections", VERSION, rejection, read_rejections),
    Form(
        "rows",
        "event_log_mark.clock_sets",
        VERSION,
        lambda: [list(one) for one in (ClockSet(after_s=1780000000.5, by_s=-3600.0),)],
        lambda _, stored: [ClockSet(*one)._asdict() for one in stored],
    ),
]
ELSEWHERE: Mapping[str, str] = {
    "call_event.data": "a form for each kind, in timeline.json",
    "event.before": "columns of its subject, in events.txt",
    "event.after": "columns of its subject, in events.txt",
    "consent_list.reading": "as in import_job.reading",
    "consent_list.fault": "a code and parameters, as in consent_list.rejections",
    "contact_import.fault": "a code and parameters, as in consent_list.rejections",
    "import_job.fault": "a code and parameters, as in consent_list.rejections",
    "contact_import.same_by": "words in values.txt",
    "imported_contact.before": "columns of a contact: a migration that renames a column renames it here, too",
    "call.skills": "words that people chose",
    "queue.skills": "words that people chose",
    "route.skills": "words that people chose",
    "operator.skills": "words that people chose",
    "webhook.kinds": "kinds of events",
    "article.campaigns": "ids",
    "article.products": "codes that people chose",
    "article.queues": "names of queues",
    "article.tags": "words that people chose",
    "article.topics": "words that people chose",
    "article_synonym.et": "words that people chose",
    "article_synonym.ru": "words that people chose",
    "article_synonym.en": "words that people chose",
    "script.steps": "as in script_version.steps",
    "script.campaigns": "ids",
    "script.queues": "names of queues",
    "script_version.campaigns": "ids",
    "script_version.queues": "names of queues",
    "script_run.typed": "what operators typed, by codes that people chose",
    "survey.campaigns": "ids",
    "survey.languages": "codes of languages",
    "survey.queues": "names of queues",
    "promotion.categories": "codes that people chose",
    "promotion.products": "codes that people chose",
    "promotion.queues": "names of queues",
    "promotion.tags": "ids",
    "campaign.prefixes": "numbers",
    "disposition.titles": "texts, by language",
    "complaint_category.titles": "texts, by language",
    "department.titles": "texts, by language",
    "department.allowed_minutes": "minutes, by severity in values.txt",
    "department_day.hours": "as a day of department.week",
    "custom_field.titles": "texts, by language",
    "custom_field.choices": "codes with texts by language",
    "lead.variables": "what a list says, by its own headers",
    "contact_merge.changes": "rows as the tables have them: a migration that renames a column renames it here, too",
    "contact_merge.set_aside": "values by the names of a contact's fields, as the API has them",
    "duplicate.reasons": "made anew when a contact changes; words in `app.crm.duplicates.scoring`",
    "erasure.identities": "ids and keyed hashes, see `app.records.keyed`",
    "erasure.numbers": "keyed hashes, see `app.records.keyed`",
    "erasure.rows": "counts, by table",
    "crm_lookup.parameters": "what was filled in, by the template's own names",
    "role.permissions": "names of permissions, in values.txt",
}
"""Columns of JSON without an example of their own."""
