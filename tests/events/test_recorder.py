"""What a transaction changes is written down in that transaction, on SQLite and on PostgreSQL."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.accounts.tables import SessionKind, SessionRow, UserRow
from app.crm.contacts import service
from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.removal import remove_contact
from app.crm.leads.tables import LeadRow
from app.domain.actors import SERVICE, Actor, ActorKind
from app.domain.ids import ContactId
from app.events.recorder import ROWS_MOST, announce
from app.events.values import CUT, HIDDEN, ITEMS_MOST, TEXT_MOST, told
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from tests.records.lists import make_campaign

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARI = Actor(ActorKind.USER, 12, "Mari Maasikas", "5d1f6a0e-0000-4000-8000-000000000001")
KALLE = ContactDraft(surname="Kask", given_name="Kalle", phones=(Phone("5550 0123", "mobile"),))
NUMBER = {"e164": "+37255500123", "raw": "5550 0123", "label": "mobile", "preferred": True}


async def events(engine: AsyncEngine) -> Sequence[EventRow]:
    async with reading(engine) as session:
        return (await session.scalars(select(EventRow).order_by(col(EventRow.id)))).all()


async def make(engine: AsyncEngine, draft: ContactDraft = KALLE, actor: Actor = MARI) -> ContactId:
    async with writing(engine, actor) as session:
        return (await service.create_contact(session, draft, AT, "EE")).id


async def test_what_is_made_is_told_with_who_made_it(engine: AsyncEngine) -> None:
    contact = await make(engine)
    (event,) = await events(engine)
    assert (event.kind, event.version, event.subject, event.subject_id) == (
        "contact.created",
        1,
        "contact",
        str(contact),
    )
    assert (event.actor, event.user_id, event.actor_name, event.request_id) == (
        "user",
        12,
        "Mari Maasikas",
        MARI.request,
    )
    assert event.contact_id == contact
    assert event.before is None
    assert event.after == {"kind": "person", "surname": "Kask", "given_name": "Kalle", "phones": [NUMBER]}


async def test_of_a_change_only_the_fields_that_differ_are_told(engine: AsyncEngine) -> None:
    contact = await make(engine)
    other = ContactDraft(
        surname="Tamm", given_name="Kalle", phones=(Phone("5550 0123", "mobile"), Phone("5550 0124"))
    )
    async with writing(engine, MARI) as session:
        await service.update_contact(session, contact, other, AT, "EE")
    event = (await events(engine))[-1]
    assert event.kind == "contact.changed"
    assert event.before == {"surname": "Kask", "phones": [NUMBER]}
    new = {"e164": "+37255500124", "raw": "5550 0124", "label": "", "preferred": False}
    assert event.after == {"surname": "Tamm", "phones": [NUMBER, new]}, (
        "numbers are told whole, in their order"
    )


async def test_a_number_that_goes_is_told_alone(engine: AsyncEngine) -> None:
    contact = await make(engine)
    async with writing(engine, MARI) as session:
        await service.update_contact(
            session, contact, ContactDraft(surname="Kask", given_name="Kalle"), AT, "EE"
        )
    event = (await events(engine))[-1]
    assert (event.kind, event.subject_id) == ("contact.changed", str(contact))
    assert (event.before, event.after) == ({"phones": [NUMBER]}, None)


async def test_what_is_said_again_is_no_event(engine: AsyncEngine) -> None:
    contact = await make(engine)
    async with writing(engine, MARI) as session:
        await service.update_contact(session, contact, KALLE, AT, "EE")
    assert len(await events(engine)) == 1


async def test_a_transaction_that_is_rolled_back_leaves_none(engine: AsyncEngine) -> None:
    async def broken_off() -> None:
        async with writing(engine, MARI) as session:
            await service.create_contact(session, KALLE, AT, "EE")
            announce(session, "contact", "", "imported", after={"count": 5})
            raise RuntimeError("broken off")

    with pytest.raises(RuntimeError, match="broken off"):
        await broken_off()
    assert not await events(engine)


async def test_what_is_rolled_back_within_is_not_told_by_what_follows(engine: AsyncEngine) -> None:
    async with writing(engine, MARI) as session:
        await service.create_contact(session, KALLE, AT, "EE")
        await session.rollback()
    assert not await events(engine)


async def test_secrets_are_never_in_it(engine: AsyncEngine) -> None:
    async with writing(engine, MARI) as session:
        user = UserRow(
            username="mari",
            password_hash="argon2-secret",
            role="operator",
            display_name="Mari",
            created_at=AT,
        )
        session.add(user)
        await session.flush()
        assert user.id is not None
        for kind in SessionKind:
            session.add(
                SessionRow(
                    token_hash=f"sha-secret-{kind}",
                    user_id=user.id,
                    kind=kind.value,
                    created_at=AT,
                    last_seen_at=AT,
                )
            )
    async with writing(engine, MARI) as session:
        kept = await session.get(UserRow, user.id)
        assert kept is not None
        kept.password_hash = "another-secret"
        kept.version += 1
    made, token, changed = await events(engine)
    assert [made.kind, token.kind, changed.kind] == ["user.created", "token.created", "user.changed"]
    assert (changed.before, changed.after) == ({"password_hash": HIDDEN}, {"password_hash": HIDDEN})
    assert "secret" not in json.dumps([[one.before, one.after] for one in (made, token, changed)])


async def test_what_the_service_does_call_by_call_has_other_records(engine: AsyncEngine) -> None:
    """Leads move with each dial; events tell of those whom somebody moved."""
    campaign = await make_campaign(engine)
    before = len(await events(engine))
    for actor in (SERVICE, MARI):
        async with writing(engine, actor) as session:
            session.add(LeadRow(campaign_id=campaign, state="ready", created_at=AT))
    told_of = [one.kind for one in (await events(engine))[before:]]
    assert told_of == ["lead.created"]


async def test_what_a_list_says_of_a_lead_is_in_no_event(engine: AsyncEngine) -> None:
    """It may belong to no contact with whom its events could be erased."""
    campaign = await make_campaign(engine)
    async with writing(engine, MARI) as session:
        lead = LeadRow(campaign_id=campaign, state="ready", variables={"name": "Kalle Kask"}, created_at=AT)
        session.add(lead)
    async with writing(engine, MARI) as session:
        await session.delete(await session.get_one(LeadRow, lead.id))
    made, removed = (await events(engine))[-2:]
    assert (made.kind, removed.kind) == ("lead.created", "lead.removed")
    assert "Kalle" not in json.dumps([[one.before, one.after] for one in (made, removed)])


async def test_very_many_rows_are_one_event_with_their_count(engine: AsyncEngine) -> None:
    async with writing(engine, MARI) as session:
        for number in range(ROWS_MOST + 1):
            await service.create_contact(session, ContactDraft(surname=f"Kask {number}"), AT, "EE")
    (event,) = await events(engine)
    assert (event.kind, event.subject_id, event.after) == ("contact.created", "", {"count": ROWS_MOST + 1})


async def test_many_at_once_are_announced_by_whoever_changes_them(engine: AsyncEngine) -> None:
    async with writing(engine, MARI) as session:
        announce(session, "import", 7, "done", after={"added": 400_000})
    (event,) = await events(engine)
    assert (event.kind, event.subject_id, event.after) == ("import.done", "7", {"added": 400_000})
    assert event.user_id == 12


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        (AT, "2026-03-02T09:00:00+00:00"),
        ("x" * TEXT_MOST, "x" * TEXT_MOST),
        ("x" * (TEXT_MOST + 1), "x" * (TEXT_MOST - 1) + CUT),
        (b"RIFF", HIDDEN),
        (ActorKind.TOKEN, "token"),
        ({"b", "a"}, ["a", "b"]),
        (list(range(ITEMS_MOST + 5)), [*range(ITEMS_MOST - 1), CUT]),
    ],
)
def test_values_are_bounded(value: object, is_told: object) -> None:
    assert told(value) == is_told


async def test_whoever_is_forgotten_is_forgotten_in_events_too(engine: AsyncEngine) -> None:
    kept = await make(engine, ContactDraft(surname="Tamm"))
    contact = await make(engine)
    async with writing(engine, MARI) as session:
        await remove_contact(session, contact)
    told_of = {
        (one.kind, one.subject_id): (one.user_id, one.before, one.after) for one in await events(engine)
    }
    assert told_of == {
        ("contact.created", str(kept)): (12, None, {"kind": "person", "surname": "Tamm"}),
        ("contact.created", str(contact)): (12, None, None),
        ("contact.removed", str(contact)): (12, None, None),
    }
