"""Each table is a subject of events, a part of one, or named here with why it has none."""

from app.crm import metadata
from app.events.subjects import PARTS, SUBJECTS
from app.records.base import table_of

WITHOUT = {
    "page_settings": "what a user's own pages keep; it means nothing to others",
    "configuration_revision": "counted up by each change of the configuration",
    "article_version": "kept of an article; the change itself is an event",
    "article_count": "counted from answers",
    "script_version": "kept of a script; its publishing is an event",
    "survey_version": "kept of a survey; the change itself is an event",
    "call": "history, written by the journal; its end is an event",
    "call_leg": "history",
    "call_event": "history",
    "operator_state": "history",
    "event_log_mark": "how far the PBX's log has been read",
    "event": "the stream itself",
    "campaign_change": "who did what to a campaign, as its page shows it",
    "complaint_event": "what happened to a complaint, as it shows it",
    "campaign_hour": "counted from attempts",
    "campaign_spend": "counted from attempts",
    "suppression": "evidence, written dial by dial",
    "contact_search": "made from contacts",
    "imported_contact": "kept of an import, whose states are events; a contact's history shows it",
    "hash_secret": "a secret",
    "retention_day": "what retention did; its event is written beside it",
    "engaged": "for as long as a lead is dialled",
    "order_number": "counted up by each placed order",
    "webhook_delivery": "the sending of an event, no change",
    "webhook_position": "how far the stream has been read",
    "lead_number": "comes and goes with its lead",
    "crm_report": "what is to be told to the CRM, as its list shows it",
    "known_place": "from where users have logged in",
}


def test_no_table_is_forgotten() -> None:
    told = {table_of(row).name for row in (*SUBJECTS, *PARTS)}
    assert told.isdisjoint(WITHOUT)
    assert set(metadata.tables) - told == set(WITHOUT)


def test_no_secret_is_told() -> None:
    for row, subject in SUBJECTS.items():
        names = {column.name for column in table_of(row).columns}
        secret = {name for name in names if "hash" in name or "secret" in name or "password" in name}
        assert secret <= subject.hidden, subject.name
