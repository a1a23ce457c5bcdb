"""What is held of a person: every table with a reference to a contact, or with a number, says so or is excused."""

from typing import Any

from sqlalchemy import JSON, String, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.crm import metadata
from app.crm.privacy import records as _records  # noqa: F401 - its lines
from app.crm.privacy.files import DESKS
from app.crm.privacy.holdings import HOLDINGS, NOT_PERSONAL, Fate
from app.crm.privacy.html import page
from app.crm.privacy.labels import COLUMNS, PAGE, TABLES
from app.crm.privacy.person import empty
from app.records.base import UtcDateTime, table_of

NUMBERS = {"number", "e164", "caller_number"}
OTHERS = {
    "call_leg": "its number counts the legs",
    "route": "its number is the centre's own",
    "script": "its number counts the versions",
    "script_version": "its number counts the versions",
}
REFERENCES = {"contact_id", "employer_id", "contact"}
OF_THE_HOUSE = frozenset(
    {
        *(
            "article",
            "article_count",
            "article_synonym",
            "article_text",
            "article_version",
            "call_leg",
            "campaign",
        ),
        *(
            "campaign_change",
            "complaint_category",
            "custom_field",
            "department",
            "department_day",
            "disposition",
        ),
        *(
            "event_log_mark",
            "hash_secret",
            "known_place",
            "membership",
            "operator",
            "operator_state",
            "price_list",
        ),
        *("product", "product_category", "product_stock", "promotion", "queue", "retention", "retention_day"),
        *("role", "route", "session", "softphone", "sound", "tag", "tariff", "user_account", "vat_rate"),
        *("script", "script_version", "survey", "survey_version", "crm_lookup", "webhook"),
    }
)
"""Tables whose texts are about the centre itself: what it sells, how it works, who works there."""
TYPED_FOR_NOBODY = {
    "article_unanswered": "erased by the person's names: `app.crm.privacy.searches`",
    "consent_list": "erased with its file: `app.crm.privacy.files`; source and note are about the list",
    "contact_import": "erased with its file: `app.crm.privacy.files`; name and note are about the list",
    "crm_report": "why a call was not reported, without what was sent or answered",
    "page_settings": "what a user's own pages keep; a search has no field for a customer",
    "import_job": "erased with its file: `app.crm.privacy.files`; name and note are about the list",
    "webhook_delivery": "emptied by `app.crm.privacy.erasers`; error and kind are words of ours",
}
"""Tables with texts that come from people outside, and why they are not in the registry."""
FACTS = {
    "article_answer": {"queue", "call_id", "user_name"},
    "attempt": {"id", "mode", "rule_set", "runner", "outcome", "amd", "call_id"},
    "call": {
        *(
            "id",
            "channel",
            "channel_name",
            "language",
            "skills",
            "first_queue",
            "queue",
            "outcome",
            "ended_by",
        ),
        *("hangup_text", "source", "direction", "refused_by"),
        "dialed",  # the centre's number; the person's is emptied by `app.crm.privacy.erasers`
    },
    "call_event": {"call_id", "kind", "cause"},
    "complaint": {"severity", "state", "owner_name", "call_id", "opened_by_name", "alarm"},
    "complaint_event": {"kind", "severity", "owner_name", "call_id", "by_name"},
    "complaint_link": {"kind", "ref", "by_name"},
    "complaint_note": {"call_id", "by_name"},
    "complaint_task": {"assignee_name", "made_by_name", "done_by_name"},
    "customer_order": {
        *("number", "state", "call_id", "queue", "user_name", "vat_rates", "rounding"),
        "draft_lines",  # products and quantities; drafts are deleted
    },
    "event": {"kind", "subject", "subject_id", "actor", "actor_name", "request_id", "key"},
    "order_line": {"name_et", "name_ru", "name_en", "code", "unit", "vat"},
    "script_run": {"call_id", "queue", "language", "state", "user_name"},
    "survey_answer": {"question", "signature", "value"},
    "survey_response": {"state", "call_id", "queue", "user_name", "language"},
    "suppression": {"rule", "rule_set"},
}
"""Columns with texts that stay when a person is erased: words of ours, ids, and names of those who work here."""


def texts_of(table: Table) -> set[str]:
    """The columns of a table that hold texts, or JSON."""
    return {column.name for column in table.columns if is_text(column.type)}


def is_text(kind: TypeEngine[Any]) -> bool:
    if isinstance(kind, TypeDecorator):
        return not isinstance(kind, UtcDateTime) and is_text(kind.impl_instance)
    return isinstance(kind, String | JSON)


def test_no_table_with_a_person_is_forgotten() -> None:
    personal = {
        table.name
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in NUMBERS | REFERENCES
        or any(key.column.table.name == "contact" for key in column.foreign_keys)
    }
    through = {name for name, one in HOLDINGS.items() if one.through is not None}
    assert personal - set(OTHERS) - set(NOT_PERSONAL) <= set(HOLDINGS)
    assert set(HOLDINGS) <= personal | through
    assert set(HOLDINGS).isdisjoint(NOT_PERSONAL)


def test_what_belongs_to_rows_of_a_person_is_held_too() -> None:
    """A table that refers to a held row is held itself, or through it."""
    for table in metadata.sorted_tables:
        above = {key.column.table.name for column in table.columns for key in column.foreign_keys}
        if above & set(HOLDINGS) and table.name not in NOT_PERSONAL:
            assert table.name in HOLDINGS, table.name


def test_every_text_is_said_to_be_a_person_s_or_not() -> None:
    """A new table with texts, or a new text in a table of a person, says what becomes of it: by `holds(...)` beside its
    `describe(...)`, with the column in `clears` if the row stays; else here, with those of the house.
    """
    for table in metadata.sorted_tables:
        texts = texts_of(table)
        one = HOLDINGS.get(table.name)
        if one is not None and one.fate is not Fate.DELETED:
            assert texts - set(one.clears) == FACTS[table.name], (
                f"say what becomes of these texts: {table.name}"
            )
        elif one is None and texts:
            elsewhere = OF_THE_HOUSE.union(NOT_PERSONAL, TYPED_FOR_NOBODY)
            assert table.name in elsewhere, f"say whose texts these are: {table.name}"
    assert OF_THE_HOUSE.isdisjoint(HOLDINGS)


def test_all_files_that_are_taken_in_are_looked_through() -> None:
    with_files = {
        table.name for table in metadata.sorted_tables if {"reading", "size"} <= set(table.c.keys())
    }
    assert {desk.table.name for desk in DESKS} == with_files


def test_what_is_emptied_is_shown_before() -> None:
    for one in HOLDINGS.values():
        assert set(one.clears) <= set(one.shows), one.table


def test_cleared_rows_lose_the_contact_and_can_be_written() -> None:
    for one in HOLDINGS.values():
        table = table_of(one.row)
        if one.fate is not Fate.DELETED and one.contact:
            assert table.c[one.contact].nullable, one.table


def test_what_is_emptied_stays_of_its_kind() -> None:
    for one in HOLDINGS.values():
        for name, value in empty(one).items():
            column = table_of(one.row).c[name]
            if one.table != "call_event":  # cleared line by line: `app.crm.privacy.timelines`
                assert value is None or isinstance(value, str | dict | list), (one.table, name)
                assert (value is None) is bool(column.nullable), (one.table, name)


def test_everything_that_is_shown_has_words_in_three_languages() -> None:
    shown = {name for one in HOLDINGS.values() for name in one.shows}
    assert set(COLUMNS) == shown
    assert set(TABLES) == set(HOLDINGS)
    assert all(all(texts) for words in (COLUMNS, PAGE, TABLES) for texts in words.values())


def test_a_page_shows_texts_as_they_were_typed() -> None:
    said = {
        "name": "<script>alert(1)</script>",
        "at": "2026-03-02T09:00:00+00:00",
        "numbers_shared_with_others": ["+37255500001"],
        "cut": ["phone"],
        "held": {"phone": [{"raw": "<b>\u202e🙂", "label": None}], "email": []},
    }
    for language in ("en", "et", "ru"):
        told = page(said, language)
        assert "<script" not in told
        assert "&lt;b&gt;\u202e🙂" in told
        assert "+37255500001" in told
        assert getattr(TABLES["email"], language) in told
